"""What would happen if …: a made-up issue clicked through by a draft, with time to travel in; its course can be kept as a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.model.step import STAGES
from definitions.text import Said
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.processes import drafts
from huying.processes.drafts import DefinitionDraft, Manuscript
from huying.processes.drafts_view import draft_lines
from huying.words.stages import stage_title
from huying.workshop.scenario import process_of
from huying.workshop.trial import MOST_DAYS, MOST_STEPS, Trial, TrialCourse
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("write processes")])

#: Where the made-up issue is.
_HERE = "#1f5f99"


@router.get("/editor/{number}/trial")
def begin(at: SignedIn, number: Number) -> Response:
    """A made-up issue that is not opened yet."""
    kept = drafts.draft(at.house, number)
    found = _trial(at, kept, "")
    return _shown(at, kept, found) if found else at.go(f"/editor/{number}?check=yes")


@router.post("/editor/{number}/trial")
def go_on(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Something happens to it, time passes, the last thing is taken back, or the course is kept as a scenario."""
    kept = drafts.draft(at.house, number)
    found = _trial(at, kept, form.entry("course"))
    if found is None:
        return at.go(f"/editor/{number}?check=yes")
    if form.entry("do") == "keep" and found.course.body:
        return _kept(at, kept, found, form)
    if len(found.course.steps) >= MOST_STEPS:
        return _shown(at, kept, found, Said("这一件走得太长了。", "This course is too long.").of(at.language), 422)
    after = _after(found, form)
    if after.refusal:
        return _shown(at, kept, found, after.refusal, 422, form.entries)
    return _shown(at, kept, after)


def _after(found: Trial, form: Submission) -> Trial:
    do, _, key = form.entry("do").partition(":")
    entered = {name.removeprefix("answer."): text for name, text in form.entries.items() if name.startswith("answer.")}
    ways: Mapping[str, Callable[[], Trial]] = {
        "open": lambda: found.opened(entered, _day(form.entry("day"), found)),
        "move": lambda: found.moved(key, entered),
        "days": lambda: found.passed(_days(form.entry("days"))),
        "deadline": found.at_deadline,
        "back": found.undone,
    }
    opened = bool(found.course.body)
    return ways[do]() if do in ways and opened is not (do == "open") else found


def _days(text: str) -> int:
    return min(max(int(text), 1), MOST_DAYS) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _day(text: str, found: Trial) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return found.day


def _kept(at: Reception, kept: DefinitionDraft, found: Trial, form: Submission) -> Response:
    titles = {language: form.entry(f"title.{language}")[:100] for language in ("zh", "en")}
    if not all(titles.values()):
        wanted = Said("请写上场景的名称，中文和英文。", "Give the scenario a title, in Chinese and in English.")
        return _shown(at, kept, found, wanted.of(at.language), 422, form.entries)
    written = Manuscript(kept.source, found.recorded(kept.scenarios, titles))
    drafts.save(at.house, kept.id, kept.revision, written, by=at.somebody.name, now=at.now)
    return at.go(f"/editor/{kept.id}/scenarios?kept=yes")


def _trial(at: Reception, kept: DefinitionDraft, course: str) -> Trial | None:
    process = process_of(at.house, kept.source)
    if process is None:
        return None
    try:
        return Trial(process, TrialCourse.read(course), at.language, at.now)
    except (ValueError, OverflowError):
        # a page of ours sends no day that there is not
        return Trial(process, TrialCourse({}), at.language, at.now)


def _shown(
    at: Reception,
    kept: DefinitionDraft,
    found: Trial,
    refused: str = "",
    status: int = 200,
    entered: Mapping[str, str] | None = None,
) -> Response:
    titles = {stage: stage_title(stage, at.language) for stage in STAGES}
    # our own drawing of a checked definition, with every text in it escaped
    picture = Markup(draw(chart(found.definition), at.language, titles, marks=dict.fromkeys(found.here, _HERE)))
    return at.page(
        "editor_trial.html",
        status,
        draft=kept,
        line=next(iter(draft_lines(at.house, at.language, at.now, (kept,)))),
        trial=found,
        moves=tuple(found.moves()),
        events=found.events(),
        moment=found.moment,
        picture=picture,
        refused=refused,
        entered=entered or {},
    )
