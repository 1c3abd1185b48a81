"""Changes: the facts that an event leads to. A state is nothing but the changes so far, folded.

They are written to the history, so their names and fields are a format that lives as long as the issues do: add, never rename.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import field

from engine.books.change import Taken
from engine.deadlines.deadline import Deadline
from engine.noun import OfKind, Values
from engine.state import Facts, LimitClock, Link, Party, Pending, Promise, StoppedClock, Timer, Visit, WorkItem

EndReason = Literal[
    "left",
    "overdue",
    "closed",
    "withdrawn",
    "moved",
    "rejected",
    "joined",
    "reassigned",
    "answered",
    "departed",
    "relocated",
]


class Opened(OfKind, frozen=True):
    """The issue exists."""

    facts: Facts


class Filled(OfKind, frozen=True):
    """Fields of the issue got values; those not named keep theirs."""

    values: Values


class RoleGiven(OfKind, frozen=True):
    """A role is held by these parties from now on; ``rung`` is the level of the ladder to which it was handed up."""

    role: str
    parties: tuple[Party, ...]
    rung: str | None = None


class MadeAnswerable(OfKind, frozen=True):
    """This party answers for the issue to the end."""

    party: Party


class Counted(OfKind, frozen=True):
    """An action bounded by ``at most`` was taken, or a waiting step entered, for the n-th time."""

    action: str
    times: int


class GuardFailed(OfKind, frozen=True):
    """A guard could not be evaluated, and counted as not holding; kept so that staff can see why an issue went where it went."""

    step: str
    guard: str
    why: str


class Entered(OfKind, frozen=True):
    """A step was entered."""

    visit: Visit


class VisitChanged(OfKind, frozen=True):
    """A visit has another deadline, or its clock stands or runs again; it replaces the visit of its number."""

    visit: Visit


class BranchJoined(OfKind, frozen=True):
    """Branches of a parallel step have started, or come to their end: so many of so many have ended by now."""

    visit: int
    joined: int
    branches: int


class ItemOpened(OfKind, frozen=True):
    """Somebody is asked to do something."""

    item: WorkItem


class ItemClaimed(OfKind, frozen=True):
    """One of the candidates took the item; ``None`` gives it back."""

    item: int
    owner: Party | None


class ItemWidened(OfKind, frozen=True):
    """More parties may act on an item."""

    item: int
    candidates: tuple[Party, ...]


class ItemGiven(OfKind, frozen=True):
    """An item is somebody else's from now on: handed over or reassigned; claims, offers and delegations end."""

    item: int
    candidates: tuple[Party, ...]


class ItemLeft(OfKind, frozen=True):
    """A party no longer may act on an item, and others still may; their claim ends."""

    item: int
    party: Party


class ItemDelegated(OfKind, frozen=True):
    """Somebody may act on an item on behalf of those responsible; ``None`` takes it back."""

    item: int
    to: Party | None


class ItemOffered(OfKind, frozen=True):
    """Somebody was asked to take an item over; ``None``: the offer has ended."""

    item: int
    to: Party | None


class ItemTurn(OfKind, frozen=True):
    """The turn of an item has come, in a step that asks one after the other."""

    item: int


class ItemDue(OfKind, frozen=True):
    """An item that has a deadline of its own has another."""

    item: int
    deadline: Deadline


class LimitChanged(OfKind, frozen=True):
    """The clock of the issue or a stage has started, stands or runs again, or has another deadline."""

    limit: str
    clock: LimitClock


class ClockStopped(OfKind, frozen=True):
    """A step was left whose deadline goes on when the issue comes back; ``part``: it is the one of this part of it, which was done or left."""

    step: str
    clock: StoppedClock
    part: str | None = None


class DeadlineMoved(OfKind, frozen=True):
    """A deadline has another last day, for people to read: extended, moved by staff, or reckoned again by a new calendar.

    ``target`` is ``visit:3``, ``item:5`` or ``limit:issue``. What it came to is in the change of the visit, item or limit.
    """

    target: str
    why: Literal["extended", "moved", "reckoned"]
    before: str
    after: str
    length: str | None = None


class Shelved(OfKind, frozen=True):
    """A visit was laid aside until a day; ``None``: it was taken up again."""

    visit: int
    day: str | None


class Unheard(OfKind, frozen=True):
    """A reminder or escalation found nobody in the roles to be told, and went to whoever answers for the issue or the office instead."""

    step: str
    roles: tuple[str, ...]


