"""Where administrators write definitions: begin from a version or an example, check, rehearse, weigh against what is in force, publish."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.model.step import STAGES
from engine.refusal import Refusal, Unavailable
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.processes import drafts
from huying.processes.correction import Rewriting, new_course, put_right
from huying.processes.drafts import DefinitionDraft, Manuscript, Overtaken
from huying.processes.drafts_view import draft_lines, example_lines
from huying.processes.examination import Examination, examination, faults_now
from huying.words.stages import stage_title
from huying.workshop.scenario import scenario_run
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.editor_publication import REPLAYED, SIMULATED, published

router = APIRouter(dependencies=[needs("write processes")])

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
    written = _texts(form)
    try:
        kept = drafts.save(at.house, number, _revision(form), written, by=person.name, now=now)
    except Refusal as refusal:
        if refusal.code not in (Overtaken.code, "too-large"):
            raise
        return _unsaved(at, number, written, refusal)
    if do in ("publish", "alone"):
        return published(at, kept, form, lambda found, why, status: _draft(at, kept, found, refused=why, status=status))
    if do in _REWRITINGS:
        return _draft(at, kept, _REWRITINGS[do](at.house, kept.written))
    if do in ("mend-yes", "accept-yes"):
        return _rewritten(at, kept, form)
    if do in ("check", "weigh"):
        weighs = {"replay": REPLAYED, "simulate": SIMULATED} if do == "weigh" else {}
        found = examination(at.house, kept.written, at.language, now, **weighs)
        return _draft(at, kept, found, status=422 if found.findings else 200)
    return at.go(f"/editor/{number}/publication" if do == "summary" else f"/editor/{number}?saved=yes")


@router.post("/editor/{number}/findings")
def findings(form: Submitted, at: SignedIn, number: Number) -> Response:
    """What is wrong with the texts as they stand in the browser: a part of the page, as one types; nothing is kept."""
    drafts.draft(at.house, number)
    return at.page("editor_findings.html", faults=faults_now(at.house, _texts(form), at.language))


def _texts(form: Submission) -> Manuscript:
    """What was written, with the ends of lines as they are kept."""
    texts = (form.entries.get(name, "").replace("\r\n", "\n") for name in Manuscript._fields)
    return Manuscript(*(text[: drafts.LONGEST + 1] for text in texts))


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
    refused: str = "",
    status: int = 200,
) -> Response:
    found = shown if isinstance(shown, Examination) else None
    rewriting = shown if isinstance(shown, Rewriting) else None
    saved = at.request.query_params.get("saved") == "yes"
    return at.page(
        "editor_draft.html",
        status,
        draft=draft,
        line=next(iter(draft_lines(at.house, at.language, at.now, (draft,)))),
        found=found,
        rewriting=rewriting,
        picture=_picture(found, at.language) if found and found.definition else None,
        run=scenario_run(at.house, draft.written, at.language, at.now) if saved else None,
        saved=saved,
        refused=refused,
        longest=drafts.LONGEST,
    )


def _picture(found: Examination, language: str) -> Markup:
    """The chart, with what differs from the version in force in colour."""
    assert found.definition is not None
    titles = {stage: stage_title(stage, language) for stage in STAGES}
    marked: dict[str, Any] = {"marks": found.marks} if found.marks else {}
    # our own drawing of a checked definition, with every text in it escaped
    return Markup(draw(chart(found.definition), language, titles, **marked))
