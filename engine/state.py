"""The state of an issue: a small tree of visits, with the work items and timers that are open in them.

Only what is open is kept, so a state stays small however long the history grows. A *party* is a reference such as ``participant:12`` or
``organisation:5``. Nothing here is changed in place: ``engine.evolve`` makes the next state.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import field

from engine.deadlines.deadline import Deadline
from engine.noun import Noun, Values

Party = str
ItemKind = Literal["task", "question", "consult", "sign", "extension", "shelving"]
TimerPurpose = Literal[
    "remind", "overdue", "wait", "shelved", "promise-remind", "promise-due", "unanswered", "suspended"
]


class Facts(Noun, frozen=True, kw_only=True):
    """What is settled when an issue is opened; its station alone can be another one later. ``parent`` is the issue (a reference) that called it.

    ``taken_by`` entered it for the reporter, who had told them.
    """

    number: str
    station: int
    reporter: Party
    opened_at: datetime
    station_code: str = ""
    industry: str | None = None
    channel: str = "web"
    parent: str | None = None
    taken_by: Party | None = None


class Visit(Noun, frozen=True, kw_only=True):
    """One stay in a step, with its deadline (of a wait: its end).

    ``origin`` is the waiting step from which the issue came. ``joined`` counts those of the ``branches`` of a parallel step that have ended.
    ``paused_at``: its clock stands; ``shelved_until`` (a day): because the matter was laid aside. ``called`` is the issue that a call opened.
    ``incident`` says why an automatic step could not be carried out.
    """

    number: int
    step: str
    entered_at: datetime
    parent: int | None = None
    deadline: Deadline | None = None
    origin: str | None = None
    joined: int = 0
    branches: int = 0
    paused_at: datetime | None = None
    shelved_until: str | None = None
    called: str | None = None
    incident: str | None = None

    @property
    def due_at(self) -> datetime | None:
        """The moment from which it is overdue (UTC)."""
        return self.deadline.due_at if self.deadline else None

    @property
    def due_on(self) -> str | None:
        """The last local day on which it is in time."""
        return self.deadline.due_on if self.deadline else None

    @property
    def provisional(self) -> bool:
        """Whether its deadline needs days that are not announced yet."""
        return self.deadline is not None and self.deadline.provisional


class WorkItem(Noun, frozen=True, kw_only=True):
    """What one person or department is asked to do; ``done`` items stay until their visit is left.

    ``kind``: a ``task`` with actions; a ``question``, ``consult`` or ``sign`` (加签) with a free answer to item ``about``, asked in ``text`` by
    ``asker`` (a question that has ``lapsed`` no longer holds the clock); or an ``extension`` (延期) or ``shelving`` (挂账), of the length or until
    the day in ``wish``, to be allowed. ``deadline``: one of its own, beside the visit's.
    ``weight``: what its vote weighs, as a decimal.
    ``delegate`` may act on behalf of those responsible; ``offered`` is who was asked to take the item over. ``waiting``: its turn has not come.
    ``row``: which row of the step's table it is about, from 1.
    """

    number: int
    visit: int
    step: str
    role: str
    candidates: tuple[Party, ...]
    owner: Party | None = None
    done: bool = False
    kind: ItemKind = "task"
    about: int | None = None
    text: str | None = None
    asker: Party | None = None
    delegate: Party | None = None
    offered: Party | None = None
    waiting: bool = False
    vote: Literal["for", "against"] | None = None
    action: str | None = None
    deadline: Deadline | None = None
    wish: str | None = None
    weight: str | None = None
    lapsed: bool = False
    row: int | None = None

    @property
    def holds_the_clock(self) -> bool:
        """Whether the clock of its task stands for it."""
        return self.kind == "question" and not self.done and not self.lapsed

    @property
    def runs_alone(self) -> bool:
        """Whether its own clock runs while that of its visit stands."""
        return self.kind == "question" and self.deadline is not None

    @property
    def due_at(self) -> datetime | None:
        """The moment from which it is overdue (UTC), if it has a deadline of its own."""
        return self.deadline.due_at if self.deadline else None

    @property
    def due_on(self) -> str | None:
        """The last local day of its own deadline."""
        return self.deadline.due_on if self.deadline else None


class LimitClock(Noun, frozen=True, kw_only=True):
    """The clock of the issue or of one of its stages; ``paused_at``: it stands since then."""

    deadline: Deadline
    paused_at: datetime | None = None


class StoppedClock(Noun, frozen=True, kw_only=True):
    """The deadline of a step that was left and will go on when the issue comes back; it stands ``since`` then."""

    deadline: Deadline
    since: datetime


class Timer(Noun, frozen=True, kw_only=True):
    """A moment at which the clock itself acts: on a visit (and one item of it), or, with ``visit`` 0, on a promise or a limit.

    ``index``: which of the reminders, or which rung of the ladder; ``times``: how often this reminder was repeated.
    """

    number: int
    visit: int
    purpose: TimerPurpose
    due_at: datetime
    item: int | None = None
    promise: int | None = None
    limit: str | None = None
    index: int = 0
    times: int = 0


class Pending(Noun, frozen=True, kw_only=True):
    """What came to a visit while the issue was suspended, and is taken over when it goes on.

    The message ``name``; or (no name) what became of a request or a called issue: ``failed`` says why it could not be done.
    """

    visit: int
    name: str = ""
    values: Values = field(default_factory=dict)
    failed: str | None = None


class Promise(Noun, frozen=True, kw_only=True):
    """What somebody said that they will do by a day; ``broken`` ones can still be kept, late."""

    number: int
    by: Party
    role: str
    what: str
    due_on: str
    status: Literal["open", "kept", "broken"] = "open"


class Link(Noun, frozen=True, kw_only=True):
    """Another issue (a reference) that has to do with this one: ``related``, ``child``, ``parent``, ``started``, ``merged``, ``split`` …"""

    kind: str
    issue: str


class Booking(Noun, frozen=True, kw_only=True):
    """A part of a ``resource`` that is held for an issue: of which one (``unit``, as its field holds it), from when, until when (not included)."""

    resource: str
    unit: str
    begins: datetime
    ends: datetime


class State(Noun, frozen=True, kw_only=True):
    """Everything that decides what can happen next to one issue; ``version`` counts the events so far.

    ``answerable`` answers for the issue to the end, whoever holds the role later. ``rungs`` are the levels of handed-up roles,
    ``relay`` those who held them, in order. ``limits``: the clocks of the issue and its stages;
    ``stopped``: those of steps that were left, and go on when the issue comes back, ``stopped_parts``: those of parts of them, by whose they are;
    ``pending``: what came while the issue was suspended;
    ``held``: timers that had not fired yet when their clock stopped, though their moment had come. ``acted``: who acted last at a step; ``hands``:
    all who did, and those for whom they did it.
    ``votes``: the count by action of the last ``each`` step that was left, ``weights`` what they weighed, where votes have a weight.
    ``bookings``: at most one of each resource.
    """

    version: int = 0
    last_number: int = 0
    status: Literal["new", "open", "closed"] = "new"
    suspended: bool = False
    resolution: str | None = None
    facts: Facts | None = None
    data: Values = field(default_factory=dict)
    roles: Mapping[str, tuple[Party, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    visits: tuple[Visit, ...] = ()
    items: tuple[WorkItem, ...] = ()
    timers: tuple[Timer, ...] = ()
    answerable: Party | None = None
    rungs: Mapping[str, str] = field(default_factory=dict)
    relay: Mapping[str, tuple[Party, ...]] = field(default_factory=dict)
    acted: Mapping[str, Party] = field(default_factory=dict)
    hands: Mapping[str, tuple[Party, ...]] = field(default_factory=dict)
    votes: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
    supervisors: tuple[Party, ...] = ()
    followers: tuple[Party, ...] = ()
    links: tuple[Link, ...] = ()
    urged: Mapping[str, datetime] = field(default_factory=dict)
    limits: Mapping[str, LimitClock] = field(default_factory=dict)
    held: tuple[Timer, ...] = ()
    closed_at: datetime | None = None
    stopped: Mapping[str, StoppedClock] = field(default_factory=dict)
    pending: tuple[Pending, ...] = ()
    bookings: tuple[Booking, ...] = ()
    stopped_parts: Mapping[str, Mapping[str, StoppedClock]] = field(default_factory=dict)

    @property
    def survivor(self) -> Party | None:
        """The issue that goes on in the place of this one, if it was merged."""
        merged = (link.issue for link in reversed(self.links) if link.kind == "merged")
        return next(merged, None) if self.status == "closed" else None

    def visit(self, number: int | None) -> Visit | None:
        """The open visit of this number."""
        for visit in self.visits:
            if visit.number == number:
                return visit
        return None

    def item(self, number: int | None) -> WorkItem | None:
        """The work item of this number, if its visit is still open."""
        for item in self.items:
            if item.number == number:
                return item
        return None

    def timer(self, number: int) -> Timer | None:
        """The timer of this number, if it has neither fired nor ended."""
        for timer in self.timers:
            if timer.number == number:
                return timer
        return None

    def open_items(self, visit: int) -> tuple[WorkItem, ...]:
        """The items of a visit that nobody has finished."""
        return tuple([item for item in self.items if item.visit == visit and not item.done])

    def children(self, visit: int) -> tuple[Visit, ...]:
        """The visits of the branches of a parallel step's visit."""
        return tuple([child for child in self.visits if child.parent == visit])
