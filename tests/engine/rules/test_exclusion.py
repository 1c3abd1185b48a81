"""Nobody decides on themself (``other than``), whichever way the task came to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import Candidate
from engine import event as e
from engine.available import available, handings
from engine.change import NobodyLeft
from engine.memory import MemoryDirectory
from engine.refusal import FourEyes, Invalid, Recused
from tests.engine.story import REPORTER as APPLICANT
from tests.engine.story import STAFF, Story, person

HEAD, DIRECTOR, OFFICER = "participant:12", "participant:41", "participant:99"
DEPARTMENT = "organisation:5"

SOURCE = """
id: leave
title: {zh: 请假, en: Leave}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  reason: {type: text, title: {zh: 事由, en: Reason}}
  voters: {type: people, title: {zh: 评议人, en: Voters}, required: false}
  lead: {type: department, title: {zh: 主办单位, en: Lead}, required: false}
roles:
  head: {title: {zh: 负责人, en: Head}, staff of: station, function: head%(head)s}
  director: {title: {zh: 上级, en: Director}, staff of: station above}
  voters: {title: {zh: 评议人, en: Voters}, people: voters}
  lead: {title: {zh: 主办单位, en: Lead}, departments: lead}
resolutions: {granted: {zh: 准, en: Granted}, refused: {zh: 不准, en: Refused}}
%(general)s
intake:
  ask:
    title: {zh: 甲, en: A}
    %(first)s
    %(more)s
    within: 2 days
    overdue: {%(overdue)s}
    actions: {grant: {title: {zh: 同意, en: Grant}, to: %(then)s%(vote)s}}
  again:
    title: {zh: 乙, en: B}
    task: director
    other than: ask
    within: 2 days
    overdue: {tell: head}
    actions: {grant: {title: {zh: 同意, en: Grant}, to: granted}}
closure:
  granted: {title: {zh: 准, en: Granted}, close: granted}
  refused: {title: {zh: 不准, en: Refused}, close: refused}
