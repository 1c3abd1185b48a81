"""Where administrators write definitions: begin from a version or an example, check, rehearse, weigh against what is in force, publish."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.loader import Unsound
from definitions.model.step import STAGES
from engine.refusal import Invalid, Refusal, Unavailable
from huying.approvals.proposals import NewProposal, wants_two
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.house.imprint import Imprint
from huying.processes import drafts
from huying.processes.correction import Rewriting, new_course, put_right
from huying.processes.drafts import DefinitionDraft, Manuscript, Overtaken
from huying.processes.drafts_view import draft_lines, example_lines
from huying.processes.examination import DEFINITION, Examination, examination
from huying.processes.overrides import recheck
from huying.processes.publication import newest_number, publish
from huying.words.stages import stage_title
from portal.frame.bounds import Number
from portal.frame.here import Portal
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs("write processes")])

#: So many issues of the history, and so many made-up ones, while somebody waits for the page.
_REPLAYED, _SIMULATED = 200, 500
#: Texts that are offered in the place of what was written.
_REWRITINGS = {"mend": put_right, "accept": new_course}


@router.get("/editor")
def begun(at: SignedIn) -> Response:
    """What is being written, and what can be begun with."""
    return _list(at)


@router.post("/editor")
def begin(form: Submitted, at: SignedIn) -> Response:
    """Begin from the newest version of a definition, or a new one from an example."""
    person, now = at.somebody, at.now
    try:
        if form.entry("of"):
            made = drafts.begin_from(at.house, form.entry("of"), by=person.name, now=now)
        else:
            example, key = form.entry("example"), form.entry("key")
            made = drafts.begin_new(at.house, example, key, by=person.name, now=now)
    except Unavailable as refusal:
        return _list(at, form.entries, refusal.message[at.language], 422)
    return at.go(f"/editor/{made.id}")


@router.get("/editor/{number}")
def written(at: SignedIn, number: Number, check: str = "") -> Response:
    """One draft; ``check``: with all that is found of it."""
    kept = drafts.draft(at.house, number)
    found = examination(at.house, kept.written, at.language, at.now) if check == "yes" else None
    return _draft(at, kept, found)


@router.post("/editor/{number}")
def write(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Keep what was written, whatever is asked for besides: to check it, to weigh it, or to publish it."""
    person, now, do = at.somebody, at.now, form.entry("do")
    if do == "discard":
        drafts.discard(at.house, number)
        return at.go("/editor")
    written = Manuscript(*(form.entries.get(name, "").replace("\r\n", "\n") for name in Manuscript._fields))
    try:
        kept = drafts.save(at.house, number, _revision(form), written, by=person.name, now=now)
    except Refusal as refusal:
        if refusal.code not in (Overtaken.code, "too-large"):
            raise
        return _unsaved(at, number, written, refusal)
    if do in ("publish", "alone"):
        return _published(at, kept, form)
    if do in _REWRITINGS:
        return _draft(at, kept, _REWRITINGS[do](at.house, kept.written))
    if do in ("mend-yes", "accept-yes"):
        return _rewritten(at, kept, form)
    if do in ("check", "weigh"):
        weighs = {"replay": _REPLAYED, "simulate": _SIMULATED} if do == "weigh" else {}
        found = examination(at.house, kept.written, at.language, now, **weighs)
        return _draft(at, kept, found, form=form, status=422 if found.findings else 200)
    return at.go(f"/editor/{number}?saved=yes")


def _rewritten(at: Reception, kept: DefinitionDraft, form: Submission) -> Response:
    """Save what was offered and agreed to; what was written since is offered anew."""
    rewriting = _REWRITINGS[form.entry("do").removesuffix("-yes")](at.house, kept.written)
    if rewriting.digest != form.entry("agreed"):
        return _draft(at, kept, rewriting, status=409)
    drafts.save(at.house, kept.id, kept.revision, rewriting.after, by=at.somebody.name, now=at.now)
    return at.go(f"/editor/{kept.id}?saved=yes")


def _revision(form: Submission) -> int:
    text = form.entry("revision")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _unsaved(at: Reception, number: int, written: Manuscript, refusal: Refusal) -> Response:
    """The page with what was written, which could not be kept; saving once more is on top of what somebody else has saved."""
    theirs = drafts.draft(at.house, number)
    mine = DefinitionDraft(
        theirs.id, theirs.base_key, theirs.base_version, *written, theirs.revision, theirs.saved_at, theirs.saved_by
    )
    return _draft(at, mine, refused=refusal.message[at.language], status=409)


def _published(at: Reception, kept: DefinitionDraft, form: Submission) -> Response:
    """Publish it if it is sound, its scenarios go as expected, and nobody has published another version meanwhile."""
    person, now = at.somebody, at.now
    found = examination(at.house, kept.written, at.language, now, replay=_REPLAYED)
    if found.report is None or not found.passed:
        return _draft(at, kept, found, form=form, status=422)
    newest = _newest(at.here, kept)
    if newest is not None:
        drafts.rebase(at.house, kept.id, newest[0])
        return _draft(at, kept, found, form=form, refused=_overtaken(newest, at), status=409)
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
        return _draft(at, kept, found, form=form, refused=refusal.errors["reason"][at.language], status=422)
    except (Unavailable, Unsound) as error:
        words = error.message[at.language] if isinstance(error, Unavailable) else str(error)
        return _draft(at, kept, found, form=form, refused=words, status=422)
    recheck(at.house, version)
    drafts.discard(at.house, kept.id)
    return at.go(f"/definitions/{version.key}/versions/{version.version}")


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
    return {
        "zh": f"您开始修改之后，{by}已发布第 {number} 版。请看下面与现行版的不同；确认无误后，再按一次“发布”。",
        "en": f"Since you began, {by} has published version {number}. See below what differs from what is in force;"
        " if that is as it should be, press Publish once more.",
    }[at.language]


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


def _list(at: Reception, entered: dict[str, str] | None = None, refused: str = "", status: int = 200) -> Response:
    return at.page(
        "editor.html",
        status,
        drafts=draft_lines(at.house, at.language, at.now),
        examples=example_lines(at.language),
        entered=entered or {},
        refused=refused,
    )


def _draft(
    at: Reception,
    draft: DefinitionDraft,
    shown: Examination | Rewriting | None = None,
    *,
    form: Submission | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    found = shown if isinstance(shown, Examination) else None
    rewriting = shown if isinstance(shown, Rewriting) else None
    return at.page(
        "editor_draft.html",
        status,
        draft=draft,
        line=next(iter(draft_lines(at.house, at.language, at.now, (draft,)))),
        found=found,
        rewriting=rewriting,
        picture=_picture(found, at.language) if found and found.definition else None,
        note=form.entry("note") if form else "",
        from_day=form.entry("from") if form else "",
        saved=at.request.query_params.get("saved") == "yes",
        refused=refused,
        longest=drafts.LONGEST,
        publishes=at.may("publish processes"),
        two=wants_two(at.house),
    )


def _picture(found: Examination, language: str) -> Markup:
    """The chart, with what differs from the version in force in colour."""
    assert found.definition is not None
    titles = {stage: stage_title(stage, language) for stage in STAGES}
    marked: dict[str, Any] = {"marks": found.marks} if found.marks else {}
    # our own drawing of a checked definition, with every text in it escaped
    return Markup(draw(chart(found.definition), language, titles, **marked))
