"""Following issues: by number and code, in one's own list, and the page of an issue with its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.model.field import Field
from definitions.text import words
from engine.refusal import Invalid, Refusal
from huying.console.address import run_address
from huying.console.marks import shown_as
from huying.errors import NotFound, TooLarge, WrongFile
from huying.inbound.view import TrayLine, messages_of_issue
from huying.issues.attachments import attach
from huying.issues.deeds import comment
from huying.issues.disclosure import reasons
from huying.issues.record import follow, number_of, station_of
from huying.issues.views.choices import choices
from huying.issues.views.issue import IssueView, issue_view
from huying.issues.views.possible import PossibleView, possible_view
from huying.issues.views.task import TaskView, task_view
from huying.publicity.opening import case_title
from huying.publicity.view import public_of
from huying.register.nearby import few_stations
from huying.register.view import to_whom
from huying.workbench.attention import looked_at
from portal.diagram.drawing import diagram
from portal.frame.brake import check_codes, wrong_code
from portal.frame.door import Door, IssueDoor, NumberDoor, remembered
from portal.frame.errors import STATUS
from portal.frame.here import Portal
from portal.frame.page import set_cookie
from portal.frame.qr import qr_to_follow
from portal.frame.reception import Received, Reception
from portal.frame.right import OWN, PUBLIC
from portal.frame.submission import Submission, Submitted
from portal.pages.papers import papers_beside

router = APIRouter()


@router.get("/follow", dependencies=[PUBLIC])
def follow_form(at: Received, number: str = "") -> Response:
    """Ask for number and code."""
    return at.page("follow.html", wrong=None, number=number)


@router.post("/follow", dependencies=[PUBLIC])
def follow_issue(at: Received, form: Submitted) -> Response:
    """Open the issue if the code is right, and remember the code in this browser."""
    number, network = form.entry("number"), check_codes(at.request)
    try:
        found = follow(at.house, number, form.entry("code"))
    except NotFound as wrong:
        wrong_code(at.request, network)
        return at.page("follow.html", 404, wrong=wrong.message, number=number)
    answer = at.go(f"/issues/{quote(found.number)}")
    cookie = remembered(at.request, found.issue_id, form.entry("code"))
    set_cookie(at.request, answer, cookie.name, cookie.value, cookie.seconds)
    return answer


@router.post("/issues/{issue_id}/comments", dependencies=[OWN])
def add_comment(at: Received, form: Submitted, door: IssueDoor) -> Response:
    """Add a remark."""
    return say(at, door, form)


@router.post("/issues/{issue_id}/files", dependencies=[OWN])
def add_files(at: Received, form: Submitted, door: IssueDoor) -> Response:
    """Add files."""
    return hand_in(at, door, form)


@router.get("/issues/{number:path}", dependencies=[OWN])
def issue(at: Received, door: NumberDoor, done: bool = False) -> Response:
    """The issue as this person may see it."""
    answer = issue_page(at, door, done=done)
    if door.by == "session":
        looked_at(at.house, door.issue_id, door.participant_id)
    code = at.request.query_params.get("code")
    if code and door.by_code:
        cookie = remembered(at.request, door.issue_id, code)
        set_cookie(at.request, answer, cookie.name, cookie.value, cookie.seconds)
    return answer


def issue_page(
    at: Reception, door: Door, *, done: bool = False, refusal: Refusal | None = None, written: str = ""
) -> Response:
    """The page of an issue, for whichever door leads there."""
    seen = issue_view(at.house, door.issue_id, door.look(at.language, at.now))
    possible = possible_view(at.house, door.issue_id, door.look(at.language, at.now))
    verdict = None if seen.inside else _verdict(at, door, seen)
    asked = _asked(possible, verdict)
    definition = at.house.processes.process(seen.definition_version_id).definition
    back = f"/issues/{quote(seen.number)}" if door.by in ("session", "code") else door.issue
    return at.page(
        "issue.html" if seen.inside else "followed.html",
        STATUS.get(refusal.code, 400) if refusal else 200,
        issue=seen,
        reasons=reasons(at.house),
        door=door,
        # our own drawing of a checked definition, with every text in it escaped
        picture=Markup(diagram(definition, at.language, seen.standing.steps)),
        qr=qr_to_follow(at.here.config.portal_url, seen.number, at.language),
        done=done,
        wrong=wrong_words(refusal, at.language),
        written=written,
        back=back,
        possible=possible,
        run=_run(at, door),
        rights=_asks_who_sees(at, door),
        **papers_beside(at, door),
        letters=_letters(at, door),
        publicity=_publicity(at, door, seen),
        colleagues={} if door.by_code else to_whom(at.house, door.issue_id, door.participant_id, at.language),
        places=few_stations(at.house, at.language) if "relocate" in possible.movings else (),
        names=choices(at.house, asked, at.language),
        verdict=verdict,
        tried=None,
        told="",
        entered={},
        errors={},
        asked=possible.reopening.ask if possible.reopening else {},
    )


def _asked(possible: PossibleView, verdict: TaskView | None) -> tuple[Field, ...]:
    """The fields of all forms on the page."""
    return (
        *(field for action in (verdict.actions if verdict else ()) for field in action.fields.values()),
        *(possible.reopening.ask.values() if possible.reopening else ()),
        *(field for option in possible.options for field in option.fields.values()),
    )


def _letters(at: Reception, door: Door) -> tuple[TrayLine, ...]:
    """What came in and belongs to it, for whoever decides on such."""
    if door.by != "session" or not at.may("keep tray"):
        return ()
    return messages_of_issue(at.house, at.somebody, door.issue_id, at.language)


def _asks_who_sees(at: Reception, door: Door) -> bool:
    """Whether whoever is signed in, and came by that alone, may ask who sees this issue."""
    return door.by == "session" and at.may("see who sees issues", station_of(at.house, door.issue_id))


@dataclass(frozen=True, slots=True)
class Publicity:
    """What is public of an issue: the cases by number; ``offer``: by which process it can become one, as its reader may begin it."""

    cases: tuple[int, ...] = ()
    offer: str = ""


def _publicity(at: Reception, door: Door, seen: IssueView) -> Publicity:
    """What of a closed issue is public, and whether whoever is signed in may make it a case."""
    if seen.standing.status != "closed":
        return Publicity()
    cases = public_of(at.house, seen.id)
    if cases or door.by != "session" or at.person is None or not seen.inside:
        return Publicity(cases)
    title = case_title(at.house, seen.definition_version_id, at.person.kind, at.language, at.now)
    return Publicity(cases, title)


def _run(at: Reception, door: Door) -> str | None:
    """The page of the issue's run in Prefect, for whoever may open it."""
    if door.by != "session" or at.person is None or not at.person.may("open console", at.now):
        return None
    run = shown_as(at.house, door.issue_id).run_id
    return run_address(run) if run else None


