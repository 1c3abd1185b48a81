"""People who go: what becomes of their claims, their tasks, their votes and their roles; and work for a department in which nobody serves."""

from __future__ import annotations

from typing import Any

import pytest

from engine import Candidate, start
from engine import event as e
from engine.memory import MemoryDirectory
from engine.refusal import Invalid, Unavailable
from tests.engine.story import STAFF, Story, person

ANN, BOB, EVE, HEAD, OFFICE = (f"participant:{number}" for number in (11, 12, 13, 14, 1))
WATER, ROADS = "organisation:1", "organisation:2"
SOURCE = """
id: going
title: {zh: 离岗, en: Going}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  lead: {type: department, title: {zh: 主办, en: Lead}, required: false}
  voters: {type: people, title: {zh: 投票人, en: Voters}, required: false}
  chosen: {type: person, title: {zh: 指定人, en: Chosen}, required: false}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}
  deputy: {title: {zh: 代表, en: Deputy}, deputies of: station, pick: [first], answerable: true}
  lead: {title: {zh: 主办, en: Lead}, departments: lead}
  voters: {title: {zh: 投票人, en: Voters}, people: voters}
  chosen: {title: {zh: 指定人, en: Chosen}, people: chosen, fallback: clerk}
resolutions: {passed: {zh: 通过, en: Passed}, failed: {zh: 未通过, en: Failed}}
intake:
  first: {title: {zh: 分流, en: Where}, set: {lead: lead}, to: %(step)s}
  clerks:
    title: {zh: 办理, en: Handle}
    task: clerk
    within: 5 days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Done}, to: passed}
  deputies:
    title: {zh: 办理, en: Handle}
    task: deputy
    within: 5 days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Done}, to: passed}
  leads:
    title: {zh: 办理, en: Handle}
    task: lead
    within: 5 days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Done}, to: passed, ask: {lead: {type: department, title: {zh: 主办, en: Lead}, required: false}}}
  ones:
    title: {zh: 办理, en: Handle}
    task: chosen
    within: 5 days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Done}, to: passed}
  ballot:
    title: {zh: 表决, en: Ballot}
    each: voters
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


class Life(Story):
    """An issue at a step, and people who go."""

    def __init__(self, step: str, **values: Any) -> None:
        register = MemoryDirectory(
            people={
                "staff of station": [Candidate(party=ANN), Candidate(party=BOB)],
                "deputies of station": [Candidate(party=EVE), Candidate(party=HEAD)],
            },
            departments=frozenset({WATER, ROADS}),
            belonging={WATER: (ANN, BOB)},
        )
        super().__init__(SOURCE % {"step": step}, register, values)

    def goes_with(self, party: str, successor: str) -> None:
        """Somebody is no longer in service, and somebody else was chosen to go on with their task."""
        self.goes(party, e.Successor(self.item.number, successor))

    def goes(self, party: str, *successors: e.Successor) -> None:
        """Somebody is no longer in service."""
        register = self.directory
        register.vacancies |= {party}
        register.people = {
            place: [one for one in there if one.party != party] for place, there in register.people.items()
        }
        register.belonging = {
            place: tuple(one for one in there if one != party) for place, there in register.belonging.items()
        }
        self.happen(e.Depart(party, gone=True, successors=successors))


def test_a_claim_falls_back_and_colleagues_are_told() -> None:
    life = Life("clerks")
    life.happen(e.Claim(life.item.number), person(ANN))
    life.goes(ANN)
    item = life.state.items[0]
    assert (item.owner, item.candidates) == (None, (BOB,))
    assert life.told("task") == {BOB}


def test_a_claim_in_a_department_falls_back_to_the_department() -> None:
    life = Life("leads", lead=WATER)
    life.happen(e.Claim(life.item.number), person(ANN, WATER))
    life.goes(ANN)
    item = life.state.items[0]
    assert (item.owner, item.candidates) == (None, (WATER,))
    assert life.told("task") == {WATER}


def test_whoever_leaves_a_department_only_loses_what_they_had_through_it() -> None:
    life = Life("leads", lead=WATER)
    life.happen(e.Claim(life.item.number), person(ANN, WATER))
    life.directory.belonging = {WATER: (BOB,)}
    life.happen(e.Depart(ANN))
    assert life.state.items[0].owner is None


def test_a_successor_who_was_chosen_goes_on_alone_and_holds_the_role() -> None:
    life = Life("deputies")
    life.happen(e.Depart(EVE, gone=True, successors=(e.Successor(life.item.number, BOB),)))
    item = life.state.items[0]
    assert item.candidates == (BOB,)
    assert (life.state.roles["deputy"], life.state.answerable) == ((BOB,), BOB)
    assert life.told("task") == {BOB}


def test_a_successor_who_has_gone_too_is_passed_over() -> None:
    life = Life("deputies")
    life.directory.vacancies |= {BOB}
    life.goes_with(EVE, BOB)
    assert life.state.items[0].candidates == (HEAD,)


def test_whoever_was_chosen_for_another_task_has_nothing_of_this_one() -> None:
    life = Life("deputies")
    life.happen(e.Depart(EVE, gone=True, successors=(e.Successor(life.item.number + 1, BOB),)))
    assert BOB not in life.state.items[0].candidates


def test_the_role_of_a_sole_holder_is_found_anew_and_so_is_who_answers() -> None:
    life = Life("deputies")
    assert life.asked == [(EVE,)]
    life.goes(EVE)
    assert life.asked == [(HEAD,)]
    assert life.state.roles["deputy"] == (HEAD,)
    assert life.state.answerable == HEAD
    assert life.told("task") == {HEAD}


def test_with_nobody_left_in_a_role_the_office_has_it_at_once() -> None:
    life = Life("deputies")
    life.goes(EVE)
    life.goes(HEAD)
    assert life.asked == [(OFFICE,)]
    assert life.told("task") == {OFFICE}


def test_in_a_register_with_nobody_at_all_a_task_keeps_whom_it_had() -> None:
    life = Life("deputies")
    life.directory.officers = ()
    life.goes(EVE)
    life.goes(HEAD)
    assert life.asked == [(HEAD,)]
    with pytest.raises(Unavailable):
        life.happen(e.Depart(HEAD, gone=True))


def test_whoever_was_named_by_a_field_is_followed_by_the_fallback() -> None:
    life = Life("ones", chosen=EVE)
    life.goes(EVE)
    assert life.asked == [(ANN, BOB)]


def test_somebody_who_has_gone_is_given_no_work_later() -> None:
    life = Life("clerks", chosen=EVE)
    life.directory.vacancies |= {EVE}
    life.happen(e.Move("ones", "换人"), STAFF)
    assert life.asked == [(ANN, BOB)]


def test_what_was_delegated_or_offered_to_them_comes_back() -> None:
    life = Life("deputies")
    life.happen(e.Delegate(life.item.number, ANN), person(EVE))
    life.happen(e.Transfer(life.item.number, BOB, "换人"), person(EVE))
    life.goes(ANN)
    life.goes(BOB)
    item = life.state.items[0]
    assert (item.delegate, item.offered, item.candidates) == (None, None, (EVE,))
    assert life.told("refused") == {EVE}


def test_a_question_to_somebody_who_has_gone_is_over_and_the_clock_runs_on() -> None:
    life = Life("deputies")
    life.happen(e.Ask(life.item.number, BOB, "为什么"), person(EVE))
    assert life.state.visits[0].paused_at
    life.goes(BOB)
    assert life.asked == [(EVE,)]
    assert life.state.visits[0].paused_at is None
    assert life.told("refused") == {EVE}


def test_a_vote_is_counted_again_without_whoever_has_gone() -> None:
    life = Life("ballot", voters=[ANN, BOB, EVE])
    life.happen(e.Act(life.item.number, "yes"), person(ANN))
    assert life.state.status == "open"
    life.goes(BOB)
    assert life.state.status == "open", "one of two is no majority"
    life.goes(EVE)
    assert life.state.resolution == "passed", "one of one is"


def test_a_vote_that_can_no_longer_be_won_is_lost_at_once() -> None:
    life = Life("ballot", voters=[ANN, BOB, EVE])
    life.happen(e.Act(life.item.number, "no"), person(ANN))
    life.goes(BOB)
    assert life.state.resolution == "failed", "one of two against"


def test_a_vote_that_was_given_stays() -> None:
    life = Life("ballot", voters=[ANN, BOB, EVE])
    life.happen(e.Act(life.item.number, "yes"), person(ANN))
    with pytest.raises(Unavailable):
        life.goes(ANN)


def test_a_vote_whose_last_voter_goes_is_lost() -> None:
    life = Life("ballot", voters=[ANN])
    life.goes(ANN)
    assert life.state.resolution == "failed"


def test_a_suspended_vote_is_counted_again_when_it_goes_on() -> None:
    life = Life("ballot", voters=[ANN, BOB])
    life.happen(e.Act(life.item.number, "yes"), person(ANN))
    life.happen(e.Suspend("等待"), STAFF)
    life.goes(BOB)
    assert life.state.status == "open"
    life.happen(e.Resume(), STAFF)
    assert life.state.resolution == "passed"


def test_of_whom_nothing_is_open_nothing_is_written() -> None:
    with pytest.raises(Unavailable):
        Life("clerks").goes(EVE)


# -- departments in which nobody serves


def test_work_for_a_department_without_anybody_goes_to_the_office_at_once() -> None:
    life = Life("leads", lead=WATER)
    life.goes(WATER)
    assert life.asked == [(OFFICE,)]


def test_a_form_refuses_a_department_without_anybody() -> None:
    life = Life("leads", lead=WATER)
    life.directory.vacancies |= {ROADS}
    with pytest.raises(Invalid) as refused:
        life.happen(e.Act(life.item.number, "done", {"lead": ROADS}), person(BOB, WATER))
    assert "没有在岗人员" in refused.value.errors["lead"]["zh"]


def test_so_does_the_form_by_which_an_issue_is_opened() -> None:
    with pytest.raises(Invalid) as refused:
        _opened_with(ROADS)
    assert set(refused.value.errors) == {"lead"}


def _opened_with(department: str) -> None:
    life = Life("clerks")
    life.directory.vacancies |= {department}
    start(life.process, life.opening({"lead": department}), life.now, life.directory)


@pytest.mark.parametrize(
    "give", [e.Delegate, lambda item, to: e.Transfer(item, to, "换人"), lambda item, to: e.Ask(item, to, "为什么")]
)
def test_whatever_is_handed_to_a_department_without_anybody_is_refused(give: Any) -> None:
    life = Life("clerks")
    life.directory.vacancies |= {ROADS}
    with pytest.raises(Invalid) as refused:
        life.happen(give(life.item.number, ROADS), person(ANN))
    assert "没有在岗人员" in refused.value.errors["to"]["zh"]


def test_staff_cannot_give_it_to_them_either() -> None:
    life = Life("clerks")
    life.directory.vacancies |= {ROADS}
    with pytest.raises(Invalid):
        life.happen(e.Reassign((ROADS,), "换人", item=life.item.number), STAFF)
