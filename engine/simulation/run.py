"""Simulation: thousands of issues through a definition on the virtual clock, with people who do one task after the other in working hours.

The kernel decides all of it, as in production; what is made up here is only what people bring: when issues come, how long work takes, what is
entered and chosen. The same assumptions and seed give the same result.
"""

from __future__ import annotations

import heapq
import math
import random
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from msgspec.structs import replace

from definitions.forms import form
from definitions.model.duration import USUAL, Duration, Unit
from definitions.model.field import Field
from definitions.model.reference import participant
from definitions.model.role import REPORTER
from definitions.model.step import OutsideStep, WaitingStep
from definitions.model.steps.receive import ReceiveStep
from definitions.trials.assumptions import Assumptions, Work
from engine import event as e
from engine.available import available, up_to_date
from engine.books.memory import MemoryBooks
from engine.books.sum import takes_of_others
from engine.change import Entered, Left
from engine.deadlines import working_time
from engine.directory import Actor
from engine.due import due, next_moment
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Occupied, Refusal
from engine.rules.uniqueness import taken
from engine.simulation.answers import DrawnAnswers
from engine.simulation.figures import Case, Figures, Journal, Replicate
from engine.simulation.office import OFFICE_DAY, WORKING, Office, Worker
from engine.simulation.patience import waited
from engine.start import Opening, start
from engine.state import Facts, State, Visit, WorkItem
from engine.transition import transition

_CALENDAR: Mapping[Unit, timedelta] = USUAL
#: So long after the last issue was opened, whatever is still open counts as open.
_PATIENCE = timedelta(days=730)
#: So many of the events of one issue, and it goes round in circles.
_MOST_EVENTS = 500
Progress = Callable[[int], None]


def no_progress(opened: int) -> None:
    """Nobody looks on."""


def simulate(
    process: Process, assumptions: Assumptions, issues: int, seed: int, progress: Progress = no_progress
) -> Figures:
    """Let so many issues come and go; ``progress`` hears now and then how many were opened."""
    return Figures.of([replicate(process, assumptions, issues, seed, progress)], process.calendar)


def replicate(
    process: Process, assumptions: Assumptions, issues: int, seed: int, progress: Progress = no_progress
) -> Replicate:
    """One run, from an empty office on, as ``Figures.of`` puts several together."""
    return _Run(process, assumptions, issues, seed, progress).run()


@dataclass(slots=True, eq=False)
class _Issue:
    """One issue on its way.

    ``shares``: how it waits at steps, as one that was seen did; ``wakes_at``: when it was last put down to be woken by its timers.
    """

    case: Case
    state: State
    reporter: Actor
    shares: Mapping[str, float] = field(default_factory=dict)
    wakes_at: datetime | None = None
    given: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)