def _verdict(at: Reception, door: Door, seen: IssueView) -> TaskView | None:
    """What whoever follows the issue has to decide, so that they can on the page itself; what is a question to them has a page of its own."""
    if not seen.tasks:
        return None
    task = task_view(at.house, door.issue_id, seen.tasks[0].item, door.look(at.language, at.now))
    return task if task.kind == "task" and task.actions and not task.over else None


def wrong_words(refusal: Refusal | None, language: str) -> str | None:
    """A refusal in one sentence: that of its first field, if it has any."""
    if isinstance(refusal, Invalid) and refusal.errors:
        return words(next(iter(refusal.errors.values())), language)
    return words(refusal.message, language) if refusal else None


def list_after(form: Submission) -> str | None:
    """The list from which a form was sent, if it says one: an address of ours, whatever it says."""
    said = form.entries.get("list")
    return None if said is None else f"/issues?{urlencode(parse_qsl(said))}"


def say(at: Reception, door: Door, form: Submission) -> Response:
    """Add the remark of a form; what an outsider writes can be seen by outsiders."""
    text = form.entries.get("text", "")
    seen = issue_view(at.house, door.issue_id, door.look(at.language, at.now))
    public = not seen.inside or form.entry("public") == "yes"
    try:
        comment(at.house, seen.id, text, door.whose(at.now, form.request_id), public=public)
    except Invalid as refusal:
        return issue_page(at, door, refusal=refusal, written=text)
    return at.go(list_after(form) or _afterwards(door, seen.number))


def hand_in(at: Reception, door: Door, form: Submission) -> Response:
    """Add the files of a form."""
    seen = issue_view(at.house, door.issue_id, door.look(at.language, at.now))
    public = not seen.inside or form.entry("public") == "yes"
    try:
        if not form.files:
            raise Invalid({"files": {"zh": "请先选择文件。", "en": "Please choose a file first."}})
        for number, file in enumerate(form.files):
            by = door.whose(at.now, f"{form.request_id}-{number}")
            attach(at.house, seen.id, file.name, file.content, by, public=public)
    except (Invalid, WrongFile, TooLarge) as refusal:
        return issue_page(at, door, refusal=refusal)
    return at.go(_afterwards(door, seen.number))


def afterwards(here: Portal, door: Door) -> str:
    """Where somebody goes after something has happened to an issue: back to it."""
    return _afterwards(door, number_of(here.house, door.issue_id))


def _afterwards(door: Door, number: str) -> str:
    place = f"/t/{door.token}?issue=1" if door.by == "link" else f"/issues/{quote(number)}"
    return f"{place}#timeline"
