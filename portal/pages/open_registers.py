"""Public registers: as pages, as open data (CSV, JSON) and as a feed, and the page of a deputy; what the office has not opened is not there."""

from __future__ import annotations

import csv
import json
from io import StringIO

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from engine.refusal import Invalid
from huying.duties.receptions import receptions_of
from huying.errors import NotFound
from huying.publicity.open_rows import OpenRow, as_data, sought
from huying.publicity.registers import (
    OpenedRegister,
    close_register,
    licence,
    open_register,
    opened_register,
    opened_registers,
    public_registers_known,
)
from huying.publicity.view import CaseFilter, published
from portal.frame.atom import FeedEntry, FeedHead, feed_answer
from portal.frame.bounds import Number
from portal.frame.cache import assure_moderate, public_answer
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import PUBLIC, needs
from portal.frame.submission import Submitted

router = APIRouter()
_PAGE = 50
_IN_FEED = 50
#: A sheet reads a cell that begins so as a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_ROBOTS = (
    "User-agent: *\nDisallow: /t/\nDisallow: /feed/\nDisallow: /issues/\nDisallow: /reported/\nDisallow: /follow\n"
)


@router.get("/robots.txt", dependencies=[PUBLIC])
def robots() -> Response:
    """What search engines leave alone: whatever is about one person's matter."""
    return PlainTextResponse(_ROBOTS, headers={"Cache-Control": "public, max-age=86400"})


@router.get("/open", dependencies=[PUBLIC])
def registers(at: Received) -> Response:
    """The registers that are open; whoever may opens and closes them here."""
    assure_moderate(at)
    return public_answer(at, registers_page(at))


@router.post("/open/{key}/columns", dependencies=[needs("open registers")])
def change(form: Submitted, at: SignedIn, key: str) -> Response:
    """Open a register with the columns that are ticked, or close it."""
    if form.entry("do") == "close":
        close_register(at.house, key, at.by(form.request_id))
        return at.go("/open")
    columns = [name.removeprefix("column.") for name in form.entries if name.startswith("column.")]
    try:
        open_register(at.house, key, columns, at.by(form.request_id))
    except Invalid as wrong:
        return registers_page(at, wrong)
    return at.go("/open")


@router.get("/open/deputies/{number}", dependencies=[PUBLIC])
def deputy(at: Received, number: Number) -> Response:
    """A deputy: what the register says of them, when they receive, and the public cases in which they are credited."""
    assure_moderate(at)
    opened = opened_register(at.house, "deputies")
    rows = [row for row in at.here.open_rows.rows(opened, at.language, at.now) if row.person == number]
    if not rows:
        raise NotFound("没有这位代表的公开信息。", "Nothing is public of such a deputy.")
    answer = at.page(
        "open_deputy.html",
        opened=opened,
        rows=rows,
        receptions=receptions_of(at.house, number, at.language, at.now),
        cases=published(at.house, at.language, CaseFilter(deputy=number)),
    )
    return public_answer(at, answer)


@router.get("/open/{key}.csv", dependencies=[PUBLIC])
def as_csv(at: Received, key: str) -> Response:
    """All rows for a sheet: UTF-8 with its mark, so that Excel reads Chinese."""
    assure_moderate(at)
    opened = opened_register(at.house, key)
    told = StringIO()
    writer = csv.writer(told)
    writer.writerow([one.title.of(at.language) for one in opened.columns])
    for row in at.here.open_rows.rows(opened, at.language, at.now):
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in row.cells.values()])
    content = told.getvalue().encode("utf-8-sig")
    headers = {"Content-Disposition": f'attachment; filename="{key}.csv"', "X-Robots-Tag": "noindex"}
    return public_answer(at, Response(content, media_type="text/csv; charset=utf-8", headers=headers))


@router.get("/open/{key}.json", dependencies=[PUBLIC])
def as_json(at: Received, key: str) -> Response:
    """All rows for programs, with keys that stay the same, what they mean, and the licence."""
    assure_moderate(at)
    opened = opened_register(at.house, key)
    rows = at.here.open_rows.rows(opened, at.language, at.now)
    told = {
        "register": key,
        "title": opened.register.title.of(at.language),
        "source": at.house.offices.now().called(at.language),
        "licence": licence().of(at.language),
        "columns": {one.key: one.title.of(at.language) for one in opened.columns},
        "rows": as_data(opened, rows),
    }
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return public_answer(at, Response(content, media_type="application/json", headers={"X-Robots-Tag": "noindex"}))


@router.get("/open/{key}.atom", dependencies=[PUBLIC])
def as_feed(at: Received, key: str) -> Response:
    """The newest rows as a feed."""
    assure_moderate(at)
    opened = opened_register(at.house, key)
    rows = at.here.open_rows.rows(opened, at.language, at.now)[:_IN_FEED]
    entries = (_entry(opened, row, at.language) for row in rows)
    head = FeedHead(f"/open/{key}", f"/open/{key}.atom", opened.register.title.of(at.language))
    return public_answer(at, feed_answer(at, head, entries, opened.since))


@router.get("/open/{key}", dependencies=[PUBLIC])
def register(at: Received, key: str, q: str = "", page: Number = 1) -> Response:
    """One register as a table, with search."""
    assure_moderate(at)
    opened = opened_register(at.house, key)
    found = sought(at.here.open_rows.rows(opened, at.language, at.now), q.strip()[:60])
    answer = at.page(
        "open_register.html",
        opened=opened,
        rows=found[(page - 1) * _PAGE : page * _PAGE],
        total=len(found),
        q=q.strip()[:60],
        number=page,
        more=len(found) > page * _PAGE,
        licence=licence(),
        named="deputies" in {one.register.key for one in opened_registers(at.house)},
    )
    return public_answer(at, answer)


def registers_page(at: Reception, wrong: Invalid | None = None) -> Response:
    """The page of all registers."""
    opened = {one.register.key: one for one in opened_registers(at.house)}
    return at.page(
        "open_registers.html",
        422 if wrong else 200,
        opened=opened,
        known=public_registers_known().values() if at.may("open registers") else (),
        licence=licence(),
        errors=wrong.errors if wrong else {},
    )


def _entry(opened: OpenedRegister, row: OpenRow, language: str) -> FeedEntry:
    """A row as an entry; what changes in it changes no entry's moment, since rows keep none."""
    cells = [(one.title.of(language), row.cells[one.key]) for one in opened.columns if row.cells[one.key]]
    text = "\n".join(f"{title}: {cell}" for title, cell in cells)
    name = " ".join(cell for _, cell in cells[:3])
    return FeedEntry(f"/open/{opened.register.key}#{row.key}", name, opened.since, text)
