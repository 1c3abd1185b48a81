"""Segments: what is due is sealed, some hundred rows at a time, each segment on top of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, text

from huying.database.tables import evidence_due, evidence_exemptions, segments
from huying.evidence.contents import Contents, Leaf
from huying.evidence.coverage import COVERAGE, NEW, place_of, said_by
from huying.evidence.due import equip, is_equipped
from huying.evidence.notary import Notary, digest_of_text, notary_in
from huying.evidence.tree import root_of
from huying.house.house import House
from models.sealed import NoRing, ring_of

#: What the first segment follows.
FIRST = "0" * 64
#: So many rows are sealed together at most, and so many are read by one query.
MOST, _AT_ONCE = 1_000, 400
LEAF = 32
#: The lock under which segments are made, on PostgreSQL: any number that nobody else uses.
_SEALING = 7_227_392


@dataclass(frozen=True, slots=True)
class Segment:
    """The head of a segment: whoever knows its digest knows whether any of it was changed."""

    id: int
    sealed_at: datetime
    count: int
    contents: str
    root: str
    previous: str

    @classmethod
    def of(cls, row: Row[Any]) -> Segment:
        """As it stands in a row."""
        return cls(
            row.id, row.sealed_at, row._mapping[segments.c.count], digest_of_text(row.contents), row.root, row.previous
        )

    @property
    def said(self) -> str:
        """Itself as canonical JSON."""
        moment = self.sealed_at.isoformat(timespec="microseconds")
        told = {
            "segment": self.id,
            "sealed_at": moment,
            "count": self.count,
            "contents": self.contents,
            "root": self.root,
            "previous": self.previous,
        }
        return orjson.dumps(told).decode()

    @property
    def digest(self) -> str:
        """By which the next one names it, and a head all of them."""
        return digest_of_text(self.said)


def waiting(house: House) -> int:
    """How many rows wait to be sealed; 1 in a house where nobody has noted any yet."""
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(evidence_due)).scalar_one()) or int(
            not is_equipped(connection)
        )


def seal(house: House, notary: Notary, now: datetime, *, most: int = MOST) -> int:
    """Seal a segment of what is due; how many rows were due, 0 when nothing was. Several may do it at once."""
    with house.database.writing() as connection:
        return seal_in(connection, notary, now, most=most)


def seal_all(house: House, notary: Notary, now: datetime) -> int:
    """Seal all that is due; how many rows."""
    total = 0
    while done := seal(house, notary, now):
        total += done
    return total


def seal_in(connection: Connection, notary: Notary, now: datetime, *, most: int = MOST) -> int:
    """The same in the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALING})
    equip(connection)
    due = connection.execute(select(evidence_due).order_by(evidence_due.c.id).limit(most)).all()
    if not due:
        return 0
    lines, leaves = _leaves(connection, notary, due)
    if lines:
        _write(connection, notary, now, lines, leaves)
    numbers = [row.id for row in due]
    for begin in range(0, len(numbers), _AT_ONCE):
        connection.execute(delete(evidence_due).where(evidence_due.c.id.in_(numbers[begin : begin + _AT_ONCE])))
    return len(due)


def exempt(connection: Connection, notary: Notary, what: Exemption, now: datetime) -> None:
    """Say that rows are rightly no longer what was sealed of them, in the transaction that changes them.

    With ``anew`` what they are then is sealed again, whole.
    """
    last = connection.execute(select(func.max(segments.c.id))).scalar() or 0
    row = {
        "at": now,
        "of_table": what.of_table,
        "row_keys": list(what.keys),
        "aspects": [] if what.anew else list(what.aspects),
        "why": what.why[:500],
        "until": last,
    }
    connection.execute(insert(evidence_exemptions), {**row, "mac": notary.mac("exemption", said_of_exemption(row))})
    if what.anew:
        again = [{"of_table": what.of_table, "aspect": NEW, "row_key": key} for key in what.keys]
        connection.execute(insert(evidence_due), again)


