"""What the pages let happen to an issue beside acting on a task: one route, one small form for each kind of event."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from starlette.responses import Response

from definitions.model.reference import issue
from engine import event as e
from engine.refusal import Invalid, Unavailable
from huying.house.by import By
from huying.issues.deeds import happen
from huying.issues.form_drafts import save_draft
from huying.issues.record import issue_id_of
from portal.frame.bounds import Number
from portal.frame.door import Door, IssueDoor, LinkDoor
from portal.frame.here import Portal
from portal.frame.reception import Received, Reception
from portal.frame.submission import Submission, Submitted
from portal.pages.issues import afterwards, issue_page

router = APIRouter()


@router.post("/issues/{issue_id}/events/{kind}")
def let_happen(at: Received, form: Submitted, door: IssueDoor, kind: str) -> Response:
    """Let something happen, as the person who stands before the issue."""
    return let(at, door, kind, form)


@router.post("/t/{token}/events/{kind}")
def let_happen_by_link(at: Received, form: Submitted, door: LinkDoor, kind: str) -> Response:
    """The same, as the person to whom the link was sent."""
    return let(at, door, kind, form)


@router.post("/tasks/{issue_id}/{item}/draft/{action}")
def keep_draft(at: Received, form: Submitted, door: IssueDoor, item: Number, action: str) -> Response:
    """Keep what was entered so far."""
    return keep(at, door, item, action, form)


@router.post("/t/{token}/draft/{action}")
def keep_draft_by_link(at: Received, form: Submitted, door: LinkDoor, action: str) -> Response:
    """The same, as the person to whom the link was sent."""
    return keep(at, door, door.item or 0, action, form)


def keep(at: Reception, door: Door, item: int, action: str, form: Submission) -> Response:
    """Save a draft, and show the task again."""
    save_draft(at.house, door.issue_id, item, action, form.fields, By(door.participant_id, at.now))
    return at.go(door.task(item))


def let(at: Reception, door: Door, kind: str, form: Submission) -> Response:
    """Make the event of a form happen; what is wrong with it is said on the issue's page."""
    try:
        event = _event(at.here, kind, form)
        happen(at.house, door.issue_id, event, By(door.participant_id, at.now, form.request_id))
    except Invalid as refusal:
        return issue_page(at, door, refusal=refusal)
    return at.go(afterwards(at.here, door))


def _event(here: Portal, kind: str, form: Submission) -> e.Event:
    made = _EVENTS.get(kind)
    if made is None:
        raise Unavailable("不能这样做。", "That cannot be done.")
    if kind == "merge":
        form.entries["into"] = issue(issue_id_of(here.house, form.entry("into")))
    return made(form)


def _number(form: Submission, name: str) -> int:
    text = form.entry(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


_EVENTS: Mapping[str, Callable[[Submission], e.Event]] = {
    "delegate": lambda f: e.Delegate(_number(f, "item"), f.entry("to") or None, f.entry("reason")),
    "recall": lambda f: e.Delegate(_number(f, "item"), None),
    "transfer": lambda f: e.Transfer(_number(f, "item"), f.entry("to"), f.entry("reason")),
    "accept": lambda f: e.Reply(_number(f, "item"), True),
    "refuse": lambda f: e.Reply(_number(f, "item"), False, f.entry("reason")),
    "question": lambda f: e.Ask(_number(f, "item"), f.entry("to"), f.entry("text"), "question"),
    "consult": lambda f: e.Ask(_number(f, "item"), f.entry("to"), f.entry("text"), "consult"),
    "sign": lambda f: e.Ask(_number(f, "item"), f.entry("to"), f.entry("text"), "sign"),
    "answer": lambda f: e.Answer(_number(f, "item"), f.entry("text"), f.entry("agree") != "no"),
    "add-signer": lambda f: e.AddSigner(_number(f, "item"), f.entry("to"), f.entry("reason")),
    "withdraw": lambda f: e.Withdraw(f.entry("reason")),
    "urge": lambda f: e.Urge(f.entry("text")),
    "reopen": lambda f: e.Reopen(f.entry("reason"), f.entry("to") or None, f.fields),
    "keep-promise": lambda f: e.KeepPromise(_number(f, "promise"), f.entry("text")),
    "break-promise": lambda f: e.BreakPromise(_number(f, "promise"), f.entry("text")),
    "move": lambda f: e.Move(f.entry("to"), f.entry("reason")),
    "reassign": lambda f: e.Reassign((f.entry("to"),), f.entry("reason"), item=_number(f, "item")),
    "suspend": lambda f: e.Suspend(f.entry("reason")),
    "resume": lambda f: e.Resume(f.entry("reason")),
    "cancel": lambda f: e.Cancel(f.entry("reason")),
    "merge": lambda f: e.Merge(f.entry("into"), f.entry("reason")),
    "supervise": lambda f: e.Supervise(f.entry("to"), f.entry("reason")),
    "retry": lambda f: e.Retry(_number(f, "visit"), f.entry("reason")),
    "extend": lambda f: e.AskExtension(
        _number(f, "item"), f"{_number(f, 'amount')} {f.entry('unit')}", f.entry("reason")
    ),
    "shelve": lambda f: e.AskShelving(_number(f, "item"), f.entry("day"), f.entry("reason")),
    "unshelve": lambda f: e.Unshelve(_number(f, "visit"), f.entry("reason")),
    "move-deadline": lambda f: e.MoveDeadline(f.entry("target"), f.entry("day"), f.entry("reason")),
    "skip": lambda f: e.Skip(_number(f, "visit"), f.entry("reason")),
}
