"""Standing options: what can be done beside the tasks; and withdrawing that leads to a step."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Opening, Process, State, start, transition
from engine import event as e
from engine.available import options, takings
from engine.memory import MemoryDirectory
from engine.refusal import Invalid, NotAllowed, StandsStill, Unavailable

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLERK, DEPUTY, REPORTER = "participant:11", "participant:21", "participant:9"
STAFF = Actor("participant:1", frozenset({"participant:1"}), manages=True)
SOURCE = """
id: d
title: {zh: 事, en: D}
number: "{{ station.code }}{{ year }}{{ sequence }}"
fields:
  phone: {type: phone, title: {zh: 电话, en: Phone}, required: true}
roles:
  clerk: {title: {zh: 员, en: Clerk}, staff of: station}
  deputy: {title: {zh: 代表, en: Deputy}, deputies of: station}
resolutions: {done: {zh: 完, en: Done}}
withdraw: {until: closure, to: settle}
options:
  visit:
    title: {zh: 看现场, en: Visit}
    by: clerk
    during: intake
    at most: 1
    ask: {why: {type: text, title: {zh: 原因, en: Why}}}
    to: look
    tell: reporter
  phone: {title: {zh: 更正电话, en: Correct it}, by: reporter, edit: [phone], tell: clerk}
intake:
  handle:
    title: {zh: 办, en: Handle}
    task: clerk
    within: 3 days
    overdue: {tell: clerk}
    actions: {go: {title: {zh: 去, en: Go}, to: settle}}
coordination:
  look:
    title: {zh: 看, en: Look}
    task: deputy
    within: 3 days
    overdue: {tell: clerk}
    actions: {seen: {title: {zh: 看过了, en: Seen}, to: back}}
closure:
  settle:
    title: {zh: 收尾, en: Settle}
    task: clerk
    within: 3 days
    overdue: {tell: clerk}
    actions: {close: {title: {zh: 结, en: Close}, to: closed}}
  closed: {close: done, title: {zh: 结, en: Closed}}
"""
PROCESS = Process(load(SOURCE, "d.yaml"), load_calendar("china"))


def person(who: str) -> Actor:
    return Actor(who, frozenset({who}))


class Story:
    """One issue, and whoever does something with it."""

    def __init__(self, directory: MemoryDirectory) -> None:
        self.directory = directory
        opening = Opening(station=1, station_code="X", reporter=REPORTER, sequence=1, values={"phone": "13800000001"})
        self.state: State = start(PROCESS, opening, NOW, directory).state

    def happen(self, event: e.Event, who: Actor) -> None:
        self.state = transition(PROCESS, self.state, event, NOW, self.directory, who).state

    def take(self, option: str, who: str, **values: Any) -> None:
        self.happen(e.TakeOption(option, values), person(who))

    def can(self, who: str) -> list[str]:
        return list(options(PROCESS, self.state, person(who), NOW, self.directory))

    @property
    def at(self) -> list[str]:
        return [visit.step for visit in self.state.visits]


@pytest.fixture
def story(directory: MemoryDirectory) -> Story:
    return Story(directory)


def test_each_is_offered_to_those_whom_it_is_for(story: Story) -> None:
    assert (story.can(CLERK), story.can(REPORTER), story.can(DEPUTY)) == (["visit"], ["phone"], [])
    assert "option" in takings(PROCESS, story.state, person(CLERK), NOW, story.directory)
    assert "option" not in takings(PROCESS, story.state, person(DEPUTY), NOW, story.directory)


def test_one_that_leads_nowhere_leaves_the_tasks_as_they_are(story: Story) -> None:
    before = story.state.items
    story.take("phone", REPORTER, phone="13800000002")
    assert story.state.data["phone"] == "13800000002"
    assert story.state.items == before


def test_its_form_is_checked(story: Story) -> None:
    with pytest.raises(Invalid):
        story.take("visit", CLERK)


def test_one_that_leads_on_takes_the_issue_there_and_back_leads_back(story: Story) -> None:
    story.take("visit", CLERK, why="路不通")
    assert story.at == ["look"]
    story.happen(e.Act(story.state.items[0].number, "seen"), person(DEPUTY))
    assert story.at == ["handle"]


def test_it_can_be_taken_so_often_and_only_during_its_stages(story: Story) -> None:
    story.take("visit", CLERK, why="路不通")
    assert story.can(CLERK) == []
    story.happen(e.Act(story.state.items[0].number, "seen"), person(DEPUTY))
    with pytest.raises(Unavailable):
        story.take("visit", CLERK, why="再看一次")


def test_nobody_else_takes_it(story: Story) -> None:
    with pytest.raises(NotAllowed):
        story.take("phone", CLERK, phone="13800000002")


def test_nothing_is_open_while_the_issue_stands_still_or_when_it_is_closed(story: Story) -> None:
    story.happen(e.Suspend("停"), STAFF)
    assert story.can(REPORTER) == []
    with pytest.raises(StandsStill):
        story.take("phone", REPORTER, phone="13800000002")
    story.happen(e.Resume(), STAFF)
    story.happen(e.Cancel("止"), STAFF)
    assert story.can(REPORTER) == []


def test_withdrawing_goes_on_where_the_definition_says(story: Story) -> None:
    story.happen(e.Withdraw("不用了"), person(REPORTER))
    assert (story.state.status, story.at) == ("open", ["settle"])
