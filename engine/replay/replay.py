"""Replay: what has happened to an issue, decided again by another version of its definition, up to where the two part.

People's deeds are taken as they were; time passes as it did, but the clock rings as the new version says. Whoever held a role then holds it
again. Where the new version leads elsewhere, or refuses, the replay of that issue ends: what people would have done there nobody knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from msgspec.structs import replace

from definitions.model.reference import Reference, participant, reference, refers_to
from definitions.model.steps.parallel import ParallelStep
from engine import event as e
from engine.change import Change, Filled, ItemOpened, Opened, RoleGiven
from engine.directory import Actor, Candidate, Search
from engine.due import due, next_moment
from engine.evolve import EMPTY, apply
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Refusal
from engine.start import Opening, start
from engine.state import Party, State, WorkItem
from engine.transition import transition

#: ``elsewhere``: it led to other steps; ``refused``: it would not have been possible; ``clock``: the clock had led elsewhere before;
#: ``no-task``: nobody had that task there; ``opening``: it would not have been opened.
Why = Literal["elsewhere", "refused", "clock", "no-task", "opening"]
#: So often the clock may ring between two deeds.
_MOST_RINGS = 500
#: What staff may do, and some of which others may too: whoever did it then may do it again.
_BY_STAFF = (
    e.Move,
    e.Reassign,
    e.Suspend,
    e.Resume,
    e.Cancel,
    e.Merge,
    e.Supervise,
    e.TryAgain,
    e.Skip,
    e.MoveDeadline,
    e.Unshelve,
    e.Connect,
    e.KeepPromise,
    e.BreakPromise,
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry of a history, decoded; the first has no event, for an issue's opening is none."""

    sequence: int
    at: datetime
    actor: Party | None
    event: e.Event | None
    changes: Sequence[Change]


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


def replay(process: Process, history: Sequence[Recorded]) -> Replayed:
    """Decide a history again; it begins with the opening."""
    return _Replay(process, history).run()


@dataclass
class _Parted(Exception):
    why: Why
    goes: tuple[str, ...] = ()
    refusal: str = ""


@dataclass
class _Replay:
    """One issue, as it was and as it would be."""

    process: Process
    history: Sequence[Recorded]
    late_before: int = 0
    late_now: int = 0
    people: _Recalled = field(init=False)
    was: State = field(init=False)
    now: State = field(init=False)

    def run(self) -> Replayed:
        self.people = _Recalled(self.history)
        self.was = replace(EMPTY)
        parting: Parting | None = None
        for entry in self.history:
            if parting is None:
                parting = self._parting(entry)
            else:
                self._follow(entry)
        return Replayed(parting, self.late_before, self.late_now, self._stranded())

    def _follow(self, entry: Recorded) -> State:
        """What an entry made of the issue; the state before it."""
        before = self.was
        self.was = replace(before)
        for change in entry.changes:
            apply(self.was, change)
        if isinstance(entry.event, e.Fire):
            timer = before.timer(entry.event.timer)
            self.late_before += timer is not None and timer.purpose == "overdue" and timer.index in (0, -1)
        return before

    def _parting(self, entry: Recorded) -> Parting | None:
        before = self._follow(entry)
        step, done = _what(before, entry)
        try:
            self._again(entry, before)
            if entry is self.history[-1]:
                self._arrive(entry)
        except _Parted as parted:
            went = _where(self.process, self.was)
            return Parting(entry.sequence, entry.at, parted.why, step, done, went, parted.goes, parted.refusal)
        return None

    def _again(self, entry: Recorded, before: State) -> None:
        if entry.event is None:
            return self._open(entry)
        if isinstance(entry.event, e.Fire | e.ReckonAgain):
            # the clock rings by itself, and each version has its own
            return None
        self._pass_time(entry.at)
        if _where(self.process, before) != (here := _where(self.process, self.now)):
            raise _Parted("clock", here)
        event = self._translated(entry.event, before)
        self._take(event, self._actor(entry, event), entry.at)
        if _where(self.process, self.was) != (there := _where(self.process, self.now)):
            raise _Parted("elsewhere", there)

    def _arrive(self, entry: Recorded) -> None:
        """At the end of the history the clock must have led to the same place, too."""
        self._pass_time(entry.at)
        if _where(self.process, self.was) != (here := _where(self.process, self.now)):
            raise _Parted("clock", here)

    def _open(self, entry: Recorded) -> None:
        facts = next(change.facts for change in entry.changes if isinstance(change, Opened))
        values: dict[str, Any] = {}
        for change in entry.changes:
            if isinstance(change, Filled):
                values |= change.values
        entered = self.process.definition.entered
        opening = Opening(
            station=facts.station,
            station_code=facts.station_code,
            reporter=facts.reporter,
            sequence=1,
            values={name: value for name, value in values.items() if name in entered},
            industry=facts.industry,
            channel=facts.channel,
            parent=facts.parent,
        )
        try:
            self.now = start(self.process, opening, entry.at, self.people).state
        except Refusal as refusal:
            raise _Parted("opening", (), _said(refusal)) from refusal
        if _where(self.process, self.was) != (there := _where(self.process, self.now)):
            raise _Parted("elsewhere", there)

    def _pass_time(self, until: datetime) -> None:
        for _ in range(_MOST_RINGS):
            moment = next_moment(self.now)
            if moment is None or moment > until:
                return
            timer = due(self.now, moment)[0]
            self.late_now += timer.purpose == "overdue" and timer.index in (0, -1)
            self._take(e.Fire(timer.number), None, moment)

    def _take(self, event: e.Event, actor: Actor | None, at: datetime) -> None:
        try:
            outcome: Outcome = transition(self.process, self.now, event, at, self.people, actor)
        except Refusal as refusal:
            raise _Parted("refused", _where(self.process, self.now), _said(refusal)) from refusal
        self.now = outcome.state

    def _actor(self, entry: Recorded, event: e.Event) -> Actor | None:
        if entry.actor is None:
            return None
        item = self.now.item(getattr(event, "item", None))
        # what somebody could do for their department then, they can do again
        parties = {entry.actor, *(item.candidates if item else ()), *((item.offered,) if item and item.offered else ())}
        reopens = isinstance(event, e.Reopen) and entry.actor != self._reporter()
        return Actor(entry.actor, frozenset(parties), oversees=True, manages=isinstance(event, _BY_STAFF) or reopens)

    def _reporter(self) -> Party | None:
        return self.now.facts.reporter if self.now.facts else None

    def _translated(self, event: e.Event, before: State) -> e.Event:
        """The event with the numbers that items and visits have in the replay."""
        changes: dict[str, Any] = {}
        number = getattr(event, "item", None)
        if isinstance(number, int):
            changes["item"] = self._item(before.item(number))
        visit = getattr(event, "visit", None)
        if isinstance(visit, int):
            there = before.visit(visit)
            step = there.step if there else ""
            changes["visit"] = next((one.number for one in self.now.visits if one.step == step), None)
            if changes["visit"] is None:
                raise _Parted("no-task", _where(self.process, self.now))
        if isinstance(event, e.MoveDeadline):
            changes["target"] = self._target(event.target, before)
        return replace(event, **changes) if changes else event

    def _target(self, target: str, before: State) -> str:
        named = Reference.parse(target)
        if named.kind == "item":
            return reference("item", self._item(before.item(named.number)))
        if named.kind == "visit":
            there = before.visit(named.number)
            found = next((one.number for one in self.now.visits if there and one.step == there.step), 0)
            return reference("visit", found)
        return target

    def _item(self, was: WorkItem | None) -> int:
        if was is None:
            raise _Parted("no-task", _where(self.process, self.now))
        alike = [item for item in self.now.items if not item.done and (item.step, item.kind) == (was.step, was.kind)]
        best = max(alike, key=lambda item: _likeness(item, was), default=None)
        if best is None:
            raise _Parted("no-task", _where(self.process, self.now))
        return best.number

    def _stranded(self) -> tuple[str, ...]:
        known = self.process.definition.steps
        return tuple(step for step in sorted({visit.step for visit in self.was.visits}) if step not in known)


