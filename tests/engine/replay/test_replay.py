"""Replay: a history decided again by its own version is the same; by another, it parts where the two differ, and says why."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from definitions.loader import load
from engine import Actor, Opening, Process, State, start, transition
from engine import event as e
from engine.replay.names import Recorded
from engine.replay.replay import Replayed, replay
from engine.state import Party
from tests.engine.year_book import SOURCE
from tests.engine.year_life import CHINA, REPORTER, Life, People, World

#: Nothing is ever down, and no calendar changes.
CALM = World((), ())


@dataclass
class TakenDown(Life):
    """An issue of which everything that happens is written down."""

    history: list[Recorded] = field(default_factory=list)

    def opened(self) -> State:
        self.people = People()
        values = {"subject": "x", "kind": self.book.kind}
        opening = Opening(station=1, station_code="X", reporter=REPORTER, sequence=1, values=values)
        outcome = start(Process(self.definition, self.calendar), opening, self.now, self.people)
        self.history.append(Recorded(1, self.now, REPORTER, None, outcome.changes))
        return outcome.state

    def happen(self, event: e.Event, party: Party | None) -> State:
        actor = Actor(party, frozenset({party}), manages=party == self.staff) if party else None
        outcome = transition(Process(self.definition, self.calendar), self.state, event, self.now, self.people, actor)
        self.history.append(Recorded(len(self.history) + 1, self.now, party, event, outcome.changes))
        return outcome.state


def lives(count: int) -> list[TakenDown]:
    definition = load(SOURCE, "year.yaml")
    made = [TakenDown(definition, CALM, random.Random(number)) for number in range(count)]
    for life in made:
        life.live()
    return made


def replayed(life: TakenDown, source: str) -> Replayed:
    return replay(Process(load(source, "year.yaml"), CHINA), life.history)


@pytest.fixture(scope="module")
def a_year() -> list[TakenDown]:
    return lives(150)


def test_by_its_own_version_every_issue_goes_the_same_way_and_is_late_as_often(a_year: list[TakenDown]) -> None:
    assert sum(len(life.history) for life in a_year) > 2000
    for life in a_year:
        found = replayed(life, SOURCE)
        assert found.parting is None
        assert found.late_before == found.late_now
        assert found.stranded == ()


def test_a_shorter_deadline_leads_those_elsewhere_who_were_slower(a_year: list[TakenDown]) -> None:
    shorter = SOURCE.replace("within: 7 days", "within: 1 day")
    partings = [parting for life in a_year if (parting := replayed(life, shorter).parting)]
    assert 20 < len(partings) < len(a_year)
    assert {(one.why, one.step) for one in partings} == {("clock", "confirm")}
    assert {one.goes for one in partings} == {("closed:done",)}


def test_another_target_is_told_with_the_step_and_the_action(a_year: list[TakenDown]) -> None:
    other = SOURCE.replace("to: handle}\ncoordination", "to: elsewhere}\ncoordination")
    partings = [parting for life in a_year if (parting := replayed(life, other).parting)]
    assert len(partings) == len(a_year)
    assert {(one.why, one.step, one.done) for one in partings} == {("elsewhere", "register", "hand")}
    assert {(one.went, one.goes) for one in partings} == {(("handle",), ("elsewhere",))}


def test_what_is_no_longer_possible_is_told_with_the_reason(a_year: list[TakenDown]) -> None:
    without = SOURCE.replace("      back: {title: {zh: 退回, en: Back}, to: register}\n", "")
    partings = [parting for life in a_year if (parting := replayed(life, without).parting)]
    assert {(one.why, one.step, one.done) for one in partings} == {("refused", "handle", "back")}


def test_open_issues_at_a_step_that_is_no_more_are_stranded(a_year: list[TakenDown]) -> None:
    # handed over, and no further
    handed = next(n for n, one in enumerate(a_year[0].history) if getattr(one.event, "action", "") == "hand")
    begun = a_year[0].history[: handed + 1]
    renamed = SOURCE.replace("  handle:\n", "  deal:\n").replace("to: handle", "to: deal")
    found = replay(Process(load(renamed, "year.yaml"), CHINA), begun)
    assert found.stranded == ("handle",)
    assert found.parting is not None
    assert found.parting.goes == ("deal",)
