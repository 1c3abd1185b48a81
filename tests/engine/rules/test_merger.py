"""Merging has preconditions, and what is said of a merged issue arrives where it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Candidate, Opening, Outcome, Process, Tell, start, transition
from engine import event as e
from engine.directory import OtherIssue
from engine.effect import Notify, Referral
from engine.memory import MemoryDirectory
from engine.refusal import Gone, Invalid, NotAllowed
from engine.state import State

NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)
CLERK, REPORTER, OTHER = "participant:11", "participant:9", "participant:8"
STAFF = Actor("participant:1", frozenset({"participant:1"}), oversees=True, manages=True)
SOURCE = """
id: story
title: {zh: 故事, en: Story}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  subject: {type: text, title: {zh: 事由, en: Subject}, required: true}
  same: {type: issue, title: {zh: 同一件, en: The same}, required: false}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}
resolutions: {done: {zh: 已办, en: Done}}
intake:
  register:
    title: {zh: 登记, en: Register}
    task: clerk
    within: 2 working days
    overdue: {to: joined}
    actions:
      same: {title: {zh: 并案, en: The same}, to: joined, edit: [same]}
closure:
  joined: {title: {zh: 并案, en: Joined}, close: done, into: same}
"""
ISSUES = {
    "issue:1": OtherIssue(number="XG-2026-1"),
    "issue:2": OtherIssue(number="XG-2026-2"),
    "issue:3": OtherIssue(number="XG-2026-3", open=False),
    "issue:4": OtherIssue(number="XG-2026-4", open=False, survivor="issue:2"),
    "issue:5": OtherIssue(number="XG-2026-5"),
    "issue:6": OtherIssue(number="XG-2026-6", caller="issue:7"),
    "issue:7": OtherIssue(number="XG-2026-7", caller="issue:1"),
    "issue:8": OtherIssue(number="XG-2026-8", caller="issue:5"),
}


class Register(MemoryDirectory):
    """A register that knows of these issues and no others."""

    def issue(self, reference: str) -> OtherIssue | None:
        return self.issues.get(reference)


DIRECTORY = Register(people={"staff of station": [Candidate(party=CLERK)]}, issues=ISSUES)
PROCESS = Process(load(SOURCE, "story.yaml"), load_calendar("china"))


def opened(parent: str | None = None, **values: Any) -> State:
    """The issue XG-2026-1, as it was just reported."""
    report = Opening(
        station=1,
        station_code="XG",
        reporter=REPORTER,
        sequence=1,
        values={"subject": "路灯不亮", **values},
        parent=parent,
    )
    return start(PROCESS, report, NOW, DIRECTORY).state


def after(state: State, event: e.Event, actor: Actor | None = None) -> Outcome:
    return transition(PROCESS, state, event, NOW, DIRECTORY, actor)


def person(party: str) -> Actor:
    return Actor(party, frozenset({party}))


def refused(state: State, event: e.Event, actor: Actor | None = STAFF) -> Mapping[str, Mapping[str, str]]:
    with pytest.raises(Invalid) as why:
        after(state, event, actor)
    return why.value.errors


@pytest.mark.parametrize(
    ("into", "why"),
    [
        ("issue:1", "自己"),
        ("issue:99", "没有这件事项"),
        ("participant:9", "没有这件事项"),
        ("issue:3", "已经办结"),
        ("issue:4", "已并入“XG-2026-2”"),
        ("issue:7", "本件在等它"),
        ("issue:6", "本件在等它"),
    ],
)
def test_what_would_leave_nobody_at_work_is_refused_in_words(into: str, why: str) -> None:
    assert why in refused(opened(), e.Merge(into, "重复"))["into"]["zh"]


@pytest.mark.parametrize("caller", ["issue:5", "issue:8"])
def test_an_issue_is_not_merged_into_those_that_wait_for_it(caller: str) -> None:
    assert "等本件的结果" in refused(opened(parent=caller), e.Merge("issue:5", "重复"))["into"]["zh"]


def test_the_definitions_own_way_follows_the_same_rule_and_names_its_field() -> None:
    state = opened()
    act = e.Act(state.items[0].number, "same", {"same": "issue:3"})
    assert "已经办结" in refused(state, act, person(CLERK))["same"]["zh"]
    timer = next(timer for timer in opened(same="issue:4").timers if timer.purpose == "overdue")
    late = opened(same="issue:4")
    with pytest.raises(Invalid):
        transition(PROCESS, late, e.Fire(timer.number), timer.due_at, DIRECTORY)
    done = after(state, e.Act(state.items[0].number, "same", {"same": "issue:2"}), person(CLERK))
    assert (done.state.status, done.state.survivor) == ("closed", "issue:2")


def merged() -> State:
    return after(opened(), e.Merge("issue:2", "重复"), STAFF).state


def referrals(outcome: Outcome) -> list[Referral]:
    return [effect for effect in outcome.effects if isinstance(effect, Referral)]


def test_people_go_with_it_and_those_who_had_followed_too() -> None:
    state = after(opened(), e.Absorb("issue:5", (OTHER,))).state
    told = [one for one in after(state, e.Merge("issue:2", "重复"), STAFF).effects if isinstance(one, Notify)]
    assert [(one.issue, one.followers) for one in told] == [("issue:2", (REPORTER, OTHER))]


@pytest.mark.parametrize(
    ("event", "passed"),
    [
        (e.Comment("又灭了", public=True), e.Comment("又灭了")),
        (e.Attach("灯.jpg", "image/jpeg", 3, "ab"), e.Attach("灯.jpg", "image/jpeg", 3, "ab", public=False)),
        (e.Urge("三天了"), e.Urge("三天了")),
        (e.Withdraw("已经好了"), e.Withdraw("已经好了")),
        (e.Answer(2, "在东门"), e.Comment("在东门")),
    ],
)
def test_what_is_said_of_it_is_said_where_it_goes_on_and_not_to_that_issues_reporter(
    event: e.Event, passed: e.Event
) -> None:
    assert referrals(after(merged(), event, person(REPORTER))) == [
        Referral(issue="issue:2", by=REPORTER, event=passed)  # type: ignore[arg-type]
    ]


def test_a_stranger_says_nothing_of_it_and_its_tasks_are_gone_with_a_word_where_to() -> None:
    with pytest.raises(NotAllowed):
        after(merged(), e.Comment("哦"), person("participant:77"))
    with pytest.raises(Gone) as gone:
        after(merged(), e.Act(2, "same"), person(CLERK))
    assert "并入另一件" in gone.value.message["zh"]


def test_whoever_follows_may_urge_and_speak_and_take_theirs_back() -> None:
    state = after(opened(), e.Absorb("issue:5", (OTHER,))).state
    told = [one for one in after(state, e.Urge("快些"), person(OTHER)).effects if isinstance(one, Tell)]
    assert [(one.occasion, one.parties) for one in told] == [("urged", (CLERK,))]
    without = after(state, e.Withdraw("不用了"), person(OTHER))
    assert without.state.status == "open"
    assert without.state.followers == ()
    assert [one.parties for one in without.effects if isinstance(one, Tell)] == [(CLERK,)]


def test_those_who_follow_hear_of_its_end() -> None:
    state = after(opened(), e.Absorb("issue:5", (OTHER,))).state
    told = [one for one in after(state, e.Cancel("r"), STAFF).effects if isinstance(one, Tell)]
    assert any(one.occasion == "closed" and OTHER in one.parties for one in told)


def test_people_who_come_to_an_issue_that_was_closed_meanwhile_hear_of_its_end() -> None:
    closed = after(opened(), e.Cancel("r"), STAFF).state
    told = [one for one in after(closed, e.Absorb("issue:5", (OTHER,))).effects if isinstance(one, Tell)]
    assert [(one.occasion, one.parties) for one in told] == [("closed", (OTHER,))]


def test_taken_up_again_it_goes_its_own_way() -> None:
    state = after(merged(), e.Reopen("分开办", "register"), STAFF).state
    assert [link.kind for link in state.links] == []
    done = after(state, e.Cancel("r"), STAFF).state
    assert done.survivor is None
    assert referrals(after(done, e.Comment("谢谢"), person(REPORTER))) == []


RATED = """
id: rated
title: {zh: 办事, en: Errand}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  verdict: {type: choice, asked: false, title: {zh: 评价, en: Verdict}, options: {good: {zh: 满意, en: Good}, bad: {zh: 不满意, en: Bad}}}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}
resolutions: {done: {zh: 已办, en: Done}}
intake:
  work:
    title: {zh: 办理, en: Work}
    task: clerk
    within: 2 working days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办好, en: Done}, to: rate}
