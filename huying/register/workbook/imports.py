"""Importing a workbook: it is looked at, put right, written in one transaction, and taken back in one; kept for seven days."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from engine.refusal import Refusal
from huying.access.viewer import Viewer
from huying.audit.record import AuditNote, note_at_once
from huying.database.tables import participants, register_imports
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.register.changes import Stamp, bare_deed
from huying.register.nouns import Lines, Person
from huying.register.workbook.application import WrongLines, write_changes
from huying.register.workbook.draft import Correction, SheetDraft
from huying.register.workbook.grants import give_lines
from huying.register.workbook.opening import opened
from huying.register.workbook.preview import (
    ImportPreview,
    ImportWishes,
    packed_preview,
    preview_of,
    unpacked_preview,
    without,
)
from huying.register.workbook.raw import RawWorkbook, packed, unpacked
from huying.register.workbook.reader import lists
from huying.register.workbook.store import digest, register_lines
from huying.register.workbook.template import BookStamp, export, template
from huying.rights.refusal import Unentitled
from huying.rights.right import may_everywhere

KEPT = timedelta(days=7)
_LONGEST_NAME = 200
#: From so many changes on SQLite counts its tables again, or it misses covering indexes.
_MANY = 500


class ChangedMeanwhile(Refusal):
    """Somebody changed the register after the preview was made."""

    code = "changed-meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "您核对以后，名册又有人改过。已重新比对，请再看一遍。",
            "The register was changed after you looked. It was compared again; please look once more.",
        )


class NotAsItIs(Refusal):
    """The workbook cannot be written as it is."""

    code = "not-as-it-is"


def assure_may_import(person: Viewer, now: datetime) -> None:
    """A workbook is about the whole register: so only those bring one in, or take one out, who keep it in the whole house."""
    if not may_everywhere("import register", person.entitlement, now):
        raise Unentitled("import register")


@dataclass(frozen=True, slots=True)
class ImportOffer:
    """A workbook that was handed in, and what became of it."""

    id: int
    name: str
    by: str
    at: datetime
    kept_until: datetime
    state: str
    wanted: ImportWishes
    preview: ImportPreview


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One of the imports in a list."""

    id: int
    name: str
    by: str
    at: datetime
    state: str


def offer(house: House, name: str, content: bytes, by: By) -> int:
    """Take a workbook in and compare it; its number. ``WrongWorkbook`` if it cannot be opened. Nothing of the register is written."""
    book = opened(content)
    preview = looked_at(house, book, ImportWishes())
    values: dict[str, object] = {
        "name": name[-_LONGEST_NAME:],
        "by_id": by.person,
        "at": by.now,
        "kept_until": by.now + KEPT,
        "state": "offered",
        "base": preview.base,
        "book": zlib.compress(packed(book), 3),
        "preview": packed_preview(preview),
        "corrections": [],
        "ends": [],
    }
    with house.database.writing() as connection:
        return int(
            connection.execute(insert(register_imports).values(values).returning(register_imports.c.id)).scalar_one()
        )


