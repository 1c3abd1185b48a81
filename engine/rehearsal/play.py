"""Rehearsing a definition: its scenarios played on the kernel itself, on a clock that jumps, with made-up people in every role.

Nothing is decided here: each step of a scenario becomes an event, and what the kernel makes of it is compared with what is expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from definitions.model.duration import Duration
from definitions.model.reference import refers_to
from definitions.model.role import REPORTER
from definitions.model.step import WaitingStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.request import RequestStep
from definitions.trials.scenario import Expected, Happening, Scenario
from engine import event as e
from engine.books.memory import MemoryBooks
from engine.due import due
from engine.effect import Tell
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Invalid, Refusal
from engine.rehearsal.cast import Cast
from engine.rehearsal.cue import Cue, due_on, suits
from engine.rehearsal.time import later
from engine.rules.booking import ONLY, moment
from engine.start import Opening, start
from engine.state import Booking, State, WorkItem
from engine.transition import transition

#: The issue of a scenario.
_NUMBER = 1
#: Whoever looks after the issue in a scenario.
STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Where the play and the scenario part: the number of the step (from 1), what was looked at, what was expected, and what there is.

    ``instead``: what the scenario would say there if what happened is what was meant; ``None`` if no other value would make it right.
    """

    step: int
    what: str
    expected: str
    found: str
    instead: Any = None

    def __str__(self) -> str:
        return f"step {self.step}: {self.what}: expected {self.expected}, found {self.found}"


@dataclass
class Rehearsed:
    """How a scenario went: the differences (none: as expected), the steps and actions that it came by, and the steps whose time it let pass."""

    scenario: Scenario
    differences: list[Discrepancy] = field(default_factory=list)
    steps: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)

    @property
    def passed(self) -> bool:
        """Whether everything went as expected."""
        return not self.differences