closure:
  rate:
    title: {zh: 评价, en: Rate}
    task: reporter
    within: 5 working days
    overdue: {to: end}
    actions:
      rate: {title: {zh: 评价, en: Rate}, edit: [verdict], to: end}
  end: {title: {zh: 办结, en: End}, close: done}
"""


def test_the_reporter_of_a_merged_issue_hears_that_a_verdict_is_asked_for_and_what_came_of_it() -> None:
    process = Process(load(RATED, "rated.yaml"), load_calendar("china"))
    report = Opening(station=1, station_code="XG", reporter=REPORTER, sequence=1, values={})

    def led(state: State, event: e.Event, actor: Actor | None = None) -> Outcome:
        return transition(process, state, event, NOW, DIRECTORY, actor)

    survivor = led(start(process, report, NOW, DIRECTORY).state, e.Absorb("issue:5", (OTHER,))).state
    asked = led(survivor, e.Act(survivor.items[0].number, "done"), person(CLERK))
    told = [(one.occasion, one.step, one.parties) for one in asked.effects if isinstance(one, Tell)]
    assert told == [("task", "rate", (REPORTER,)), ("informed", "rate", (OTHER,))]
    item = next(one for one in asked.state.items if not one.done)
    with pytest.raises(NotAllowed):
        led(asked.state, e.Act(item.number, "rate", {"verdict": "bad"}), person(OTHER))
    assert led(asked.state, e.Comment("还是不亮", public=True), person(OTHER)).effects
    ended = led(asked.state, e.Act(item.number, "rate", {"verdict": "good"}), person(REPORTER))
    assert ("closed", (REPORTER, OTHER)) in [
        (one.occasion, one.parties) for one in ended.effects if isinstance(one, Tell)
    ]
