"""A task for each row of a table: whose it is, what it sees of its row, and where its answers go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Candidate, Opening, Outcome, Process, Tell, available, start, transition
from engine import event as e
from engine.memory import MemoryDirectory
from engine.refusal import Invalid, Unavailable
from engine.state import State

NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)
CLERK, WATER, POWER = "participant:11", "organisation:1", "organisation:2"
SOUND = Path(__file__).parents[2] / "definitions" / "sound"
DIRECTORY = MemoryDirectory(
    people={"staff of station": [Candidate(party=CLERK)]}, departments=frozenset({WATER, POWER})
)


def process(name: str = "task-for-each-row") -> Process:
    path = SOUND / f"{name}.yaml"
    return Process(load(path.read_bytes(), path.name), load_calendar("china"))


def opened(rows: list[dict[str, Any]], name: str = "task-for-each-row") -> Outcome:
    values = {"subject": "意见", "matters": rows}
    report = Opening(station=1, station_code="XG", reporter="participant:9", sequence=1, values=values)
    return start(process(name), report, NOW, DIRECTORY)


def actor(party: str) -> Actor:
    return Actor("participant:21", frozenset({"participant:21", party}))


def act(state: State, item: int, action: str, by: str = WATER, **values: Any) -> State:
    return transition(process(), state, e.Act(item, action, values), NOW, DIRECTORY, actor(by)).state


MATTERS = [{"matter": "漏水", "whose": WATER}, {"matter": "x", "whose": POWER}, {"matter": "停水", "whose": WATER}]


def test_each_row_is_a_task_of_the_department_that_it_names() -> None:
    outcome = opened(MATTERS)
    items = outcome.state.items
    assert [(item.row, item.candidates) for item in items] == [(1, (WATER,)), (2, (POWER,)), (3, (WATER,))]
    told = [(one.parties, one.item) for one in outcome.effects if isinstance(one, Tell) and one.occasion == "task"]
    assert told == [((WATER,), items[0].number), ((POWER,), items[1].number), ((WATER,), items[2].number)]


def test_the_answers_go_into_the_row_and_the_step_is_complete_when_all_are_there() -> None:
    state = opened(MATTERS).state
    one, two, three = (item.number for item in state.items)
    state = act(state, three, "handled", outcome="已通水")
    state = act(state, two, "handled", by=POWER, outcome="已通电")
    assert state.status == "open"
    state = act(state, one, "handled", outcome="已修")
    assert state.status == "closed"
    assert [row["outcome"] for row in state.data["matters"]] == ["已修", "已通电", "已通水"]  # type: ignore[union-attr, index]
    assert "outcome" not in state.data


def test_conditions_see_the_row() -> None:
    state = opened(MATTERS).state
    offered = {one.item.row: set(one.actions) for one in available(process(), state, None, NOW)}
    assert offered == {1: {"handled"}, 2: {"handled", "small"}, 3: {"handled"}}
    with pytest.raises(Unavailable):
        act(state, state.items[0].number, "small", outcome="好")
    with pytest.raises(Invalid):
        act(state, state.items[1].number, "small", by=POWER)


def test_whoever_fills_in_the_table_is_not_asked_for_what_is_answered_later() -> None:
    with pytest.raises(Invalid) as wrong:
        opened([{"matter": "漏水", "whose": WATER, "outcome": "已修"}])
    assert list(wrong.value.errors) == ["matters.1.outcome"]


def test_an_empty_table_is_nothing_to_do() -> None:
    assert opened([]).state.status == "closed"


def test_a_role_that_no_row_names_has_each_row_together() -> None:
    state = opened(MATTERS, "rows-for-one-role").state
    assert [item.candidates for item in state.items] == [(CLERK,)] * 3