def offered(house: House, number: int, now: datetime) -> ImportOffer:
    """An import by its number; ``NotFound`` once it is no longer kept."""
    query = (
        select(register_imports, participants.c.name.label("person"))
        .outerjoin(participants, participants.c.id == register_imports.c.by_id)
        .where(register_imports.c.id == number, register_imports.c.kept_until > now)
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("没有这次导入，或已过了保留的七天。", "There is no such import, or its seven days are over.")
    wanted = ImportWishes(tuple(Correction(*one) for one in row.corrections), tuple(row.ends))
    preview = unpacked_preview(row.preview)
    return ImportOffer(row.id, row.name, row.person or "", row.at, row.kept_until, row.state, wanted, preview)


def offer_lines(house: House, now: datetime) -> tuple[OfferLine, ...]:
    """The imports that are still kept, the newest first."""
    at = register_imports.c
    query = (
        select(at.id, at.name, participants.c.name, at.at, at.state)
        .outerjoin(participants, participants.c.id == at.by_id)
        .where(at.kept_until > now)
        .order_by(at.id.desc())
    )
    with house.database.reading() as connection:
        return tuple(OfferLine(row[0], row[1], row[2] or "", row[3], row[4]) for row in connection.execute(query))


def put_right(house: House, number: int, corrections: Sequence[Correction], now: datetime) -> None:
    """Put cells right (or leave rows out), and compare again."""
    found = _open_offer(house, number, now)
    known = {(one.sheet, one.row, one.key): one for one in (*found.wanted.corrections, *corrections)}
    _renew(house, number, ImportWishes(tuple(known.values()), found.wanted.ends))


def end_absent(house: House, number: int, ends: Sequence[str], typed: Mapping[str, str], now: datetime) -> None:
    """Say of which sheets what is missing is to end; of many lines somebody has to type how many they are."""
    found = _open_offer(house, number, now)
    for one in found.preview.sums:
        if one.sheet in ends and one.many and typed.get(one.sheet, "").strip() != str(one.absent):
            raise NotAsItIs(
                f"将停用 {one.absent} 行，超过现有的五分之一。确实要停用，请在旁边填上 {one.absent}。",
                f"{one.absent} lines would end, more than a fifth of those in force. If this is meant, type {one.absent} beside it.",
            )
    _renew(house, number, ImportWishes(found.wanted.corrections, tuple(ends)))


def write(house: House, number: int, by: By, *, partial: bool = False) -> None:
    """Write what the preview says, all in one transaction; rows with an error keep everything from being written, unless ``partial``."""
    found = _open_offer(house, number, by.now)
    if found.preview.errors and not partial:
        count = len(found.preview.errors)
        raise NotAsItIs(
            f"还有 {count} 处错误。改好再写入，或选“跳过有错的行”。",
            f"There are {count} errors. Put them right, or leave those rows out.",
        )
    if not found.preview.changes:
        raise NotAsItIs("没有要改的，名册已是这样。", "There is nothing to change; the register says so already.")
    try:
        fresh = _written(house, found, by)
    except WrongLines as wrong:
        _renew(house, number, found.wanted, wrong)
        count = len(wrong.told)
        raise NotAsItIs(
            f"有 {count} 行名册不收，没有写入；原因已列在核对页上。",
            f"The register does not take {count} lines, and nothing was written; the reasons are listed.",
        ) from None
    if not fresh:
        _open_offer(house, number, by.now)
        _renew(house, number, found.wanted)
        raise ChangedMeanwhile
    if len(found.preview.changes) > _MANY:
        with house.database.writing() as connection:
            connection.exec_driver_sql("ANALYZE")


def _written(house: House, found: ImportOffer, by: By) -> bool:
    """Whether it was written: the register is still as it was when the preview was made, and nobody else was quicker."""
    with house.database.writing() as connection:
        if digest(register_lines(connection)) != found.preview.base or not _claimed(connection, found.id):
            return False
        stamp = Stamp("sheet", by.now, by.person, found.name)
        changes = found.preview.changes
        deed = write_changes(connection, changes, stamp) or bare_deed(connection, stamp)
        give_lines(connection, (one for one in changes if one.kind == "grants"), by)
        at = register_imports.c
        connection.execute(update(register_imports).where(at.id == found.id).values(deed_id=deed))
    return True


def _claimed(connection: Connection, number: int) -> bool:
    """Whether nobody else has written it meanwhile."""
    at = register_imports.c
    query = update(register_imports).where(at.id == number, at.state == "offered").values(state="written")
    return connection.execute(query).rowcount == 1


def _open_offer(house: House, number: int, now: datetime) -> ImportOffer:
    found = offered(house, number, now)
    if found.state != "offered":
        raise NotAsItIs("这次导入已经写入过了。", "This import was written already.")
    return found


def looked_at(house: House, book: RawWorkbook, wanted: ImportWishes | None = None) -> ImportPreview:
    """What a workbook would come to against the register as it is now."""
    with house.database.at_one_moment() as connection:
        return preview_of(
            connection, book, wanted or ImportWishes(), house.database.day.today(), house.calendars.known()
        )


def book_of(house: House, number: int) -> RawWorkbook:
    """The cells of an import, as they were handed in."""
    with house.database.reading() as connection:
        content = connection.execute(
            select(register_imports.c.book).where(register_imports.c.id == number)
        ).scalar_one()
    return unpacked(zlib.decompress(content))


def _renew(house: House, number: int, wanted: ImportWishes, wrong: WrongLines | None = None) -> None:
    preview = looked_at(house, book_of(house, number), wanted)
    if wrong is not None:
        preview = without(preview, wrong.told)
    values = {
        "corrections": [list(one) for one in wanted.corrections],
        "ends": list(wanted.ends),
        "base": preview.base,
        "preview": packed_preview(preview),
    }
    with house.database.writing() as connection:
        at = register_imports.c
        connection.execute(update(register_imports).where(at.id == number, at.state == "offered").values(values))


def forget_imports(connection: Connection, now: datetime) -> int:
    """Remove the workbooks whose days are over, with what people wrote into them; how many."""
    return connection.execute(delete(register_imports).where(register_imports.c.kept_until <= now)).rowcount


def imported_people(found: ImportOffer) -> tuple[str, ...]:
    """The logins of the people whom an import wrote; nobody before it was written."""
    if found.state != "written":
        return ()
    return tuple(one.after.login for one in found.preview.changes if isinstance(one.after, Person))


def _at_hand(house: House) -> tuple[Lines, BookStamp]:
    with house.database.at_one_moment() as connection:
        lines = register_lines(connection)
    return lines, BookStamp(house.database.day.today(), digest(lines))


def empty_book(house: House) -> bytes:
    """The template, whose drop-downs know the register."""
    lines, stamp = _at_hand(house)
    return template(lists(lines, house.calendars.known(), {}, SheetDraft()), lines, stamp)


def full_book(house: House, by: By, *, private: bool = True) -> bytes:
    """The register as a workbook; who took it out is noted, with how many people, and whether with their phones and mail."""
    lines, stamp = _at_hand(house)
    told = AuditNote(
        what="register-exported",
        by=by.person,
        detail={"private": private, "people": len(lines.get("people", ()))},
        at=by.now,
    )
    note_at_once(house.database.engine, told)
    return export(lists(lines, house.calendars.known(), {}, SheetDraft()), lines, stamp, private=private)
