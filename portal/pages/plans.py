"""Plans, for the office: which there are, the days to come, what came of the last ones; text to check and publish, to pause and let go on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from definitions.finding import Finding, Unreadable
from definitions.loader import LIBRARY, Unsound
from definitions.plans.plan import Plan, read_plan
from definitions.text import words
from engine.refusal import NotAllowed
from huying.duties.plans.publication import examine_plan, pause_plan, publish_plan, resume_plan
from huying.duties.plans.view import days_to_come, plan_list, plan_view
from huying.processes.findings import CheckReport
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, SignedIn, person_of
from portal.frame.submission import Submitted

router = APIRouter()
_LONGEST = 60_000
_FILE = "plan.yaml"


@router.get("/plans")
def plans(request: Request, here: Here, reading: SignedIn) -> Response:
    """All plans."""
    _office(reading)
    examples = {path.stem: _title(path, reading.language) for path in _examples()}
    return page(request, reading, "plans.html", plans=plan_list(here.house, reading.language), examples=examples)


@router.get("/plans/new")
def new(request: Request, here: Here, reading: SignedIn, example: str = "") -> Response:
    """A text to begin with: a shipped example, or nothing."""
    _office(reading)
    source = next((path.read_text("utf-8") for path in _examples() if path.stem == example), "")
    return _text(request, reading, source)


@router.post("/plans")
def publish(request: Request, form: Submitted, here: Here, reading: SignedIn) -> Response:
    """Check a text, or publish it."""
    _office(reading)
    source = form.entries.get("source", "").replace("\r\n", "\n")[:_LONGEST]
    plan, findings = _examined(here, source)
    if findings or plan is None:
        return _text(request, reading, source, findings=findings, status=422)
    if form.entry("do") == "check":
        days = days_to_come(here.house, plan, reading.language, here.clock(), most=12)
        return _text(request, reading, source, days=days)
    try:
        found, _ = publish_plan(
            here.house,
            source,
            _FILE,
            by=person_of(reading).name,
            note=form.entry("note")[:1000],
            now=here.clock(),
        )
    except Unsound as error:
        return _text(request, reading, source, findings=error.findings, status=422)
    return go(request, reading, f"/plans/{found.key}")


@router.get("/plans/{key}")
def plan(request: Request, here: Here, reading: SignedIn, key: str) -> Response:
    """One plan."""
    _office(reading)
    return page(request, reading, "plan.html", view=plan_view(here.house, key, reading.language, here.clock()))


@router.post("/plans/{key}/pause")
def pause(request: Request, form: Submitted, here: Here, reading: SignedIn, key: str) -> Response:
    """Let a plan rest."""
    _office(reading)
    pause_plan(here.house, key, by=person_of(reading).name, now=here.clock())
    return go(request, reading, f"/plans/{key}")


@router.post("/plans/{key}/resume")
def resume(request: Request, form: Submitted, here: Here, reading: SignedIn, key: str) -> Response:
    """Let a plan go on."""
    _office(reading)
    resume_plan(here.house, key, now=here.clock())
    return go(request, reading, f"/plans/{key}")


def _office(reading: Reader) -> None:
    """Plans are the office's: they act for everybody."""
    if not person_of(reading).office:
        raise NotAllowed


def _examples() -> list[Path]:
    return sorted((LIBRARY / "plans").glob("*.yaml"))


def _title(path: Path, language: str) -> str:
    """What a shipped example is called."""
    found = read_plan(path.read_bytes(), path.name).plan
    return words(found.title, language) if found else path.stem


def _examined(here: Portal, source: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    try:
        return examine_plan(here.house, source, _FILE, here.clock())
    except Unreadable as error:
        return None, error.findings


def _text(
    request: Request,
    reading: Reader,
    source: str,
    *,
    findings: Sequence[Finding] = (),
    days: object = None,
    status: int = 200,
) -> Response:
    report = CheckReport(findings).text((reading.language,)) if findings else ""
    return page(request, reading, "plan_text.html", status, source=source, report=report, days=days, back="/plans/new")
