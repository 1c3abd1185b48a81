"""Matters begun before the house: they go on where they are with the time that is left, or are history; nobody is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import LIBRARY, load
from engine import Actor, Opening, Outcome, Process, transition
from engine.due import due
from engine.effect import Tell
from engine.event import Act, CarryOver
from engine.evolve import EMPTY, fold
from engine.legacy import LegacyMatter, steps_to_go_on_at, take_over
from engine.memory import MemoryDirectory
from engine.refusal import Invalid
from engine.replay.names import Recorded
from engine.replay.replay import replay

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
RAISED = datetime(2026, 3, 2, 1, tzinfo=UTC)
STATION = LIBRARY / "contact-station" / "definition.yaml"
OPENING = Opening(
    station=1,
    station_code="XG",
    reporter="participant:99",
    sequence=7,
    values={"subject": "路灯不亮", "category": "lighting", "place": "仙港路 18 号"},
    channel="records",
)


@pytest.fixture(scope="module")
def process() -> Process:
    return Process(load(STATION.read_bytes(), STATION.name), load_calendar("china"))


def taken(process: Process, directory: MemoryDirectory, **matter: Any) -> Outcome:
    found = take_over(process, OPENING, LegacyMatter(opened_at=RAISED, **matter), NOW, directory)
    assert fold([found.changes], EMPTY) == found.state
    return found


def first(process: Process) -> str:
    """A step at which people have something to do, and which has a deadline."""
    return next(key for key in steps_to_go_on_at(process.definition) if process.definition.steps[key].within)  # type: ignore[union-attr]


def test_an_open_matter_goes_on_at_its_step_with_the_time_that_is_left(
    process: Process, directory: MemoryDirectory
) -> None:
    step = first(process)
    found = taken(process, directory, step=step, since=NOW - timedelta(days=1))
    (visit,) = found.state.visits
    assert (visit.step, found.state.status) == (step, "open")
    assert found.state.facts is not None
    assert found.state.facts.opened_at == RAISED
    assert visit.deadline is not None
    assert visit.deadline.start == NOW - timedelta(days=1)
    for clock in found.state.limits.values():
        assert clock.deadline.start == RAISED
    assert found.state.open_items(visit.number)
    assert not [one for one in found.effects if isinstance(one, Tell)]
    assert [timer for timer in found.state.timers if timer.due_at > NOW]


def test_the_day_that_the_office_had_set_goes_before_the_one_that_is_reckoned(
    process: Process, directory: MemoryDirectory
) -> None:
    step = first(process)
    (visit,) = taken(process, directory, step=step, due=date(2026, 3, 20)).state.visits
    assert visit.due_on == "2026-03-20"


def test_what_was_overdue_then_is_so_here_and_rings_for_nothing_that_is_past(
    process: Process, directory: MemoryDirectory
) -> None:
    found = taken(process, directory, step=first(process), due=date(2026, 3, 4))
    (visit,) = found.state.visits
    assert visit.due_at is not None
    assert visit.due_at < NOW
    assert not [timer for timer in due(found.state, NOW) if timer.visit == visit.number]


def test_a_closed_matter_is_history_with_the_days_of_then(process: Process, directory: MemoryDirectory) -> None:
    resolution = next(iter(process.definition.resolutions))
    closed = RAISED + timedelta(days=3)
    found = taken(process, directory, closed_at=closed, resolution=resolution)
    assert (found.state.status, found.state.resolution, found.state.closed_at) == ("closed", resolution, closed)
    assert (found.state.items, found.state.timers, found.effects) == ((), (), ())


def test_people_go_on_with_it_as_with_any_other(process: Process, directory: MemoryDirectory) -> None:
    found = taken(process, directory, step=process.definition.start)
    item = found.state.items[0]
    who = item.candidates[0]
    event = Act(item.number, "accept", {"kind": "request"})
    after = transition(process, found.state, event, NOW, directory, Actor(who, frozenset({who}))).state
    assert after.visits[0].step != process.definition.start


@pytest.mark.parametrize(
    ("matter", "field"),
    [
        ({"step": "nowhere"}, "step"),
        ({"closed_at": NOW, "resolution": "nothing"}, "resolution"),
        ({"closed_at": RAISED - timedelta(days=1)}, "closed"),
        ({"closed_at": NOW + timedelta(days=1)}, "closed"),
    ],
)
def test_what_cannot_be_is_named(
    process: Process, directory: MemoryDirectory, matter: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        taken(process, directory, **matter)
    assert field in refused.value.errors


def test_no_matter_goes_on_inside_a_branch(process: Process) -> None:
    found = steps_to_go_on_at(process.definition)
    assert process.definition.start in found
    assert set(found) < set(process.definition.steps)


def test_a_replay_takes_it_as_it_came(process: Process, directory: MemoryDirectory) -> None:
    found = taken(process, directory, step=process.definition.start)
    event = CarryOver("a" * 64, "contact-station", 1, "XG", "records", process.definition.start, "〔2025〕12")
    item = found.state.items[0]
    who, at = item.candidates[0], NOW + timedelta(minutes=1)
    act = Act(item.number, "accept", {"kind": "request"})
    after = transition(process, found.state, act, at, directory, Actor(who, frozenset({who})))
    history = [Recorded(1, NOW, "participant:1", event, found.changes), Recorded(2, at, who, act, after.changes)]
    assert replay(process, history).parting is None
