"""Deeds of a scenario: what ``do`` says, as the kernel's events; and what has a deadline, by the name that a scenario gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model.reference import issue
from engine import event as e
from engine.rules.clocks import Target, deadline_at
from engine.state import Party, State, WorkItem

#: What is asked for, and then allowed or refused.
_DECIDED = frozenset({"sign", "extension", "shelving"})
#: The other issue, where there has to be one.
_OTHER = issue(2)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does besides acting on a task: the item that it is about (if any), to whom, and the answers given."""

    do: str
    item: WorkItem | None = None
    to: Party = ""
    step: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    def said(self, name: str, otherwise: str = "") -> str:
        """An answer as text."""
        return str(self.answers.get(name, otherwise))

    @property
    def text(self) -> str:
        """What is said."""
        return self.said("text")

    @property
    def reason(self) -> str:
        """Why it is done."""
        return self.said("reason", "rehearsal")

    @property
    def number(self) -> int:
        """The number of the item."""
        return self.item.number if self.item else 0


def suits(item: WorkItem, do: str) -> bool:
    """Whether a deed is an answer to what this item asks."""
    return (do == "answer" and item.kind != "task") or (do in ("approve", "refuse") and item.kind in _DECIDED)


def of_issue(deed: Deed, state: State) -> e.Event | None:
    """The event of a deed that needs no task; ``None`` if it is none."""
    make = _OF_ISSUE.get(deed.do)
    return make(deed, state) if make else None


def of_item(deed: Deed) -> e.Event | None:
    """The event of a deed that is about a task; ``None`` if it is none."""
    make = _OF_ITEM.get(deed.do)
    return make(deed) if make else None


def target(state: State, name: str) -> Target | None:
    """What has a deadline, by name: a limit (``issue`` or a stage), a step, or a role whose task has a deadline of its own."""
    if name in state.limits:
        return Target(limit=name)
    visit = next((visit for visit in state.visits if visit.step == name), None)
    if visit is not None:
        return Target(visit.number)
    item = next((item for item in state.items if item.role == name and not item.done and item.deadline), None)
    return Target(item.visit, item.number) if item else None


def due_on(state: State, name: str) -> str | None:
    """The last day of what a scenario names, if it has one."""
    found = target(state, name)
    due = deadline_at(state, found) if found else None
    return due.due_on if due else None


def shelved(state: State) -> int:
    """The number of the visit that is laid aside; 0 if none is."""
    return next((visit.number for visit in state.visits if visit.shelved_until), 0)


def _promise(state: State) -> int:
    return next((promise.number for promise in state.promises if promise.status != "kept"), 0)


def _reopened(deed: Deed, state: State) -> e.Event:
    values = {name: one for name, one in deed.answers.items() if name != "reason"}
    return e.Reopen(deed.reason, deed.step, values)


def _moved(deed: Deed, state: State) -> e.Event:
    return e.MoveDeadline(str(target(state, deed.said("of"))), deed.said("day"), deed.reason)


_OF_ISSUE: Mapping[str, Callable[[Deed, State], e.Event]] = {
    "withdraw": lambda deed, state: e.Withdraw(deed.reason),
    "urge": lambda deed, state: e.Urge(deed.text),
    "comment": lambda deed, state: e.Comment(deed.text or "…"),
    "move": lambda deed, state: e.Move(deed.step or "", deed.reason),
    "suspend": lambda deed, state: e.Suspend(deed.reason),
    "resume": lambda deed, state: e.Resume(deed.reason),
    "cancel": lambda deed, state: e.Cancel(deed.reason),
    "reopen": _reopened,
    "merge": lambda deed, state: e.Merge(_OTHER, deed.reason),
    "split": lambda deed, state: e.Connect("split", _OTHER, deed.reason),
    "supervise": lambda deed, state: e.Supervise(deed.to, deed.reason),
    "keep-promise": lambda deed, state: e.KeepPromise(_promise(state), deed.text),
    "break-promise": lambda deed, state: e.BreakPromise(_promise(state), deed.reason),
    "unshelve": lambda deed, state: e.Unshelve(shelved(state), deed.reason),
    "move-deadline": _moved,
}
_OF_ITEM: Mapping[str, Callable[[Deed], e.Event]] = {
    "claim": lambda deed: e.Claim(deed.number),
    "release": lambda deed: e.Release(deed.number),
    "delegate": lambda deed: e.Delegate(deed.number, deed.to or None, deed.reason),
    "recall": lambda deed: e.Delegate(deed.number, None),
    "transfer": lambda deed: e.Transfer(deed.number, deed.to, deed.reason),
    "accept-transfer": lambda deed: e.Reply(deed.number, accept=True),
    "refuse-transfer": lambda deed: e.Reply(deed.number, accept=False, reason=deed.reason),
    "question": lambda deed: e.Ask(deed.number, deed.to, deed.text, "question"),
    "consult": lambda deed: e.Ask(deed.number, deed.to, deed.text, "consult"),
    "sign": lambda deed: e.Ask(deed.number, deed.to, deed.text, "sign"),
    "answer": lambda deed: e.Answer(deed.number, deed.text),
    "approve": lambda deed: e.Answer(deed.number, deed.text),
    "refuse": lambda deed: e.Answer(deed.number, deed.text, agree=False),
    "add-signer": lambda deed: e.AddSigner(deed.number, deed.to, deed.reason),
    "reassign": lambda deed: e.Reassign((deed.to,), deed.reason, item=deed.number),
    "extend": lambda deed: e.AskExtension(deed.number, deed.said("length"), deed.reason),
    "shelve": lambda deed: e.AskShelving(deed.number, deed.said("day"), deed.reason),
}