"""


def story(
    *heads: str,
    first: str = "task: head",
    more: str = "other than: reporter",
    general: str = "",
    head: str = "",
    overdue: str = "tell: head",
    then: str = "granted",
    vote: str = "",
    values: dict[str, Any] | None = None,
    away: dict[str, tuple[str, ...]] | None = None,
    members: dict[str, tuple[str, ...]] | None = None,
) -> Story:
    directory = MemoryDirectory(
        people={
            "staff of station": [Candidate(party=party) for party in heads or (HEAD,)],
            "staff of station above": [Candidate(party=DIRECTOR)],
        },
        departments=frozenset({DEPARTMENT, "organisation:6"}),
        officers=(Candidate(party=OFFICER),),
        away=away or {},
        belonging=members or {},
    )
    parts = {
        "first": first,
        "more": more,
        "general": general,
        "head": head,
        "overdue": overdue,
        "then": then,
        "vote": vote,
    }
    return Story(SOURCE % parts, directory, {"reason": "事假", **(values or {})})


def test_the_head_who_asks_for_leave_has_no_task_in_it() -> None:
    assert story(HEAD, APPLICANT).busy == {HEAD}


def test_a_sole_head_who_asks_for_leave_has_it_decided_by_the_fallback() -> None:
    told = story(APPLICANT, head=", fallback: director")
    assert told.busy == {DIRECTOR}
    assert told.told("task") == {DIRECTOR}


def test_with_nobody_left_the_office_has_it_at_once_and_the_history_says_why() -> None:
    told = story(APPLICANT)
    assert told.busy == {OFFICER}
    assert NobodyLeft(step="ask", role="head") in told.changes


def test_one_picked_by_a_strategy_is_somebody_else_and_keeps_the_role() -> None:
    told = story(APPLICANT, HEAD, head=", pick: [first]")
    assert told.busy == {HEAD}
    assert told.state.roles["head"] == (HEAD,)


def test_who_held_the_role_before_leaves_this_task_to_others_and_stays_what_they_are() -> None:
    told = story(APPLICANT, HEAD, head=", pick: [first]", more="", then="again")
    assert told.busy == {APPLICANT}
    other = story(APPLICANT, HEAD, head=", pick: [first]", first="task: director", more="", then="again")
    assert other.busy == {DIRECTOR}


@pytest.mark.parametrize("where", ["step", "definition", "role"])
def test_it_can_be_said_at_the_step_for_all_steps_or_of_the_role(where: str) -> None:
    told = story(
        HEAD,
        APPLICANT,
        more="other than: reporter" if where == "step" else "",
        general="other than: reporter" if where == "definition" else "",
        head=", other than: reporter" if where == "role" else "",
    )
    assert told.busy == {HEAD}


def test_what_holds_everywhere_is_lifted_at_one_step_by_nobody() -> None:
    assert story(APPLICANT, general="other than: reporter", more="other than: nobody").busy == {APPLICANT}


def test_what_holds_everywhere_keeps_nobody_from_the_steps_that_are_theirs() -> None:
    assert story(first="task: reporter", general="other than: reporter", more="").busy == {APPLICANT}


# -- how somebody may come to a task


Way = Callable[[Story], None]


@pytest.mark.parametrize(
    "way",
    [
        lambda told: told.happen(e.Delegate(told.item.number, APPLICANT), person(HEAD)),
        lambda told: told.happen(e.Transfer(told.item.number, APPLICANT, "忙"), person(HEAD)),
        lambda told: told.happen(e.Ask(told.item.number, APPLICANT, "请会签", "sign"), person(HEAD)),
        lambda told: told.happen(e.Reassign((APPLICANT,), "忙", item=told.item.number), STAFF),
        lambda told: told.happen(e.Reassign((APPLICANT,), "忙", role="head"), STAFF),
    ],
    ids=["delegate", "transfer", "sign", "reassign", "reassign the role"],
)
def test_nobody_can_give_it_to_whom_it_concerns(way: Way) -> None:
    told = story()
    with pytest.raises(Invalid) as refused:
        way(told)
    assert "回避" in refused.value.errors["to"]["zh"]
    assert told.busy == {HEAD}


def test_whom_it_concerns_can_be_asked_for_information() -> None:
    told = story()
    told.happen(e.Ask(told.item.number, APPLICANT, "几天？", "question"), person(HEAD))
    question = next(item for item in told.state.items if item.kind == "question")
    told.happen(e.Answer(question.number, "三天"), person(APPLICANT))


def test_an_approver_who_is_away_is_not_stood_in_for_by_whom_it_concerns() -> None:
    first = "each: voters\n    to: again"
    told = story(first=first, then="refused", values={"voters": [HEAD]}, away={HEAD: (APPLICANT,)})
    assert told.busy == {HEAD}
    stands_in = story(first=first, then="refused", values={"voters": [HEAD]}, away={HEAD: (DIRECTOR,)})
    assert stands_in.busy == {HEAD, DIRECTOR}


def test_escalation_does_not_widen_a_task_to_whom_it_concerns() -> None:
    told = story(overdue="escalate: director", more="other than: [reporter, voters]", values={"voters": [DIRECTOR]})
    told.later(3)
    assert told.busy == {HEAD}
    assert OFFICER in told.told("overdue")


def test_a_signer_who_is_concerned_cannot_be_added() -> None:
    told = story(first="each: voters\n    to: again", then="refused", values={"voters": [HEAD]})
    with pytest.raises(Invalid):
        told.happen(e.AddSigner(told.item.number, APPLICANT), person(HEAD))


def test_the_deputy_assessed_has_no_vote() -> None:
    told = story(
        first="each: voters\n    to: granted\n    until: majority\n    rejected: {to: refused}",
        then="granted",
        vote=", vote: for",
        values={"voters": [APPLICANT, HEAD, DIRECTOR]},
    )
    assert told.busy == {HEAD, DIRECTOR}


def test_where_the_only_voter_is_whom_it_concerns_nobody_passes_it() -> None:
    told = story(
        first="each: voters\n    to: granted\n    until: majority\n    rejected: {to: refused}",
        vote=", vote: for",
        values={"voters": [APPLICANT]},
    )
    assert told.state.resolution == "refused"


def test_where_all_who_do_their_part_are_concerned_the_office_does_it() -> None:
    told = story(first="each: voters\n    to: again", then="refused", values={"voters": [APPLICANT]})
    assert told.busy == {OFFICER}


# -- departments


def test_a_member_of_the_department_that_has_it_leaves_it_to_colleagues() -> None:
    told = story(first="task: lead", values={"lead": DEPARTMENT}, members={DEPARTMENT: (APPLICANT, "participant:51")})
    assert told.busy == {DEPARTMENT}
    with pytest.raises(Recused):
        told.happen(e.Act(told.item.number, "grant", {}), person(APPLICANT, DEPARTMENT))
    with pytest.raises(Recused):
        told.happen(e.Claim(told.item.number), person(APPLICANT, DEPARTMENT))
    with pytest.raises(Recused):
        told.happen(e.Transfer(told.item.number, HEAD, "忙"), person(APPLICANT, DEPARTMENT))
    told.happen(e.Act(told.item.number, "grant", {}), person("participant:51", DEPARTMENT))
    assert told.state.resolution == "granted"


def test_a_department_whose_only_member_it_concerns_has_no_task() -> None:
    told = story(first="task: lead", values={"lead": DEPARTMENT}, members={DEPARTMENT: (APPLICANT,)})
    assert told.busy == {OFFICER}


def test_a_department_named_keeps_all_its_members_away() -> None:
    told = story(
        HEAD,
        "participant:51",
        more="other than: lead",
        values={"lead": DEPARTMENT},
        members={DEPARTMENT: ("participant:51",)},
    )
    assert told.busy == {HEAD}


# -- what people see, and who acted before


def test_whom_it_concerns_is_offered_nothing() -> None:
    told = story(first="task: lead", values={"lead": DEPARTMENT}, members={DEPARTMENT: (APPLICANT, "participant:51")})
    member = person(APPLICANT, DEPARTMENT)
    (possible,) = available(told.process, told.state, member, told.now)
    assert possible.actions == {}
    assert handings(told.process, told.state, told.item, member, told.now, told.directory) == ()


def test_all_who_acted_at_a_step_leave_the_next_to_others() -> None:
    told = story(
        first="each: voters\n    to: again\n    until: all",
        more="",
        then="again",
        values={"voters": [DIRECTOR, HEAD]},
    )
    told.happen(e.Act(told.item.number, "grant", {}), person(DIRECTOR))
    assert told.busy == {OFFICER}


def test_who_had_somebody_act_for_them_has_acted() -> None:
    told = story(more="", first="task: director", then="again")
    told.happen(e.Delegate(told.item.number, HEAD), person(DIRECTOR))
    told.happen(e.Act(told.item.number, "grant", {}), person(HEAD))
    assert told.busy == {OFFICER}


def test_who_acted_before_is_told_so() -> None:
    told = story(more="", first="task: lead", then="again", values={"lead": DEPARTMENT})
    told.happen(e.Act(told.item.number, "grant", {}), person("participant:51", DEPARTMENT))
    told.happen(e.Reassign((DEPARTMENT,), "忙", item=told.item.number), STAFF)
    with pytest.raises(FourEyes):
        told.happen(e.Act(told.item.number, "grant", {}), person("participant:51", DEPARTMENT))
