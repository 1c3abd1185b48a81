"""A small process lived through in every way that the kernel allows: all that people may do, every clock, representatives of every answer.

It knows nothing of the checks, and the checks know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from definitions.calendars.reader import load_calendar
from definitions.model.definition import Definition
from definitions.model.field import Field
from engine import Actor, Outcome, Process, State, available, start, transition
from engine.available import options
from engine.change import Entered
from engine.event import Act, Event, Fire, TakeOption
from engine.refusal import Refusal
from tests.engine.test_invariants import DIRECTORY, MORNING, OPENING

CHINA = load_calendar("china")
_DEPUTIES = [candidate.party for candidate in DIRECTORY.people["deputies of station"]]


@dataclass
class Lived:
    """What was found: the steps that were entered, and whether some state can never be closed. ``whole``: nothing was left out."""

    entered: set[str] = field(default_factory=set)
    stuck: bool = False
    endless: bool = False
    whole: bool = True

    @property
    def broken(self) -> bool:
        """Whether an issue can get stuck, or the kernel run in circles."""
        return self.stuck or self.endless


def live(definition: Definition, answers: Mapping[str, Sequence[Any]], most: int = 1500) -> Lived:
    """Live through a process; ``answers`` are the representatives of each field's values."""
    lived, process = Lived(), Process(definition, CHINA)
    try:
        opened = start(process, OPENING, MORNING, DIRECTORY)
    except RuntimeError:
        return Lived(endless=True)
    first = opened.state
    lived.entered |= _entered(opened)
    keys, onward, closed = {_key(first): 0}, list[set[int]](), set[int]()
    states = [first]
    position = 0
    while position < len(states):
        state = states[position]
        onward.append(set())
        if state.status == "closed":
            closed.add(position)
        if len(states) > most:
            lived.whole = False
            return lived
        try:
            for outcome in _after(process, state, answers):
                lived.entered |= _entered(outcome)
                after = outcome.state
                key = _key(after)
                if key not in keys:
                    keys[key] = len(states)
                    states.append(after)
                onward[position].add(keys[key])
        except RuntimeError:
            lived.endless = True
        position += 1
    lived.stuck = len(_can_reach(onward, closed)) < len(states)
    return lived


def _after(process: Process, state: State, answers: Mapping[str, Sequence[Any]]) -> Iterator[Outcome]:
    """Every outcome of one event."""
    if state.status == "closed":
        return
    now = MORNING
    for possible in available(process, state, None, now):
        person = Actor("participant:5", frozenset(possible.item.candidates))
        for name, action in possible.actions.items():
            for values in _forms(dict(action.ask), answers):
                yield from _happen(process, state, Act(possible.item.number, name, values), person, now)
    deputy = Actor("participant:6", frozenset({"participant:6", *_DEPUTIES}))
    for name, option in options(process, state, deputy, now, DIRECTORY).items():
        for values in _forms(dict(option.ask), answers):
            yield from _happen(process, state, TakeOption(name, values), deputy, now)
    for timer in state.timers:
        yield from _happen(process, state, Fire(timer.number), None, max(now, timer.due_at))


def _happen(process: Process, state: State, event: Event, actor: Actor | None, now: Any) -> Iterator[Outcome]:
    try:
        yield transition(process, state, event, now + timedelta(seconds=1), DIRECTORY, actor)
    except Refusal:
        return


def _forms(ask: Mapping[str, Field], answers: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    forms: list[dict[str, Any]] = [{}]
    for name in ask:
        forms = [{**form, name: value} for form in forms for value in answers[name]]
    yield from forms


def _entered(outcome: Outcome) -> set[str]:
    """The steps that were come to, if only for a moment; those that go on at once leave no trace."""
    return {change.visit.step for change in outcome.changes if isinstance(change, Entered)}


def _key(state: State) -> Any:
    """What decides what can happen next, without numbers and moments."""
    names = {visit.number: visit.step for visit in state.visits}
    return (
        state.status,
        tuple(sorted(state.data.items(), key=str)),
        tuple(
            sorted(((v.step, names.get(v.parent or 0), v.joined, v.branches, v.origin) for v in state.visits), key=str)
        ),
        tuple(sorted(((i.step, i.role, i.done, i.kind, i.vote) for i in state.items), key=str)),
        tuple(sorted(((t.purpose, names.get(t.visit), t.index) for t in state.timers), key=str)),
        tuple(sorted(state.counts.items())),
    )


def _can_reach(onward: Sequence[set[int]], closed: set[int]) -> set[int]:
    """The states from which a closed one can be reached."""
    back: dict[int, set[int]] = {}
    for source, targets in enumerate(onward):
        for target in targets:
            back.setdefault(target, set()).add(source)
    found, open_ = set(closed), list(closed)
    while open_:
        for source in back.get(open_.pop(), ()):
            if source not in found:
                found.add(source)
                open_.append(source)
    return found