def let_go(connection: Connection, what: Exemption, now: datetime) -> None:
    """`exempt` by the notary of the house; harmless for no rows at all, and in a house without a ring, in which nothing was sealed."""
    if not what.keys:
        return
    try:
        notary = notary_in(connection)
    except NoRing:
        return
    exempt(connection, notary, what, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Rows of a table, by their keys, that are let go: all of each, or ``aspects`` of it; and why, in a word for those who verify."""

    of_table: str
    keys: Sequence[str]
    why: str
    aspects: Sequence[str] = ()
    anew: bool = False


def exempting(notary: Notary, table: str, why: str, now: datetime) -> Callable[[Connection, Sequence[int]], None]:
    """Exempts the rows of these numbers, for whoever removes rows by a rule."""

    def told(connection: Connection, numbers: Sequence[int]) -> None:
        exempt(connection, notary, Exemption(of_table=table, keys=[str(one) for one in numbers], why=why), now)

    return told


def said_of_exemption(row: Mapping[str, Any]) -> str:
    """What is sealed of a release."""
    names = ("of_table", "row_keys", "aspects", "why", "until")
    moment = row["at"].isoformat(timespec="microseconds")
    return orjson.dumps([moment, *(row[name] for name in names)]).decode()


def _leaves(connection: Connection, notary: Notary, due: Sequence[Row[Any]]) -> tuple[list[Leaf], list[bytes]]:
    lines, leaves = [], []
    found = read_rows(connection, {(row.of_table, row.row_key) for row in due})
    for one in due:
        covered, row = COVERAGE.get(one.of_table), found.get((one.of_table, one.row_key))
        # what was taken back before it was sealed leaves no trace
        if covered is None or row is None:
            continue
        label = str(row[covered.label] or "")[:80] if covered.label else ""
        for aspect in covered.aspects(row, one.aspect):
            columns = covered.of(aspect)
            place = place_of(covered.name, aspect, one.row_key)
            lines.append(Leaf(covered.name, aspect, one.row_key, columns, label))
            leaves.append(notary.leaf(place, said_by(place, columns, row)))
    return lines, leaves


def read_rows(
    connection: Connection, wanted: Iterable[tuple[str, str]], also: Mapping[str, set[str]] | None = None
) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of these tables and keys, those that are there; ``also``: by table, columns that are not sealed any more."""
    by_table: dict[str, list[str]] = {}
    for table, key in sorted(set(wanted)):
        by_table.setdefault(table, []).append(key)
    found, ring = {}, ring_of(connection.dialect)
    for table, keys in by_table.items():
        covered = COVERAGE.get(table)
        if covered is None:
            continue
        for begin in range(0, len(keys), _AT_ONCE):
            query = covered.rows(keys[begin : begin + _AT_ONCE], (also or {}).get(table, ()))
            for row in connection.execute(query).mappings():
                found[table, covered.key_of(dict(row))] = covered.opened(dict(row), ring)
    return found


def _write(
    connection: Connection, notary: Notary, now: datetime, lines: Sequence[Leaf], leaves: Sequence[bytes]
) -> None:
    before = connection.execute(select(segments).order_by(segments.c.id.desc()).limit(1)).one_or_none()
    contents = Contents(tuple(lines)).written()
    made = Segment(
        id=before.id + 1 if before else 1,
        sealed_at=now,
        count=len(leaves),
        contents=digest_of_text(contents),
        root=root_of(leaves).hex(),
        previous=Segment.of(before).digest if before else FIRST,
    )
    row = {
        "id": made.id,
        "sealed_at": now,
        "count": made.count,
        "contents": contents,
        "leaves": b"".join(leaves),
        "root": made.root,
        "previous": made.previous,
        "mac": notary.mac("segment", made.said),
    }
    connection.execute(insert(segments), row)
