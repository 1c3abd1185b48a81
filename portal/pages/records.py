"""Matters from before this house: an office's own sheet is handed in, understood, looked at, taken over, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said
from engine.refusal import Refusal
from huying.errors import WrongFile
from huying.legacy.imports import (
    RIGHT,
    NotTaken,
    assure_may_take_over,
    offer_records,
    offered_records,
    record_offers,
    take_records,
    understand,
)
from huying.legacy.lexicon import WORDED
from huying.legacy.undo import undo_records, undo_records_preview
from huying.legacy.view import SHOWN, records_view
from huying.processes.view import definitions_in_force
from huying.register.workbook.archive import WrongWorkbook
from huying.words.moments import moment_words
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs(RIGHT)])

STATES: Mapping[str, Said] = {
    "offered": Said("待核对", "To be looked at"),
    "written": Said("已承接", "Taken over"),
    "undone": Said("已撤回", "Taken back"),
}
_MOST_COLUMNS, _MOST_WORDS = 60, 500


@router.get("/records/import")
def hand_in(at: SignedIn) -> Response:
    """Where a sheet is handed in, and the imports so far."""
    return _hand_in(at, None)


@router.post("/records/import")
def handed_in(form: Submitted, at: SignedIn) -> Response:
    """Take a sheet; what is none is told of beside the field."""
    assure_may_take_over(at.somebody, at.now)
    try:
        if not form.files:
            raise WrongFile("请先选一个表格文件。", "Choose a sheet first.")
        file = form.files[0]
        number = offer_records(at.house, file.name, file.content, form.entry("definition"), at.by(form.request_id))
    except (WrongFile, WrongWorkbook) as refusal:
        return _hand_in(at, refusal)
    return at.go(f"/records/import/{number}")


@router.get("/records/import/{number}")
def looked_at(at: SignedIn, number: Number) -> Response:
    """How a sheet is understood, what would be taken over, and what is wrong with it."""
    return _look(at, number)


@router.post("/records/import/{number}/meaning")
def meant(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Say what columns and words mean."""
    assure_may_take_over(at.somebody, at.now)
    columns: dict[str, int] = {}
    for place in range(_MOST_COLUMNS):
        if key := form.entry(f"column.{place}"):
            columns.setdefault(key, place)
    rest = {of: form.entry(f"rest.{of}") for of in WORDED}
    try:
        understand(at.house, number, columns, _words(at, form, number), at.by(form.request_id), rest)
    except NotTaken as refusal:
        return _look(at, number, refusal)
    return at.go(f"/records/import/{number}#lines")


@router.post("/records/import/{number}/write")
def taken(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take them over, all or without the lines that are wrong."""
    assure_may_take_over(at.somebody, at.now)
    try:
        take_records(at.house, number, at.by(form.request_id), partial=form.entry("partial") == "yes")
    except NotTaken as refusal:
        return _look(at, number, refusal)
    return at.go(f"/records/import/{number}")


@router.get("/records/import/{number}/undo")
def look_back(at: SignedIn, number: Number) -> Response:
    """What taking an import back would come to."""
    assure_may_take_over(at.somebody, at.now)
    found = offered_records(at.house, number)
    try:
        undone = undo_records_preview(at.house, number)
    except NotTaken as refusal:
        return _look(at, number, refusal)
    return at.page("records_undo.html", found=found, undone=undone)


@router.post("/records/import/{number}/undo")
def take_back(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take an import back."""
    assure_may_take_over(at.somebody, at.now)
    try:
        undo_records(at.house, number, at.by(form.request_id))
    except NotTaken as refusal:
        return _look(at, number, refusal)
    return at.go(f"/records/import/{number}")


def _words(at: Reception, form: Submission, number: int) -> dict[str, dict[str, str]]:
    """What was said of words, by the place in which each stands on the page."""
    before = offered_records(at.house, number).understood.words
    found: dict[str, dict[str, str]] = {}
    for of in WORDED:
        known = list(before.get(of, {}))[:_MOST_WORDS]
        found[of] = {text: form.entry(f"word.{of}.{place}") for place, text in enumerate(known)}
    return found


def _hand_in(at: Reception, refused: Refusal | None) -> Response:
    assure_may_take_over(at.somebody, at.now)
    values = {
        "lines": record_offers(at.house),
        "processes": definitions_in_force(at.house, at.language, at.now),
        "states": STATES,
        "refused": refused.message if refused else None,
        "moment": _moments(at),
    }
    return at.page("records_hand_in.html", 422 if refused else 200, **values)


def _look(at: Reception, number: int, refused: Refusal | None = None) -> Response:
    assure_may_take_over(at.somebody, at.now)
    values = {
        "view": records_view(at.house, number, at.now),
        "shown": SHOWN,
        "refused": refused.message if refused else None,
        "moment": _moments(at),
    }
    return at.page("records_import.html", 409 if refused else 200, **values)


def _moments(at: Reception) -> Callable[[datetime], str]:
    """How moments are said on the page."""
    zone = at.house.zone
    return lambda moment: moment_words(moment, zone, at.language)
