"""Publishing a draft on one page: what changes, for whom, what the trials say, who must agree, from when; published, or why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from fastapi import APIRouter
from starlette.responses import Response

from definitions.loader import Unsound
from definitions.text import Said
from engine.refusal import Invalid, Unavailable
from huying.approvals.proposals import NewProposal, wants_two
from huying.house.imprint import Imprint
from huying.processes import drafts
from huying.processes.drafts import DefinitionDraft
from huying.processes.drafts_view import draft_lines
from huying.processes.examination import DEFINITION, Examination, examination
from huying.processes.overrides import recheck
from huying.processes.publication import newest_number, publish
from huying.workshop.publication import Underway, agreement, touched, underway
from huying.workshop.scenario import scenario_run
from portal.frame.bounds import Number
from portal.frame.here import Portal
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs("write processes")])

#: So many issues of the history, and so many made-up ones, while somebody waits for the page.
REPLAYED, SIMULATED = 200, 500
#: Shows the page again with what was found, why it is refused, and a status.
Refuse = Callable[[Examination, str, int], Response]
_ACTION = "publish processes"


@router.get("/editor/{number}/publication")
def summary(at: SignedIn, number: Number) -> Response:
    """Everything that whoever publishes should know."""
    return _summary(at, drafts.draft(at.house, number))


@router.get("/editor/{number}/publication/trial")
def trial(at: SignedIn, number: Number, part: str = "replay") -> Response:
    """What comes of the history decided again, or (``part=simulate``) of a simulation: a part of the page that comes when it is ready."""
    kept, simulates = drafts.draft(at.house, number), part == "simulate"
    asked = {"simulate": SIMULATED} if simulates else {"replay": REPLAYED}
    found = examination(at.house, kept.written, at.language, at.now, **asked)
    return at.page("editor_weighed.html", draft=kept, found=found, part="simulate" if simulates else "replay")


@router.post("/editor/{number}/publication")
def publish_it(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Publish it, or propose to."""
    kept = drafts.draft(at.house, number)
    if form.entry("revision") != str(kept.revision):
        return _summary(at, kept, None, form, _saved_since(kept, at), 409)
    return published(at, kept, form, lambda found, refused, status: _summary(at, kept, found, form, refused, status))


def _summary(
    at: Reception,
    kept: DefinitionDraft,
    found: Examination | None = None,
    form: Submission | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    tried, found = found is not None, found or examination(at.house, kept.written, at.language, at.now)
    definition = found.definition
    return at.page(
        "editor_publication.html",
        status,
        draft=kept,
        line=next(iter(draft_lines(at.house, at.language, at.now, (kept,)))),
        found=found,
        run=scenario_run(at.house, kept.written, at.language, at.now),
        tried=tried,
        refused=refused,
        touched=touched(definition, found.matters, at.language, at.now) if definition else (),
        underway=underway(at.house, definition.id) if definition else Underway(),
        publishes=at.may(_ACTION),
        two=wants_two(at.house),
        others=agreement(at.house, _ACTION, at.somebody.participant_id, at.language, at.now),
        note=form.entry("note") if form else "",
        from_day=form.entry("from") if form else "",
    )


def _saved_since(kept: DefinitionDraft, at: Reception) -> str:
    return Said(
        f"您打开这一页之后，{kept.saved_by}又改过草稿。下面是现在的样子；确认无误后，再按一次“发布”。",
        f"Since you opened this page, {kept.saved_by} has changed the draft. Below is what it says now;"
        " if that is as it should be, press Publish once more.",
    ).of(at.language)


def _weighed(form: Submission) -> int:
    """Whether the report that is kept says what a simulation found."""
    return SIMULATED if form.entry("weighed") == "yes" else 0


def published(at: Reception, kept: DefinitionDraft, form: Submission, refuse: Refuse) -> Response:
    """Publish it if it is sound, its scenarios go as expected, and nobody has published another version meanwhile; or show why not."""
    person, now = at.somebody, at.now
    found = examination(at.house, kept.written, at.language, now, replay=REPLAYED, simulate=_weighed(form))
    if found.report is None or not found.passed:
        return refuse(found, "", 422)
    newest = _newest(at.here, kept)
    if newest is not None:
        drafts.rebase(at.house, kept.id, newest[0])
        return refuse(found, _overtaken(newest, at), 409)
    note, report = form.entry("note")[:1000], found.report.plain()
    try:
        begins = _moment(form.entry("from"), at.here, found, now)
        answer = proposed(at, form, _asked(at, kept, found, note, begins))
        if answer is not None:
            drafts.discard(at.house, kept.id)
            return answer
        imprint = Imprint(person.name, now, note)
        version, _new = publish(at.house, kept.source, DEFINITION, imprint, in_force_from=begins, report=report)
    except Invalid as refusal:
        return refuse(found, refusal.errors["reason"][at.language], 422)
    except (Unavailable, Unsound) as error:
        words = error.message[at.language] if isinstance(error, Unavailable) else str(error)
        return refuse(found, words, 422)
    recheck(at.house, version)
    drafts.discard(at.house, kept.id)
    return at.go(f"/definitions/{version.key}/versions/{version.version}?published=yes")


def _asked(at: Reception, kept: DefinitionDraft, found: Examination, note: str, begins: datetime | None) -> NewProposal:
    """The same as a proposal: whole, so that what is approved is what was shown."""
    assert found.definition is not None
    assert found.report is not None
    moment = begins.isoformat() if begins else None
    key, title = found.definition.id, found.definition.title
    newest = newest_number(at.house, key)
    report = found.report.plain()
    body = {"key": key, "newest": newest, "source": kept.source, "note": note, "from": moment, "report": report}
    about = f"{title['zh']} {key}"
    return NewProposal("publish", body, about, found.lines_changed or kept.source, note)


def _newest(here: Portal, kept: DefinitionDraft) -> tuple[int, str] | None:
    """The version that was published since the draft was begun, and by whom."""
    if kept.base_key is None:
        return None
    newest = here.house.processes.newest(kept.base_key)
    return (newest.version, newest.published_by) if newest.version != kept.base_version else None


def _overtaken(newest: tuple[int, str], at: Reception) -> str:
    number, by = newest
    return Said(
        f"您开始修改之后，{by}已发布第 {number} 版。请看下面与现行版的不同；确认无误后，再按一次“发布”。",
        f"Since you began, {by} has published version {number}. See below what differs from what is in force;"
        " if that is as it should be, press Publish once more.",
    ).of(at.language)


def _moment(said: str, here: Portal, found: Examination, now: datetime) -> datetime | None:
    """From when it holds: the beginning of a day where its calendar holds, or at once (today, or nothing said)."""
    if not said or found.definition is None:
        return None
    zone = here.house.calendars.in_force(found.definition.calendar).zone
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Unavailable(f"“{said}”不是日期。", f"“{said}” is no day.") from None
    return None if day == now.astimezone(zone).date() else datetime.combine(day, time(), zone)
