"""The state of an issue: a small tree of visits, with the work items and timers that are open in them.

Only what is open is kept, so a state stays small however long the history grows. A *party* is a reference such as ``participant:12`` or
``organisation:5``. Nothing here is changed in place: ``engine.evolve`` makes the next state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Party = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is settled when an issue is opened, and never changes."""

    number: str
    station: int
    reporter: Party
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stay in a step; ``due_at`` is the moment from which it is overdue (UTC), ``due_on`` its last day in words of the calendar."""

    number: int
    step: str
    entered_at: datetime
    parent: int | None = None
    due_at: datetime | None = None
    due_on: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """What one person or department is asked to do; ``done`` items stay until their visit is left."""

    number: int
    visit: int
    step: str
    role: str
    candidates: tuple[Party, ...]
    owner: Party | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A moment at which the clock itself acts on a visit."""

    number: int
    visit: int
    purpose: Literal["remind", "overdue"]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that decides what can happen next to one issue; ``version`` counts the events so far."""

    version: int = 0
    last_number: int = 0
    status: Literal["new", "open", "closed"] = "new"
    resolution: str | None = None
    facts: Facts | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, tuple[Party, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    visits: tuple[Visit, ...] = ()
    items: tuple[WorkItem, ...] = ()
    timers: tuple[Timer, ...] = ()

    def visit(self, number: int) -> Visit | None:
        """The open visit of this number."""
        return next((visit for visit in self.visits if visit.number == number), None)

    def item(self, number: int) -> WorkItem | None:
        """The work item of this number, if its visit is still open."""
        return next((item for item in self.items if item.number == number), None)

    def timer(self, number: int) -> Timer | None:
        """The timer of this number, if it has neither fired nor ended."""
        return next((timer for timer in self.timers if timer.number == number), None)

    def open_items(self, visit: int) -> tuple[WorkItem, ...]:
        """The items of a visit that nobody has finished."""
        return tuple(item for item in self.items if item.visit == visit and not item.done)
