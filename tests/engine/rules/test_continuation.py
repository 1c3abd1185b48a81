"""Clocks that go on when an issue comes back, limits that are extended with a step and begin anew at another."""

from __future__ import annotations

import pytest

from engine import Actor
from engine import event as e
from tests.engine.rules.test_clocks import CLERK, HANDLER, HEAD, REPORTER, STAFF, Story, at, story

LIMITS = "limits: {issue: {within: 20 working days, restarts at: [register], overdue: {tell: head}}}"
MORE = "extend: {by: up to 20 working days, also: [issue]}"


def told_by(who: str) -> Actor:
    return Actor(who, frozenset({who}))


def _there_and_back(told: Story, to: str, back: str) -> Story:
    """The handler passes it on, and the clerk brings it back some days later."""
    return told.until(to).act(HANDLER, "wait").until(back).act(CLERK, "on")


def test_begun_anew_unless_it_says_otherwise() -> None:
    told = _there_and_back(story(within="20 working days"), "2026-03-09", "2026-03-23")
    assert told.due_on == "2026-04-21"


def test_a_clock_that_continues_gives_back_only_what_it_stood_for() -> None:
    told = _there_and_back(story(within="20 working days", more="clock: continues"), "2026-03-09", "2026-03-23")
    assert told.due_on == "2026-04-14"
    assert told.heard("overdue") == []
    assert told.until("2026-04-15").heard("overdue", HANDLER) == ["2026-04-15 00:00"]


def test_it_goes_on_more_than_once_and_with_its_extension() -> None:
    told = story(within="20 working days", more=f"clock: continues\n    {MORE}", limits=LIMITS)
    told.happen(e.AskExtension(told.item(HANDLER), "20 working days", "复杂"), told_by(HANDLER))
    _there_and_back(told, "2026-03-09", "2026-03-23")
    _there_and_back(told, "2026-03-24", "2026-03-25")
    assert told.due_on == "2026-05-15", "ten working days and one, after the twenty of the extension"


def test_what_had_passed_before_it_left_is_overdue_as_soon_as_it_is_back() -> None:
    told = story(
        within="2 working days", more="clock: continues", overdue="[{tell: clerk}, {after: 1 week, escalate: head}]"
    )
    told.until("2026-03-06").act(HANDLER, "wait").until("2026-03-20").act(CLERK, "on").until("2026-03-20T10:01")
    assert told.due_on == "2026-03-04"
    assert told.heard("overdue", HANDLER) == ["2026-03-05 00:00", "2026-03-20 10:00"]
    assert told.heard("escalated", HEAD) == ["2026-03-20 10:00"]


def test_a_pause_under_way_when_it_leaves_counts_once() -> None:
    told = story(within="20 working days", more="clock: continues").until("2026-03-04")
    told.happen(e.Ask(told.item(HANDLER), REPORTER, "？"), told_by(HANDLER))
    told.until("2026-03-09").act(HANDLER, "wait").until("2026-03-23").act(CLERK, "on")
    assert told.due_on == "2026-04-17", "thirteen working days from the fourth on"


def test_a_re_handling_begins_anew() -> None:
    told = story(within="20 working days", more="clock: continues").until("2026-03-09").act(HANDLER, "done")
    told.until("2026-03-23").happen(e.Reopen("没修好"), told_by(REPORTER))
    assert told.due_on == "2026-04-21"


def test_a_limit_is_extended_with_the_step_and_only_if_the_step_says_so() -> None:
    told = story(within="10 working days", more=MORE, limits=LIMITS)
    assert told.state.limits["issue"].deadline.due_on == "2026-03-30"
    told.happen(e.AskExtension(told.item(HANDLER), "5 working days", "复杂"), told_by(HANDLER))
    assert told.due_on == "2026-03-23"
    assert told.state.limits["issue"].deadline.due_on == "2026-04-07"
    alone = story(within="10 working days", more="extend: {by: up to 20 working days}", limits=LIMITS)
    alone.happen(e.AskExtension(alone.item(HANDLER), "5 working days", "复杂"), told_by(HANDLER))
    assert alone.state.limits["issue"].deadline.due_on == "2026-03-30"