class ItemDone(OfKind, frozen=True):
    """An item was finished by an action; ``values`` are the answers given. ``behalf``: for whom somebody else did it."""

    item: int
    action: str
    by: Party
    values: Values
    vote: Literal["for", "against"] | None = None
    behalf: Party | None = None


class ItemLapsed(OfKind, frozen=True):
    """The time to answer a question is up: the clock of its task runs on."""

    item: int


class ItemEnded(OfKind, frozen=True):
    """An item ended without having been done, because the issue moved on."""

    item: int
    reason: EndReason


class TimerSet(OfKind, frozen=True):
    """The clock will act at a moment."""

    timer: Timer


class TimerFired(OfKind, frozen=True):
    """The clock acted."""

    timer: int


class TimerEnded(OfKind, frozen=True):
    """A timer is no longer needed."""

    timer: int


class TimerHeld(OfKind, frozen=True):
    """A timer's moment had come, but it had not fired yet, when its clock stopped: it fires once the clock runs again."""

    timer: int


class Left(OfKind, frozen=True):
    """A step was left."""

    visit: int


class Acted(OfKind, frozen=True):
    """Who acted last at a step, and for whom if somebody had them do it."""

    step: str
    by: Party
    behalf: Party | None = None


class NobodyLeft(OfKind, frozen=True):
    """All who could have acted in a role at a step may not (``other than``), so that the office has the task."""

    step: str
    role: str


class Voted(OfKind, frozen=True):
    """How an ``each`` step ended: how many took each action, how many took part (``voted``) and were asked (``all``).

    ``weights``: what those ``for`` and ``against``, all who took part and all who were asked weigh, as decimals; empty where votes have no weight.
    """

    votes: Mapping[str, int]
    weights: Mapping[str, str] = field(default_factory=dict)


class PromiseMade(OfKind, frozen=True):
    """Somebody promised something by a day."""

    promise: Promise


class PromiseEnded(OfKind, frozen=True):
    """A promise was kept, or broken."""

    promise: int
    status: Literal["kept", "broken"]
    text: str = ""


class SupervisorNamed(OfKind, frozen=True):
    """These parties see and hear of every step from now on."""

    parties: tuple[Party, ...]
    reason: str = ""


class FollowersJoined(OfKind, frozen=True):
    """These parties are told what the reporter is told."""

    parties: tuple[Party, ...]


class FollowersLeft(OfKind, frozen=True):
    """These parties are told no more what the reporter is told."""

    parties: tuple[Party, ...]


class Linked(OfKind, frozen=True):
    """Another issue has to do with this one."""

    link: Link


class Unlinked(OfKind, frozen=True):
    """Another issue has to do with this one no more in this way."""

    link: Link


class Urged(OfKind, frozen=True):
    """A party urged those who have the tasks."""

    by: Party
    at: datetime


class Suspended(OfKind, frozen=True):
    """The issue stands still."""

    reason: str


class Resumed(OfKind, frozen=True):
    """The issue goes on."""


class PutBy(OfKind, frozen=True):
    """Something came while the issue stands still; it is taken over when the issue goes on."""

    pending: Pending


class Reopened(OfKind, frozen=True):
    """A closed issue is open again."""


class Closed(OfKind, frozen=True):
    """The issue is closed."""

    resolution: str
    at: datetime | None = None


class Relocated(OfKind, frozen=True):
    """The issue is at another station from now on (before: at ``left``); its number stays, and so does whatever it was given there."""

    left: int
    station: int
    code: str = ""
    industry: str | None = None


class Migrated(OfKind, frozen=True):
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
    Opened | Filled | RoleGiven | MadeAnswerable | Counted | GuardFailed | Entered | VisitChanged | BranchJoined |
    ItemOpened | ItemClaimed | ItemWidened | ItemGiven | ItemLeft | ItemDelegated | ItemOffered | ItemTurn |
    ItemDue | LimitChanged | ClockStopped | DeadlineMoved | Shelved | Unheard | NobodyLeft | ItemDone | ItemLapsed
    | ItemEnded | TimerSet | TimerFired | TimerEnded | TimerHeld | Left | Acted | Voted | PromiseMade |
    PromiseEnded | SupervisorNamed | FollowersJoined | FollowersLeft | Linked | Unlinked | Urged | Suspended |
    Resumed | PutBy | Reopened | Closed | Migrated | Relocated | Taken
)  # fmt: skip
