"""What came of a simulation, in figures: how long, how much too late, where issues wait, and how busy people are; with confidence intervals."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from definitions.calendars.calendar import Calendar
from engine.deadlines import working_time
from engine.simulation.office import Worker

#: The first issues find an empty office: so many of them are left out.
WARM_UP = 0.1
#: Issues are taken in so many batches in the order of their opening; what these differ by makes the interval.
BATCHES = 20
#: Student's t for 95 % and 19 degrees of freedom.
_T = 2.093


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


@dataclass(slots=True, eq=False)
class Journal:
    """Everything that a simulation notes on its way."""

    cases: list[Case] = field(default_factory=list)
    steps: defaultdict[str, Passage] = field(default_factory=lambda: defaultdict(Passage))
    stuck: Counter[str] = field(default_factory=Counter)
    events: int = 0


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

    @property
    def hollow(self) -> bool:
        """Whether they say nothing: no issue could be opened, or none was closed."""
        return self.closed == 0

    @staticmethod
    def of(
        course: Journal,
        roles: Mapping[str, Sequence[Worker]],
        begun: datetime,
        ended: datetime,
        calendar: Calendar,
    ) -> Figures:
        """The figures of a course that lasted from one moment to another."""
        settled = course.cases[int(len(course.cases) * WARM_UP) :]
        closed = [case for case in settled if case.closed_at is not None]
        last = max((case.opened_at for case in course.cases), default=ended)
        available = working_time.passed(begun, last, calendar)
        return Figures(
            issues=len(course.cases),
            closed=sum(case.closed_at is not None for case in course.cases),
            events=course.events,
            days_median=_estimate(closed, lambda many: statistics.median(case.days for case in many)),
            days_p90=_estimate(closed, lambda many: _p90([case.days for case in many])),
            overdue=_estimate(settled, lambda many: sum(case.overdue for case in many) / len(many)),
            steps=tuple(_step(step, passage) for step, passage in course.steps.items() if passage.days),
            roles=tuple(_role(role, workers, available) for role, workers in roles.items()),
            resolutions=dict(Counter(case.resolution or "" for case in closed).most_common()),
            stuck=dict(course.stuck.most_common()),
            days=tuple(case.days for case in closed),
        )


def _estimate(cases: Sequence[Case], of: Callable[[Sequence[Case]], float]) -> Estimate:
    if not cases:
        return Estimate(0.0, 0.0, 0.0)
    value, size = of(cases), len(cases) // BATCHES
    if size < 5:
        return Estimate(value, float("nan"), float("nan"))
    batches = [of(cases[n * size : (n + 1) * size]) for n in range(BATCHES)]
    half = _T * statistics.stdev(batches) / BATCHES**0.5
    return Estimate(value, max(0.0, value - half), value + half)


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


def _role(role: str, workers: Sequence[Worker], available: timedelta) -> RoleFigures:
    worked = sum((worker.worked for worker in workers), timedelta())
    share = worked / (available * len(workers)) if available else 0.0
    return RoleFigures(role, len(workers), share, max(worker.longest for worker in workers))
