"""Votes: who is asked, when a vote is decided, and what becomes of one with nobody, too few, or people of unequal weight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.calendars.reader import load_calendar
from definitions.loader import examine, restore
from engine import Actor, Opening, Outcome, Process, start, transition
from engine.event import Act, Fire
from engine.memory import MemoryDirectory
from tests.examples import examples

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

    def deadline(self) -> None:
        timer = next(timer for timer in self.last.state.timers if timer.purpose == "overdue")
        self.now = timer.due_at
        self.last = transition(self.process, self.last.state, Fire(timer.number), self.now, DIRECTORY)


UNTIL = ["until: 3", "until: 1", "until: majority", "until: all", "until: any", "until: 60 %"]


@pytest.mark.parametrize("until", UNTIL)
def test_a_vote_with_nobody_is_not_passed(until: str) -> None:
    assert Ballot(until, "rejected: {to: failed}").ended == "failed"


@pytest.mark.parametrize("until", UNTIL)
def test_what_the_step_says_for_nobody_comes_first(until: str) -> None:
    assert Ballot(until, "rejected: {to: failed}", "nobody: {to: unasked}").ended == "nobody"


def test_a_vote_with_nobody_is_counted_as_one_with_nobody_and_not_as_the_vote_before() -> None:
    assert Ballot("rejected: {to: failed}").last.state.votes == {"voted": 0, "all": 0}


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
    assert ballot.last.state.votes == {"voted": 2, "all": 2, "for": 2, "yes": 2}


def test_whoever_leads_and_assists_is_waited_for_once() -> None:
    ballot = Ballot("until: lead", each="[chair, voters]", actions=_PARTS, chair=PEOPLE[0], voters=PEOPLE[:1])
    ballot.vote("done", PEOPLE[0])
    assert ballot.ended == "passed"


# -- shares, exactly


def test_two_thirds_of_three_are_two_and_of_seven_are_five() -> None:
    three = Ballot("until: 2/3", "rejected: {to: failed}", voters=PEOPLE[:3])
    three.vote("yes", *PEOPLE[:2])
    assert three.ended == "passed"
    seven = Ballot("until: 2/3", "rejected: {to: failed}", voters=PEOPLE[:7])
    seven.vote("yes", *PEOPLE[:4])
    assert seven.ended is None
    seven.vote("yes", PEOPLE[4])
    assert seven.ended == "passed"


def test_more_than_a_share_is_more_than_just_that() -> None:
    exactly = Ballot("until: more than 2/3", "rejected: {to: failed}", voters=PEOPLE[:3])
    exactly.vote("yes", *PEOPLE[:2])
    assert exactly.ended is None
    exactly.vote("no", PEOPLE[2])
    assert exactly.ended == "failed"


def test_of_all_who_may_vote_whoever_stays_away_counts_against() -> None:
    ballot = Ballot("until: majority", "turnout: 1/2", "rejected: {to: failed}", voters=PEOPLE[:5])
    ballot.vote("yes", *PEOPLE[:2])
    ballot.vote("no", PEOPLE[2])
    ballot.deadline()
    assert ballot.ended == "failed", "two of five are no majority"


def test_of_those_who_voted_whoever_stays_away_does_not_count() -> None:
    ballot = Ballot("until: majority of those who voted", "rejected: {to: failed}", voters=PEOPLE[:5])
    ballot.vote("yes", *PEOPLE[:2])
    ballot.vote("no", PEOPLE[2])
    assert ballot.ended is None
    ballot.deadline()
    assert ballot.ended == "passed", "two of three are"


def test_of_those_who_voted_an_abstention_is_a_vote() -> None:
    ballot = Ballot("until: majority of those who voted", "rejected: {to: failed}", voters=PEOPLE[:4])
    ballot.vote("yes", *PEOPLE[:2])
    ballot.vote("abstain", *PEOPLE[2:4])
    assert ballot.ended == "failed", "two of four"


def test_a_vote_to_which_nobody_comes_is_not_passed() -> None:
    ballot = Ballot("until: majority of those who voted", "rejected: {to: failed}", voters=PEOPLE[:4])
    ballot.deadline()
    assert ballot.ended == "failed"


# -- turnout


def test_with_too_few_at_the_deadline_the_vote_does_not_count() -> None:
    rules = ("until: majority of those who voted", "turnout: 1/2", "too few: {to: few}", "rejected: {to: failed}")
    ballot = Ballot(*rules, voters=PEOPLE[:5])
    ballot.vote("yes", *PEOPLE[:2])
    ballot.deadline()
    assert ballot.ended == "few"


def test_without_a_way_for_too_few_it_is_rejected() -> None:
    ballot = Ballot("until: majority", "turnout: 3", "rejected: {to: failed}", voters=PEOPLE[:5])
    ballot.vote("yes", *PEOPLE[:2])
    ballot.deadline()
    assert ballot.ended == "failed"


def test_what_is_decided_still_waits_for_the_turnout() -> None:
    ballot = Ballot("until: 1", "turnout: 3", "rejected: {to: failed}", voters=PEOPLE[:5])
    ballot.vote("yes", PEOPLE[0])
    assert ballot.ended is None
    ballot.vote("abstain", *PEOPLE[1:3])
    assert ballot.ended == "passed"


# -- weights: 民法典第二百七十八条 (two thirds of persons and area take part; then three quarters, or more than half, of both)

OWNERS = [(PEOPLE[0], 89.35), (PEOPLE[1], 89.35), (PEOPLE[2], 120), (PEOPLE[3], 60.1), (PEOPLE[0], 10.2)]
RAISING = ("weight: units.area", "counted by: [persons, weight]", "turnout: 2/3", "until: 3/4 of those who voted",
           "too few: {to: few}", "rejected: {to: failed}")  # fmt: skip


def owners(*more: str) -> Ballot:
    units = tuple({"owner": owner, "area": area} for owner, area in OWNERS)
    return Ballot(*more, voters=PEOPLE[:4], units=units)


def test_a_vote_weighs_what_the_rows_of_the_voter_add_up_to() -> None:
    weights = {item.candidates[0]: item.weight for item in owners(*RAISING).last.state.items}
    assert weights == {PEOPLE[0]: "99.55", PEOPLE[1]: "89.35", PEOPLE[2]: "120", PEOPLE[3]: "60.1"}


def test_both_persons_and_area_must_agree() -> None:
    ballot = owners(*RAISING)
    ballot.vote("no", PEOPLE[3])
    ballot.vote("yes", *PEOPLE[:2])
    assert ballot.ended is None
    ballot.vote("yes", PEOPLE[2])
    assert ballot.ended == "passed", "three of four persons, 308.9 of 369 square metres"
    assert ballot.last.state.weights == {"for": "308.9", "against": "60.1", "voted": "369", "all": "369"}


def test_persons_alone_are_not_enough_and_it_is_rejected_as_soon_as_the_area_is_lost() -> None:
    ballot = owners(*RAISING)
    ballot.vote("no", PEOPLE[2])
    assert ballot.ended == "failed", "three persons could agree, but no more than 249 of 369 square metres"


def test_an_area_that_does_not_take_part_is_too_few_although_the_persons_do() -> None:
    ballot = owners(*RAISING)
    ballot.vote("yes", PEOPLE[0], PEOPLE[1], PEOPLE[3])
    assert ballot.ended is None
    ballot.deadline()
    assert ballot.ended == "passed", "249 of 369 square metres took part: two thirds are 246"
    fewer = owners(*(rule.replace("2/3", "7/10") for rule in RAISING))
    fewer.vote("yes", PEOPLE[0], PEOPLE[1], PEOPLE[3])
    fewer.deadline()
    assert fewer.ended == "few"


def test_tenths_add_up_exactly() -> None:
    tenths = tuple({"owner": person, "area": area} for person, area in zip(PEOPLE, (0.1, 0.2, 0.3), strict=False))
    ballot = Ballot("weight: units.area", "until: 1/2", "rejected: {to: failed}", voters=PEOPLE[:3], units=tenths)
    ballot.vote("yes", *PEOPLE[:2])
    assert ballot.ended == "passed", "0.1 + 0.2 are half of 0.6"


# -- against a plain count


@dataclass(frozen=True)
class Rules:
    """What a vote is counted by."""

    share: tuple[int, int]
    over: bool
    voted: bool
    turnout: tuple[int, int] | None
    measures: tuple[str, ...]

    @property
    def written(self) -> list[str]:
        share = f"{'more than ' if self.over else ''}{self.share[0]}/{self.share[1]}"
        lines = [f"until: {share}{' of those who voted' if self.voted else ''}", "rejected: {to: failed}"]
        lines += ["weight: units.area", f"counted by: [{', '.join(self.measures)}]"]
        return lines + ([f"turnout: {self.turnout[0]}/{self.turnout[1]}", "too few: {to: few}"] if self.turnout else [])


def plainly(rules: Rules, votes: list[str | None], areas: list[int]) -> str:
    """What becomes of a vote that is over: counted as one does on paper; ``None`` did not vote."""
    passed = True
    for measure in rules.measures:
        weigh = [1 if measure == "persons" else area for area in areas]
        whole = sum(weigh)
        took_part = sum(w for w, vote in zip(weigh, votes, strict=True) if vote)
        agreed = sum(w for w, vote in zip(weigh, votes, strict=True) if vote == "yes")
        if rules.turnout and (took_part == 0 or Fraction(took_part, whole) < Fraction(*rules.turnout)):
            return "few"
        base = took_part if rules.voted else whole
        share = Fraction(agreed, base) if base else Fraction()
        passed = (
            passed
            and agreed > 0
            and (share > Fraction(*rules.share) if rules.over else share >= Fraction(*rules.share))
        )
    return "passed" if passed else "failed"


SHARES = [(1, 2), (2, 3), (3, 4), (1, 3), (3, 5), (99, 100)]


@examples(300)
@given(data=st.data())
def test_a_vote_ends_as_a_plain_count_of_every_way_it_can_go_on(data: st.DataObject) -> None:
    measures = data.draw(st.sampled_from([("persons",), ("weight",), ("persons", "weight")]))
    turnout = data.draw(st.sampled_from([None, *SHARES]))
    rules = Rules(
        data.draw(st.sampled_from(SHARES)), data.draw(st.booleans()), data.draw(st.booleans()), turnout, measures
    )
    areas = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    voters = PEOPLE[: len(areas)]
    units = tuple({"owner": owner, "area": area} for owner, area in zip(voters, areas, strict=True))
    ballot = Ballot(*rules.written, voters=voters, units=units)
    votes: list[str | None] = [None] * len(areas)
    stay_away: list[str | None] = [None] if rules.voted or turnout else []
    for voter in data.draw(st.permutations(range(len(areas)))):
        votes[voter] = data.draw(st.sampled_from(["yes", "no", "abstain"]))
        ballot.vote(votes[voter] or "", voters[voter])
        choices: list[list[str | None]] = [[vote] if vote else ["yes", "no", "abstain", *stay_away] for vote in votes]
        ends = {plainly(rules, list(every), areas) for every in product(*choices)}
        if ballot.ended is not None:
            assert ballot.ended in ends
            assert ends == {"passed"} if ballot.ended == "passed" else "passed" not in ends
            return
        assert "passed" in ends, "what can no longer be reached is rejected at once"
        assert ends != {"passed"}, "what nobody can change any more is passed at once"
        if data.draw(st.booleans()) and stay_away:
            ballot.deadline()
            assert ballot.ended == plainly(rules, votes, areas)
            return
