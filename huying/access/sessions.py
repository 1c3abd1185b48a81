"""Log-ins: signing in with name and passphrase, whose session a token is, signing out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from engine.refusal import Refusal
from huying.access.passphrase import is_right
from huying.database.tables import participants, sessions
from huying.house.house import House

LASTS = timedelta(hours=12)


class WrongLogin(Refusal):
    """Name or passphrase is wrong; which one is not said."""

    code = "wrong-login"

    def __init__(self) -> None:
        super().__init__("用户名或口令不对。", "The name or the passphrase is wrong.")


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(house: House, login: str, passphrase: str, now: datetime) -> str:
    """A new session's token; ``WrongLogin`` otherwise."""
    query = select(participants.c.id, participants.c.passphrase_hash).where(
        participants.c.login == login, participants.c.active
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if not is_right(passphrase, (row.passphrase_hash or None) if row else None) or row is None:
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