def _likeness(item: WorkItem, was: WorkItem) -> tuple[bool, int]:
    return item.role == was.role, len(set(item.candidates) & set(was.candidates))


def _what(before: State, entry: Recorded) -> tuple[str, str]:
    """At which step something was done, and what."""
    event = entry.event
    if event is None:
        return "", "open"
    item = before.item(getattr(event, "item", None))
    done = event.action if isinstance(event, e.Act) else e.KINDS[type(event)]
    visits = ",".join(visit.step for visit in before.visits)
    return item.step if item else visits, done


def _where(process: Process, state: State) -> tuple[str, ...]:
    """The steps where an issue is; parallel steps themselves are left out. Closed ones say how."""
    if state.status == "closed":
        return (f"closed:{state.resolution}",)
    steps = process.definition.steps
    parallel = {key for key, step in steps.items() if isinstance(step, ParallelStep)}
    return tuple(sorted(visit.step for visit in state.visits if visit.step not in parallel))


def _said(refusal: Refusal) -> str:
    errors = getattr(refusal, "errors", None)
    return ", ".join(errors) if errors else refusal.code


#: Whoever is looked for though nobody held the role.
_SOMEBODY = participant(10**9)


class _Recalled:
    """The people as the history knows them: whoever held a role in this issue."""

    def __init__(self, history: Sequence[Recorded]) -> None:
        self._held: dict[str, dict[Party, None]] = {}
        for change in _changes(history):
            if isinstance(change, ItemOpened):
                self._hold(change.item.role, change.item.candidates)
            elif isinstance(change, RoleGiven):
                self._hold(change.role, change.parties)
        self._counts: Mapping[str, int] = Counter(party for parties in self._held.values() for party in parties)

    def _hold(self, role: str, parties: Sequence[Party]) -> None:
        self._held.setdefault(role, {}).update(dict.fromkeys(parties))

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """Whoever held the role, in the order of the history; somebody unknown for a role that nobody held."""
        held = self._held.get(search.role) or {_SOMEBODY: None}
        return [Candidate(party=party, on_duty=True, level=search.level) for party in held]

    def office(self) -> Sequence[Candidate]:
        """Somebody of the office."""
        return [Candidate(party=_SOMEBODY)]

    def stand_ins(self, party: Party) -> Sequence[Party]:
        """Nobody is away."""
        return ()

    def members(self, department: Party) -> Sequence[Party]:
        """Who belonged to a department is not in a history."""
        return ()

    def known(self, reference: str) -> bool:
        """What was accepted then is accepted again."""
        return True

    def resolve(self, kind: str, text: str) -> str | None:
        """A text that is a reference already."""
        return text if refers_to(text, kind) else reference(kind, 1)


def _changes(history: Sequence[Recorded]) -> Iterator[Change]:
    for entry in history:
        yield from entry.changes
