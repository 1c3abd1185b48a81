"""Signing in with name and passphrase; the database knows only hashes."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime, timedelta
from functools import lru_cache

from pwdlib import PasswordHash
from sqlalchemy import delete, insert, select

from engine.refusal import Refusal
from huying.database.tables import participants, sessions
from huying.house.house import House

LASTS = timedelta(hours=12)
# argon2 takes 64 MiB and 0.14 s for each: more at once would only slow all of them down
_at_once = threading.BoundedSemaphore(2)


class WrongLogin(Refusal):
    """Name or passphrase is wrong; which one is not said."""

    code = "wrong-login"

    def __init__(self) -> None:
        super().__init__("用户名或口令不对。", "The name or the passphrase is wrong.")


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_passphrase(passphrase: str) -> str:
    """What the database keeps of a passphrase."""
    return hasher().hash(passphrase)


@lru_cache(maxsize=1)
def hasher() -> PasswordHash:
    """What hashes passphrases, and checks them: made at its first use, for it takes as long as a log-in."""
    return PasswordHash.recommended()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """The hash that is checked when there is no such login, so that an answer takes equally long."""
    return hash_passphrase(secrets.token_hex(8))


def sign_in(house: House, login: str, passphrase: str, now: datetime) -> str:
    """A new session's token; ``WrongLogin`` otherwise."""
    query = select(participants.c.id, participants.c.passphrase_hash).where(
        participants.c.login == login, participants.c.active
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    known = row.passphrase_hash if row and row.passphrase_hash else _nobody()
    with _at_once:
        right = hasher().verify(passphrase[:500], known)
    if row is None or not right:
        raise WrongLogin
    token = secrets.token_urlsafe(24)
    with house.database.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.expires_at < now))
        session = {"token_hash": token_hash(token), "participant_id": row.id, "expires_at": now + LASTS}
        connection.execute(insert(sessions), session)
    return token


def participant_of(house: House, token: str, now: datetime) -> int | None:
    """Whose session this is; ``None`` when it is unknown or over."""
    query = (
        select(sessions.c.participant_id)
        .join(participants)
        .where(sessions.c.token_hash == token_hash(token), sessions.c.expires_at > now, participants.c.active)
    )
    with house.database.reading() as connection:
        return connection.execute(query).scalar_one_or_none()


def sign_out(house: House, token: str) -> None:
    """End a session."""
    with house.database.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash(token)))
