"""Scoring tables, for the office: which are in force, a text to check, to try on last year, and to adopt, by two people where the office says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from definitions.finding import Finding, Unreadable
from definitions.loader import LIBRARY, Unsound
from definitions.scores.table import ScoreTable, read_table
from definitions.text import words
from huying.approvals.proposals import NewProposal, wants_two
from huying.assessment.explanation import KEEP
from huying.assessment.overview import Movement, dry_run, title_of
from huying.assessment.tables import TABLE_FILE, examine_table, publish_table, tables, versions
from huying.errors import NotFound
from huying.house.imprint import Imprint
from huying.processes.findings import CheckReport
from huying.words.moments import moment_words
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs(KEEP)])
_LONGEST = 60_000


@router.get("/assessment/tables")
def listed(at: SignedIn) -> Response:
    """All tables, and the examples to begin with."""
    found = [(one, title_of(one, at.language)) for one in tables(at.house)]
    examples = {path.stem: _title(path, at.language) for path in _examples()}
    return at.page("score_tables.html", found=found, examples=examples)


@router.get("/assessment/tables/new")
def new(at: SignedIn, example: str = "") -> Response:
    """A text to begin with: a shipped example, or nothing."""
    source = next((path.read_text("utf-8") for path in _examples() if path.stem == example), "")
    return _text(at, source)


@router.post("/assessment/tables")
def adopt(form: Submitted, at: SignedIn) -> Response:
    """Check a text, try it on a year, or adopt it."""
    source = form.entries.get("source", "").replace("\r\n", "\n")[:_LONGEST]
    try:
        table, findings = examine_table(source, TABLE_FILE)
    except Unreadable as error:
        table, findings = None, error.findings
    if findings or table is None:
        return _text(at, source, findings=findings, status=422)
    year = _year(at, form.entry("year"))
    if form.entry("do") == "try":
        return _text(at, source, moves=_tried(at, table, year), year=year)
    known = versions(at.house, table.scores)
    newest = known[0].version if known else 0
    body = {"source": source, "note": form.entry("note")[:1000], "newest": newest}
    about = f"{title_of(known[0], at.language) if known else words(table.title, at.language)} v{newest + 1}"
    answer = proposed(at, form, NewProposal("score", body, about, "", form.entry("note")[:1000]))
    if answer is not None:
        return answer
    try:
        publish_table(at.house, source, TABLE_FILE, Imprint(at.somebody.name, at.now, form.entry("note")[:1000]))
    except Unsound as error:
        return _text(at, source, findings=error.findings, status=422)
    return at.go(f"/assessment/tables/{table.scores}")


@router.get("/assessment/tables/{key}")
def one(at: SignedIn, key: str) -> Response:
    """One table: its versions, and the text of the newest."""
    found = versions(at.house, key)
    if not found:
        raise NotFound("没有这张计分表。", "There is no such scoring table.")
    lines = [
        (one.version, moment_words(one.published_at, at.house.zone, at.language), one.published_by, one.note)
        for one in found
    ]
    return at.page(
        "score_table.html",
        key=key,
        title=title_of(found[0], at.language),
        help=words(found[0].table.help, at.language) if found[0].table.help else "",
        lines=lines,
        source=found[0].source,
        year=at.house.day_of(at.now).year - 1,
        two=wants_two(at.house),
    )


def _tried(at: Reception, table: ScoreTable, year: int) -> tuple[Movement, ...]:
    """What it would have made of a year."""
    return dry_run(at.house, table, year, at.language)


def _year(at: Reception, text: str) -> int:
    last = at.house.day_of(at.now).year - 1
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200 else last


def _examples() -> list[Path]:
    return sorted((LIBRARY / "scores").glob("*.yaml"))


def _title(path: Path, language: str) -> str:
    """What a shipped example is called."""
    found = read_table(path.read_bytes(), path.name).table
    return words(found.title, language) if found else path.stem


def _text(
    at: Reception,
    source: str,
    *,
    findings: Sequence[Finding] = (),
    moves: Sequence[Movement] | None = None,
    year: int = 0,
    status: int = 200,
) -> Response:
    report = CheckReport(findings).text((at.language,)) if findings else ""
    return at.page(
        "score_text.html",
        status,
        source=source,
        report=report,
        moves=moves,
        year=year or at.house.day_of(at.now).year - 1,
        two=wants_two(at.house),
        back="/assessment/tables/new",
    )
