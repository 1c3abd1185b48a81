"""Log-ins: signing in with name and passphrase, whose session a token is, signing out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from engine.refusal import Refusal
from huying.access.journal import noted
from huying.access.passphrase import check
from huying.database.tables import accounts, participants, sessions
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
    checked = check(passphrase, (row.passphrase_hash or None) if row else None)
    if not checked.right or row is None:
        noted("sign-in-refused", row.id if row else None, how="passphrase")
        raise WrongLogin
    with house.database.writing() as connection:
        if checked.renewed:
            known = update(participants).where(participants.c.id == row.id)
            connection.execute(known.values(passphrase_hash=checked.renewed))
        token = begin_session(connection, row.id, now)
    noted("signed-in", row.id, how="passphrase")
    return token


def begin_session(connection: Connection, person: int, now: datetime) -> str:
    """A new session's token, for somebody who has shown who they are."""
    token = secrets.token_urlsafe(24)
    connection.execute(delete(sessions).where(sessions.c.expires_at < now))
    session = {"token_hash": token_hash(token), "participant_id": person, "expires_at": now + LASTS}
    connection.execute(insert(sessions), session)
    seen = update(accounts).where(accounts.c.participant_id == person).values(signed_in_at=now)
    if not connection.execute(seen).rowcount:
        connection.execute(insert(accounts), {"participant_id": person, "signed_in_at": now})
    return token


def end_sessions(connection: Connection, person: int) -> int:
    """End all sessions of somebody; how many."""
    return connection.execute(delete(sessions).where(sessions.c.participant_id == person)).rowcount


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
