"""Branches that come to the same step at once: each is there by itself, also for the same people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Candidate, Opening, Process, start, transition
from engine import event as e
from engine.due import due
from engine.memory import MemoryDirectory
from engine.state import State, WorkItem

NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)
CLERK = Actor("participant:11", frozenset({"participant:11"}))
DIRECTORY = MemoryDirectory(people={"staff of station": [Candidate(party=CLERK.party)]})
TWINS = """
id: twins
title: {zh: 样例, en: Sample}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
roles: {clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}}
resolutions: {done: {zh: 办结, en: Done}}
intake:
  fork: {title: {zh: 分头, en: Fork}, parallel: [lamp, road], to: report}
  lamp:
    title: {zh: 路灯, en: Lamp}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions: {go: {title: {zh: 好, en: Go}, to: look}}
  road:
    title: {zh: 道路, en: Road}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions: {go: {title: {zh: 好, en: Go}, to: look}}
  look:
    title: {zh: 查验, en: Look}
    task: clerk
    within: 2 days
    overdue: {tell: clerk}
    actions:
      ok: {title: {zh: 合格, en: OK}, to: report}
      again: {title: {zh: 返工, en: Again}, to: back, at most: 2, then: report}
  report:
    title: {zh: 报告, en: Report}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions: {end: {title: {zh: 好, en: End}, to: end}}
closure:
  end: {title: {zh: 办结, en: Done}, close: done}
"""
PROCESS = Process(load(TWINS, "twins.yaml"), load_calendar("china"))


class Pair:
    """An issue whose two branches have come to the same step, one a day after the other."""

    def __init__(self) -> None:
        report = Opening(station=1, station_code="S", reporter="participant:9", sequence=1, values={})
        self.now = NOW
        self.state = start(PROCESS, report, NOW, DIRECTORY).state
        self.act(self.at("lamp"), "go")
        self.now += timedelta(hours=20)
        self.act(self.at("road"), "go")

    def at(self, step: str) -> WorkItem:
        """The first open task at a step."""
        return next(item for item in self.open if item.step == step)

    @property
    def open(self) -> list[WorkItem]:
        """The open tasks."""
        return [item for item in self.state.items if not item.done]

    @property
    def steps(self) -> list[str]:
        """Where the branches are."""
        return [visit.step for visit in self.state.visits if visit.parent is not None]

    def act(self, item: WorkItem, action: str) -> State:
        """The clerk acts."""
        self.state = transition(PROCESS, self.state, e.Act(item.number, action), self.now, DIRECTORY, CLERK).state
        return self.state


def test_each_branch_has_a_task_of_its_own_with_a_clock_of_its_own() -> None:
    pair = Pair()
    assert pair.steps == ["look", "look"]
    assert [item.candidates for item in pair.open] == [(CLERK.party,)] * 2
    assert len({visit.due_on for visit in pair.state.visits if visit.step == "look"}) == 2


def test_what_is_done_in_one_branch_is_not_done_in_the_other_and_both_have_to_join() -> None:
    pair = Pair()
    pair.act(pair.open[0], "ok")
    assert pair.steps == ["look"]
    assert pair.act(pair.open[0], "ok").visits[0].step == "report"
    assert [item.step for item in pair.open] == ["report"], "asked once what comes after both"


def test_each_goes_back_to_where_it_came_from() -> None:
    pair = Pair()
    pair.act(pair.open[1], "again")
    assert sorted(pair.steps) == ["look", "road"]
    pair.act(pair.at("look"), "again")
    assert sorted(pair.steps) == ["lamp", "road"]


def test_the_clock_of_one_rings_for_that_one() -> None:
    pair = Pair()
    first, later = sorted(
        (visit for visit in pair.state.visits if visit.step == "look"), key=lambda one: one.due_on or ""
    )
    rings = due(pair.state, NOW + timedelta(days=30))
    assert [timer.visit for timer in rings if timer.purpose == "overdue"] == [first.number, later.number]
