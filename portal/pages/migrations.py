"""Running issues go on by another version of their process: administrators see what would become of each, begin it, watch it, take it back."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from definitions.versions.migration import MigrationFile, StepEntry
from huying.approvals.kinds import migrate_body
from huying.approvals.proposals import NewProposal, wants_two
from huying.migrations.batches import begin, revert, survey, try_again
from huying.migrations.plans import Prepared, prepare
from huying.migrations.view import (
    MigrationLine,
    behind,
    migration_line,
    migration_lines,
    open_questions,
    reasons,
    title_of,
)
from huying.migrations.words import plan_lines
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs("move issues")])

_TAKEN_BACK = "撤回转版 taken back"
#: So many issues are looked at while somebody waits for the page.
_MOST_LOOKED_AT = 2000


@router.get("/migrations")
def migrations(at: SignedIn) -> Response:
    """Where issues follow old versions, and what was migrated so far."""
    lines = migration_lines(at.house, at.language, at.now)
    return at.page("migrations.html", behind=behind(at.house, at.language, at.now), lines=lines)


@router.get("/migrations/new")
def consider(at: SignedIn, key: str, leaving: Number, entering: Number) -> Response:
    """What would become of the issues by the plan that is proposed."""
    return _considered(at, prepare(at.house, key, leaving, entering), {})


@router.post("/migrations/new")
def decide(form: Submitted, at: SignedIn) -> Response:
    """Look again with what was filled in, or begin."""
    person = at.somebody
    key, leaving, entering = form.entry("key"), _number(form, "leaving"), _number(form, "entering")
    prepared = prepare(at.house, key, leaving, entering, _file(form))
    if form.entry("do") != "begin":
        return _considered(at, prepared, form.entries)
    reason = form.entry("reason")[:500]
    if not reason:
        return _considered(at, prepared, form.entries, status=422)
    about = f"{title_of(at.house, prepared, at.language)} {leaving} → {entering}"
    diff = "\n".join(plan_lines(at.house, prepared))
    wish = NewProposal("migrate", migrate_body(prepared, reason), about, diff, reason)
    answer = proposed(at, form, wish)
    if answer is not None:
        return answer
    number = begin(at.house, prepared, reason=reason, by=person.name, actor_id=person.participant_id, now=at.now)
    return at.go(f"/migrations/{number}")


@router.get("/migrations/{number}")
def migration(at: SignedIn, number: Number) -> Response:
    """How it goes."""
    line = migration_line(at.house, number, at.language, at.now)
    why = reasons(at.house, line.tally, at.language)
    two = wants_two(at.house)
    return at.page("migration.html", line=line, why=why, two=two)


@router.post("/migrations/{number}")
def go_on(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Try again what could not move, or let the issues go back."""
    line = migration_line(at.house, number, at.language, at.now)
    if form.entry("do") in ("revert", "alone"):
        return _back(at, form, line)
    try_again(at.house, number, at.now)
    return at.go(f"/migrations/{number}")


def _back(at: Reception, form: Submission, line: MigrationLine) -> Response:
    """Let the issues go back, or propose it."""
    given = form.entry("reason")[:500]
    reason = given or _TAKEN_BACK
    body = {"migration": line.id, "reason": reason}
    about = f"{line.title} {line.entering} → {line.leaving}"
    answer = proposed(at, form, NewProposal("revert", body, about, "", given))
    if answer is not None:
        return answer
    person = at.somebody
    number = revert(at.house, line.id, reason=reason, by=person.name, actor_id=person.participant_id, now=at.now)
    return at.go(f"/migrations/{number}")


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


def _considered(at: Reception, prepared: Prepared, said: dict[str, Any], status: int = 200) -> Response:
    bare = prepare(at.house, prepared.leaving.key, prepared.leaving.version, prepared.entering.version)
    *_, counted = survey(at.house, prepared, at.now, _MOST_LOOKED_AT)
    return at.page(
        "migration_plan.html",
        status,
        prepared=prepared,
        title=title_of(at.house, prepared, at.language),
        questions=open_questions(at.house, bare, at.language),
        tally=counted,
        most=_MOST_LOOKED_AT,
        why=reasons(at.house, counted, at.language),
        said=said,
        wrong=status != 200,
        two=wants_two(at.house),
    )
