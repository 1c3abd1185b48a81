"""Calendar feeds: a random address under which a person's phone reads their deadlines. Only hashes of addresses are kept; each person has one.

The address opens nothing else: it logs nobody in, and what it shows is decided by ``huying.calendars.agenda``.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from huying.access.sessions import token_hash
from huying.database.tables import calendar_feeds as feeds
from huying.database.tables import participants
from huying.errors import NotFound
from huying.house.house import House

#: How often it is noted that a phone has read.
_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is in force; ``subjects``: it says what issues are about."""

    key: str
    participant_id: int
    subjects: bool
    created_at: datetime
    last_read_at: datetime | None


_IN_FORCE = (
    select(feeds.c.token_hash, feeds.c.participant_id, feeds.c.subjects, feeds.c.created_at, feeds.c.last_read_at)
    .join(participants, participants.c.id == feeds.c.participant_id)
    .where(feeds.c.revoked_at.is_(None), participants.c.active)
)


def make_feed(house: House, participant_id: int, *, subjects: bool, now: datetime) -> str:
    """The token of a new address; whatever address the person had before is revoked."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": token_hash(token), "participant_id": participant_id, "subjects": subjects, "created_at": now}
    with house.database.writing() as connection:
        _revoke(connection, participant_id, now)
        connection.execute(insert(feeds), row)
    return token


def revoke_feed(house: House, participant_id: int, now: datetime) -> None:
    """Let the person's address open nothing any more; harmless if there is none."""
    with house.database.writing() as connection:
        _revoke(connection, participant_id, now)


def _revoke(connection: Connection, participant_id: int, now: datetime) -> None:
    connection.execute(
        update(feeds)
        .where(feeds.c.participant_id == participant_id, feeds.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def feed_of(house: House, participant_id: int) -> Feed | None:
    """The person's feed, if they have one."""
    with house.database.reading() as connection:
        row = connection.execute(_IN_FORCE.where(feeds.c.participant_id == participant_id)).first()
    return Feed(*row) if row else None


def open_feed(house: House, token: str, now: datetime) -> Feed:
    """The feed of an address; ``NotFound`` alike, and after the same query, for one that never was and one that was revoked."""
    with house.database.reading() as connection:
        row = connection.execute(_IN_FORCE.where(feeds.c.token_hash == token_hash(token))).one_or_none()
    if row is None:
        raise NotFound("没有这个日历地址，或者它已停用。", "There is no such calendar address, or it was revoked.")
    found = Feed(*row)
    if found.last_read_at is None or now - found.last_read_at >= _NOTED_EVERY:
        with house.database.writing() as connection:
            connection.execute(update(feeds).where(feeds.c.token_hash == found.key).values(last_read_at=now))
    return found