def test_a_limit_begins_anew_at_the_step_that_it_names() -> None:
    told = story(within="10 working days", limits=LIMITS).until("2026-03-09").act(HANDLER, "back")
    assert told.state.limits["issue"].deadline.due_on == "2026-04-07"
    told.act(CLERK, "hand").until("2026-03-31")
    assert told.heard("overdue", HEAD) == [], "the old one rings no more"
    assert told.until("2026-04-08").heard("overdue", HEAD) == ["2026-04-08 00:00"]


@pytest.mark.parametrize("to", ["handle", "elsewhere"])
def test_staff_who_move_it_there_let_it_go_on(to: str) -> None:
    told = story(within="20 working days", more="clock: continues").until("2026-03-09")
    told.happen(e.Move("elsewhere", "x"), STAFF).until("2026-03-23").happen(e.Move(to, "x"), STAFF)
    assert told.due_on == ("2026-04-14" if to == "handle" else "2026-04-22")


#: Two departments each with a clock of their own; the head sends the matter back to them.
EACH = """
id: opinions
title: {zh: 征求意见, en: Opinions}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields: {subject: {type: text, title: {zh: 主题, en: Subject}}}
roles:
  handler: {title: {zh: 经办, en: Handler}, members of: works}
  clerk: {title: {zh: 窗口, en: Clerk}, staff of: station}
  head: {title: {zh: 负责人, en: Head}, members of: office}
resolutions: {done: {zh: 已办, en: Done}}
reopen: {within: 1 year, to: opine}
intake:
  opine:
    title: {zh: 提意见, en: Give an opinion}
    each: [handler, clerk]
    within each: {handler: 10 working days, clerk: 3 working days}
    within: 20 working days
    CLOCK
    overdue: {tell: head}
    to: judge
    actions:
      give: {title: {zh: 提出, en: Give}}
      early: {title: {zh: 先送审, en: Early}, by: clerk, to: judge}
  judge:
    title: {zh: 审核, en: Judge}
    task: head
    within: 1 month
    overdue: {tell: head}
    actions:
      back: {title: {zh: 退回, en: Back}, to: opine, at most: 9, then: end}
      end: {title: {zh: 办结, en: End}, to: end}
closure:
  end: {title: {zh: 办结, en: Done}, close: done}
"""


def opinions(clock: str = "clock: continues") -> Story:
    return Story(EACH.replace("CLOCK", clock or "remind: []"), at("2026-03-02"), {"subject": "x"})


def dues(told: Story) -> dict[str, str | None]:
    return {item.role: item.due_on for item in told.state.items if not item.done}


def test_the_clocks_within_each_go_on_too_each_from_when_its_own_part_was_done() -> None:
    told = opinions()
    assert dues(told) == {"handler": "2026-03-16", "clerk": "2026-03-05"}
    told.until("2026-03-03").act(CLERK, "give").until("2026-03-06").act(HANDLER, "give")
    told.until("2026-03-09").act(HEAD, "back")
    assert dues(told) == {"handler": "2026-03-17", "clerk": "2026-03-11"}
    told.until("2026-03-10").act(CLERK, "early").until("2026-03-16").act(HEAD, "back")
    assert dues(told) == {"handler": "2026-03-23", "clerk": "2026-03-17"}


def test_without_it_they_begin_anew_and_after_a_re_handling_too() -> None:
    told = opinions("")
    told.until("2026-03-03").act(CLERK, "early").until("2026-03-09").act(HEAD, "back")
    assert dues(told) == {"handler": "2026-03-23", "clerk": "2026-03-12"}
    again = opinions().until("2026-03-03").act(CLERK, "early").act(HEAD, "end")
    again.until("2026-03-09").happen(e.Reopen("没办好"), told_by(REPORTER))
    assert dues(again) == {"handler": "2026-03-23", "clerk": "2026-03-12"}


def test_what_had_passed_within_each_is_overdue_as_soon_as_it_is_back() -> None:
    told = opinions().until("2026-03-09").act(CLERK, "early").until("2026-03-10").act(HEAD, "back")
    assert dues(told)["clerk"] == "2026-03-05"
    told.until("2026-03-10T10:01")
    assert "2026-03-10 10:00" in told.heard("overdue", HEAD)


def test_a_step_that_lasts_besides_goes_on_with_them() -> None:
    told = opinions()
    told.until("2026-03-03").act(CLERK, "early").until("2026-03-09").act(HEAD, "back")
    assert told.due_on == "2026-04-03"
    assert dues(told) == {"handler": "2026-03-20", "clerk": "2026-03-11"}
