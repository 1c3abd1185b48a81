"""A copy of all that is held about somebody: a sheet for people, the same as JSON for programs, and the files that they added; one ZIP."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import orjson
from sqlalchemy import Connection, Table, or_, select
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from definitions.model.reference import participant
from definitions.text import Said
from engine.codec import plain
from engine.event import Attach
from engine.noun import Noun
from engine.refusal import Refusal
from huying.access.viewer import Look
from huying.database.tables import history, issues, participants
from huying.errors import NotFound
from huying.house import kept
from huying.house.house import House
from huying.issues.views.issue import issue_view
from huying.privacy.columns import COLUMNS
from huying.privacy.holdings import HOLDINGS, Holding
from huying.residents.joins import people_joined
from huying.words.sheet import CELL, PLAIN
from models import metadata

#: So many characters the name of a sheet holds at most.
_SHEET = 31
_GUIDE = Said("说明", "Guide")
_ISSUES = Said("事项内容和经过", "Issues in words")
_NOT = Said("没有列出", "not given")
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CopyPart:
    """A part of a copy: what it is, its columns by key, and its rows."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: Rows


def personal_copy(house: House, person: int, language: str, now: datetime) -> bytes:
    """The ZIP; ``NotFound`` if there is nobody of this id. Who may have it, and that it was handed out, is for the caller to decide and to note."""
    with house.database.at_one_moment() as connection:
        if connection.execute(select(participants.c.id).where(participants.c.id == person)).first() is None:
            raise NotFound("没有这个人。", "There is no such person.")
        # an officer may err: what somebody is given of another record, they confirmed themself
        people = people_joined(connection, person, sure=True)
        parts = tuple(
            _part(connection, holding, people, language)
            for holding in HOLDINGS
            if holding.given and (holding.person or holding.party)
        )
        of = select(issues.c.id, issues.c.reporter_id).where(issues.c.reporter_id.in_(people)).order_by(issues.c.id)
        own = [(row.id, row.reporter_id) for row in connection.execute(of)]
        files = list(_files(connection, people))
    told = _told(house, own, language, now)
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{Said('我的信息', 'my-data').of(language)}.xlsx", _sheet((told, *parts), language))
        archive.writestr("data.json", orjson.dumps(_json((told, *parts)), option=orjson.OPT_INDENT_2))
        for name, digest in files:
            try:
                archive.writestr(name, kept.read(house.store, digest))
            except Refusal as why:
                # one that is lost or locked away keeps nobody from the rest
                archive.writestr(f"{name}.txt", f"{why.message['zh']}\n{why.message['en']}\n")
    return into.getvalue()


def _part(connection: Connection, holding: Holding, people: Sequence[int], language: str) -> CopyPart:
    """The rows of a table that are about somebody, without what is not given of them."""
    table = metadata.tables[holding.table]
    given = [column for column in table.columns if column.name not in holding.without]
    mine = [table.c[name].in_(people) for name in holding.person]
    if holding.party:
        mine.append(table.c[holding.party].in_([participant(one) for one in people]))
    rows = connection.execute(select(*given).where(or_(*mine)).order_by(*_order(table))).mappings()
    found = [{str(name): _said(value) for name, value in row.items()} for row in rows]
    return CopyPart(holding.table, holding.title.of(language), tuple(str(column.name) for column in given), found)


def _order(table: Table) -> Sequence[Any]:
    return list(table.primary_key)


def _said(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Noun):
        return plain(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return None
    if isinstance(value, tuple):
        return [_said(one) for one in value]
    return value


def _told(house: House, own: Sequence[tuple[int, int]], language: str, now: datetime) -> CopyPart:
    """What they reported, as they may read it themself: what was entered, and what happened."""
    rows: Rows = []
    for issue_id, person in own:
        view = issue_view(house, issue_id, Look(person, language, now))
        head = {"number": view.number, "definition_key": view.definition_title}
        for value in view.values:
            rows.append({**head, "at": "", "title": value.title, "text": value.text})
        for entry in view.timeline:
            notes = "\n".join(f"{note.title} {note.text}".strip() for note in entry.notes)
            what = f"{entry.who} {entry.what}".strip()
            rows.append({**head, "at": entry.at.isoformat(), "title": what, "text": notes})
    return CopyPart("told", _ISSUES.of(language), ("number", "definition_key", "at", "title", "text"), rows)


def _files(connection: Connection, people: Sequence[int]) -> Iterator[tuple[str, str]]:
    """What they attached, each under the number of its issue."""
    query = (
        select(issues.c.number, history.c.sequence, history.c.event)
        .join(issues, issues.c.id == history.c.issue_id)
        .where(history.c.actor_id.in_(people), history.c.kind == "attach")
        .order_by(history.c.issue_id, history.c.sequence)
    )
    for number, sequence, event in connection.execute(query):
        if isinstance(event, Attach):
            safe = event.name.replace("/", "_").replace("\\", "_")
            yield f"files/{number}/{sequence}-{safe}", event.digest


def _json(parts: Sequence[CopyPart]) -> Mapping[str, Any]:
    return {part.key: part.rows for part in parts if part.rows}


def _sheet(parts: Sequence[CopyPart], language: str) -> bytes:
    into = BytesIO()
    with Workbook(into, PLAIN) as book:
        bold, wrapped = (
            book.add_format({"bold": True, "bottom": 1}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        _guide(book, parts, language, bold, wrapped)
        for part in parts:
            if part.rows:
                _page(book, part, language, bold, wrapped)
    return into.getvalue()


def _guide(book: Workbook, parts: Sequence[CopyPart], language: str, bold: Format, wrapped: Format) -> None:
    """First what is in it, and what is not, and why."""
    page = book.add_worksheet(_GUIDE.of(language))
    page.set_column(0, 0, 36)
    page.set_column(1, 1, 70)
    row = 0
    for part in parts:
        page.write_string(row, 0, part.title, bold if part.rows else wrapped)
        page.write_string(row, 1, Said(f"{len(part.rows)} 条", f"{len(part.rows)} rows").of(language), wrapped)
        row += 1
    for holding in HOLDINGS:
        if holding.why is not None:
            page.write_string(row, 0, holding.title.of(language), wrapped)
            page.write_string(row, 1, f"{_NOT.of(language)}: {holding.why.of(language)}", wrapped)
            row += 1


def _page(book: Workbook, part: CopyPart, language: str, bold: Format, wrapped: Format) -> None:
    page = book.add_worksheet(_free(book, part.title))
    page.freeze_panes(1, 0)
    page.set_column(0, len(part.columns) - 1, 22)
    for at, name in enumerate(part.columns):
        page.write_string(0, at, COLUMNS[name].of(language), bold)
    for number, row in enumerate(part.rows, 1):
        for at, name in enumerate(part.columns):
            page.write_string(number, at, _cell(row[name], language), wrapped)


def _free(book: Workbook, title: str) -> str:
    """A name for a sheet that none has yet, and that Excel takes."""
    plain_title = "".join(one for one in title if one not in "[]:*?/\\")[:_SHEET]
    taken = {one.get_name().lower() for one in book.worksheets()}
    names = (plain_title, *(f"{plain_title[: _SHEET - 3]} {number}" for number in range(2, 99)))
    return next(name for name in names if name.lower() not in taken)


def _cell(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return Said("是" if value else "否", "yes" if value else "no").of(language)
    text = (
        value
        if isinstance(value, str)
        else orjson.dumps(value).decode()
        if isinstance(value, dict | list)
        else str(value)
    )
    return text[:CELL]
