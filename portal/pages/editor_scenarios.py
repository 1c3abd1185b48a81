"""How the scenarios of a draft go: what takes another course, before and after; the new course accepted, and where no scenario goes."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.model.step import STAGES
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.processes import drafts
from huying.processes.correction import Rewriting, new_course
from huying.processes.drafts import DefinitionDraft
from huying.processes.drafts_view import draft_lines
from huying.words.stages import stage_title
from huying.workshop.scenario import ScenarioRun, scenario_run
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("write processes")])

#: In the chart: where no scenario goes, and where some ways on are gone by none.
NOWHERE, PARTLY = "#b3261e", "#b9770e"


@router.get("/editor/{number}/scenarios")
def scenarios(at: SignedIn, number: Number) -> Response:
    """All scenarios, those that changed first."""
    return _scenarios(at, drafts.draft(at.house, number))


@router.post("/editor/{number}/scenarios")
def accept(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Offer what the scenarios (or one of them) would say; ``accept-yes``: save it, if it is still what was offered."""
    draft, only = drafts.draft(at.house, number), _only(form)
    rewriting = new_course(at.house, draft.written, only)
    if form.entry("do") != "accept-yes":
        return _scenarios(at, draft, rewriting, only)
    if rewriting.digest != form.entry("agreed"):
        return _scenarios(at, draft, rewriting, only, 409)
    drafts.save(at.house, draft.id, draft.revision, rewriting.after, by=at.somebody.name, now=at.now)
    return at.go(f"/editor/{number}/scenarios?saved=yes")


def _only(form: Submission) -> int | None:
    """Which scenario is meant (from 0); all, if none is said."""
    text = form.entry("one")
    return int(text) - 1 if text.isascii() and text.isdecimal() and int(text[:6]) > 0 else None


def _scenarios(
    at: Reception,
    draft: DefinitionDraft,
    rewriting: Rewriting | None = None,
    only: int | None = None,
    status: int = 200,
) -> Response:
    run = scenario_run(at.house, draft.written, at.language, at.now)
    return at.page(
        "editor_scenarios.html",
        status,
        draft=draft,
        line=next(iter(draft_lines(at.house, at.language, at.now, (draft,)))),
        run=run,
        rewriting=rewriting,
        one=only + 1 if only is not None else "",
        picture=_picture(run, at.language),
        saved=at.request.query_params.get("saved") == "yes",
        kept=at.request.query_params.get("kept") == "yes",
    )


def _picture(run: ScenarioRun, language: str) -> Markup | None:
    """The chart with the steps that no scenario comes by in colour."""
    if run.definition is None:
        return None
    titles = {stage: stage_title(stage, language) for stage in STAGES}
    marks = {**dict.fromkeys(run.partly, PARTLY), **dict.fromkeys(run.steps_left, NOWHERE)}
    # our own drawing of a checked definition, with every text in it escaped
    return Markup(draw(chart(run.definition), language, titles, marks=marks))
