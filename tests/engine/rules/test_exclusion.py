"""Nobody decides on themself (``other than``), whichever way the task came to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import examine
from engine import Actor, Candidate, Opening, Outcome, Process, Tell, start, transition
from engine import event as e
from engine.available import available, handings
from engine.change import NobodyLeft
from engine.due import due
from engine.memory import MemoryDirectory
from engine.refusal import FourEyes, Invalid, Recused
from engine.state import WorkItem

CHINA = load_calendar("china")
APPLICANT, HEAD, DIRECTOR, OFFICER = "participant:9", "participant:12", "participant:41", "participant:99"
DEPARTMENT = "organisation:5"
STAFF = Actor("participant:1", frozenset({"participant:1"}), manages=True)

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


def person(who: str, *departments: str) -> Actor:
    return Actor(who, frozenset({who, *departments}))


@dataclass
class Story:
    """One application, and all that was told."""

    directory: MemoryDirectory
    source: str
    values: dict[str, Any] = field(default_factory=dict)
    now: datetime = datetime(2026, 3, 2, 1, tzinfo=UTC)
    told: list[Tell] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        definition = examine(self.source, "leave.yaml").definition
        assert definition is not None
        self.process = Process(definition, CHINA)
        opening = Opening(
            station=1, station_code="X", reporter=APPLICANT, sequence=1, values={"reason": "事假", **self.values}
        )
        self._take(start(self.process, opening, self.now, self.directory))

    def _take(self, outcome: Outcome) -> None:
        self.state = outcome.state
        self.changes += outcome.changes
        self.told += [effect for effect in outcome.effects if isinstance(effect, Tell)]

    def happen(self, event: e.Event, actor: Actor | None = None) -> None:
        self._take(transition(self.process, self.state, event, self.now, self.directory, actor))

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)
        for timer in due(self.state, self.now):
            self.happen(e.Fire(timer.number))

    @property
    def item(self) -> WorkItem:
        return next(item for item in self.state.items if not item.done)

    @property
    def asked(self) -> set[str]:
        """Everybody who has a task now."""
        return {party for item in self.state.items if not item.done for party in item.candidates}


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
    return Story(directory, SOURCE % parts, values or {})


def test_the_head_who_asks_for_leave_has_no_task_in_it() -> None:
    assert story(HEAD, APPLICANT).asked == {HEAD}


def test_a_sole_head_who_asks_for_leave_has_it_decided_by_the_fallback() -> None:
    told = story(APPLICANT, head=", fallback: director")
    assert told.asked == {DIRECTOR}
    assert [tell.parties for tell in told.told if tell.occasion == "task"] == [(DIRECTOR,)]


def test_with_nobody_left_the_office_has_it_at_once_and_the_history_says_why() -> None:
    told = story(APPLICANT)
    assert told.asked == {OFFICER}
    assert NobodyLeft(step="ask", role="head") in told.changes


def test_one_picked_by_a_strategy_is_somebody_else_and_keeps_the_role() -> None:
    told = story(APPLICANT, HEAD, head=", pick: [first]")
    assert told.asked == {HEAD}
    assert told.state.roles["head"] == (HEAD,)


def test_who_held_the_role_before_leaves_this_task_to_others_and_stays_what_they_are() -> None:
    told = story(APPLICANT, HEAD, head=", pick: [first]", more="", then="again")
    assert told.asked == {APPLICANT}
    other = story(APPLICANT, HEAD, head=", pick: [first]", first="task: director", more="", then="again")
    assert other.asked == {DIRECTOR}


@pytest.mark.parametrize("where", ["step", "definition", "role"])
def test_it_can_be_said_at_the_step_for_all_steps_or_of_the_role(where: str) -> None:
    told = story(
        HEAD,
        APPLICANT,
        more="other than: reporter" if where == "step" else "",
        general="other than: reporter" if where == "definition" else "",
        head=", other than: reporter" if where == "role" else "",
    )
    assert told.asked == {HEAD}


def test_what_holds_everywhere_is_lifted_at_one_step_by_nobody() -> None:
    assert story(APPLICANT, general="other than: reporter", more="other than: nobody").asked == {APPLICANT}


def test_what_holds_everywhere_keeps_nobody_from_the_steps_that_are_theirs() -> None:
    assert story(first="task: reporter", general="other than: reporter", more="").asked == {APPLICANT}


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
    assert told.asked == {HEAD}


def test_whom_it_concerns_can_be_asked_for_information() -> None:
    told = story()
    told.happen(e.Ask(told.item.number, APPLICANT, "几天？", "question"), person(HEAD))
    question = next(item for item in told.state.items if item.kind == "question")
    told.happen(e.Answer(question.number, "三天"), person(APPLICANT))


def test_an_approver_who_is_away_is_not_stood_in_for_by_whom_it_concerns() -> None:
    first = "each: voters\n    to: again"
    told = story(first=first, then="refused", values={"voters": [HEAD]}, away={HEAD: (APPLICANT,)})
    assert told.asked == {HEAD}
    stands_in = story(first=first, then="refused", values={"voters": [HEAD]}, away={HEAD: (DIRECTOR,)})
    assert stands_in.asked == {HEAD, DIRECTOR}


def test_escalation_does_not_widen_a_task_to_whom_it_concerns() -> None:
    told = story(overdue="escalate: director", more="other than: [reporter, voters]", values={"voters": [DIRECTOR]})
    told.later(3)
    assert told.asked == {HEAD}
    assert OFFICER in {party for tell in told.told if tell.occasion == "overdue" for party in tell.parties}


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
    assert told.asked == {HEAD, DIRECTOR}


def test_where_the_only_voter_is_whom_it_concerns_nobody_passes_it() -> None:
    told = story(
        first="each: voters\n    to: granted\n    until: majority\n    rejected: {to: refused}",
        vote=", vote: for",
        values={"voters": [APPLICANT]},
    )
    assert told.state.resolution == "refused"


def test_where_all_who_do_their_part_are_concerned_the_office_does_it() -> None:
    told = story(first="each: voters\n    to: again", then="refused", values={"voters": [APPLICANT]})
    assert told.asked == {OFFICER}


# -- departments


def test_a_member_of_the_department_that_has_it_leaves_it_to_colleagues() -> None:
    told = story(first="task: lead", values={"lead": DEPARTMENT}, members={DEPARTMENT: (APPLICANT, "participant:51")})
    assert told.asked == {DEPARTMENT}
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
    assert told.asked == {OFFICER}


def test_a_department_named_keeps_all_its_members_away() -> None:
    told = story(
        HEAD,
        "participant:51",
        more="other than: lead",
        values={"lead": DEPARTMENT},
        members={DEPARTMENT: ("participant:51",)},
    )
    assert told.asked == {HEAD}


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
    assert told.asked == {OFFICER}


def test_who_had_somebody_act_for_them_has_acted() -> None:
    told = story(more="", first="task: director", then="again")
    told.happen(e.Delegate(told.item.number, HEAD), person(DIRECTOR))
    told.happen(e.Act(told.item.number, "grant", {}), person(HEAD))
    assert told.asked == {OFFICER}


def test_who_acted_before_is_told_so() -> None:
    told = story(more="", first="task: lead", then="again", values={"lead": DEPARTMENT})
    told.happen(e.Act(told.item.number, "grant", {}), person("participant:51", DEPARTMENT))
    told.happen(e.Reassign((DEPARTMENT,), "忙", item=told.item.number), STAFF)
    with pytest.raises(FourEyes):
        told.happen(e.Act(told.item.number, "grant", {}), person("participant:51", DEPARTMENT))