def rehearse(process: Process, scenario: Scenario) -> Rehearsed:
    """Play a scenario to its end, or to the first step that the kernel refuses."""
    play = _Play(process, scenario)
    play.run()
    return play.rehearsed


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the issue of a scenario has come to: how it went, its state, the moment (UTC), and what a scenario would say of it now (``then``)."""

    rehearsed: Rehearsed
    state: State
    now: datetime
    then: Mapping[str, Any]


def whereabouts(process: Process, scenario: Scenario) -> Whereabouts:
    """Play a scenario that is still being told."""
    play = _Play(process, scenario)
    play.run()
    return Whereabouts(play.rehearsed, play.state, play.now, play.then())


class _Stopped(Exception):
    """The scenario cannot go on."""


class _Play:
    """One scenario on its way."""

    def __init__(self, process: Process, scenario: Scenario) -> None:
        self.process = process
        self.scenario = scenario
        self.rehearsed = Rehearsed(scenario)
        self.books = MemoryBooks(scenario.given.counted, tuple(self._booked()), scenario.given.taken)
        self.cast = Cast(process, self.books.beside(_NUMBER))
        self.now = self._moment(scenario.given.at)
        self.state = State()
        self.told: list[Tell] = []
        self.effects: list[str] = []
        self.number = 0

    def run(self) -> None:
        """Open the issue and take one step after the other."""
        try:
            self._open()
            for number, happening in enumerate(self.scenario.steps, start=1):
                self.number = number
                self._step(happening)
        except _Stopped:
            return

    def then(self) -> dict[str, Any]:
        """What holds now, as a scenario says it."""
        state, told = self.state, dict[str, Sequence[str]]()
        for role in (REPORTER, *self.process.definition.roles):
            parties = self.cast.parties_of(role)
            heard = sorted({tell.occasion for tell in self.told if not parties.isdisjoint(tell.parties)})
            if heard:
                told[role] = heard
        steps = sorted({visit.step for visit in state.visits if not state.children(visit.number)})
        days = {step: due_on(state, step) for step in steps}
        dues = {step: day for step, day in days.items() if day}
        if state.status != "open":
            where: dict[str, Any] = {
                "status": state.status,
                **({"resolution": state.resolution} if state.resolution else {}),
            }
        else:
            where = {"step": steps[0] if len(steps) == 1 else steps, **({"due": dues} if dues else {})}
        return {**where, **({"told": told} if told else {})}

    def _booked(self) -> Iterator[Booking]:
        for one in self.scenario.given.booked:
            begins, ends = (
                moment(day, self.process.calendar, after=last)
                for day, last in ((one.from_, False), (one.to or one.from_, True))
            )
            yield Booking(resource=one.of, unit=one.which or ONLY, begins=begins, ends=ends)

    def _moment(self, text: str) -> datetime:
        local = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=self.process.calendar.zone)
        return local.astimezone(UTC)

    def _open(self) -> None:
        given = self.scenario.given
        for name in given.taken:
            if name not in self.process.definition.unique:
                self._differs(f"taken.{name}", "不能重复的字段 a field with “unique”", name)
                raise _Stopped
        opening = Opening(
            station=1,
            station_code=given.station,
            reporter=self.cast.party(REPORTER),
            sequence=1,
            values=self.cast.answers(given.form),
        )
        try:
            outcome = start(self.process, opening, self.now, self.cast.directory)
        except Refusal as refusal:
            if given.refused is None:
                self._differs("opening", "能登记 an issue", _why(refusal))
            elif given.refused not in (refusal.code, "yes"):
                self._differs("opening", f"不予登记 refused: {given.refused}", refusal.code)
            raise _Stopped from refusal
        if given.refused is not None:
            self._differs("opening", f"不予登记 refused: {given.refused}", "已登记 an issue")
            raise _Stopped
        self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        self.state = outcome.state
        self.books.learn(_NUMBER, self.process, outcome.state, outcome.changes)
        self.cast.meet(outcome)
        self.told += [effect for effect in outcome.effects if isinstance(effect, Tell)]
        self.effects += [effect.kind for effect in outcome.effects]
        self.rehearsed.steps |= self.cast.entered(outcome)

    def _step(self, happening: Happening) -> None:
        if happening.then is not None:
            self._compare(happening.then)
        elif happening.after is not None:
            self._pass_time(happening.after)
        else:
            self._happen(happening)

    def _happen(self, happening: Happening) -> None:
        try:
            event, actor = self._event(happening)
            outcome = transition(self.process, self.state, event, self.now, self.cast.directory, actor)
        except Refusal as refusal:
            if happening.refused is None:
                self._differs(happening.do or "event", "可以办理 to be possible", _why(refusal))
                raise _Stopped from refusal
            if happening.refused not in (refusal.code, "yes"):
                self._differs(happening.do or "event", f"不予办理 refused: {happening.refused}", refusal.code)
            return
        if happening.refused is not None:
            self._differs(happening.do or "event", f"不予办理 refused: {happening.refused}", "已办理 done")
        if isinstance(event, e.Act | e.AskExtension | e.AskShelving):
            item = self.state.item(event.item)
            action = event.action if isinstance(event, e.Act) else happening.do
            self.rehearsed.actions.add(f"{item.step if item else ''}.{action}")
        self._take(outcome)

    def _event(self, happening: Happening) -> tuple[e.Event, Any]:
        if happening.message is not None:
            return e.Message(happening.message, self.cast.answers(happening.with_)), None
        if happening.result is not None:
            visit = self._visit(RequestStep)
            failed = None if happening.result == "ok" else happening.result
            return e.Result(visit, values=dict(happening.with_), failed=failed), None
        if happening.child is not None:
            return e.Result(self._visit(CallStep), values={**happening.with_, "resolution": happening.child}), None
        return self._deed(happening)

    def _visit(self, kind: type) -> int:
        for visit in self.state.visits:
            if isinstance(self.process.definition.steps[visit.step], kind):
                return visit.number
        self._differs(
            "event", f"步骤种类 a step of the kind {kind.__name__}", ", ".join(v.step for v in self.state.visits)
        )
        raise _Stopped

    def _deed(self, happening: Happening) -> tuple[e.Event, Any]:
        role, do, answers = happening.by or "", happening.do or "", self.cast.answers(happening.with_)
        item = self._item(role, do)
        actor = self.cast.actor(role, item)
        if item is not None and item.kind == "task" and do in self._actions(item):
            return e.Act(item.number, do, answers), actor
        if do in self.process.definition.options:
            return e.TakeOption(do, answers), actor
        to = self.cast.somebody(happening.to) if happening.to else ""
        event = Cue(do, self.state, item, to, happening.to or "", answers).event
        if event is None and item is None:
            self._differs(do, f"在办任务 an open task of {role}", self._open_tasks())
            raise _Stopped
        if event is None:
            self._differs(
                do, f"可办理的有 an action: {', '.join(self._actions(item))}" if item else "能办的事 a deed", do
            )
            raise _Stopped
        return event, actor

    def _actions(self, item: WorkItem) -> Sequence[str]:
        step = self.process.definition.steps[item.step]
        return list(step.offered(item.role)) if isinstance(step, WaitingStep) else ()

    def _item(self, role: str, do: str) -> WorkItem | None:
        """The open item that a deed is about: of this role (for staff: any), one that has the action before one that has not."""
        parties = self.cast.parties_of(role)
        mine = [
            item
            for item in self.state.items
            if not item.done
            and not item.waiting
            and (
                role == STAFF
                or item.role == role
                or not parties.isdisjoint((*item.candidates, item.offered, item.delegate))
            )
        ]
        fitting = [item for item in mine if (item.kind == "task" and do in self._actions(item)) or suits(item, do)]
        return next(iter(fitting or mine), None)

    def _open_tasks(self) -> str:
        return ", ".join(f"{item.step} ({item.role})" for item in self.state.items if not item.done) or "无 none"

    def _pass_time(self, length: Duration) -> None:
        until = later(self.now, length, self.process.calendar)
        for _ in range(1_000):
            ready = due(self.state, until)
            if not ready:
                break
            self.now = max(self.now, ready[0].due_at)
            visit = self.state.visit(ready[0].visit) if ready[0].purpose == "overdue" else None
            if visit is not None:
                self.rehearsed.late.add(visit.step)
            self._take(transition(self.process, self.state, e.Fire(ready[0].number), self.now, self.cast.directory))
        self.now = until

    def _compare(self, expected: Expected) -> None:
        state = self.state
        if expected.step is not None:
            steps = sorted(v.step for v in state.visits if not state.children(v.number))
            self._same("step", sorted(expected.step), steps)
        if expected.status is not None:
            self._same("status", expected.status, "suspended" if state.suspended else state.status)
        if expected.resolution is not None:
            self._same("resolution", expected.resolution, state.resolution)
        if isinstance(expected.due, Mapping):
            for name, day in expected.due.items():
                self._same(f"due.{name}", day, due_on(state, name))
        elif expected.due is not None:
            dues = {v.due_on for v in state.visits if v.due_on} | {i.due_on for i in state.items if i.due_on}
            if expected.due not in dues:
                instead = next(iter(dues)) if len(dues) == 1 else None
                self._differs("due", expected.due, ", ".join(sorted(dues)) or "None", instead)
        for name, value in self.cast.answers(expected.data).items():
            self._same(f"data.{name}", value, _plain(state.data.get(name)))
        for role, rung in expected.rung.items():
            self._same(f"rung.{role}", rung, state.rungs.get(role))
        for status, count in expected.promises.items():
            self._same(f"promises.{status}", count, sum(p.status == status for p in state.promises))
        if expected.answerable is not None and state.answerable not in self.cast.parties_of(expected.answerable):
            self._differs("answerable", expected.answerable, str(state.answerable))
        if expected.effects is not None:
            self._same("effects", sorted(expected.effects), sorted(one for one in set(self.effects) if one != "tell"))
        self._compare_told(expected.told)
        self.told, self.effects = [], []

    def _compare_told(self, told: Mapping[str, Iterable[str]]) -> None:
        for role, occasions in told.items():
            parties = self.cast.parties_of(role)
            heard = {tell.occasion for tell in self.told if not parties.isdisjoint(tell.parties)}
            self._same(f"told.{role}", sorted(set(occasions)), sorted(heard))

    def _same(self, what: str, expected: Any, found: Any) -> None:
        if _plain(expected) != _plain(found):
            self._differs(what, str(_plain(expected)), str(_plain(found)), _sayable(_plain(found)))

    def _differs(self, what: str, expected: str, found: str, instead: Any = None) -> None:
        self.rehearsed.differences.append(Discrepancy(self.number, what, expected, found, instead))


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _sayable(value: Any) -> Any:
    """A value as a scenario may say it; ``None`` for people and departments, who have other names there, and for what is not there."""
    if isinstance(value, list):
        said = [_sayable(one) for one in value]
        return None if None in said else said
    party = isinstance(value, str) and (refers_to(value, "participant") or refers_to(value, "organisation"))
    return value if isinstance(value, str | int | float) and not party else None


def _why(refusal: Refusal) -> str:
    if isinstance(refusal, Invalid):
        return "; ".join(f"{name}: {message['zh']} {message['en']}" for name, message in refusal.errors.items())
    return f"{refusal.message['zh']} {refusal.message['en']}"
