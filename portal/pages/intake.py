"""The intake desk: who calls or comes by is found, what they say is entered as theirs, and what can be done at once is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from definitions.model.reference import issue
from engine.event import Merge
from engine.refusal import Invalid, Refusal
from huying.access.viewer import Look
from huying.calls.view import became, call_of
from huying.errors import NotFound
from huying.intake.caller import callers
from huying.intake.desk import DeskWish, IntakeDesk, desk
from huying.intake.entry import Told, answer_to, enter
from huying.issues.alike import alike
from huying.issues.consent import Consent
from huying.issues.deeds import happen
from huying.issues.record import follow_code
from huying.issues.views.choices import choices
from huying.issues.views.issue import IssueView, issue_view
from huying.issues.voice import was_taken_by
from portal.frame.bounds import Number
from portal.frame.door import IssueDoor
from portal.frame.errors import STATUS
from portal.frame.private_text import assure_told, mark_of
from portal.frame.qr import qr_to_follow
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submission, Submitted
from portal.pages.letters import first_form, letter_of, note_reading, took_in

router = APIRouter(dependencies=[OWN])
#: So many digits are read in one breath.
_WHOLE = 5
_SAME = "登记时与居民核对，是同一件事。"


@router.get("/intake")
def intake(
    at: SignedIn,
    process: str = "",
    station: str = "",
    channel: str = "",
    taken: Number | None = None,
    call: Number | None = None,
) -> Response:
    """The empty desk; above it the number of what was taken just now. With a ``call``: at the caller, whose number stands there."""
    found = _desk(at, DeskWish(process, station, channel))
    if call is not None and at.may("see calls"):
        number = call_of(at.house, call, at.somebody.participant_id).number
        entries = {"phone": number, "call": str(call), "channel": found.channel}
        return _page(at, found, Submission({"phone": number}, entries, (), ""))
    return _page(at, found, before=_taken(at, taken))


@router.get("/intake/letters/{message}")
def intake_letter(at: SignedIn, message: Number) -> Response:
    """The desk with what a message says that came in; back to the message if a colleague has settled it."""
    seen = letter_of(at, message)
    if seen is None:
        return at.go(f"/tray/{message}")
    note_reading(at, message)
    found = _desk(at, DeskWish(seen.definition, seen.station_code, "", seen.line.channel))
    return _page(at, found, first_form(found, seen))


@router.post("/intake/look")
def look(at: SignedIn, form: Submitted) -> Response:
    """Who is calling, what they raised before, and what may be the same: the page with its third column, or (to a script) that column alone."""
    found = _desk(at, _wish(at, form))
    if at.request.headers.get("HX-Request"):
        return at.page("intake_aside.html", **_aside(at, found, form))
    return _page(at, found, form)


@router.post("/intake")
def take_in(at: SignedIn, form: Submitted) -> Response:
    """Save: the receipt, or (``then`` is ``next``) the empty desk again."""
    message = _number(form.entry("message"))
    if message and letter_of(at, message) is None:
        # a colleague has settled it meanwhile
        return at.go(f"/tray/{message}")
    found = _desk(at, _wish(at, form))
    asked = {f"on-{one.key}.{name}": field for one in found.actions for name, field in one.fields.items()}
    form = form.with_files(at.house.store, {**found.fields, **asked}, at.person_id)
    try:
        if form.faults:
            raise Invalid(form.faults)
        assure_told(form, found.fields)
        receipt = enter(at.house, _told(at, form, found), at.by(form.request_id))
        if message:
            took_in(at, message, receipt.issue_id, form.request_id)
        if call := _number(form.entry("call")):
            became(at.house, call, at.somebody.participant_id, "issue", receipt.issue_id)
        if same := _number(form.entry("same")):
            happen(at.house, receipt.issue_id, Merge(issue(same), _SAME), at.by(f"{form.request_id}-same"))
    except Invalid as refusal:
        return _page(at, found, form, refusal)
    if form.entry("then") == "next":
        return at.go(
            f"/intake?process={found.key}&station={found.station}&channel={found.channel}&taken={receipt.issue_id}"
        )
    return at.go(f"/intake/{receipt.issue_id}")


@router.get("/intake/{issue_id}")
def receipt(at: SignedIn, door: IssueDoor) -> Response:
    """The receipt, to read back and to print, for whoever took it."""
    seen = issue_view(at.house, door.issue_id, door.look(at.language, at.now))
    if not was_taken_by(at.house, door.issue_id, at.somebody.participant_id):
        return at.go(f"/issues/{seen.number}")
    return at.page(
        "intake_receipt.html",
        issue=seen,
        code=follow_code(at.house, seen.id),
        spelt=spelt(seen.number),
        qr=qr_to_follow(at.here.config.portal_url, seen.number, at.language),
    )


def spelt(number: str) -> str:
    """A number as it is read back on the telephone: part by part, and long parts in fours."""
    return " ".join(
        " ".join(part[at : at + 4] for at in range(0, len(part), 4)) if len(part) > _WHOLE else part
        for part in number.split("-")
    )


def _wish(at: Reception, form: Submission) -> DeskWish:
    seen = letter_of(at, _number(form.entry("message")))
    came = seen.line.channel if seen else ""
    return DeskWish(form.entry("process"), form.entry("station"), form.entry("channel"), came)


def _desk(at: Reception, wish: DeskWish) -> IntakeDesk:
    return desk(at.house, at.somebody.participant_id, wish, at.language, at.now)


def _consent(form: Submission, found: IntakeDesk, language: str) -> Consent | None:
    """The notice that stands on the desk, and what the resident said to it."""
    if found.notice is None:
        return None
    return Consent(
        notice=found.notice.text,
        language=language,
        agreed=form.entry("agreed") == "yes",
        minor=form.entry("minor") == "yes",
        guardian=form.entry("guardian"),
    )


def _told(at: Reception, form: Submission, found: IntakeDesk) -> Told:
    letter = letter_of(at, _number(form.entry("message")))
    action = form.entry("action")
    fields = {name: value for name, value in form.fields.items() if not name.startswith("on-")}
    answers = form.fields.get(f"on-{action}")
    return Told(
        definition=found.key,
        station=found.station,
        channel=form.entry("channel"),
        name=form.entry("name"),
        phone=form.entry("phone"),
        values=fields,
        action=action if any(one.key == action for one in found.actions) else "",
        answers=answers if isinstance(answers, Mapping) else {},
        consent=_consent(form, found, at.language),
        email=letter.line.sender if letter else "",
        proved=letter is not None and letter.line.trust == "pass",
    )


def _page(
    at: Reception,
    found: IntakeDesk,
    form: Submission | None = None,
    refusal: Refusal | None = None,
    before: IssueView | None = None,
) -> Response:
    asked = (*found.fields.values(), *(field for one in found.actions for field in one.fields.values()))
    fields = form.fields if form else {}
    return at.page(
        "intake.html",
        STATUS.get(refusal.code, 400) if refusal else 200,
        **_aside(at, found, form),
        entries=form.entries if form else {},
        entered=fields,
        answers={one.key: fields.get(f"on-{one.key}") or {} for one in found.actions},
        answer_to=answer_to,
        errors=refusal.errors if isinstance(refusal, Invalid) else {},
        names=choices(at.house, asked, at.language),
        rings=at.may("see calls"),
        told=mark_of(refusal) or (form.entry("told") if form else ""),
        before=before,
        letter=letter_of(at, _number(form.entry("message"))) if form else None,
        spelt=spelt,
    )


def _aside(at: Reception, found: IntakeDesk, form: Submission | None) -> dict[str, Any]:
    """What is known already about the caller and the matter."""
    phone = (form.entry("phone") or str(form.fields.get("phone") or "")) if form else ""
    name = form.entry("name") if form else ""
    entered = form.fields if form else {}
    return {
        "desk": found,
        "may_join": at.may("join people"),
        "callers": callers(at.house, at.somebody.participant_id, phone, name, at.language),
        "twins": alike(at.house, found.key, found.station, entered, at.language, at.now) if form else (),
        "same": form.entry("same") if form else "",
    }


def _taken(at: Reception, issue_id: int | None) -> IssueView | None:
    if issue_id is None or not was_taken_by(at.house, issue_id, at.somebody.participant_id):
        return None
    try:
        return issue_view(at.house, issue_id, Look(at.somebody.participant_id, at.language, at.now))
    except NotFound:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
