"""Messages that came in, as rows: kept once, whatever is sent again, and moved on by whoever reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from huying.access.viewer import Viewer
from huying.database.tables import blocked_senders, inbound_messages
from huying.errors import NotFound
from huying.house.house import House

_m = inbound_messages.c
#: After so many tries a person looks at what the house cannot place.
TRIES = 5
_AGAIN = timedelta(minutes=2)
#: So many messages of one address in an hour are placed by themselves; of more, a person looks at each.
FLOOD = 20
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message as it came: on which channel, what it is called there, from whom, its bytes, and what is known besides."""

    channel: str
    key: str
    content: bytes
    body_digest: str
    sender: str = ""
    recipients: Mapping[str, Any]
    why: str = ""


def keep_message(house: House, arrived: Arrived, now: datetime) -> bool:
    """Keep a message: once this returns it is not lost, whatever dies. Whether it is new.

    One that is called as another is a repeat if it says the same; else it is kept beside that one.
    """
    digest = hashlib.sha256(arrived.content).hexdigest()
    if _repeats(house, arrived):
        return False
    # the bytes first: what nobody names goes in a week, what is named is there
    house.store.put(digest, arrived.content)
    for key in (arrived.key, f"{arrived.key}.{arrived.body_digest[:16]}"):
        row = {
            "channel": arrived.channel,
            "key": key,
            "at": now,
            "available_at": now,
            "sender": arrived.sender or None,
            "recipients": dict(arrived.recipients),
            "raw": {"digest": digest, "size": len(arrived.content), "body": arrived.body_digest},
            "why": arrived.why if key == arrived.key else "same-name",
        }
        try:
            with house.database.writing() as connection:
                connection.execute(insert(inbound_messages), row)
            return True
        except IntegrityError:
            # another process took one of this name at the same moment
            if _repeats(house, arrived):
                return False
    return False


def _repeats(house: House, arrived: Arrived) -> bool:
    """Whether the same message, or one beside it that says the same, is there; who else it is for is noted while nobody has read it."""
    names = (arrived.key, f"{arrived.key}.{arrived.body_digest[:16]}")
    with house.database.writing() as connection:
        query = select(_m.id, _m.raw, _m.recipients, _m.state).where(_m.channel == arrived.channel, _m.key.in_(names))
        for row in connection.execute(query).all():
            if row.raw and row.raw["body"] == arrived.body_digest:
                _add_recipients(connection, row.id, row.state, row.recipients, arrived.recipients)
                return True
    return False


def _add_recipients(
    connection: Connection, message: int, state: str, known: Mapping[str, Any] | None, more: Mapping[str, Any]
) -> None:
    there = list((known or {}).get("to", ()))
    new = [one for one in more.get("to", ()) if one not in there]
    if new and state == "received":
        told = {**(known or {}), "to": [*there, *new]}
        connection.execute(update(inbound_messages).where(_m.id == message).values(recipients=told))


def received(connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    """Messages that nobody has read yet, the oldest first."""
    query = select(inbound_messages).where(_m.state == "received", _m.available_at <= now).order_by(_m.id).limit(limit)
    return list(connection.execute(query))


def are_received(connection: Connection, now: datetime) -> bool:
    """Whether there is any."""
    query = select(_m.id).where(_m.state == "received", _m.available_at <= now).limit(1)
    return connection.execute(query).first() is not None


def put_off(house: House, message: int, tries: int, now: datetime) -> None:
    """Read it again later: something went wrong; after so many tries a person looks at it."""
    new: dict[str, Any] = {"tries": tries + 1, "available_at": now + _AGAIN * (tries + 1)}
    if tries + 1 >= TRIES:
        new |= {"state": "tray", "why": "failed"}
    with house.database.writing() as connection:
        connection.execute(update(inbound_messages).where(_m.id == message, _m.state == "received").values(**new))


def move_on(connection: Connection, message: int, new: Mapping[str, Any], *, of: str = "received") -> bool:
    """Write what became of a message, unless somebody else has; whether it was still as they found it."""
    done = update(inbound_messages).where(_m.id == message, _m.state == of).values(**new)
    return connection.execute(done).rowcount == 1


def is_blocked(connection: Connection, sender: str, station: int | None) -> bool:
    """Whether nobody wants to see letters from this address to a station, or (``None``) to the office."""
    c = blocked_senders.c
    place = c.station_id == station if station is not None else c.station_id.is_(None)
    query = select(c.id).where(c.target_index == sender, c.lifted_at.is_(None), place).limit(1)
    return bool(sender) and connection.execute(query).first() is not None


def floods(connection: Connection, sender: str, now: datetime) -> bool:
    """Whether more comes from this address than people write."""
    query = select(func.count()).where(_m.sender_index == sender, _m.at > now - _HOUR)
    return bool(sender) and int(connection.execute(query).scalar_one()) >= FLOOD


def answered_lately(connection: Connection, sender: str, since: datetime) -> int:
    """How often a machine of ours answered this address since then."""
    query = select(func.count()).where(_m.sender_index == sender, _m.answered_at > since)
    return int(connection.execute(query).scalar_one())


def message_for(connection: Connection, reader: Viewer, message: int) -> Row[Any]:
    """A message as it stands; ``NotFound`` if there is none that this person decides on."""
    row = connection.execute(select(inbound_messages).where(_m.id == message, within(reader))).one_or_none()
    if row is None:
        raise no_message()
    return row


def within(reader: Viewer) -> ColumnElement[bool]:
    """Of the stations that somebody looks after; what names no station is the office's."""
    if reader.office:
        return _m.id.is_not(None)
    return _m.station_id.in_(reader.stations)


def no_message() -> NotFound:
    """There is none, or it is none of theirs."""
    return NotFound("没有这份来件。", "There is no such message.")
