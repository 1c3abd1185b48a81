"""Changes: the facts that an event leads to. A state is nothing but the changes so far, folded.

They are written to the history, so their names and fields are a format that lives as long as the issues do: add, never rename.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.state import Facts, Party, Timer, Visit, WorkItem


@dataclass(frozen=True, slots=True)
class Opened:
    """The issue exists."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class Filled:
    """Fields of the issue got values; those not named keep theirs."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role is held by these parties from now on."""

    role: str
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """An action bounded by ``at most`` was taken for the n-th time."""

    action: str
    times: int


@dataclass(frozen=True, slots=True)
class GuardFailed:
    """A guard could not be evaluated, and counted as not holding; kept so that staff can see why an issue went where it went."""

    step: str
    guard: str
    why: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A step was entered."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ItemOpened:
    """Somebody is asked to do something."""

    item: WorkItem


@dataclass(frozen=True, slots=True)
class ItemClaimed:
    """One of the candidates took the item; ``None`` gives it back."""

    item: int
    owner: Party | None


@dataclass(frozen=True, slots=True)
class ItemWidened:
    """More parties may act on an item."""

    item: int
    candidates: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class ItemDone:
    """An item was finished by an action; ``values`` are the answers given."""

    item: int
    action: str
    by: Party
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """An item ended without having been done, because the issue moved on."""

    item: int
    reason: Literal["left", "overdue", "closed"]


@dataclass(frozen=True, slots=True)
class TimerSet:
    """The clock will act at a moment."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The clock acted."""

    timer: int


@dataclass(frozen=True, slots=True)
class TimerEnded:
    """A timer is no longer needed."""

    timer: int


@dataclass(frozen=True, slots=True)
class Left:
    """A step was left."""

    visit: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The issue is closed."""

    resolution: str


Change = (
    Opened
    | Filled
    | RoleGiven
    | Counted
    | GuardFailed
    | Entered
    | ItemOpened
    | ItemClaimed
    | ItemWidened
    | ItemDone
    | ItemEnded
    | TimerSet
    | TimerFired
    | TimerEnded
    | Left
    | Closed
)
