"""Replay: what has happened to an issue, decided again by another version of its definition, up to where the two part.

People's deeds are taken as they were; time passes as it did, but the clock rings as the new version says. Whoever held a role then holds it
again. Where the new version leads elsewhere, or refuses, the replay of that issue ends: what people would have done there nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Literal

from msgspec.structs import replace

from definitions.model.field import Field
from definitions.model.reference import Reference, reference
from definitions.model.steps.parallel import ParallelStep
from engine import event as e
from engine.change import Change, Entered, Filled, Opened
from engine.deeds.registry import BY_EVENT
from engine.directory import Actor
from engine.due import due
from engine.evolve import EMPTY, apply
from engine.noun import Value, Values
from engine.process import Process
from engine.refusal import NotAllowed, Refusal
from engine.replay.names import Names, Recorded, names_in
from engine.replay.people import Recalled
from engine.start import Opening, start
from engine.state import Party, State, Timer, WorkItem
from engine.transition import transition

#: ``elsewhere``: it led to other steps; ``refused``: it would not have been possible; ``clock``: the clock had led elsewhere before;
#: ``no-task``: nobody had that task there; ``opening``: it would not have been opened.
Why = Literal["elsewhere", "refused", "clock", "no-task", "opening"]
#: So often the clock may ring between two deeds.
_MOST_RINGS = 500


@dataclass(frozen=True, slots=True)
class Parting:
    """Where the versions part: after which entry, what was done at which step, where the issue went, and where it would have gone."""

    sequence: int
    at: datetime
    why: Why
    step: str
    done: str
    went: tuple[str, ...]
    goes: tuple[str, ...]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one issue: the parting (``None``: all as it was), how often something was late, and the steps that are no more.

    ``stranded``: an open issue is at these steps now, and the new version does not have them.
    """

    parting: Parting | None
    late_before: int
    late_now: int
    stranded: tuple[str, ...] = ()


def replay(process: Process, history: Sequence[Recorded], own: Process | None = None) -> Replayed:
    """Decide a history again; it begins with the opening.

    ``own`` is the version that the issue follows. Where an issue was moved to it by a migration, that one would have led elsewhere before, too:
    what is no difference between ``own`` and ``process`` is taken as it was, and decided again from the migration on.
    """
    moved = max((n for n, entry in enumerate(history) if isinstance(entry.event, e.Migrate)), default=None)
    found = _Replay(process, history).run()
    if moved is None or own is None:
        return found
    before = found.parting is not None and found.parting.sequence <= history[moved].sequence
    if before and _Replay(own, history).run().parting != found.parting:
        return found
    return _Replay(process, history, moved).run()


@dataclass
class _Parted(Exception):
    why: Why
    goes: tuple[str, ...] = ()
    refusal: str = ""


