"""The register by workbook: template, and an import that is looked at, put right, written, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said
from engine.refusal import Refusal
from huying.errors import WrongFile
from huying.register.workbook.archive import WrongWorkbook
from huying.register.workbook.draft import Correction
from huying.register.workbook.imports import (
    ChangedMeanwhile,
    NotAsItIs,
    assure_may_import,
    book_of,
    empty_book,
    end_absent,
    offer,
    offer_lines,
    offered,
    put_right,
    write,
)
from huying.register.workbook.layout import BY_KEY
from huying.register.workbook.remark import handed_back
from huying.register.workbook.undo import undo_import, undo_preview
from huying.register.workbook.view import import_view
from huying.words.moments import moment_words
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted
from portal.pages.register_export import workbook_answer

router = APIRouter(dependencies=[needs("import register")])

STATES: Mapping[str, Said] = {
    "offered": Said("待核对", "To be looked at"),
    "written": Said("已写入", "Written"),
    "undone": Said("已撤回", "Taken back"),
}
_LONGEST = 500


@router.get("/register/import")
def hand_in(at: SignedIn) -> Response:
    """Where a workbook is handed in; the template, the export, and the imports of seven days."""
    return _hand_in(at, None)


@router.post("/register/import")
def handed_in(form: Submitted, at: SignedIn) -> Response:
    """Take a workbook and compare it; what is none is told of beside the field."""
    _assure(at)
    try:
        if not form.files:
            raise WrongFile("请先选一个表格文件。", "Choose a workbook first.")
        number = offer(at.house, form.files[0].name, form.files[0].content, at.by(form.request_id))
    except (WrongFile, WrongWorkbook) as refusal:
        return _hand_in(at, refusal)
    return at.go(f"/register/import/{number}")


@router.get("/register/template.xlsx")
def template(at: SignedIn) -> Response:
    """The empty workbook."""
    _assure(at)
    return workbook_answer(empty_book(at.house), "register-template.xlsx", Said("名册模板", "register-template"), at)


@router.get("/register/import/{number}")
def looked_at(at: SignedIn, number: Number, show: str = "", page: Number = 1) -> Response:
    """What an import would change, and what is wrong with it."""
    return _look(at, number, show=show, page=page)


@router.post("/register/import/{number}/correct")
def correct(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Put a cell right, or leave its row out."""
    _assure(at)
    sheet, row, key = form.entry("sheet"), form.entry("row"), form.entry("key")
    known = sheet in BY_KEY and (not key or any(one.key == key for one in BY_KEY[sheet].columns))
    if known and row.isascii() and row.isdigit() and len(row) < 8:
        value = form.entry("choice") if "choice" in form.entries else form.entry("value")
        put_right(at.house, number, [Correction(sheet, int(row), key, value[:_LONGEST])], at.now)
    return at.go(f"/register/import/{number}?show={quote(form.entry('show'))}")


@router.post("/register/import/{number}/ends")
def end(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Say of which sheets what is missing is to end."""
    _assure(at)
    ends = [sheet for sheet in BY_KEY if form.entry(f"ends.{sheet}")]
    try:
        end_absent(at.house, number, ends, {sheet: form.entry(f"count.{sheet}") for sheet in ends}, at.now)
    except NotAsItIs as refusal:
        return _look(at, number, refused=refusal)
    return at.go(f"/register/import/{number}")


@router.post("/register/import/{number}/write")
def written(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Write it, all or without the rows that are wrong."""
    _assure(at)
    try:
        write(at.house, number, at.by(form.request_id), partial=form.entry("partial") == "yes")
    except (NotAsItIs, ChangedMeanwhile) as refusal:
        return _look(at, number, refused=refusal)
    return at.go(f"/register/import/{number}")


@router.get("/register/import/{number}/remarks.xlsx")
def remarks(at: SignedIn, number: Number) -> Response:
    """The rows with errors as a workbook, each with what is wrong."""
    _assure(at)
    found = offered(at.house, number, at.now)
    content = handed_back(book_of(at.house, number), found.wanted.corrections, found.preview)
    return workbook_answer(content, "remarks.xlsx", Said("待改的行", "rows-to-mend"), at)


@router.get("/register/import/{number}/undo")
def look_back(at: SignedIn, number: Number) -> Response:
    """What taking an import back would come to."""
    _assure(at)
    found = offered(at.house, number, at.now)
    return at.page("register_undo.html", found=found, undone=undo_preview(at.house, number, at.by()))


@router.post("/register/import/{number}/undo")
def take_back(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take an import back."""
    _assure(at)
    undo_import(at.house, number, at.by(form.request_id))
    return at.go(f"/register/import/{number}")


def _assure(at: Reception) -> None:
    assure_may_import(at.somebody, at.now)


def _hand_in(at: Reception, refused: Refusal | None) -> Response:
    _assure(at)
    lines = offer_lines(at.house, at.now)
    values = {
        "lines": lines,
        "states": STATES,
        "refused": refused.message if refused else None,
        "moment": _moments(at),
        "private": at.somebody.may("export private register", at.now),
    }
    return at.page("register_hand_in.html", 422 if refused else 200, **values)


def _look(at: Reception, number: int, *, show: str = "", page: int = 1, refused: Refusal | None = None) -> Response:
    _assure(at)
    view = import_view(offered(at.house, number, at.now), show, page)
    values = {
        "view": view,
        "found": view.offer,
        "refused": refused.message if refused else None,
        "moment": _moments(at),
    }
    return at.page("register_import.html", 409 if refused else 200, **values)


def _moments(at: Reception) -> Callable[[datetime], str]:
    """How moments are said on the page."""
    zone = at.house.zone
    return lambda moment: moment_words(moment, zone, at.language)
