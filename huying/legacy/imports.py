"""Importing an office's records: handed in, understood, looked at line by line, taken over; a line that is here already is left alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from definitions.text import Said
from engine.refusal import Invalid, Refusal
from huying.access.viewer import Viewer
from huying.audit.record import AuditNote, note
from huying.database.tables import legacy_imports, legacy_matters, participants, stations
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.legacy.issue import LegacyHand, is_here
from huying.legacy.lexicon import FIELD, SheetWords, Understood, guessed, head_of, with_words
from huying.legacy.line import LegacyLine, LineFinding, LineReader
from huying.legacy.records import RecordSheet, read_book, read_sheet
from huying.register.workbook.raw import RawRow, packed, unpacked
from huying.rights.refusal import Unentitled
from huying.rights.right import may_everywhere

KEPT = timedelta(days=7)
RIGHT = "take over records"
_LONGEST_NAME = 200


class NotTaken(Refusal):
    """The sheet cannot be taken over as it is."""

    code = "not-taken"


def assure_may_take_over(person: Viewer, now: datetime) -> None:
    """Records are about the whole house."""
    if not may_everywhere(RIGHT, person.entitlement, now):
        raise Unentitled(RIGHT)


@dataclass(frozen=True, slots=True)
class LegacyOffer:
    """A sheet that was handed in, and how it is understood."""

    id: int
    name: str
    by: str
    at: datetime
    kept_until: datetime
    state: str
    definition: str
    understood: Understood
    taken: int


@dataclass(frozen=True, slots=True)
class LegacyPreview:
    """What a sheet would come to: lines to be taken over, open and closed; those that are here; those that are wrong, and why."""

    sheet: RecordSheet
    lines: tuple[LegacyLine, ...]
    here: int
    findings: tuple[LineFinding, ...]

    @property
    def open(self) -> int:
        """How many would go on."""
        return sum(one.matter is not None and one.matter.step is not None for one in self.lines)

    @property
    def closed(self) -> int:
        """How many would be history."""
        return len(self.lines) - self.open

    @property
    def wrong(self) -> int:
        """How many lines are wrong."""
        return len({one.row for one in self.findings})


def sheet_words(house: House, definition: str, now: datetime) -> SheetWords:
    """What words of a sheet can mean, by a process in force."""
    process = house.processes.process(house.processes.opening_by(definition, now).id)
    query = (
        select(stations.c.code, stations.c.name_zh, stations.c.name_en)
        .where(stations.c.active)
        .order_by(stations.c.code)
    )
    with house.database.reading() as connection:
        found = {row[0]: Said(row[1], row[2] or row[1]) for row in connection.execute(query)}
    return SheetWords(process.definition, found)


def offer_records(house: House, name: str, content: bytes, definition: str, by: By) -> int:
    """Take a sheet in; its number. It is understood as the last one with the same titles was, else by its titles. ``WrongWorkbook``."""
    book, known = read_book(content), sheet_words(house, definition, by.now)
    sheet = read_sheet(book, lambda title: bool(known.guess(title)))
    head = head_of(definition, sheet.titles)
    with house.database.writing() as connection:
        understood = _remembered(connection, head)
        found = with_words(understood, sheet, known) if understood else guessed(sheet, known)
        row = {
            "name": name[-_LONGEST_NAME:],
            "by_id": by.person,
            "at": by.now,
            "kept_until": by.now + KEPT,
            "state": "offered",
            "definition": definition,
            "head": head,
            "understood": msgspec.to_builtins(found),
            "book": zlib.compress(packed(book), 3),
        }
        return int(connection.execute(insert(legacy_imports).values(row).returning(legacy_imports.c.id)).scalar_one())


def _remembered(connection: Connection, head: str) -> Understood | None:
    query = (
        select(legacy_imports.c.understood).where(legacy_imports.c.head == head).order_by(legacy_imports.c.id.desc())
    )
    kept = connection.execute(query.limit(1)).scalar_one_or_none()
    return msgspec.convert(kept, Understood) if kept else None


_taken = (
    select(func.count())
    .where(legacy_matters.c.import_id == legacy_imports.c.id)
    .correlate(legacy_imports)
    .scalar_subquery()
)
_offers = select(
    *(legacy_imports.c[name] for name in ("id", "name", "at", "kept_until", "state", "definition", "understood")),
    participants.c.name.label("person"),
    _taken.label("taken"),
).outerjoin(participants, participants.c.id == legacy_imports.c.by_id)


def offered_records(house: House, number: int) -> LegacyOffer:
    """An import by its number; ``NotFound``."""
    with house.database.reading() as connection:
        row = connection.execute(_offers.where(legacy_imports.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("没有这次导入。", "There is no such import.")
    return _offer(row)


def record_offers(house: House) -> tuple[LegacyOffer, ...]:
    """The imports, the newest first."""
    with house.database.reading() as connection:
        return tuple(map(_offer, connection.execute(_offers.order_by(legacy_imports.c.id.desc()).limit(50))))


def _offer(row: object) -> LegacyOffer:
    r = row
    return LegacyOffer(
        r.id, r.name, r.person or "", r.at, r.kept_until, r.state, r.definition,  # type: ignore[attr-defined]
        msgspec.convert(r.understood, Understood), r.taken,  # type: ignore[attr-defined]
    )  # fmt: skip


def understand(house: House, number: int, columns: Mapping[str, int], words: Mapping[str, Mapping[str, str]], by: By,
               rest: Mapping[str, str]) -> None:  # fmt: skip
    """Say what columns and words mean; ``rest``: the step, resolution and station of lines that say none."""
    found, known, sheet = _open_sheet(house, number, by.now)
    told = Understood(columns, words, **{name: rest.get(name, "") for name in ("step", "resolution", "station")})
    fresh = msgspec.to_builtins(with_words(told, sheet, known))
    with house.database.writing() as connection:
        connection.execute(update(legacy_imports).where(legacy_imports.c.id == found.id).values(understood=fresh))


def look_at(house: House, number: int, now: datetime) -> LegacyPreview:
    """What the sheet would come to now; nothing is written."""
    found, known, sheet = _open_sheet(house, number, now)
    return _preview(house, found, sheet, known, now)


def take_records(house: House, number: int, by: By, *, partial: bool = False) -> int:
    """Take the lines over; how many. Lines that are wrong keep all from being taken, unless ``partial``. Interrupted, it is done once more."""
    found, known, sheet = _open_sheet(house, number, by.now)
    preview = _preview(house, found, sheet, known, by.now)
    if preview.wrong and not partial:
        raise NotTaken(
            f"还有 {preview.wrong} 行有错。改好对照或表格，或选“跳过有错的行”。",
            f"{preview.wrong} lines are wrong. Put the meanings or the sheet right, or leave those lines out.",
        )
    if not preview.lines:
        raise NotTaken(
            "没有要承接的：都已在这里，或都有错。", "There is nothing to take over: all are here already, or wrong."
        )
    hand = LegacyHand(house, found.definition, by.now)
    count = sum(hand.taken(line, number, by) for line in preview.lines)
    told = AuditNote(what="records-imported", object=f"process:{found.definition}", by=by.person,
                     detail={"taken": count, "left": preview.wrong}, at=by.now)  # fmt: skip
    with house.database.writing() as connection:
        connection.execute(update(legacy_imports).where(legacy_imports.c.id == number).values(state="written"))
        note(connection, told)
    return count


def forget_records(connection: Connection, now: datetime) -> int:
    """Let the cells of sheets go that have been kept long enough; how they were understood stays. How many."""
    old = (legacy_imports.c.kept_until <= now, legacy_imports.c.book.is_not(None))
    return connection.execute(update(legacy_imports).where(*old).values(book=None)).rowcount


def _open_sheet(house: House, number: int, now: datetime) -> tuple[LegacyOffer, SheetWords, RecordSheet]:
    found = offered_records(house, number)
    with house.database.reading() as connection:
        query = select(legacy_imports.c.book).where(legacy_imports.c.id == number, legacy_imports.c.kept_until > now)
        content = connection.execute(query).scalar_one_or_none()
    if content is None:
        raise NotTaken("表格只保留七天，请重新上传。", "A sheet is kept for seven days; please hand it in again.")
    known = sheet_words(house, found.definition, now)
    return found, known, read_sheet(unpacked(zlib.decompress(content)), lambda title: bool(known.guess(title)))


def _preview(house: House, found: LegacyOffer, sheet: RecordSheet, known: SheetWords, now: datetime) -> LegacyPreview:
    reader = LineReader(sheet, found.understood, known, house.zone)
    hand = LegacyHand(house, found.definition, now)
    good, findings, here = list[LegacyLine](), list[LineFinding](), 0
    seen: dict[tuple[str, str], int] = {}
    with house.database.reading() as connection:
        for row in sheet.lines:
            line = reader.read(row)
            key = line.station, line.ours
            if line.findings:
                findings += line.findings
            elif key in seen:
                findings.append(_twice(reader, row, seen[key]))
            elif is_here(connection, line):
                here += 1
            else:
                wrong = tuple(_refused(reader, row, hand, connection, line))
                findings += wrong
                good += [line] if not wrong else []
            seen.setdefault(key, row.number)
    return LegacyPreview(sheet, tuple(good), here, tuple(findings))


def _twice(reader: LineReader, row: RawRow, first: int) -> LineFinding:
    wrong = Said(f"与第 {first} 行编号相同", f"it has the number of row {first}")
    return reader.finding(row, "ours", wrong, Said("每件一个编号", "give each a number of its own"))


def _refused(
    reader: LineReader, row: RawRow, hand: LegacyHand, connection: Connection, line: LegacyLine
) -> Iterable[LineFinding]:
    try:
        hand.tried(connection, line)
    except Invalid as refusal:
        for name, message in refusal.errors.items():
            key = name if name in reader.understood.columns else FIELD + name
            wrong = Said(message["zh"].rstrip("。"), message["en"].rstrip("."))
            yield reader.finding(
                row,
                key,
                wrong,
                Said("改正后重新上传，或跳过这一行", "put it right and hand it in again, or leave it out"),
            )
