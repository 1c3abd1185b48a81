"""An issue that moves to another station: who has it then, what stays as it was, and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine import Candidate
from engine import event as e
from engine.change import DeadlineMoved, ItemEnded, Relocated
from engine.directory import Search, TakingStation
from engine.memory import MemoryDirectory
from engine.refusal import Gone, Invalid, NotAllowed
from engine.replay.names import Recorded
from engine.replay.replay import replay
from tests.engine.story import REPORTER, STAFF, Story, person

ANN, BOB, EVE, OLD_HEAD, OLD_DEPUTY = (f"participant:{number}" for number in (11, 12, 13, 14, 15))
CAI, DONG, NEW_HEAD, NEW_DEPUTY, BOTH = (f"participant:{number}" for number in (21, 22, 23, 24, 25))
OFFICE, WATER, ROADS = "participant:1", "organisation:1", "organisation:2"
OLD, NEW = 1, 5
SOURCE = """
id: moving
title: {zh: 转站, en: Moving}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  chosen: {type: person, title: {zh: 指定人, en: Chosen}, required: false}
  shown: {type: text, title: {zh: 站点, en: Station}, compute: issue.station}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}
  head: {title: {zh: 站长, en: Head}, staff of: station, function: head}
  deputy: {title: {zh: 代表, en: Deputy}, deputies of: station, pick: [first], answerable: true}
  panel: {title: {zh: 代表们, en: Panel}, deputies of: station, function: panel}
  chosen: {title: {zh: 指定人, en: Chosen}, people: chosen, fallback: clerk}
resolutions: {passed: {zh: 通过, en: Passed}, failed: {zh: 未通过, en: Failed}}
intake:
  first: {title: {zh: 分流, en: Where}, set: {chosen: chosen}, to: %(step)s}
  clerks:
    title: {zh: 办理, en: Handle}
    task: clerk
    within: 5 days
    overdue: {escalate: head}
    actions:
      done: {title: {zh: 办结, en: Done}, to: deputies}
  deputies:
    title: {zh: 走访, en: Visit}
    task: deputy
    within: 5 days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Done}, to: passed}
  ones:
    title: {zh: 办理, en: Handle}
    task: chosen
    within: 5 days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Done}, to: passed}
  ballot:
    title: {zh: 表决, en: Ballot}
    each: panel
    until: majority
    within: 5 days
    overdue: {tell: clerk}
    rejected: {to: failed}
    to: passed
    actions: {yes: {title: {zh: 同意, en: Yes}, vote: for}, no: {title: {zh: 反对, en: No}, vote: against}}
closure:
  passed: {title: {zh: 通过, en: Passed}, close: passed}
  failed: {title: {zh: 未通过, en: Failed}, close: failed}
