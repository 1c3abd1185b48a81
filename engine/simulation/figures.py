"""What came of a simulation, in figures: how long, how much too late, where issues wait, and how busy people are; with confidence intervals."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from definitions.calendars.calendar import Calendar
from engine.deadlines import working_time
from engine.simulation.office import Worker

#: The first issues find an empty office: so many of them are left out.
WARM_UP = 0.1
#: Issues are taken in so many batches in the order of their opening; what these differ by makes the interval.
BATCHES = 20
#: Student's t for 95 %, by degrees of freedom; beyond the last it is hardly less.
_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093),
)


@dataclass(slots=True, eq=False)
class Case:
    """One issue: when it came and went, how, and whether anything of it was late; ``inside``: where it is, since when."""

    opened_at: datetime
    closed_at: datetime | None = None
    resolution: str | None = None
    overdue: bool = False
    stuck: str | None = None
    events: int = 0
    inside: dict[int, tuple[str, datetime]] = field(default_factory=dict)

    @property
    def days(self) -> float:
        """From opening to closure, in days of the calendar."""
        assert self.closed_at is not None
        return (self.closed_at - self.opened_at) / timedelta(days=1)


@dataclass(slots=True, eq=False)
class Passage:
    """What happened at one step: how often it was entered and late; the days from entering to leaving, the hours until work began."""

    entered: int = 0
    overdue: int = 0
    days: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def add(self, other: Passage) -> None:
        """Count what happened at the step in another run too."""
        self.entered += other.entered
        self.overdue += other.overdue
        self.days += other.days
        self.waited += other.waited


@dataclass(slots=True, eq=False)
class Journal:
    """Everything that a simulation notes on its way."""

    cases: list[Case] = field(default_factory=list)
    steps: defaultdict[str, Passage] = field(default_factory=lambda: defaultdict(Passage))
    stuck: Counter[str] = field(default_factory=Counter)
    events: int = 0


@dataclass(slots=True, eq=False)
class Replicate:
    """One run: what it noted, the people behind each role, and the moments between which it lasted."""

    journal: Journal
    roles: Mapping[str, Sequence[Worker]]
    begun: datetime
    ended: datetime

    @property
    def settled(self) -> list[Case]:
        """Its issues without the first, which find an empty office."""
        return self.journal.cases[int(len(self.journal.cases) * WARM_UP) :]

    def available(self, calendar: Calendar) -> timedelta:
        """The working time of one person while issues came."""
        last = max((case.opened_at for case in self.journal.cases), default=self.ended)
        return working_time.passed(self.begun, last, calendar)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step: the days that issues are there, the median hours until work begins, and the share of its visits that were late."""

    step: str
    entered: int
    days_median: float
    days_p90: float
    hours_waited: float
    overdue: float


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """Those behind a role: how many, what share of their working time they work, and the longest queue before one of them."""

    role: str
    people: int
    busy: float
    longest_queue: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The result; ``days`` lists all times from opening to closure, in order of opening, for pictures."""

    issues: int
    closed: int
    events: int
    days_median: Estimate
    days_p90: Estimate
    overdue: Estimate
    steps: tuple[StepFigures, ...]
    roles: tuple[RoleFigures, ...]
    resolutions: Mapping[str, int]
    stuck: Mapping[str, int]
    days: tuple[float, ...] = ()
    #: In so many runs.
    replicates: int = 1

    @property
    def hollow(self) -> bool:
        """Whether they say nothing: no issue could be opened, or none was closed."""
        return self.closed == 0

    @staticmethod
    def of(replicates: Sequence[Replicate], calendar: Calendar) -> Figures:
        """The figures of runs of the same process. Of several their difference makes the intervals, of one that of its batches."""
        journals = [one.journal for one in replicates]
        settled = [one.settled for one in replicates]
        closed = [[case for case in cases if case.closed_at is not None] for cases in settled]
        closed_all = [case for cases in closed for case in cases]
        stuck, passages = Counter[str](), defaultdict[str, Passage](Passage)
        for journal in journals:
            stuck += journal.stuck
            for step, passage in journal.steps.items():
                passages[step].add(passage)
        return Figures(
            issues=sum(len(journal.cases) for journal in journals),
            closed=sum(case.closed_at is not None for journal in journals for case in journal.cases),
            events=sum(journal.events for journal in journals),
            days_median=_estimate(closed, lambda many: statistics.median(case.days for case in many)),
            days_p90=_estimate(closed, lambda many: _p90([case.days for case in many])),
            overdue=_estimate(settled, lambda many: sum(case.overdue for case in many) / len(many)),
            steps=tuple(_step(step, passage) for step, passage in passages.items() if passage.days),
            roles=tuple(
                _role(role, replicates, calendar) for role in dict.fromkeys(chain(*(one.roles for one in replicates)))
            ),
            resolutions=dict(Counter(case.resolution or "" for case in closed_all).most_common()),
            stuck=dict(stuck.most_common()),
            days=tuple(case.days for case in closed_all),
            replicates=len(replicates),
        )


def _estimate(runs: Sequence[Sequence[Case]], of: Callable[[Sequence[Case]], float]) -> Estimate:
    cases = [case for run in runs for case in run]
    if not cases:
        return Estimate(0.0, 0.0, 0.0)
    value, size = of(cases), len(cases) // BATCHES
    batches = runs if len(runs) > 1 else [cases[n * size : (n + 1) * size] for n in range(BATCHES)]
    if min(map(len, batches)) < 5:
        return Estimate(value, float("nan"), float("nan"))
    half = _t(len(batches)) * statistics.stdev(map(of, batches)) / len(batches) ** 0.5
    return Estimate(value, max(0.0, value - half), value + half)


def _t(values: int) -> float:
    """Student's t for the mean of so many values."""
    return _T[min(values - 1, len(_T)) - 1]


def _p90(values: list[float]) -> float:
    return statistics.quantiles(values, n=10)[-1] if len(values) > 1 else values[0]


def _step(step: str, passage: Passage) -> StepFigures:
    return StepFigures(
        step=step,
        entered=passage.entered,
        days_median=statistics.median(passage.days),
        days_p90=_p90(passage.days),
        hours_waited=statistics.median(passage.waited) if passage.waited else 0.0,
        overdue=passage.overdue / passage.entered,
    )


def _role(role: str, replicates: Sequence[Replicate], calendar: Calendar) -> RoleFigures:
    found = [one.roles.get(role, ()) for one in replicates]
    workers, people = [*chain(*found)], max(map(len, found))
    worked = sum((worker.worked for worker in workers), timedelta())
    available = sum((one.available(calendar) for one in replicates), timedelta()) * people
    return RoleFigures(role, people, worked / available if available else 0.0, max(one.longest for one in workers))