@dataclass
class _Replay:
    """One issue, as it was and as it would be; ``since``: up to this entry it is taken as it was."""

    process: Process
    history: Sequence[Recorded]
    since: int = -1
    late_before: int = 0
    late_now: int = 0
    at: int = 0
    names: Sequence[Names] = field(init=False)
    people: Recalled = field(init=False)
    was: State = field(init=False)
    now: State = field(init=False)

    def run(self) -> Replayed:
        self.names = names_in(self.history)
        self.people = Recalled(self.process.definition, self.history, self.names)
        self.was = replace(EMPTY)
        parting: Parting | None = None
        for at, entry in enumerate(self.history):
            self.at = at
            if parting is None and self.at > self.since:
                parting = self._parting(entry)
            else:
                self._follow(entry)
                if self.at == self.since:
                    parting = self._adopted(entry)
        return Replayed(parting, self.late_before, self.late_now, self._stranded())

    def _follow(self, entry: Recorded) -> State:
        """What an entry made of the issue; the state before it."""
        before = self.was
        self.was = replace(before)
        for change in entry.changes:
            apply(self.was, change)
        if isinstance(entry.event, e.Fire) and self.at > self.since:
            timer = before.timer(entry.event.timer)
            self.late_before += timer is not None and _is_late(timer)
        return before

    def _adopted(self, entry: Recorded) -> Parting | None:
        """Take the issue as its migration left it, if all its steps are known here."""
        self.now = self.was
        gone = {visit.step for visit in self.was.visits} - set(self.process.definition.steps)
        gone |= set(self.was.limits) - set(self.process.definition.limits)
        went = self._went(self.was, after=True)
        return Parting(entry.sequence, entry.at, "no-task", "", "migrate", went, ()) if gone else None

    def _parting(self, entry: Recorded) -> Parting | None:
        before = self._follow(entry)
        step, done = self._what(before, entry)
        try:
            self._again(entry, before)
            if entry is self.history[-1]:
                self._arrive(entry)
        except _Parted as parted:
            went = self._went(self.was, after=True)
            return Parting(entry.sequence, entry.at, parted.why, step, done, went, parted.goes, parted.refusal)
        return None

    def _again(self, entry: Recorded, before: State) -> None:
        if entry.event is None:
            return self._open(entry)
        if isinstance(entry.event, e.CarryOver) and self._adopted(entry) is not None:
            raise _Parted("no-task")
        if isinstance(entry.event, e.ReckonAgain | e.Migrate | e.CarryOver):
            # each version has its own clock, and was followed, from the beginning; what was carried over is taken as it came
            return None
        if isinstance(entry.event, e.Fire):
            return self._ring(entry, entry.event, before)
        self._pass_time(entry.at, before)
        if self._went(before) != (here := _where(self.process, self.now)):
            raise _Parted("clock", here)
        if self._was_done(entry.event, before):
            return None
        event = self._translated(entry.event, before)
        self._take(event, self._actor(entry, event), entry.at)
        if self._went(self.was, after=True) != (there := _where(self.process, self.now)):
            raise _Parted("elsewhere", there)

    def _ring(self, entry: Recorded, event: e.Fire, before: State) -> None:
        """What rang then rings again at the same moment, however late that was, if it is set here as it was there."""
        timer = before.timer(event.timer)
        same = self._same_timer(timer, before) if timer is not None else None
        if same is not None:
            self._pass_time(entry.at, before)
        if same is not None and self.now.timer(same.number) is not None:
            self.late_now += _is_late(same)
            self._take(e.Fire(same.number), None, entry.at)

    def _arrive(self, entry: Recorded) -> None:
        """At the end of the history the clock must have led to the same place, too."""
        self._pass_time(entry.at, self.was)
        if self._went(self.was, after=True) != (here := _where(self.process, self.now)):
            raise _Parted("clock", here)

    def _open(self, entry: Recorded) -> None:
        facts = next(change.facts for change in entry.changes if isinstance(change, Opened))
        named = self.names[self.at].fields
        values = {named.get(name, name): value for name, value in _entered(entry.changes).items()}
        entered = self.process.definition.entered
        opening = Opening(
            station=facts.station,
            station_code=facts.station_code,
            reporter=facts.reporter,
            sequence=1,
            values={name: _of_the_form(entered[name], value) for name, value in values.items() if name in entered},
            industry=facts.industry,
            channel=facts.channel,
            parent=facts.parent,
        )
        self.people.turn(self.at)
        try:
            outcome = start(self.process, opening, entry.at, self.people)
        except Refusal as refusal:
            raise _Parted("opening", (), _said(refusal)) from refusal
        self.now = self._numbered(outcome.state, facts.number)
        if self._went(self.was, after=True) != (there := _where(self.process, self.now)):
            raise _Parted("elsewhere", there)

    def _numbered(self, state: State, number: str) -> State:
        """The issue with the number that it was given, by which its draws of a lot go."""
        return replace(state, facts=replace(state.facts, number=number)) if state.facts else state

    def _pass_time(self, until: datetime, before: State) -> None:
        """Let ring what this version has ring by then; what was set there as it is here, and had not rung, waits for its entry."""
        for _ in range(_MOST_RINGS):
            waiting = {same.number for timer in before.timers if (same := self._same_timer(timer, before))}
            timer = next((one for one in due(self.now, until) if one.number not in waiting), None)
            if timer is None:
                return
            self.late_now += _is_late(timer)
            self._take(e.Fire(timer.number), None, timer.due_at)

    def _take(self, event: e.Event, actor: Actor | None, at: datetime) -> None:
        """Decide an event by the people of that time; where that leads elsewhere, there may have been somebody of whom nothing was written."""
        self.people.turn(self.at)
        now = self._decided(event, actor, at)
        if _where(self.process, now) != self._went(self.was, after=True):
            self.people.turn(self.at, generous=True)
            now = self._decided(event, actor, at)
        self.now = now

    def _decided(self, event: e.Event, actor: Actor | None, at: datetime) -> State:
        try:
            return transition(self.process, self.now, event, at, self.people, actor).state
        except NotAllowed as refusal:
            if actor is not None and not actor.manages:
                # much that staff do others may do, too: whoever is none of these was staff
                return self._decided(event, replace(actor, manages=True), at)
            raise _Parted("refused", _where(self.process, self.now), _said(refusal)) from refusal
        except Refusal as refusal:
            if isinstance(event, e.Depart) and refusal.code == "unavailable":
                # whoever left had nothing in hand here that others had to take over
                return self.now
            raise _Parted("refused", _where(self.process, self.now), _said(refusal)) from refusal

    def _actor(self, entry: Recorded, event: e.Event) -> Actor | None:
        if entry.actor is None:
            return None
        item = self.now.item(getattr(event, "item", None))
        # what somebody could do for their department then, they can do again
        others = (*item.candidates, item.offered, item.delegate) if item else ()
        parties = {entry.actor, *(party for party in others if party)}
        deed = BY_EVENT.get(type(event))
        staff = deed is not None and deed.who == "staff"
        reopens = isinstance(event, e.Reopen) and entry.actor != self._reporter()
        return Actor(entry.actor, frozenset(parties), oversees=True, manages=staff or reopens)

    def _reporter(self) -> Party | None:
        return self.now.facts.reporter if self.now.facts else None

    def _went(self, state: State, *, after: bool = False) -> tuple[str, ...]:
        """Where the issue was before (or ``after``) the entry, by the names that the version has for it."""
        last = self.at + after >= len(self.names)
        return _where(self.process, state, Names() if last else self.names[self.at + after])

    def _translated(self, event: e.Event, before: State) -> e.Event:
        """The event with the names of this version, and the numbers that items, visits, promises and timers have in the replay."""
        changes = self.names[self.at].event(event)
        number = getattr(event, "item", None)
        if isinstance(number, int):
            # what was about a task that had gone, and was heard all the same, is so again
            changes["item"] = self._item(was) if (was := before.item(number)) else 0
        visit = getattr(event, "visit", None)
        if isinstance(visit, int) and visit:
            changes["visit"] = self._visit(before, visit)
        promise = getattr(event, "promise", None)
        if isinstance(promise, int):
            changes["promise"] = self._promise(before, promise)
        if isinstance(event, e.Skip) and (timer := before.timer(event.timer)):
            same = self._same_timer(timer, before)
            changes["timer"] = same.number if same else event.timer
        if isinstance(event, e.MoveDeadline):
            changes["target"] = self._target(event.target, before)
        return replace(event, **changes) if changes else event

    def _was_done(self, event: e.Event, before: State) -> bool:
        """Whether a deadline was moved of what was done already: that was once heard, and meant nothing for where the issue goes."""
        named = Reference.parse(event.target) if isinstance(event, e.MoveDeadline) else None
        item = before.item(named.number) if named and named.kind == "item" else None
        return item is not None and item.done

    def _target(self, target: str, before: State) -> str:
        named = Reference.parse(target)
        if named.kind == "item":
            return reference("item", self._item(before.item(named.number)))
        if named.kind == "visit":
            return reference("visit", self._visit(before, named.number))
        return target

    def _visit(self, before: State, number: int) -> int:
        """The visit of the same step."""
        was = before.visit(number)
        step = self.names[self.at].step(was.step) if was else ""
        alike = [one.number for one in self.now.visits if one.step == step]
        if not alike:
            raise _Parted("no-task", _where(self.process, self.now))
        return number if number in alike else alike[0]

    def _item(self, was: WorkItem | None) -> int:
        if was is None:
            raise _Parted("no-task", _where(self.process, self.now))
        step, role = self.names[self.at].step(was.step), self.names[self.at].role(was.role)
        alike = [item for item in self.now.items if not item.done and (item.step, item.kind) == (step, was.kind)]
        best = max(alike, key=lambda item: (item.role == role, *_likeness(item, was)), default=None)
        if best is None:
            raise _Parted("no-task", _where(self.process, self.now))
        return best.number

    def _promise(self, before: State, number: int) -> int:
        was = next((one for one in before.promises if one.number == number), None)
        alike = [one for one in self.now.promises if was and (one.what, one.due_on) == (was.what, was.due_on)]
        return next((one.number for one in alike if one.number == number), alike[0].number if alike else number)

    def _same_timer(self, timer: Timer, before: State) -> Timer | None:
        """The timer here that was set as this one was: for the same thing, to the same moment."""
        was = self._of(timer, before, self.names[self.at])
        same = [
            one for one in self.now.timers if one.due_at == timer.due_at and self._of(one, self.now, Names()) == was
        ]
        return next((one for one in same if one.number == timer.number), same[0] if same else None)

    def _of(self, timer: Timer, state: State, names: Names) -> tuple[object, ...]:
        """What a timer is for."""
        visit, item = state.visit(timer.visit), state.item(timer.item)
        promise = next((one.what for one in state.promises if one.number == timer.promise), None)
        return (
            timer.purpose,
            timer.index,
            timer.times,
            timer.limit,
            names.step(visit.step) if visit else None,
            (names.role(item.role), item.kind, item.candidates) if item else None,
            promise,
        )

    def _what(self, before: State, entry: Recorded) -> tuple[str, str]:
        """At which step something was done, and what."""
        event, names = entry.event, self.names[self.at]
        if event is None:
            return "", "open"
        item = before.item(getattr(event, "item", None))
        done = event.action if isinstance(event, e.Act) else event.kind
        visits = ",".join(names.step(visit.step) for visit in before.visits)
        return names.step(item.step) if item else visits, done

    def _stranded(self) -> tuple[str, ...]:
        known = self.process.definition.steps
        return tuple(step for step in sorted({visit.step for visit in self.was.visits}) if step not in known)


