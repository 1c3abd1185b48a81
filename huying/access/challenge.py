"""What a passkey is asked: a random question for one purpose, one browser and, where that is known, one person; answered once, within minutes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert

from huying.database.tables import passkey_challenges

ChallengePurpose = Literal["add", "second-factor", "sign-in"]
#: So long an answer is awaited: time enough to look for a phone.
CHALLENGE_LASTS = timedelta(minutes=5)
_c = passkey_challenges.c


@dataclass(frozen=True, slots=True)
class Challenge:
    """Of whom something is asked, and what for; ``browser`` is what its forms carry, so that no other browser can answer."""

    purpose: ChallengePurpose
    browser: str
    person: int | None = None


def new_challenge(connection: Connection, question: Challenge, now: datetime) -> bytes:
    """Random bytes to be signed; those that are over go."""
    connection.execute(delete(passkey_challenges).where(_c.expires_at <= now))
    challenge = secrets.token_bytes(32)
    row = {
        "challenge_hash": _hashed(challenge),
        "purpose": question.purpose,
        "browser": _hashed(question.browser.encode()),
        "participant_id": question.person,
        "expires_at": now + CHALLENGE_LASTS,
    }
    connection.execute(insert(passkey_challenges), row)
    return challenge


def use_challenge(connection: Connection, challenge: bytes, question: Challenge, now: datetime) -> bool:
    """Use a challenge up; whether it was asked, for this, here, and not too long ago."""
    used = delete(passkey_challenges).where(
        _c.challenge_hash == _hashed(challenge),
        _c.purpose == question.purpose,
        _c.browser == _hashed(question.browser.encode()),
        _c.participant_id.is_not_distinct_from(question.person),
        _c.expires_at > now,
    )
    return bool(connection.execute(used).rowcount)


def _hashed(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()