class _Run:
    """The queue of what happens next, and whoever does it."""

    def __init__(
        self, process: Process, assumed: Assumptions, issues: int, seed: int, progress: Callable[[int], None]
    ) -> None:
        self._process = process
        self._assumed = assumed
        self._wanted = issues
        self._progress = progress
        self._chance = random.Random(seed)
        self._office = Office(assumed)
        self._books = MemoryBooks()
        self._remembers = takes_of_others(process.definition)
        self._answers = DrawnAnswers(self._chance, assumed.values, self._office.departments)
        self._issues: dict[int, _Issue] = {}
        self._course = Journal()
        self._heap: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self._tie = 0
        self._now = datetime.combine(date.fromisoformat(assumed.begins), time(0), process.calendar.zone).astimezone(UTC)
        self._begun = self._now

    def run(self) -> Replicate:
        """Take what happens next, until nothing does; what came of it."""
        self._later(self._next_arrival(), self._open, 1)
        end: datetime | None = None
        while self._heap:
            self._now, _, what, arguments = heapq.heappop(self._heap)
            if end is not None and self._now > end:
                break
            what(*arguments)
            if end is None and len(self._course.cases) == self._wanted:
                end = self._now + _PATIENCE
        for issue in self._issues.values():
            self._note_stuck(issue.case, "、".join(visit.step for visit in issue.state.visits), "still open at the end")
        return Replicate(self._course, self._office.by_role(), self._begun, self._now)

    def _later(self, moment: datetime, what: Callable[..., None], *arguments: Any) -> None:
        self._tie += 1
        heapq.heappush(self._heap, (moment, self._tie, what, arguments))

    def _next_arrival(self) -> datetime:
        """Issues come in working hours, as many a working day as assumed."""
        gap = self._chance.expovariate(self._assumed.per_day) * OFFICE_DAY
        return working_time.later(self._now, gap, self._process.calendar)

    def _open(self, number: int) -> None:
        if number < self._wanted:
            self._later(self._next_arrival(), self._open, number + 1)
        reporter = participant(1_000_000 + number)
        self._office.books = self._books.beside(number)
        facts = Facts(number="", station=1, station_code="S", reporter=reporter, opened_at=self._now)
        opening = Opening(
            station=facts.station,
            station_code=facts.station_code,
            reporter=reporter,
            sequence=number,
            values=self._filled(self._process.definition.entered, State(facts=facts), required=False),
        )
        case = Case(opened_at=self._now)
        self._course.cases.append(case)
        try:
            outcome = start(self._process, opening, self._now, self._office)
        except Refusal as refusal:
            return self._note_stuck(case, "opening", _why(refusal))
        shares = self._chance.choice(self._assumed.courses) if self._assumed.courses else {}
        issue = _Issue(case, outcome.state, Actor(reporter, frozenset({reporter})), shares)
        self._issues[number] = issue
        self._follow(number, issue, outcome)
        if number % 1000 == 0:
            self._progress(number)

    def _filled(self, fields: Mapping[str, Field], state: State, *, required: bool) -> dict[str, Any]:
        """A form as somebody fills it in who is told what is wrong."""
        people, process = self._office, self._process
        data = {**process.definition.blank, **state.data} if state.data else {}

        def wrong(values: Mapping[str, Any]) -> Iterable[str]:
            errors = form.check(
                fields, values, required=required, known=people.known, resolve=people.resolve, data=data
            ).errors
            after = replace(state, data={**state.data, **values})
            return {*errors, *(one.field for one in taken(process, state, after, people.books))}

        return self._answers.right(fields, self._local(), wrong)

    def _local(self) -> datetime:
        return self._now.astimezone(self._process.calendar.zone)

    def _follow(self, number: int, issue: _Issue, outcome: Outcome) -> None:
        """What an event leads to: notes of steps entered and left, tasks handed to people, clocks, answers from outside."""
        issue.state = state = outcome.state
        if self._remembers:
            self._books.learn(number, self._process, state, outcome.changes)
        self._course.events += 1
        issue.case.events += 1
        self._note(issue, outcome)
        if state.status == "closed":
            issue.case.closed_at, issue.case.resolution = self._now, state.resolution
            # promises may still be chased; the simulation is about the issue
            del self._issues[number]
            return
        if issue.case.events > _MOST_EVENTS:
            self._give_up(number, issue, "circles", "the issue goes round in circles")
            return
        for item in state.items:
            if not item.done and not item.waiting and item.number not in issue.given:
                issue.given.add(item.number)
                self._hand(number, issue, item)
        for visit in state.visits:
            if visit.number not in issue.asked:
                issue.asked.add(visit.number)
                self._outside(number, visit)
        wakes = next_moment(state)
        if wakes is not None and wakes != issue.wakes_at:
            issue.wakes_at = wakes
            self._later(wakes, self._wake, number)

    def _note(self, issue: _Issue, outcome: Outcome) -> None:
        for change in outcome.changes:
            if type(change) is Entered:
                issue.case.inside[change.visit.number] = (change.visit.step, self._now)
                self._course.steps[change.visit.step].entered += 1
            elif type(change) is Left and change.visit in issue.case.inside:
                step, since = issue.case.inside.pop(change.visit)
                self._course.steps[step].days.append((self._now - since) / timedelta(days=1))

    def _hand(self, number: int, issue: _Issue, item: WorkItem) -> None:
        """Give a task to whoever of its candidates has least in hand; citizens do theirs when they like."""
        workers = [worker for party in item.candidates for worker in self._office.working_for(party)]
        if not workers:
            work = self._assumed.work(item.step, REPORTER)
            at = self._begun_at(issue, item.step, work, in_office=False) + self._drawn(
                work.takes, work.varies, _CALENDAR
            )
            self._later(at, self._do, number, item.number, issue.reporter)
            return
        worker = min(workers, key=lambda one: one.load)
        worker.given_at = self._now
        begun = self._begun_at(issue, item.step, self._assumed.work(item.step, item.role), in_office=True)
        self._later(begun, self._queue, worker, number, item.number)

    def _begun_at(self, issue: _Issue, step: str, work: Work, *, in_office: bool) -> datetime:
        """When somebody would begin who has nothing else to do."""
        if work.waits:
            length = timedelta(minutes=waited(work.waits, self._share(issue, step)))
            return working_time.later(self._now, length, self._process.calendar) if in_office else self._now + length
        if work.begins_after is None:
            return self._now
        return self._now + self._drawn(work.begins_after, work.varies, _CALENDAR)

    def _share(self, issue: _Issue, step: str) -> float:
        """How long an issue waits at a step among all that waited there: as the one did that it is like, there or else on the whole."""
        shares = issue.shares
        return shares.get(step, statistics.median(shares.values())) if shares else self._chance.random()

    def _taken(self, work: Work) -> timedelta:
        """The working time that a task takes."""
        if work.works:
            return timedelta(minutes=waited(work.works, self._chance.random()))
        return self._drawn(work.takes, work.varies, WORKING)

    def _drawn(self, length: Duration, varies: float, units: Mapping[Unit, timedelta]) -> timedelta:
        """A length drawn around its median."""
        usual = length.amount * units[length.unit]
        return usual * math.exp(self._chance.gauss(0, varies)) if varies else usual

    def _queue(self, worker: Worker, number: int, item: int) -> None:
        worker.queue.append((number, item))
        worker.longest = max(worker.longest, len(worker.queue))
        self._begin(worker)

    def _begin(self, worker: Worker) -> None:
        """Let a worker take up the next task that still is one."""
        while worker.queue and not worker.busy:
            number, key = worker.queue.popleft()
            issue = self._issues.get(number)
            item = issue.state.item(key) if issue else None
            if issue is None or item is None or item.done:
                continue
            work = self._assumed.work(item.step, item.role)
            takes = self._taken(work)
            worker.busy = True
            worker.worked += takes
            opened = issue.case.inside.get(item.visit)
            if opened:
                self._course.steps[item.step].waited.append((self._now - opened[1]) / timedelta(hours=1))
            self._later(working_time.later(self._now, takes, self._process.calendar), self._done, worker, number, key)

    def _done(self, worker: Worker, number: int, item: int) -> None:
        worker.busy = False
        self._do(number, item, worker.actor)
        self._begin(worker)

    def _do(self, number: int, key: int, actor: Actor) -> None:
        """Choose an action and take it; whoever may not lets a colleague."""
        issue = self._issues.get(number)
        if issue is None:
            return
        self._office.books = self._books.beside(number)
        state = up_to_date(self._process, issue.state, self._now, self._office)
        found = next((one for one in available(self._process, state, actor, self._now) if one.item.number == key), None)
        if found is None:
            return
        if not found.actions:
            return self._somebody_else(number, issue, found.item, actor)
        step = self._process.definition.steps[found.item.step]
        assert isinstance(step, WaitingStep)
        weights = self._assumed.steps[found.item.step].actions if found.item.step in self._assumed.steps else {}
        left = dict(found.actions)
        while left:
            action = self._answers.weighted(weights, tuple(left))
            values = self._filled(left[action].ask, issue.state, required=True)
            others = {name: one for name, one in left.items() if one.book is None}
            if self._happen(number, issue, e.Act(key, action, values), actor, may_be_taken=bool(others)):
                return
            left = others

    def _somebody_else(self, number: int, issue: _Issue, item: WorkItem, actor: Actor) -> None:
        workers = [
            worker
            for party in item.candidates
            for worker in self._office.working_for(party)
            if worker.actor.party != actor.party and _can(self._process, issue.state, item, worker.actor, self._now)
        ]
        if workers:
            self._queue(min(workers, key=lambda one: one.load), number, item.number)
        # else a deadline may lead on; where none does, the issue is still open at the end

    def _happen(
        self, number: int, issue: _Issue, event: e.Event, actor: Actor | None, *, may_be_taken: bool = False
    ) -> bool:
        """Let an event happen; ``False`` if what it would book is taken, and that was to be expected."""
        self._office.books = self._books.beside(number)
        try:
            outcome = transition(self._process, issue.state, event, self._now, self._office, actor)
        except Refusal as refusal:
            if isinstance(refusal, Occupied) and may_be_taken:
                return False
            if isinstance(event, e.Act):
                step = next((item.step for item in issue.state.items if item.number == event.item), "")
                self._give_up(number, issue, step, _why(refusal))
            return True
        self._follow(number, issue, outcome)
        return True

    def _wake(self, number: int) -> None:
        """Fire what is due of an issue."""
        issue = self._issues.get(number)
        if issue is None:
            return
        issue.wakes_at = None
        ready = due(issue.state, self._now)
        if not ready:
            return self._sleep(number, issue)
        timer = ready[0]
        if timer.purpose == "overdue" and timer.index in (0, -1):
            visit = issue.state.visit(timer.visit)
            issue.case.overdue = True
            if visit is not None:
                self._course.steps[visit.step].overdue += 1
        self._happen(number, issue, e.Fire(timer.number), None)

    def _sleep(self, number: int, issue: _Issue) -> None:
        wakes = next_moment(issue.state)
        if wakes is not None:
            issue.wakes_at = wakes
            self._later(wakes, self._wake, number)

    def _outside(self, number: int, visit: Visit) -> None:
        """Other systems, called issues and messages answer after a while."""
        step = self._process.definition.steps[visit.step]
        if isinstance(step, OutsideStep | ReceiveStep):
            at = self._now + self._drawn(self._assumed.outside, self._assumed.usual.varies, _CALENDAR)
            self._later(at, self._answer, number, visit.number)

    def _answer(self, number: int, key: int) -> None:
        issue = self._issues.get(number)
        visit = issue.state.visit(key) if issue else None
        if issue is None or visit is None:
            return
        step = self._process.definition.steps[visit.step]
        if isinstance(step, ReceiveStep):
            event: e.Event = e.Message(step.receive, self._answers.form(step.ask, self._local()))
        else:
            assert isinstance(step, OutsideStep)
            data = self._process.definition.data
            made = self._answers.form({name: data[name] for name in step.saves if name in data}, self._local())
            event = e.Result(key, values={path: made.get(name) for name, path in step.saves.items()})
        self._happen(number, issue, event, None)

    def _give_up(self, number: int, issue: _Issue, where: str, why: str) -> None:
        self._note_stuck(issue.case, where, why)
        self._issues.pop(number, None)

    def _note_stuck(self, case: Case, where: str, why: str) -> None:
        case.stuck = f"{where}: {why}"
        self._course.stuck[case.stuck] += 1


def _can(process: Process, state: State, item: WorkItem, actor: Actor, now: datetime) -> bool:
    return any(one.item.number == item.number and one.actions for one in available(process, state, actor, now))


def _why(refusal: Refusal) -> str:
    errors = getattr(refusal, "errors", None)
    return "; ".join(f"{name}: {said['en']}" for name, said in errors.items()) if errors else refusal.code