def _likeness(item: WorkItem, was: WorkItem) -> tuple[int, bool]:
    return len(set(item.candidates) & set(was.candidates)), item.number == was.number


def _is_late(timer: Timer) -> bool:
    return timer.purpose == "overdue" and timer.index in (0, -1)


def _of_the_form(field: Field, value: Value) -> Value:
    """What was entered of a value: of a table, the columns that the form asks for; the others were filled in after it."""
    if field.type != "table" or not isinstance(value, tuple):
        return value
    asked = {name for name, column in field.asked_columns.items() if not column.derived}
    return tuple({name: cell for name, cell in row.items() if name in asked} for row in value)


def _entered(changes: Sequence[Change]) -> Values:
    """What was entered when an issue was opened: computed fields are written after it, what steps set comes later still."""
    before = takewhile(lambda change: not isinstance(change, Entered), changes)
    return next((change.values for change in before if isinstance(change, Filled)), {})


def _where(process: Process, state: State, names: Names | None = None) -> tuple[str, ...]:
    """The steps where an issue is; parallel steps themselves are left out. Closed ones say how."""
    if state.status == "closed":
        return (f"closed:{state.resolution}",)
    steps = process.definition.steps
    parallel = {key for key, step in steps.items() if isinstance(step, ParallelStep)}
    there = [names.step(visit.step) if names else visit.step for visit in state.visits]
    return tuple(sorted(step for step in there if step not in parallel))


def _said(refusal: Refusal) -> str:
    errors = getattr(refusal, "errors", None)
    return ", ".join(errors) if errors else refusal.code
