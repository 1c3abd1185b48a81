"""Running issues go on by another version of their process: administrators see what would become of each, begin it, watch it, take it back."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from definitions.versions.migration import MigrationFile, StepEntry
from engine.refusal import NotAllowed
from huying.access.viewer import Viewer
from huying.migrations.batches import begin, revert, survey, try_again
from huying.migrations.plans import Prepared, prepare
from huying.migrations.view import behind, migration_line, migration_lines, open_questions, reasons, title_of
from portal.frame.bounds import Number
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, SignedIn, person_of
from portal.frame.submission import Submission, Submitted

router = APIRouter()

#: So many issues are looked at while somebody waits for the page.
_MOST_LOOKED_AT = 2000


@router.get("/migrations")
def migrations(request: Request, here: Here, reading: SignedIn) -> Response:
    """Where issues follow old versions, and what was migrated so far."""
    _administrator(reading)
    lines = migration_lines(here.house, reading.language, here.clock())
    return page(
        request, reading, "migrations.html", behind=behind(here.house, reading.language, here.clock()), lines=lines
    )


@router.get("/migrations/new")
def consider(request: Request, here: Here, reading: SignedIn, key: str, leaving: Number, entering: Number) -> Response:
    """What would become of the issues by the plan that is proposed."""
    _administrator(reading)
    return _considered(request, here, reading, prepare(here.house, key, leaving, entering), {})


@router.post("/migrations/new")
def decide(request: Request, form: Submitted, here: Here, reading: SignedIn) -> Response:
    """Look again with what was filled in, or begin."""
    person = _administrator(reading)
    key, leaving, entering = form.entry("key"), _number(form, "leaving"), _number(form, "entering")
    prepared = prepare(here.house, key, leaving, entering, _file(form))
    if form.entry("do") != "begin":
        return _considered(request, here, reading, prepared, form.entries)
    reason = form.entry("reason")[:500]
    if not reason:
        return _considered(request, here, reading, prepared, form.entries, status=422)
    number = begin(
        here.house, prepared, reason=reason, by=person.name, actor_id=person.participant_id, now=here.clock()
    )
    return go(request, reading, f"/migrations/{number}")


@router.get("/migrations/{number}")
def migration(request: Request, here: Here, reading: SignedIn, number: Number) -> Response:
    """How it goes."""
    _administrator(reading)
    line = migration_line(here.house, number, reading.language, here.clock())
    why = reasons(here.house, line.tally, reading.language)
    return page(request, reading, "migration.html", line=line, why=why)


@router.post("/migrations/{number}")
def go_on(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Try again what could not move, or let the issues go back."""
    person = _administrator(reading)
    migration_line(here.house, number, reading.language, here.clock())
    if form.entry("do") == "revert":
        number = revert(
            here.house,
            number,
            reason=form.entry("reason")[:500] or "撤回转版 taken back",
            by=person.name,
            actor_id=person.participant_id,
            now=here.clock(),
        )
    else:
        try_again(here.house, number, here.clock())
    return go(request, reading, f"/migrations/{number}")


def _administrator(reading: Reader) -> Viewer:
    person = person_of(reading)
    if person.kind != "administrator":
        raise NotAllowed
    return person


def _number(form: Submission, name: str) -> int:
    said = form.entry(name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _file(form: Submission) -> MigrationFile:
    """What was chosen, as a plan would say it; names that the versions do not have are found by ``prepare``'s check of each issue."""
    deadlines: Literal["keep", "recompute"] = "recompute" if form.entry("deadlines") == "recompute" else "keep"
    return MigrationFile(
        steps={key: StepEntry(to=to) for key, to in _chosen(form, "step").items()},
        fields=_chosen(form, "field"),
        roles=_chosen(form, "role"),
        deadlines=deadlines,
    )


def _chosen(form: Submission, kind: str) -> dict[str, str]:
    start = f"{kind}."
    given = {name.removeprefix(start): to for name, to in form.entries.items() if name.startswith(start)}
    return {name: to.strip() for name, to in given.items() if to.strip()}


def _considered(
    request: Request, here: Portal, reading: Reader, prepared: Prepared, said: dict[str, Any], status: int = 200
) -> Response:
    bare = prepare(here.house, prepared.leaving.key, prepared.leaving.version, prepared.entering.version)
    *_, counted = survey(here.house, prepared, here.clock(), _MOST_LOOKED_AT)
    return page(
        request,
        reading,
        "migration_plan.html",
        status,
        prepared=prepared,
        title=title_of(here.house, prepared, reading.language),
        questions=open_questions(here.house, bare, reading.language),
        tally=counted,
        most=_MOST_LOOKED_AT,
        why=reasons(here.house, counted, reading.language),
        said=said,
        wrong=status != 200,
    )
