"""Heads: once a day the house signs what stands in evidence; handed outside, no day before it can be written anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
import orjson
from sqlalchemy import Connection, Row, insert, select, update

from huying.database.tables import heads, offices, segments
from huying.evidence.contents import Contents, counted
from huying.evidence.notary import Notary, digest_of_text, is_signed
from huying.evidence.segments import FIRST, Segment, seal_all
from huying.evidence.tree import Growth
from huying.house.house import House


class HeadBody(msgspec.Struct, frozen=True):
    """What is signed: how much was sealed until a moment of a day, the root over all segments, and the digest of the head before.

    ``tables``: how many rows of each were sealed so far. ``key``: the public key by which it is checked.
    """

    house: str
    day: date
    at: datetime
    segments: int
    root: str
    tables: dict[str, int]
    before: str
    key: str


class Head(msgspec.Struct, frozen=True):
    """A head as it is handed out: the text that was signed, to the byte, with its signature; and a time stamp over it, if there is one."""

    body: str
    signature: str

    @property
    def told(self) -> HeadBody:
        """What the text says; ``msgspec.DecodeError`` if it is no head."""
        return msgspec.json.decode(self.body, type=HeadBody)

    @property
    def digest(self) -> str:
        """By which the next one names it."""
        return digest_of_text(self.body)

    @property
    def is_sound(self) -> bool:
        """Whether it was signed by the key that it names."""
        return is_signed(self.told.key, self.body, self.signature)

    def written(self) -> bytes:
        """As a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


@dataclass(frozen=True, slots=True)
class StoredHead:
    """A head as it stands in the house, and by which ways it was handed out."""

    day: date
    head: Head
    handed: dict[str, str]
    stamp: bytes | None


def read_head(content: bytes | str) -> Head:
    """A head from a file or an answer; ``msgspec.DecodeError`` or ``ValidationError`` for anything else."""
    head = msgspec.json.decode(content, type=Head)
    assert head.told
    return head


def due_day(house: House, now: datetime) -> date | None:
    """The day whose head is to be made now: today in the office's zone, unless there is one."""
    day = house.day_of(now)
    with house.database.reading() as connection:
        found = connection.execute(select(heads.c.day).where(heads.c.day >= day).limit(1)).scalar()
    return None if found else day


def make_head(house: House, notary: Notary, now: datetime) -> Head | None:
    """Seal what is due, and sign all of it; ``None`` if the day has its head already."""
    day = due_day(house, now)
    if day is None:
        return None
    seal_all(house, notary, now)
    with house.database.writing() as connection:
        before = _last(connection)
        if before is not None and before.told.day >= day:
            return None
        head = _signed(connection, notary, before, day, now)
        row = {"day": day, "segments": head.told.segments, "body": head.body, "signature": head.signature}
        connection.execute(insert(heads), {**row, "handed": {}})
    return head


def _signed(connection: Connection, notary: Notary, before: Head | None, day: date, now: datetime) -> Head:
    tree, tables = Growth(), dict(before.told.tables) if before else {}
    known = before.told.segments if before else 0
    for row in connection.execute(select(segments).order_by(segments.c.id).execution_options(yield_per=50)):
        tree.add(bytes.fromhex(Segment.of(row).digest))
        if row.id > known:
            for name, count in counted(Contents.read(row.contents).lines).items():
                tables[name] = tables.get(name, 0) + count
    body = {
        "house": connection.execute(select(offices.c.name_zh)).scalar() or "",
        "day": day.isoformat(),
        "at": now.isoformat(timespec="microseconds"),
        "segments": tree.size,
        "root": tree.root.hex(),
        "tables": tables,
        "before": before.digest if before else FIRST,
        "key": notary.public_key,
    }
    text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
    return Head(text, notary.sign(text))


def _last(connection: Connection) -> Head | None:
    row = connection.execute(select(heads).order_by(heads.c.day.desc()).limit(1)).one_or_none()
    return _head(row) if row else None


def _head(row: Row[Any]) -> Head:
    return Head(row.body, row.signature)


def heads_in(connection: Connection) -> Iterator[StoredHead]:
    """All heads of the house, oldest first."""
    for row in connection.execute(select(heads).order_by(heads.c.day)):
        yield StoredHead(row.day, _head(row), row.handed, row.stamp)


def newest_heads(house: House, most: int) -> list[StoredHead]:
    """The newest heads, newest first."""
    with house.database.reading() as connection:
        rows = connection.execute(select(heads).order_by(heads.c.day.desc()).limit(most)).all()
    return [StoredHead(row.day, _head(row), row.handed, row.stamp) for row in rows]


def head_of(house: House, day: date) -> StoredHead | None:
    """The head of a day."""
    with house.database.reading() as connection:
        row = connection.execute(select(heads).where(heads.c.day == day)).one_or_none()
    return StoredHead(row.day, _head(row), row.handed, row.stamp) if row else None


def note_handed(house: House, day: date, handed: dict[str, str], stamp: bytes | None = None) -> None:
    """Note by which ways a head went out."""
    values: dict[str, Any] = {"handed": handed} if stamp is None else {"handed": handed, "stamp": stamp}
    with house.database.writing() as connection:
        connection.execute(update(heads).where(heads.c.day == day).values(**values))
