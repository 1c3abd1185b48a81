"""No open issue is out of sight: at every step somebody can act, and something rings, or has rung and was told.

Walked by the kernel over random sound definitions, by whatever people and clocks do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from definitions.calendars.reader import load_calendar
from definitions.model.definition import Definition
from definitions.model.field import Field
from engine import Actor, Outcome, Process, Refusal, State, available, start, transition
from engine.due import due, next_moment
from engine.event import (
    Act,
    Answer,
    Ask,
    AskExtension,
    AskShelving,
    Claim,
    Delegate,
    Depart,
    Event,
    Fire,
    Resume,
    Suspend,
    Transfer,
)
from engine.memory import MemoryDirectory
from engine.state import Visit, WorkItem
from tests.engine.random_definitions import definitions, sound
from tests.engine.test_invariants import DIRECTORY, MORNING, OPENING, OTHERS, STAFF, WAITS_ALONE
from tests.examples import examples

#: Who may go in the middle of it; the office stays.
LEAVING = frozenset(
    {one.party for found in DIRECTORY.people.values() for one in found} | DIRECTORY.departments | set(OTHERS)
)


def _register(gone: frozenset[str]) -> MemoryDirectory:
    """The register without those who are gone."""
    people = {place: [one for one in found if one.party not in gone] for place, found in DIRECTORY.people.items()}
    return replace(DIRECTORY, people=people, vacancies=gone)


def check_watched(process: Process, state: State, now: datetime, gone: frozenset[str]) -> None:
    """What must hold of every open issue that nobody has suspended."""
    if state.status != "open" or state.suspended:
        return
    for visit in state.visits:
        if not state.children(visit.number):
            assert _somebody(process, state, visit, gone), f"nobody can act at {visit.step}"
            assert _rings(state, visit, now), f"nothing will ring at {visit.step}"


def _somebody(process: Process, state: State, visit: Visit, gone: frozenset[str]) -> bool:
    """Whether an open item of a visit has somebody, or it waits for something else than people."""
    asked = [item for item in state.open_items(visit.number) if not item.waiting]
    return any(set(item.candidates) - gone for item in asked) or any(
        hasattr(process.definition.steps[visit.step], kind) for kind in WAITS_ALONE
    )


def _rings(state: State, visit: Visit, now: datetime) -> bool:
    """Whether a clock of a visit will ring, or its deadline has passed and rang."""
    will = any(timer.visit == visit.number for timer in state.timers)
    has = visit.paused_at is None and visit.due_at is not None and visit.due_at <= now
    return will or has


def _forms(ask: Mapping[str, Field], chance: Random) -> dict[str, Any]:
    """Right answers to a form, by type."""
    said: dict[str, Sequence[Any]] = {
        "integer": range(6),
        "department": sorted(DIRECTORY.departments),
        "departments": [[], ["organisation:1"], ["organisation:2", "organisation:3"]],
        "date": ["2026-03-05", "2026-04-01"],
    }
    return {name: chance.choice(said.get(field.type, ["text"])) for name, field in ask.items()}


def _person(item: WorkItem) -> Actor:
    return Actor(item.owner or item.candidates[0], frozenset(item.candidates))


def _deeds(process: Process, state: State, now: datetime, chance: Random) -> Iterator[tuple[Event, Actor | None]]:
    """What may happen next: above all what makes clocks stand, and what changes who has a task."""
    for item in state.items:
        if item.done or not item.candidates:
            continue
        person, whom = _person(item), chance.choice([*OTHERS, OPENING.reporter])
        if item.kind == "task":
            yield Ask(item.number, whom, "?", chance.choice(["question", "consult", "sign"])), person
            yield AskShelving(item.number, "2026-03-11", "r"), person
            yield AskExtension(item.number, "1 day", "r"), person
            yield Transfer(item.number, OTHERS[0], "r"), person
            yield Delegate(item.number, OTHERS[0], "r"), person
            yield Claim(item.number), person
        else:
            yield Answer(item.number, "!", chance.choice([True, False])), person
    for possible in available(process, state, None, now):
        for name, action in possible.actions.items():
            yield Act(possible.item.number, name, _forms(action.ask, chance)), _person(possible.item)
    yield Suspend("r"), STAFF
    yield Resume(), STAFF


def _next(
    process: Process, state: State, now: datetime, chance: Random, gone: frozenset[str]
) -> tuple[Outcome | None, datetime]:
    """Somebody does something, or time passes until the next clock rings; ``None`` when nothing of it is allowed."""
    register = _register(gone)
    moment = next_moment(state)
    if moment is not None and chance.random() < 0.4:
        now = max(now, moment)
        return transition(process, state, Fire(due(state, now)[0].number), now, register), now
    now += timedelta(minutes=chance.randrange(600))
    deeds = [*_deeds(process, state, now, chance)]
    chance.shuffle(deeds)
    for event, actor in deeds:
        try:
            return transition(process, state, event, now, register, actor), now
        except Refusal:
            continue
    return None, now


@examples(100, healthy=False)
@given(definition=definitions(), seed=st.integers(0, 2**32))
def test_no_open_issue_is_left_with_nobody_or_without_a_clock(definition: Definition, seed: int) -> None:
    assume(sound(definition))
    process, chance = Process(definition, load_calendar("china")), Random(seed)
    for _ in range(8):
        now = MORNING
        state, gone = start(process, OPENING, now, DIRECTORY).state, frozenset[str]()
        for _ in range(25):
            check_watched(process, state, now, gone)
            if state.status == "closed":
                break
            leaving = sorted(
                {party for item in state.items if not item.done for party in item.candidates} & LEAVING - gone
            )
            if leaving and chance.random() < 0.1:
                party = chance.choice(leaving)
                gone |= {party}
                state = transition(process, state, Depart(party, gone=True), now, _register(gone)).state
                continue
            outcome, now = _next(process, state, now, chance, gone)
            state = outcome.state if outcome is not None else state
