"""Verifying evidence: every segment and head is the house's own, none is missing, and every row is what was sealed. Memory stays flat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from definitions.text import Said
from huying.database.tables import evidence_due, evidence_exemptions, restorations, segments
from huying.evidence.alteration import Alteration, Proved
from huying.evidence.contents import Contents, Leaf
from huying.evidence.coverage import BETWEEN, COVERAGE, COVERED, place_of, said_by
from huying.evidence.heads import Head, heads_in
from huying.evidence.notary import Notary
from huying.evidence.segments import FIRST, LEAF, Segment, read_rows, said_of_exemption
from huying.evidence.time_stamp import fits
from huying.evidence.tree import Growth, root_of
from huying.house.house import House


def verify_evidence(house: House, notary: Notary, outside: Sequence[Head] = ()) -> Proved:
    """Compare all that was sealed with what is there, as of one moment, and with heads that come back from outside."""
    with house.database.at_one_moment() as connection:
        return _Walk(connection, notary, outside).whole()


class _Walk:
    """One way through all segments."""

    def __init__(self, connection: Connection, notary: Notary, outside: Sequence[Head]) -> None:
        self._connection, self._notary = connection, notary
        self._proved = Proved()
        self._tree, self._previous = Growth(), FIRST
        self._outside = outside
        self._present: dict[str, int] = {}
        #: By table, key and aspect (all of them: ``None``): until which segment it was let go.
        self._exempted: dict[tuple[str, str, str | None], int] = {}
        #: By how many segments they are over: which heads say which root.
        self._roots: dict[int, list[tuple[str, date]]] = {}
        self._last = 0

    def whole(self) -> Proved:
        """All of it."""
        self._read_exemptions()
        self._read_heads()
        for row in self._connection.execute(select(segments).order_by(segments.c.id).execution_options(yield_per=20)):
            self._segment(row)
        self._missing_segments()
        self._unsealed()
        return self._proved

    def _find(self, kind: str, zh: str, en: str, line: Leaf | None = None, segment: int = 0) -> None:
        table, key = (line.table, line.key) if line else ("", "")
        self._proved.found.append(Alteration(kind, Said(zh, en), table, key, segment))

    def _read_exemptions(self) -> None:
        for row in self._connection.execute(select(evidence_exemptions).order_by(evidence_exemptions.c.id)):
            if not self._notary.is_mac(row.mac, "exemption", said_of_exemption(row._asdict())):
                line = Leaf("evidence_exemption", "", str(row.id), ())
                self._find(
                    "exemption",
                    f"解除存证第 {row.id} 条不是本系统写的，或被改过：不予承认。",
                    f"Exemption {row.id} was not written by this house, or was changed: it does not count.",
                    line,
                )
                continue
            self._proved.exempted += len(row.row_keys)
            for key in row.row_keys:
                for aspect in row.aspects or (None,):
                    self._exempted[row.of_table, key, aspect] = row.until

    def _read_heads(self) -> None:
        previous, own = FIRST, {}
        for stored in heads_in(self._connection):
            head = stored.head
            try:
                told = head.told
            except msgspec.MsgspecError:
                self._find(
                    "head",
                    f"{stored.day} 的签名被改过，读不出。",
                    f"The head of {stored.day} was changed and cannot be read.",
                )
                continue
            own[told.day] = head
            if stored.stamp is not None and not fits(stored.stamp, head.body):
                self._find(
                    "head",
                    f"{told.day} 的时间戳不是对这份签名的：签名或时间戳被换过。",
                    f"The time stamp of {told.day} is not over this head: one of them was exchanged.",
                )
            if not head.is_sound or told.key != self._notary.public_key:
                self._find("head", f"{told.day} 的签名不对。", f"The head of {told.day} is not signed by this house.")
            if told.before != previous:
                self._find(
                    "head",
                    f"{told.day} 的签名接不上前一天的：中间有签名被删去或换过。",
                    f"The head of {told.day} does not follow the one before it: one between them was deleted or exchanged.",
                )
            previous = head.digest
            self._roots.setdefault(told.segments, []).append((told.root, told.day))
            self._proved.head, self._last = told.day, told.segments
        self._compare_outside(own)

    def _compare_outside(self, own: dict[date, Head]) -> None:
        for head in sorted(self._outside, key=lambda one: one.told.day):
            told = head.told
            if not head.is_sound or told.key != self._notary.public_key:
                self._find(
                    "head",
                    f"馆外留存的 {told.day} 签名不是本系统签的。",
                    f"The head of {told.day} from outside was not signed by this house.",
                )
                continue
            self._roots.setdefault(told.segments, []).append((told.root, told.day))
            self._proved.anchored = told.day
            mine = own.get(told.day)
            if mine is None and self._lost_by_restoration(head):
                self._proved.remarks.append(
                    Said(
                        f"{told.day} 的签名在馆外有，这里没有：其后从更早的备份恢复过。",
                        f"The head of {told.day} is known outside and not here: an earlier backup was restored since.",
                    )
                )
                self._roots[told.segments].remove((told.root, told.day))
            elif mine is None or mine.body != head.body:
                self._find(
                    "head",
                    f"{told.day} 的签名与馆外留存的不同：那一天之前的记录被重写过。",
                    f"The head of {told.day} is not the one that was handed outside: what was before it has been written anew.",
                )

    def _lost_by_restoration(self, head: Head) -> bool:
        query = select(restorations.c.taken_at, restorations.c.restored_at)
        return any(row.taken_at <= head.told.at <= row.restored_at for row in self._connection.execute(query))

    def _segment(self, row: Row[Any]) -> None:
        segment = Segment.of(row)
        if segment.id != self._tree.size + 1 or segment.previous != self._previous:
            self._find(
                "segment",
                f"第 {segment.id} 段接不上前一段：中间有封存段被删去或换过。",
                f"Segment {segment.id} does not follow the one before it: one between them was deleted or exchanged.",
                segment=segment.id,
            )
        self._previous = segment.digest
        self._tree.add(bytes.fromhex(segment.digest))
        self._proved.segments, self._proved.sealed_at = segment.id, segment.sealed_at
        lines = self._lines(row, segment)
        if lines is not None:
            self._compare(segment, lines, row.leaves)
        for root, day in self._roots.pop(self._tree.size, ()):
            if root != self._tree.root.hex():
                self._find(
                    "head",
                    f"到第 {segment.id} 段为止的记录，与 {day} 签名时不同。",
                    f"What was sealed up to segment {segment.id} is not what was signed on {day}.",
                    segment=segment.id,
                )

    def _lines(self, row: Row[Any], segment: Segment) -> Sequence[Leaf] | None:
        """What a segment seals, if it is the house's own."""
        leaves = [row.leaves[i : i + LEAF] for i in range(0, len(row.leaves), LEAF)]
        sound = self._notary.is_mac(row.mac, "segment", segment.said) and root_of(leaves).hex() == segment.root
        try:
            lines = Contents.read(row.contents).lines
        except (msgspec.DecodeError, msgspec.ValidationError, IndexError):
            lines, sound = (), False
        if sound and len(lines) == segment.count == len(leaves):
            return lines
        self._find(
            "segment",
            f"第 {segment.id} 段（{segment.sealed_at:%Y-%m-%d %H:%M} 封存）不是本系统封存的，或被改过。",
            f"Segment {segment.id}, sealed at {segment.sealed_at:%Y-%m-%d %H:%M} UTC, was not made by this house, or was changed.",
            segment=segment.id,
        )
        return None

    def _compare(self, segment: Segment, lines: Sequence[Leaf], leaves: bytes) -> None:
        also: dict[str, set[str]] = {}
        for line in lines:
            also.setdefault(line.table, set()).update(line.columns)
        rows = read_rows(self._connection, ((line.table, line.key) for line in lines), also)
        after_head = segment.id > self._last
        for position, line in enumerate(lines):
            row = rows.get((line.table, line.key))
            free = self._is_exempt(line, segment.id)
            if not line.aspect:
                self._proved.rows += 1
                self._proved.since_head += after_head
                if row is not None and not self._is_anew(line, segment.id):
                    self._present[line.table] = self._present.get(line.table, 0) + 1
            if free:
                continue
            if row is None:
                if not line.aspect:
                    self._missing(segment, line)
            elif not self._agrees(line, row, leaves[position * LEAF : (position + 1) * LEAF]):
                self._changed(segment, line)

    def _agrees(self, line: Leaf, row: dict[str, Any], leaf: bytes) -> bool:
        place = place_of(line.table, line.aspect, line.key)
        if not row.keys() >= set(line.columns):
            return False
        return self._notary.leaf(place, said_by(place, line.columns, row)) == leaf

    def _is_anew(self, line: Leaf, segment: int) -> bool:
        """Whether all of a row was let go after this segment; it is counted where it was sealed again, or not at all."""
        return self._exempted.get((line.table, line.key, None), 0) >= segment

    def _is_exempt(self, line: Leaf, segment: int) -> bool:
        return self._is_anew(line, segment) or self._exempted.get((line.table, line.key, line.aspect), 0) >= segment

    def _missing(self, segment: Segment, line: Leaf) -> None:
        zh, en = _named(line)
        when = _when(segment)
        self._find(
            "missing", f"{zh}不见了；{when.zh}还在。", f"{en} is gone; {when.en} it was there.", line, segment.id
        )

    def _changed(self, segment: Segment, line: Leaf) -> None:
        zh, en = _named(line)
        when = _when(segment)
        about = "、".join(line.columns) if line.aspect else ""
        zh, en = (f"{zh}（{about}）", f"{en} ({about.replace('、', ', ')})") if about else (zh, en)
        self._find(
            "changed",
            f"{zh}被改过；{when.zh}不是这样。",
            f"{en} was changed; {when.en} it was otherwise.",
            line,
            segment.id,
        )

    def _missing_segments(self) -> None:
        for size, said in sorted(self._roots.items()):
            for _, day in said:
                if size:
                    self._find(
                        "segment",
                        f"{day} 签名时有 {size} 段，现在只剩 {self._tree.size} 段：后面的被删去了。",
                        f"On {day} there were {size} segments, and now there are {self._tree.size}: the last ones were deleted.",
                        segment=size,
                    )

    def _unsealed(self) -> None:
        """Rows that are neither sealed nor due: they came in by another way than that of the house."""
        due: dict[str, int] = {}
        waiting = select(evidence_due.c.of_table, evidence_due.c.row_key).where(evidence_due.c.aspect == "").distinct()
        for name, _ in self._connection.execute(waiting):
            due[name] = due.get(name, 0) + 1
            self._proved.waiting += 1
        if any(one.kind == "segment" for one in self._proved.found):
            # what was sealed where is not known then
            return
        for covered in COVERED:
            if not self._proved.segments:
                continue
            there = self._connection.execute(select(func.count()).select_from(covered.table)).scalar_one()
            if there != self._present.get(covered.name, 0) + due.get(covered.name, 0):
                self._name_unsealed(covered.name)

    def _name_unsealed(self, name: str) -> None:
        """Which they are: read only where numbers do not agree."""
        known: set[str] = set()
        twice: list[Leaf] = []
        for row in self._connection.execute(select(segments).order_by(segments.c.id).execution_options(yield_per=20)):
            for line in Contents.read(row.contents).lines:
                if line.table == name and not line.aspect and not self._is_anew(line, row.id):
                    twice += [line] if line.key in known else []
                    known.add(line.key)
        mine = select(evidence_due.c.row_key).where(evidence_due.c.of_table == name, evidence_due.c.aspect == "")
        due = set(self._connection.execute(mine).scalars())
        twice += [Leaf(name, "", key, ()) for key in sorted(due & known)]
        covered = COVERAGE[name]
        own = list(covered.table.primary_key)
        for found in self._connection.execute(select(*own).execution_options(yield_per=500)).mappings():
            key = covered.key_of(dict(found))
            if key not in known and key not in due and (name, key, None) not in self._exempted:
                zh, en = _named(Leaf(name, "", key, ()))
                self._find(
                    "added",
                    f"{zh}没有封存过，也不在等候封存：不是经本系统写进来的。",
                    f"{en} was never sealed and does not wait for it: it did not come in by way of this house.",
                    Leaf(name, "", key, ()),
                )
        for line in twice:
            zh, en = _named(line)
            self._find(
                "added",
                f"{zh}封存过两次：被删去后又写回来了。",
                f"{en} was sealed twice: it was deleted and put back.",
                line,
            )


def _named(line: Leaf) -> tuple[str, str]:
    covered = COVERAGE.get(line.table)
    words = covered.words if covered else Said(line.table, line.table)
    key = line.key.replace(BETWEEN, " / ")
    zh, en = f"{words.zh}（{key}）", f"{words.en} {key}"
    if line.label:
        zh, en = f"{words.zh} {line.label}（{key}）", f"{words.en} {line.label} ({key})"
    return zh, f"{en[0].upper()}{en[1:]}"


def _when(segment: Segment) -> Said:
    at = f"{segment.sealed_at:%Y-%m-%d %H:%M} UTC"
    return Said(f"{at} 封存时（第 {segment.id} 段）", f"when it was sealed at {at} (segment {segment.id})")
