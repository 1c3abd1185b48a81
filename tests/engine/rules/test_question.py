"""No clock stands for ever: questions have a time of their own, and a suspended issue is looked after."""

from __future__ import annotations

import pytest

from engine import Actor
from engine import event as e
from engine.refusal import Gone
from tests.engine.rules.test_clocks import CLERK, HANDLER, HEAD, REPORTER, STAFF, Story, story


def _person(who: str) -> Actor:
    return Actor(who, frozenset({who}))


def _asked(told: Story, whom: str = REPORTER) -> Story:
    return told.happen(e.Ask(told.item(HANDLER), whom, "哪一户？"), _person(HANDLER))


def test_a_question_is_due_after_five_working_days_with_a_reminder() -> None:
    told = _asked(story().until("2026-03-04")).until("2026-03-11T23:59")
    question = told.state.item(told.item(REPORTER, "question"))
    assert question is not None
    assert question.due_on == "2026-03-11"
    assert told.heard("reminded", REPORTER) == ["2026-03-10 09:00"]
    assert told.heard("unanswered") == []


def test_then_the_clock_runs_on_and_whoever_asked_is_told() -> None:
    told = _asked(story().until("2026-03-04")).until("2026-03-12")
    assert told.heard("overdue", REPORTER) == told.heard("unanswered", HANDLER) == ["2026-03-12 00:00"]
    assert told.state.visits[0].paused_at is None
    assert told.due_on == "2026-03-24", "six of the ten days were given back: it stood until the 12th began"
    told.until("2026-03-25")
    assert told.heard("overdue", HANDLER) == ["2026-03-25 00:00"]


def test_nobody_who_does_not_answer_can_keep_an_issue_silent_for_200_days() -> None:
    limits = "limits: {issue: {within: 30 working days, overdue: {tell: head}}}"
    told = _asked(story(limits=limits)).until("2026-09-18")
    assert told.heard("overdue", CLERK) == ["2026-03-25 00:00"]
    assert told.heard("overdue", HEAD) == ["2026-04-23 00:00"], "the limit stood as long as the step, and rings too"


def test_it_can_still_be_answered_late_and_gives_nothing_back_twice() -> None:
    told = _asked(story().until("2026-03-04")).until("2026-03-13")
    told.happen(e.Answer(told.item(REPORTER, "question"), "三户"), _person(REPORTER))
    assert told.heard("answered", HANDLER) == ["2026-03-13 10:00"]
    assert told.due_on == "2026-03-24"


def test_an_answer_ends_its_reminders() -> None:
    told = _asked(story().until("2026-03-04")).until("2026-03-05")
    told.happen(e.Answer(told.item(REPORTER, "question"), "三户"), _person(REPORTER)).until("2026-03-16T12:00")
    assert told.heard("reminded", REPORTER) == told.heard("unanswered") == []
    assert told.due_on == "2026-03-17"


def test_of_two_questions_the_clock_waits_for_the_one_that_has_time_left() -> None:
    told = _asked(_asked(story().until("2026-03-04")).until("2026-03-06"), CLERK).until("2026-03-12")
    assert told.state.visits[0].paused_at is not None
    told.until("2026-03-14")
    assert told.state.visits[0].paused_at is None
    assert told.heard("unanswered", HANDLER) == ["2026-03-12 00:00", "2026-03-14 00:00"]


def test_a_step_may_say_otherwise_and_name_who_hears_of_it() -> None:
    more = "questions: {within: 2 working days, remind: 4 hours before, overdue: [{after: 1 working day, tell: head}]}"
    told = _asked(story(more=more)).until("2026-03-06")
    assert told.heard("reminded", REPORTER) == ["2026-03-04 20:00"]
    assert told.heard("unanswered", HANDLER) == ["2026-03-05 00:00"]
    assert told.heard("overdue", HEAD) == ["2026-03-05 09:00"]


def test_whatever_else_holds_the_clock_holds_it_still() -> None:
    shelve = "shelve: {for: up to 6 months}"
    told = _asked(story(more=shelve).until("2026-03-04"))
    told.happen(e.AskShelving(told.item(HANDLER), "2026-06-01", "待资金"), _person(HANDLER)).until("2026-03-20")
    assert told.heard("unanswered", HANDLER) == ["2026-03-12 00:00"]
    assert told.state.visits[0].paused_at is not None
    assert told.until("2026-06-01").state.visits[0].paused_at is None


def test_while_the_issue_is_suspended_nobody_can_answer_and_nobody_is_late() -> None:
    told = _asked(story().until("2026-03-04")).happen(e.Suspend("等批复"), STAFF).until("2026-03-16T12:00")
    assert told.heard("unanswered") == []
    told.happen(e.Resume("已批复"), STAFF).until("2026-03-18")
    assert told.heard("unanswered", HANDLER) == ["2026-03-16 12:00"], "it rings when the issue goes on"
    assert told.state.visits[0].paused_at is None


def test_a_reminder_of_the_answer_that_came_due_meanwhile_rings_when_the_issue_goes_on() -> None:
    told = _asked(story().until("2026-03-04")).happen(e.Suspend("等批复"), STAFF).until("2026-03-10T12:00")
    assert told.heard("reminded") == []
    told.happen(e.Resume("已批复"), STAFF)
    assert told.heard("reminded", REPORTER) == ["2026-03-10 12:00"]
    assert told.state.held == ()


def test_an_issue_that_stays_suspended_is_brought_up_again_and_again() -> None:
    told = story().happen(e.Suspend("等批复"), STAFF).until("2026-05-01")
    assert told.heard("still-suspended", "participant:99") == [
        "2026-03-17 00:00",
        "2026-04-01 00:00",
        "2026-04-17 00:00",
    ]
    told.happen(e.Resume("已批复"), STAFF).until("2026-06-30")
    assert len(told.heard("still-suspended")) == 3


def test_an_end_ends_that_too() -> None:
    told = story().happen(e.Suspend("等批复"), STAFF).happen(e.Cancel("不办了"), STAFF)
    assert told.state.timers == ()


def test_staff_may_give_more_time_to_answer() -> None:
    told = _asked(story().until("2026-03-04"))
    told.happen(e.MoveDeadline(f"item:{told.item(REPORTER, 'question')}", "2026-03-20", "在外地"), STAFF).until(
        "2026-03-19"
    )
    assert told.state.visits[0].paused_at is not None
    assert told.until("2026-03-21").heard("unanswered", HANDLER) == ["2026-03-21 00:00"]


def test_of_what_was_answered_nobody_moves_the_deadline_and_nobody_is_reminded() -> None:
    told = _asked(story().until("2026-03-04")).until("2026-03-05")
    question = told.item(REPORTER, "question")
    told.happen(e.Answer(question, "三户"), _person(REPORTER))
    with pytest.raises(Gone):
        told.happen(e.MoveDeadline(f"item:{question}", "2026-03-20", "在外地"), STAFF)
    told.until("2026-03-21T12:00")
    assert told.heard("reminded", REPORTER) == told.heard("unanswered") == []
