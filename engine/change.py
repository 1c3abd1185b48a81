"""Changes: the facts that an event leads to. A state is nothing but the changes so far, folded.

They are written to the history, so their names and fields are a format that lives as long as the issues do: add, never rename.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.deadlines.deadline import Deadline
from engine.state import Facts, LimitClock, Link, Party, Promise, Timer, Visit, WorkItem

EndReason = Literal["left", "overdue", "closed", "withdrawn", "moved", "rejected", "joined", "reassigned"]


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
    """A role is held by these parties from now on; ``rung`` is the level of the ladder to which it was handed up."""

    role: str
    parties: tuple[Party, ...]
    rung: str | None = None


@dataclass(frozen=True, slots=True)
class MadeAnswerable:
    """This party answers for the issue to the end."""

    party: Party


@dataclass(frozen=True, slots=True)
class Counted:
    """An action bounded by ``at most`` was taken, or a waiting step entered, for the n-th time."""

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
class VisitChanged:
    """A visit has another deadline, or its clock stands or runs again; it replaces the visit of its number."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class BranchJoined:
    """Branches of a parallel step have started, or come to their end: so many of so many have ended by now."""

    visit: int
    joined: int
    branches: int


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
class ItemGiven:
    """An item is somebody else's from now on: handed over or reassigned; claims, offers and delegations end."""

    item: int
    candidates: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class ItemDelegated:
    """Somebody may act on an item on behalf of those responsible; ``None`` takes it back."""

    item: int
    to: Party | None


@dataclass(frozen=True, slots=True)
class ItemOffered:
    """Somebody was asked to take an item over; ``None``: the offer has ended."""

    item: int
    to: Party | None


@dataclass(frozen=True, slots=True)
class ItemTurn:
    """The turn of an item has come, in a step that asks one after the other."""

    item: int


@dataclass(frozen=True, slots=True)
class ItemDue:
    """An item that has a deadline of its own has another."""

    item: int
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class LimitChanged:
    """The clock of the issue or a stage has started, stands or runs again, or has another deadline."""

    limit: str
    clock: LimitClock


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    """A deadline has another last day, for people to read: extended, moved by staff, or reckoned again by a new calendar.

    ``target`` is ``visit:3``, ``item:5`` or ``limit:issue``. What it came to is in the change of the visit, item or limit.
    """

    target: str
    why: Literal["extended", "moved", "reckoned"]
    before: str
    after: str
    length: str | None = None


@dataclass(frozen=True, slots=True)
class Shelved:
    """A visit was laid aside until a day; ``None``: it was taken up again."""

    visit: int
    day: str | None


@dataclass(frozen=True, slots=True)
class Unheard:
    """A reminder or escalation found nobody in the roles to be told, and went to whoever answers for the issue or the office instead."""

    step: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDone:
    """An item was finished by an action; ``values`` are the answers given. ``behalf``: for whom somebody else did it."""

    item: int
    action: str
    by: Party
    values: Mapping[str, Any]
    vote: Literal["for", "against"] | None = None
    behalf: Party | None = None


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """An item ended without having been done, because the issue moved on."""

    item: int
    reason: EndReason


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
class TimerHeld:
    """A timer's moment had come, but it had not fired yet, when its clock stopped: it fires once the clock runs again."""

    timer: int


@dataclass(frozen=True, slots=True)
class Left:
    """A step was left."""

    visit: int


@dataclass(frozen=True, slots=True)
class Acted:
    """Who acted last at a step."""

    step: str
    by: Party


@dataclass(frozen=True, slots=True)
class Voted:
    """How an ``each`` step ended: how many took each action, and how many were asked (``all``)."""

    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """Somebody promised something by a day."""

    promise: Promise


@dataclass(frozen=True, slots=True)
class PromiseEnded:
    """A promise was kept, or broken."""

    promise: int
    status: Literal["kept", "broken"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class SupervisorNamed:
    """These parties see and hear of every step from now on."""

    parties: tuple[Party, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FollowersJoined:
    """These parties are told what the reporter is told."""

    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """Another issue has to do with this one."""

    link: Link


@dataclass(frozen=True, slots=True)
class Urged:
    """A party urged those who have the tasks."""

    by: Party
    at: datetime


@dataclass(frozen=True, slots=True)
class Suspended:
    """The issue stands still."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The issue goes on."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A closed issue is open again."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The issue is closed."""

    resolution: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Migrated:
    """The issue goes on by another version (by their numbers) of its definition: what is named otherwise there, by old name.

    ``fields`` lists only those whose name changes; ``limits`` are the clocks that the new version does not have.
    """

    before: int
    after: int
    steps: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()


Change = (
    Opened
    | Filled
    | RoleGiven
    | MadeAnswerable
    | Counted
    | GuardFailed
    | Entered
    | VisitChanged
    | BranchJoined
    | ItemOpened
    | ItemClaimed
    | ItemWidened
    | ItemGiven
    | ItemDelegated
    | ItemOffered
    | ItemTurn
    | ItemDue
    | LimitChanged
    | DeadlineMoved
    | Shelved
    | Unheard
    | ItemDone
    | ItemEnded
    | TimerSet
    | TimerFired
    | TimerEnded
    | TimerHeld
    | Left
    | Acted
    | Voted
    | PromiseMade
    | PromiseEnded
    | SupervisorNamed
    | FollowersJoined
    | Linked
    | Urged
    | Suspended
    | Resumed
    | Reopened
    | Closed
    | Migrated
)
