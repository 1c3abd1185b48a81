"""Cues of a scenario: what ``do`` says, as the kernel's events; and what has a deadline, by the name that a scenario gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model.reference import issue, reference
from engine.deeds.registry import BY_WORD
from engine.event import Event
from engine.rules.clocks import Target, deadline_at
from engine.state import Party, State, WorkItem

#: What is asked for, and then allowed or refused.
_DECIDED = frozenset({"sign", "extension", "shelving"})


@dataclass(frozen=True, slots=True)
class Cue:
    """What somebody does besides acting on a task, as a scenario says it: with the item that it is about (if any), to whom, and what is given."""

    do: str
    state: State
    about: WorkItem | None = None
    to: Party = ""
    step: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def event(self) -> Event | None:
        """The event that comes of it; ``None`` if there is no such deed, or it needs a task and is about none."""
        gesture = BY_WORD.get(self.do)
        if gesture is None or (self.about is None and not gesture.alone):
            return None
        return gesture.made(self)

    @property
    def station(self) -> Party:
        """Another station."""
        return reference("station", 2)

    @property
    def item(self) -> int:
        """The number of the item."""
        return self.about.number if self.about else 0

    @property
    def visit(self) -> int:
        """The visit that is laid aside."""
        return shelved(self.state)

    @property
    def promise(self) -> int:
        """The first promise that was not kept."""
        return next((promise.number for promise in self.state.promises if promise.status != "kept"), 0)

    @property
    def option(self) -> str:
        """A standing option."""
        return self.do

    @property
    def text(self) -> str:
        """What is said."""
        return self._said("text")

    @property
    def reason(self) -> str:
        """Why it is done."""
        return self._said("reason", "rehearsal")

    @property
    def day(self) -> str:
        """A day."""
        return self._said("day")

    @property
    def length(self) -> str:
        """A length of time."""
        return self._said("length")

    @property
    def target(self) -> str:
        """What has a deadline, by the name that a scenario gives it."""
        return str(target(self.state, self._said("of")))

    @property
    def other(self) -> str:
        """Another issue."""
        return issue(2)

    @property
    def agree(self) -> bool:
        """Whether an answer says yes."""
        return self.do != "refuse"

    @property
    def values(self) -> Mapping[str, Any]:
        """The answers of a form."""
        return {name: one for name, one in self.answers.items() if name != "reason"}

    def _said(self, name: str, otherwise: str = "") -> str:
        return str(self.answers.get(name, otherwise))


def suits(item: WorkItem, do: str) -> bool:
    """Whether a deed is an answer to what this item asks."""
    return (do == "answer" and item.kind != "task") or (do in ("approve", "refuse") and item.kind in _DECIDED)


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
