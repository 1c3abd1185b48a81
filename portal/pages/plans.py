"""Plans, for the office: which there are, the days to come, what came of the last ones; text to check and publish, to pause and let go on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from definitions.finding import Finding, Unreadable
from definitions.loader import LIBRARY, Unsound
from definitions.plans.plan import Plan, read_plan
from definitions.text import words
from huying.duties.plans.publication import examine_plan, pause_plan, publish_plan, resume_plan
from huying.duties.plans.view import days_to_come, plan_list, plan_view
from huying.processes.findings import CheckReport
from portal.frame.here import Portal
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("keep plans")])
_LONGEST = 60_000
#: The yearly duties of the five rules: shipped plans that hold in every house as they stand.
FIVE_RULES = ("contact-quota", "reception-quota", "return-quota", "station-evaluation", "training-quota")
_FILE = "plan.yaml"


@router.get("/plans")
def plans(at: SignedIn) -> Response:
    """All plans."""
    examples = {path.stem: _title(path, at.language) for path in _examples()}
    found = plan_list(at.house, at.language)
    ready = {key: examples[key] for key in FIVE_RULES if key not in {one.key for one in found}}
    return at.page("plans.html", plans=found, examples=examples, ready=ready)


@router.get("/plans/new")
def new(at: SignedIn, example: str = "") -> Response:
    """A text to begin with: a shipped example, or nothing."""
    source = next((path.read_text("utf-8") for path in _examples() if path.stem == example), "")
    return _text(at, source)


@router.post("/plans")
def publish(form: Submitted, at: SignedIn) -> Response:
    """Check a text, or publish it."""
    source = form.entries.get("source", "").replace("\r\n", "\n")[:_LONGEST]
    plan, findings = _examined(at.here, source)
    if findings or plan is None:
        return _text(at, source, findings=findings, status=422)
    if form.entry("do") == "check":
        days = days_to_come(at.house, plan, at.language, at.now, most=12)
        return _text(at, source, days=days)
    try:
        found, _ = publish_plan(
            at.house,
            source,
            _FILE,
            by=at.somebody.name,
            note=form.entry("note")[:1000],
            now=at.now,
        )
    except Unsound as error:
        return _text(at, source, findings=error.findings, status=422)
    return at.go(f"/plans/{found.key}")


@router.post("/plans/adopt")
def adopt(form: Submitted, at: SignedIn) -> Response:
    """Publish a shipped plan as it stands; what keeps it from that is shown with its text."""
    path = next((one for one in _examples() if one.stem == form.entry("example")), None)
    if path is None:
        return at.go("/plans")
    source = path.read_text("utf-8")
    try:
        found, _ = publish_plan(at.house, source, path.name, by=at.somebody.name, now=at.now)
    except Unsound as error:
        return _text(at, source, findings=error.findings, status=422)
    return at.go(f"/plans/{found.key}")


@router.get("/plans/{key}")
def plan(at: SignedIn, key: str) -> Response:
    """One plan."""
    return at.page("plan.html", view=plan_view(at.house, key, at.language, at.now), year=at.house.day_of(at.now).year)


@router.post("/plans/{key}/pause")
def pause(form: Submitted, at: SignedIn, key: str) -> Response:
    """Let a plan rest."""
    pause_plan(at.house, key, by=at.somebody.name, now=at.now)
    return at.go(f"/plans/{key}")


@router.post("/plans/{key}/resume")
def resume(form: Submitted, at: SignedIn, key: str) -> Response:
    """Let a plan go on."""
    resume_plan(at.house, key, now=at.now)
    return at.go(f"/plans/{key}")


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
    at: Reception, source: str, *, findings: Sequence[Finding] = (), days: object = None, status: int = 200
) -> Response:
    report = CheckReport(findings).text((at.language,)) if findings else ""
    return at.page("plan_text.html", status, source=source, report=report, days=days, back="/plans/new")