"""


@dataclass
class Stations(MemoryDirectory):
    """Two stations and the people who serve at each: by source, function and station."""

    there: Mapping[tuple[str, str | None, int], Sequence[str]] = field(default_factory=dict)

    def candidates(self, search: Search) -> Sequence[Candidate]:
        return [Candidate(party=one) for one in self.there.get((search.source, search.function, search.station), ())]


class Life(Story):
    """An issue at a step, raised at the old station."""

    def __init__(self, step: str, **values: Any) -> None:
        register = Stations(
            there={
                ("staff of", None, OLD): (ANN, BOB),
                ("staff of", "head", OLD): (OLD_HEAD,),
                ("deputies of", None, OLD): (OLD_DEPUTY, EVE),
                ("deputies of", "panel", OLD): (OLD_DEPUTY, EVE, BOTH),
                ("staff of", None, NEW): (CAI, DONG),
                ("staff of", "head", NEW): (NEW_HEAD,),
                ("deputies of", None, NEW): (NEW_DEPUTY,),
                ("deputies of", "panel", NEW): (NEW_DEPUTY, BOTH),
            },
            departments=frozenset({WATER, ROADS}),
            stations={
                "station:1": TakingStation(number=OLD, code="XG"),
                "station:5": TakingStation(number=NEW, code="BG", industry="law"),
                "BG": TakingStation(number=NEW, code="BG", industry="law"),
            },
        )
        super().__init__(SOURCE % {"step": step}, register, values)

    def moves(self, to: str = "station:5") -> None:
        """Staff move it."""
        self.happen(e.Relocate(to, "属另一街道"), STAFF)

    def vote(self, party: str, action: str = "yes") -> None:
        """Somebody votes."""
        item = next(one for one in self.state.items if one.candidates[0] == party)
        self.happen(e.Act(item.number, action), person(party))


def test_the_new_station_has_the_task_and_number_and_deadline_stay() -> None:
    life = Life("clerks")
    before = life.state
    life.moves()
    after, item = life.state, life.state.items[0]
    assert after.facts is not None
    assert (after.facts.station, after.facts.station_code, after.facts.industry) == (NEW, "BG", "law")
    assert after.facts.number == "XG-2026-1"
    assert item.candidates == (CAI, DONG)
    assert item.number == before.items[0].number
    assert after.visits[0].deadline == before.visits[0].deadline
    assert after.data["shown"] == "BG", "what follows from the station follows"
    assert not any(isinstance(change, DeadlineMoved) for change in life.changes)
    assert after.timers == before.timers


def test_everybody_hears_of_it_who_must() -> None:
    life = Life("clerks")
    life.moves()
    assert life.told("task") == {CAI, DONG}
    assert life.told("moved") == {ANN, BOB}
    assert life.told("relocated") == {REPORTER}


def test_a_code_names_the_station_as_well() -> None:
    life = Life("clerks")
    life.moves("BG")
    assert life.state.facts is not None
    assert life.state.facts.station == NEW


def test_a_claim_ends_and_who_was_chosen_by_hand_goes_on() -> None:
    life = Life("clerks")
    life.happen(e.Claim(life.item.number), person(ANN))
    life.moves()
    assert life.state.items[0].owner is None
    other = Life("clerks")
    stranger = "participant:77"
    other.happen(e.Transfer(other.item.number, stranger, "熟悉情况"), person(ANN))
    other.happen(e.Reply(other.item.number, accept=True), person(stranger))
    other.moves()
    assert other.state.items[0].candidates == (stranger,)
    assert other.told("relocated") == {REPORTER, CAI, DONG}, "the station hears of it though it has no task"


def test_a_picked_deputy_is_picked_anew_and_answers_for_it() -> None:
    life = Life("deputies")
    assert life.state.answerable == EVE
    life.moves()
    assert life.state.roles["deputy"] == (NEW_DEPUTY,)
    assert life.state.answerable == NEW_DEPUTY
    assert life.state.items[0].candidates == (NEW_DEPUTY,)


def test_whoever_a_field_names_keeps_it() -> None:
    life = Life("ones", chosen=ANN)
    life.moves()
    assert life.state.items[0].candidates == (ANN,)
    assert life.told("moved") == set()


def test_whoever_serves_at_both_keeps_what_they_have() -> None:
    life = Life("deputies")
    register = life.directory
    assert isinstance(register, Stations)
    register.there = {**register.there, ("deputies of", None, NEW): (NEW_DEPUTY, EVE)}
    life.moves()
    assert life.state.roles["deputy"] == (EVE,)
    assert life.state.answerable == EVE


def test_a_head_of_the_old_station_who_joined_when_it_was_overdue_has_it_no_more() -> None:
    life = Life("clerks")
    life.later(8)
    assert OLD_HEAD in life.state.items[0].candidates
    life.moves()
    assert life.state.items[0].candidates == (CAI, DONG)


def test_what_the_office_had_for_want_of_anybody_is_the_new_stations() -> None:
    life = Life("clerks")
    register = life.directory
    assert isinstance(register, Stations)
    register.there = {key: who for key, who in register.there.items() if key[2] == NEW}
    life.happen(e.Depart(ANN, gone=True))
    life.happen(e.Depart(BOB, gone=True))
    assert set(life.state.items[0].candidates) == {OFFICE}
    life.moves()
    assert life.state.items[0].candidates == (CAI, DONG)


def test_in_a_ballot_votes_stay_and_those_of_the_new_station_are_asked() -> None:
    life = Life("ballot")
    life.vote(EVE)
    life.moves()
    asked = {item.candidates[0]: item.done for item in life.state.items}
    assert asked == {EVE: True, BOTH: False, NEW_DEPUTY: False}
    assert [change for change in life.outcomes[-1].changes if isinstance(change, ItemEnded)]
    life.vote(BOTH)
    assert life.state.resolution == "passed", "two of the three who are asked by now"


def test_a_question_stays_and_its_answer_is_heard() -> None:
    life = Life("clerks")
    life.happen(e.Ask(life.item.number, "reporter", "在哪里？"), person(ANN))
    life.moves()
    question = next(item for item in life.state.items if item.kind == "question")
    assert question.candidates == (REPORTER,)
    assert life.state.items[0].candidates == (CAI, DONG)


def test_a_suspended_issue_can_move_and_stands_still_there() -> None:
    life = Life("clerks")
    life.happen(e.Suspend("等通知"), STAFF)
    life.moves()
    assert life.state.suspended
    assert life.state.items[0].candidates == (CAI, DONG)


def test_it_moves_back() -> None:
    life = Life("clerks")
    before = life.state
    life.moves()
    life.moves("station:1")
    assert life.state.items == before.items
    assert life.state.facts is not None
    assert before.facts is not None
    assert life.state.facts.station == before.facts.station


@pytest.mark.parametrize("to", ["station:1", "station:404", "participant:11", ""])
def test_nowhere_else_is_no_move(to: str) -> None:
    life = Life("clerks")
    with pytest.raises(Invalid) as refused:
        life.moves(to)
    assert set(refused.value.errors) == {"to"}


def test_the_register_moves_what_a_closed_station_had() -> None:
    life = Life("clerks")
    life.happen(e.Relocate("station:5", "站点停用"))
    assert life.state.items[0].candidates == (CAI, DONG)


def test_nobody_but_staff_and_never_without_a_reason_or_after_the_end() -> None:
    life = Life("clerks")
    with pytest.raises(NotAllowed):
        life.happen(e.Relocate("station:5", "x"), person(ANN))
    with pytest.raises(Invalid):
        life.happen(e.Relocate("station:5", " "), STAFF)
    life.happen(e.Cancel("重复"), STAFF)
    with pytest.raises(Gone):
        life.moves()


def test_a_history_with_a_move_is_decided_again_alike() -> None:
    life = Life("ballot")
    life.vote(EVE, "no")
    life.moves()
    life.vote(BOTH)
    life.vote(NEW_DEPUTY)
    events: list[tuple[e.Event | None, str | None]] = [(None, REPORTER)]
    items = {item.candidates[0]: item.number for outcome in life.outcomes for item in outcome.state.items}
    events += [
        (e.Act(items[EVE], "no"), EVE),
        (e.Relocate("station:5", "属另一街道"), STAFF.party),
        (e.Act(items[BOTH], "yes"), BOTH),
        (e.Act(items[NEW_DEPUTY], "yes"), NEW_DEPUTY),
    ]
    history = [
        Recorded(number, life.now, actor, event, outcome.changes)
        for number, ((event, actor), outcome) in enumerate(zip(events, life.outcomes, strict=True), 1)
    ]
    assert any(isinstance(change, Relocated) for change in history[2].changes)
    assert replay(life.process, history).parting is None
