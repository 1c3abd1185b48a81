"""A browser in which somebody signed in before: it may go on trying while others have used up the tries of the account.

Its cookie is signed with the account's own passphrase hash, so that it ends with the passphrase, and no key has to be kept anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import ColumnElement, select

from huying.database.tables import participants
from huying.house.house import House


def device_token(house: House, participant_id: int) -> str:
    """A new mark for the browser in which this person has just signed in; empty for somebody without a passphrase."""
    key = _key(house, participants.c.id == participant_id)
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_signature(key, nonce)}" if key else ""


def known_device(house: House, login: str, token: str) -> str | None:
    """The browser's own name, if its mark was made for this account; ``None`` for any other."""
    nonce, _, signature = token.partition(".")
    key = _key(house, participants.c.login == login)
    if not key or not nonce or not hmac.compare_digest(_signature(key, nonce).encode(), signature.encode()):
        return None
    return nonce


def _key(house: House, whose: ColumnElement[bool]) -> str | None:
    with house.database.reading() as connection:
        found = connection.execute(
            select(participants.c.id, participants.c.passphrase_hash).where(whose, participants.c.active)
        ).one_or_none()
    # people may have the same hash: those of a sample have
    return f"{found.id} {found.passphrase_hash}" if found and found.passphrase_hash else None


def _signature(key: str, nonce: str) -> str:
    return hmac.new(key.encode(), f"device {nonce}".encode(), hashlib.sha256).hexdigest()
