"""Certificates: what was recorded of one issue, with its way up to a signed head; whoever has the public key checks it alone."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, select

from huying.database.tables import deliveries, heads, history, issues, publications, segments
from huying.errors import NotFound
from huying.evidence.contents import Contents
from huying.evidence.coverage import BETWEEN, place_of, said_by
from huying.evidence.heads import Head
from huying.evidence.notary import Notary
from huying.evidence.segments import LEAF, Segment, read_rows
from huying.evidence.tree import path_to
from huying.house.house import House

#: What is told of an issue beside itself and its history.
_BESIDE = (publications, deliveries)


class Exhibit(msgspec.Struct, frozen=True):
    """A row: ``said`` is what was recorded, to the byte; keyed with ``key`` its HMAC-SHA256 is a leaf, from which ``path`` leads to the root of its
    segment.
    """

    said: str
    key: str
    segment: int
    path: list[tuple[str, str]]


class Ascent(msgspec.Struct, frozen=True):
    """A segment: ``said`` is its head, to the byte; the SHA-256 of it is a leaf, from which ``path`` leads to the root that was signed."""

    said: str
    path: list[tuple[str, str]]


class Certificate(msgspec.Struct, frozen=True):
    """One issue as it was recorded until a day. ``since``: how many of its rows are not signed yet, and so are left out."""

    number: str
    head: Head
    segments: dict[str, Ascent]
    exhibits: list[Exhibit]
    since: int

    def written(self) -> bytes:
        """As a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def certificate(house: House, notary: Notary, number: str) -> Certificate:
    """The certificate of an issue; ``NotFound`` without such an issue, or while no head is over it."""
    with house.database.at_one_moment() as connection:
        issue = connection.execute(select(issues.c.id).where(issues.c.number == number)).scalar()
        if issue is None:
            raise NotFound("没有这件事项。", "There is no such issue.")
        row = connection.execute(select(heads).order_by(heads.c.day.desc()).limit(1)).one_or_none()
        wanted = _wanted(connection, issue)
        found = _Search(connection, notary, wanted, row.segments if row else 0)
        if row is None or not found.exhibits:
            raise NotFound(
                "这件事项还没有每日签名覆盖；明天再试，或先运行 huying heads --make。",
                "No head is over this issue yet; try again tomorrow, or run huying heads --make first.",
            )
        segments_ = {str(one): found.ascent(one) for one in sorted({exhibit.segment for exhibit in found.exhibits})}
        return Certificate(number, Head(row.body, row.signature), segments_, found.exhibits, found.since)


def _wanted(connection: Connection, issue: int) -> set[tuple[str, str]]:
    sequences = connection.execute(select(history.c.sequence).where(history.c.issue_id == issue)).scalars()
    wanted = {("issue", str(issue)), *(("history", f"{issue}{BETWEEN}{one}") for one in sequences)}
    for table in _BESIDE:
        keys = connection.execute(select(table.c.id).where(table.c.issue_id == issue)).scalars()
        wanted.update((str(table.name), str(key)) for key in keys)
    return wanted


class _Search:
    """Looks through the segments, once, for the rows that are wanted."""

    def __init__(self, connection: Connection, notary: Notary, wanted: set[tuple[str, str]], signed: int) -> None:
        self._notary, self._digests = notary, list[bytes]()
        self._told: dict[int, str] = {}
        self.exhibits: list[Exhibit] = []
        self.since = 0
        rows = read_rows(connection, wanted)
        for row in connection.execute(select(segments).order_by(segments.c.id).execution_options(yield_per=20)):
            segment = Segment.of(row)
            if segment.id <= signed:
                self._digests.append(bytes.fromhex(segment.digest))
            self._look(segment, row, rows, segment.id <= signed)

    def _look(self, segment: Segment, row: Any, rows: dict[tuple[str, str], dict[str, Any]], signed: bool) -> None:
        lines = Contents.read(row.contents).lines
        mine = [position for position, line in enumerate(lines) if (line.table, line.key) in rows]
        if not signed:
            self.since += sum(not lines[position].aspect for position in mine)
            return
        if not mine:
            return
        self._told[segment.id] = segment.said
        leaves = [row.leaves[i : i + LEAF] for i in range(0, len(row.leaves), LEAF)]
        for position in mine:
            line = lines[position]
            place = place_of(line.table, line.aspect, line.key)
            said = said_by(place, line.columns, rows[line.table, line.key])
            if self._notary.leaf(place, said) == leaves[position]:
                # what was erased or changed since cannot be shown any more
                key = self._notary.key_of(place).hex()
                self.exhibits.append(Exhibit(said.decode(), key, segment.id, path_to(leaves, position)))

    def ascent(self, segment: int) -> Ascent:
        """The way from a segment to the root that was signed."""
        return Ascent(self._told[segment], path_to(self._digests, segment - 1))
