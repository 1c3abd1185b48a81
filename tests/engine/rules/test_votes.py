"""Votes: who is asked, when a vote is decided, and what becomes of one with nobody, too few, or people of unequal weight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import examine, restore
from engine import Actor, Opening, Outcome, Process, start, transition
from engine.event import Act
from engine.memory import MemoryDirectory

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CHINA = load_calendar("china")
DIRECTORY = MemoryDirectory(departments=frozenset(f"organisation:{n}" for n in range(1, 10)))
PEOPLE = tuple(f"participant:{number}" for number in range(11, 20))
SOURCE = """
id: ballot
title: {zh: 表决, en: Ballot}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  voters: {type: people, title: {zh: 投票人, en: Voters}}
  chair: {type: person, title: {zh: 主持人, en: Chair}}
  units:
    type: table
    title: {zh: 房屋, en: Units}
    columns:
      owner: {type: person, title: {zh: 业主, en: Owner}}
      area: {type: number, title: {zh: 面积, en: Area}}
roles:
  chair: {title: {zh: 主持人, en: Chair}, people: chair}
  voters: {title: {zh: 投票人, en: Voters}, people: voters}
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}
resolutions: {passed: {zh: 通过, en: Passed}, failed: {zh: 未通过, en: Failed}, nobody: {zh: 无人, en: Nobody}, few: {zh: 人数不足, en: Too few}}
intake:
  ballot:
    title: {zh: 表决, en: Ballot}
    each: %(each)s
    within: 5 days
    to: passed
%(more)s
    actions: %(actions)s
closure:
  passed: {title: {zh: 通过, en: Passed}, close: passed}
  failed: {title: {zh: 未通过, en: Failed}, close: failed}
  unasked: {title: {zh: 无人, en: Nobody}, close: nobody}
  few: {title: {zh: 不足, en: Too few}, close: few}
"""
_VOTES = "{yes: {title: {zh: 同意, en: Yes}, vote: for}, no: {title: {zh: 反对, en: No}, vote: against}, abstain: {title: {zh: 弃权, en: Abstain}}}"
_PARTS = "{done: {title: {zh: 办完, en: Done}}}"


class Ballot:
    """A vote under way."""

    def __init__(self, *more: str, each: str = "voters", actions: str = _VOTES, **values: Any) -> None:
        lines = "\n".join(f"    {line}" for line in more)
        source = SOURCE % {"each": each, "more": lines, "actions": actions}
        # not every way that this process names is led to in every test
        definition = restore(examine(source.encode(), "ballot.yaml").body)
        self.process, self.now = Process(definition, CHINA), MONDAY
        opening = Opening(station=1, station_code="XG", reporter="participant:9", sequence=1, values=values)
        self.last: Outcome = start(self.process, opening, self.now, DIRECTORY)

    @property
    def ended(self) -> str | None:
        return self.last.state.resolution

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(item.role, item.candidates[0]) for item in self.last.state.items if not item.done]

    def vote(self, action: str, *people: str) -> None:
        for person in people:
            self.now += timedelta(minutes=1)
            item = next(i for i in self.last.state.items if not i.done and person in i.candidates)
            actor = Actor(person, frozenset({person}))
            event = Act(item.number, action)
            self.last = transition(self.process, self.last.state, event, self.now, DIRECTORY, actor)


UNTIL = ["until: 3", "until: 1", "until: majority", "until: all", "until: any", "until: 60 %"]


@pytest.mark.parametrize("until", UNTIL)
def test_a_vote_with_nobody_is_not_passed(until: str) -> None:
    assert Ballot(until, "rejected: {to: failed}").ended == "failed"


@pytest.mark.parametrize("until", UNTIL)
def test_what_the_step_says_for_nobody_comes_first(until: str) -> None:
    assert Ballot(until, "rejected: {to: failed}", "nobody: {to: unasked}").ended == "nobody"


def test_a_vote_with_nobody_is_counted_as_one_with_nobody_and_not_as_the_vote_before() -> None:
    assert Ballot("rejected: {to: failed}").last.state.votes == {"all": 0}


def test_where_nobody_is_named_whoever_is_told_hears_of_it() -> None:
    ballot = Ballot("rejected: {to: failed}", "nobody: {to: unasked, tell: reporter}")
    assert ("participant:9",) in [effect.parties for effect in ballot.last.effects if effect.kind == "tell"]


def test_work_that_nobody_was_given_goes_the_way_that_the_step_names() -> None:
    assert Ballot("nobody: {to: unasked}", actions=_PARTS).ended == "nobody"


def test_one_person_in_two_roles_has_one_task_with_the_part_of_the_role_named_first() -> None:
    ballot = Ballot("until: all", "rejected: {to: failed}", each="[chair, voters]", chair=PEOPLE[0], voters=PEOPLE[:2])
    assert ballot.asked == [("chair", PEOPLE[0]), ("voters", PEOPLE[1])]
    ballot.vote("yes", *PEOPLE[:2])
    assert ballot.ended == "passed"
    assert ballot.last.state.votes == {"all": 2, "for": 2, "yes": 2}


def test_whoever_leads_and_assists_is_waited_for_once() -> None:
    ballot = Ballot("until: lead", each="[chair, voters]", actions=_PARTS, chair=PEOPLE[0], voters=PEOPLE[:1])
    ballot.vote("done", PEOPLE[0])
    assert ballot.ended == "passed"
