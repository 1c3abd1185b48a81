"""How an issue ended: the resolution named last on the way to an end that asks for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Candidate, Opening, Process, start, transition
from engine import event as e
from engine.memory import MemoryDirectory
from engine.state import State

CLERK = "participant:11"
ACTOR = Actor(CLERK, frozenset({CLERK, "organisation:1", "organisation:2"}))
NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)
SOURCE = Path(__file__).parents[2] / "definitions" / "sound" / "every-way-says-how-it-ended.yaml"
DIRECTORY = MemoryDirectory(
    people={"staff of station": [Candidate(party=CLERK)]}, departments=frozenset({"organisation:1", "organisation:2"})
)


@pytest.fixture(scope="module")
def process() -> Process:
    return Process(load(SOURCE.read_bytes(), SOURCE.name), load_calendar("china"))


def opened(process: Process, cost: int, **values: object) -> State:
    opening = Opening(
        station=1, station_code="XG", reporter="participant:9", sequence=1, values={"cost": cost, **values}
    )
    return start(process, opening, NOW, DIRECTORY).state


def after(process: Process, state: State, event: e.Event, actor: Actor | None = None, days: int = 0) -> State:
    return transition(process, state, event, NOW + timedelta(days=days), DIRECTORY, actor).state


def overdue(process: Process, state: State) -> State:
    """The first timer that leads on has rung."""
    timer = next(timer for timer in state.timers if timer.purpose == "overdue")
    return after(process, state, e.Fire(timer.number), days=90)


def test_a_row_names_it(process: Process) -> None:
    assert opened(process, 600).resolution == "refused"


def test_a_step_that_goes_on_at_once_names_it(process: Process) -> None:
    assert opened(process, 450).resolution == "refused"


def test_each_names_it_when_nobody_is_asked_when_all_have_agreed_and_when_it_is_rejected(process: Process) -> None:
    assert opened(process, 350).resolution == "refused"
    asked = opened(process, 350, signers=["organisation:1"])
    assert after(process, asked, e.Act(asked.items[0].number, "agree"), ACTOR).resolution == "done"
    assert after(process, asked, e.Act(asked.items[0].number, "object"), ACTOR).resolution == "refused"
    assert overdue(process, asked).resolution == "late"


def test_a_parallel_step_names_it_for_all_its_branches(process: Process) -> None:
    state = opened(process, 250)
    for item in state.items:
        state = after(process, state, e.Act(item.number, "go"), ACTOR)
    assert state.resolution == "done"


def test_an_answer_a_message_a_day_and_the_end_of_a_called_issue_name_it(process: Process) -> None:
    asking = opened(process, 150)
    assert after(process, asking, e.Result(asking.visits[0].number, values={"text": "好"})).resolution == "done"
    assert after(process, asking, e.Result(asking.visits[0].number, failed="down")).resolution == "late"
    assert after(process, opened(process, 75), e.Message("news")).resolution == "done"
    assert overdue(process, opened(process, 75)).resolution == "late"
    waiting = opened(process, 45, day="2026-05-01")
    assert after(process, waiting, e.Fire(waiting.timers[0].number), days=31).resolution == "done"
    assert opened(process, 45).resolution == "done"
    calling = opened(process, 1)
    assert after(process, calling, e.Result(calling.visits[0].number)).resolution == "done"
