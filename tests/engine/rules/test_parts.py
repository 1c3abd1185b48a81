"""Several roles in one step: each sees and may do only its own actions (``by``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Opening, Process, State, start, transition
from engine import event as e
from engine.available import available
from engine.memory import MemoryDirectory
from engine.refusal import Unavailable

CLERK, DEPUTY = "participant:11", "participant:23"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)

SOURCE = """
id: talk
title: {zh: 走访, en: Visit}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
roles:
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
  deputy: {title: {zh: 代表, en: Deputy}, deputies of: station, pick: [on duty, least loaded]}
resolutions: {done: {zh: 办结, en: Done}}
intake:
  handle:
    title: {zh: 办理, en: Handle}
    %(who)s
    within: 3 working days
    overdue: {tell: clerk}
    actions:
      close: {title: {zh: 办结, en: Close}, by: clerk, to: end}
      advise: {title: {zh: 建议, en: Advise}, by: deputy%(advise)s, ask: {advice: {type: text, title: {zh: 建议, en: Advice}}}}
closure:
  end: {title: {zh: 办结, en: End}, close: done}
"""


def person(who: str) -> Actor:
    return Actor(who, frozenset({who}))


class Story:
    """One issue at a step for a clerk and a deputy."""

    def __init__(self, directory: MemoryDirectory, who: str = "task: [clerk, deputy]", advise: str = "") -> None:
        self.process = Process(load(SOURCE % {"who": who, "advise": advise}, "talk.yaml"), load_calendar("china"))
        self.directory = directory
        opening = Opening(station=1, station_code="X", reporter="participant:9", sequence=1, values={})
        self.state: State = start(self.process, opening, NOW, directory).state

    def item_of(self, role: str) -> int:
        return next(item.number for item in self.state.items if item.role == role)

    def can(self, who: str) -> set[str]:
        return {name for one in available(self.process, self.state, person(who), NOW) for name in one.actions}

    def act(self, role: str, who: str, action: str, **values: Any) -> None:
        event = e.Act(self.item_of(role), action, values)
        self.state = transition(self.process, self.state, event, NOW, self.directory, person(who)).state


def test_each_role_has_a_task_and_sees_only_what_it_may_do(directory: MemoryDirectory) -> None:
    story = Story(directory)
    assert [(item.role, item.candidates) for item in story.state.items] == [
        ("clerk", (CLERK, "participant:12")),
        ("deputy", (DEPUTY,)),
    ]
    assert (story.can(CLERK), story.can(DEPUTY)) == ({"close"}, {"advise"})


def test_nobody_does_what_is_for_another_role(directory: MemoryDirectory) -> None:
    story = Story(directory)
    with pytest.raises(Unavailable):
        story.act("deputy", DEPUTY, "close")


def test_an_action_that_leads_nowhere_is_ones_part_and_the_others_go_on(directory: MemoryDirectory) -> None:
    story = Story(directory)
    story.act("deputy", DEPUTY, "advise", advice="先修路灯")
    assert story.state.data["advice"] == "先修路灯"
    assert (story.can(CLERK), story.can(DEPUTY)) == ({"close"}, set())
    story.act("clerk", CLERK, "close")
    assert story.state.status == "closed"


def test_an_action_that_leads_on_ends_what_the_others_had(directory: MemoryDirectory) -> None:
    story = Story(directory, advise=", to: end")
    story.act("deputy", DEPUTY, "advise", advice="不用办")
    assert story.state.status == "closed"
    assert story.state.items == ()


def test_it_holds_where_each_has_a_task_too(directory: MemoryDirectory) -> None:
    story = Story(directory, "each: [clerk, deputy]\n    until: lead\n    to: end")
    assert (story.can(CLERK), story.can(DEPUTY)) == ({"close"}, {"advise"})
    with pytest.raises(Unavailable):
        story.act("deputy", DEPUTY, "close")
