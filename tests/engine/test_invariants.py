"""Whatever the definition and whatever people do, an issue stays whole (docs/semantics.md, Invariants)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from definitions.calendar import load_calendar
from definitions.definition import Definition
from definitions.field import Field
from engine import (
    EMPTY,
    Actor,
    Candidate,
    Opening,
    Outcome,
    Process,
    Refusal,
    State,
    available,
    fold,
    start,
    transition,
)
from engine.change import Change
from engine.codec import change as decode_change
from engine.codec import plain
from engine.codec import state as decode_state
from engine.due import due, next_moment
from engine.event import Act, Claim, Fire, Release
from engine.memory import MemoryDirectory
from tests.engine.random_definitions import definitions, sound

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DIRECTORY = MemoryDirectory(
    people={
        "staff of station": [Candidate(party="participant:11"), Candidate(party="participant:12")],
        "deputies of station": [
            Candidate(party="participant:21", load=2),
            Candidate(party="participant:22", on_duty=True),
        ],
    },
    departments=frozenset({"organisation:1", "organisation:2", "organisation:3"}),
)
OPENING = Opening(station=1, station_code="XG", reporter="participant:99", sequence=7, values={"subject": "x"})


def check_whole(state: State) -> None:
    """Invariants 1 and 2."""
    if state.status == "closed":
        assert not state.visits
        assert not state.items
        assert not state.timers
        assert state.resolution
        return
    assert [item for item in state.items if not item.done], "an open issue has an open item"
    assert all(item.candidates for item in state.items), "and everything has an owner"
    numbers = [visit.number for visit in state.visits]
    numbers += [item.number for item in state.items]
    numbers += [timer.number for timer in state.timers]
    assert len(numbers) == len(set(numbers))
    assert max(numbers) <= state.last_number
    assert {item.visit for item in state.items} <= {visit.number for visit in state.visits}
    assert {timer.visit for timer in state.timers} <= {visit.number for visit in state.visits}


def answers(data: st.DataObject, ask: dict[str, Field]) -> dict[str, Any]:
    """Right answers to a form."""
    values: dict[str, Any] = {}
    for name, field in ask.items():
        match field.type:
            case "integer":
                values[name] = data.draw(st.integers(0, 5))
            case "department":
                values[name] = data.draw(st.sampled_from(sorted(DIRECTORY.departments)))
            case "departments":
                values[name] = data.draw(st.lists(st.sampled_from(sorted(DIRECTORY.departments)), max_size=2))
            case _:
                values[name] = "text"
    return values


def happen(data: st.DataObject, process: Process, state: State, now: datetime) -> tuple[Outcome | None, datetime]:
    """Something that can happen next: a person acts, claims or gives back, or time passes until a timer fires."""
    moment = next_moment(state)
    if moment is not None and data.draw(st.integers(0, 3)) == 0:
        now = max(now, moment)
        return transition(process, state, Fire(due(state, now)[0].number), now, DIRECTORY), now
    possible = data.draw(st.sampled_from(available(process, state)))
    person = Actor(possible.item.owner or "participant:5", frozenset(possible.item.candidates))
    now += timedelta(minutes=data.draw(st.integers(0, 600)))
    if data.draw(st.integers(0, 4)) == 0 or not possible.actions:
        event = Release(possible.item.number) if possible.item.owner else Claim(possible.item.number)
        return transition(process, state, event, now, DIRECTORY, person), now
    action = data.draw(st.sampled_from(sorted(possible.actions)))
    values = answers(data, dict(possible.actions[action].ask))
    return transition(process, state, Act(possible.item.number, action, values), now, DIRECTORY, person), now


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(definition=definitions(), data=st.data())
def test_no_sequence_of_events_breaks_the_invariants(definition: Definition, data: st.DataObject) -> None:
    assume(sound(definition))
    process = Process(definition, load_calendar("china"))
    now = MORNING
    outcome: Outcome | None = start(process, OPENING, now, DIRECTORY)
    history: list[tuple[Change, ...]] = []
    state = EMPTY
    for _ in range(data.draw(st.integers(1, 25))):
        assert outcome is not None
        history.append(outcome.changes)
        state = outcome.state
        check_whole(state)
        assert fold(history) == state, "the history folded from nothing is the state"
        assert decode_state(plain(state)) == state
        assert tuple(decode_change(plain(change)) for change in outcome.changes) == outcome.changes
        if state.status == "closed":
            break
        outcome, now = happen(data, process, state, now)
    assert state.version == len(history)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(definition=definitions(), data=st.data())
def test_a_stranger_can_do_nothing(definition: Definition, data: st.DataObject) -> None:
    assume(sound(definition))
    process = Process(definition, load_calendar("china"))
    state = start(process, OPENING, MORNING, DIRECTORY).state
    stranger = Actor("participant:666", frozenset({"participant:666"}))
    assert available(process, state, stranger) == ()
    for item in state.items:
        for event in (Act(item.number, "first"), Claim(item.number), Release(item.number)):
            with pytest.raises(Refusal) as refused:
                transition(process, state, event, MORNING, DIRECTORY, stranger)
            assert refused.value.code in ("not-allowed", "gone")
