"""Versions of a process, for staff: what each changed and from when it holds; administrators withdraw one or publish an earlier one once more."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.model.step import STAGES
from definitions.text import words
from engine.refusal import Refusal
from huying.approvals.proposals import NewProposal
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.errors import NotFound
from huying.house.imprint import Imprint
from huying.processes.examination import kept_report
from huying.processes.gate import lines
from huying.processes.publication import newest_number, roll_back, withdraw
from huying.processes.versions_view import version_lines, version_view
from huying.words.stages import stage_title
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted
from portal.pages.proposals import proposed

router = APIRouter()


@router.get("/definitions/{key}/versions", dependencies=[needs("read versions")])
def versions(at: SignedIn, key: str) -> Response:
    """All of them."""
    found = version_lines(at.house, key, at.language, at.now)
    latest = at.house.processes.process(at.house.processes.newest(key).id).definition
    return at.page("versions.html", key=key, title=words(latest.title, at.language, key), lines=found)


@router.get("/definitions/{key}/versions/{number}", dependencies=[needs("read versions")])
def version(at: SignedIn, key: str, number: Number) -> Response:
    """One, beside the one before."""
    return _shown(at, key, number)


@router.get("/definitions/{key}/versions/{number}/report", dependencies=[needs("read versions")])
def report(at: SignedIn, key: str, number: Number) -> Response:
    """What was found before one was published, as a sheet that a head signs; ``NotFound`` if nothing was kept."""
    view = version_view(at.house, key, number, at.language, at.now)
    if view.report is None:
        raise NotFound("这一版没有留下发布报告。", "No report was kept with this version.")
    found = kept_report(view, at.language)
    return at.page("version_report.html", key=key, view=view, found=found)


@router.post("/definitions/{key}/versions/{number}", dependencies=[needs("publish processes")])
def decide(form: Submitted, at: SignedIn, key: str, number: Number) -> Response:
    """Withdraw it, or publish what it says once more."""
    person, said, now = at.somebody, form.entry("reason")[:500], at.now
    kind = "withdraw" if form.entry("do") == "withdraw" else "back"
    body = {"key": key, "number": number, "reason": said, "newest": newest_number(at.house, key)}
    answer = proposed(at, form, NewProposal(kind, body, f"{key} {number}", "", said))
    if answer is not None:
        return answer
    try:
        if kind == "withdraw":
            withdraw(at.house, key, number, by=person.name, reason=said, now=now)
        else:
            roll_back(at.house, key, number, Imprint(person.name, now, said))
    except Refusal as refusal:
        if refusal.code != "unavailable":
            raise
        return _shown(at, key, number, refusal.message[at.language], 409)
    return at.go(f"/definitions/{key}/versions")


def _shown(at: Reception, key: str, number: int, refused: str = "", status: int = 200) -> Response:
    view = version_view(at.house, key, number, at.language, at.now)
    titles = {stage: stage_title(stage, at.language) for stage in STAGES}
    # our own drawing of a checked definition, with every text in it escaped
    picture = Markup(draw(chart(view.definition), at.language, titles, marks=view.marks)) if view.marks else None
    return at.page(
        "version.html",
        status,
        key=key,
        view=view,
        picture=picture,
        report=lines({**view.report, "against": None}) if view.report else (),
        refused=refused,
        administers=at.may("publish processes"),
        published=at.request.query_params.get("published") == "yes",
    )
