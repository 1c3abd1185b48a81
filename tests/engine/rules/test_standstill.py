"""What arrives while an issue is suspended waits, and is taken over when it goes on; nothing moves before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Candidate, Opening, Outcome, Process, Tell, start, transition
from engine import event as e
from engine.effect import Notify
from engine.evolve import fold
from engine.memory import MemoryDirectory
from engine.refusal import Gone, Invalid, StandsStill, Unavailable
from engine.state import State

NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=400)
CLERK, REPORTER = "participant:11", "participant:9"
STAFF = Actor("participant:1", frozenset({"participant:1"}), oversees=True, manages=True)
PERSON = Actor(CLERK, frozenset({CLERK}))
SOURCE = """
id: story
title: {zh: 故事, en: Story}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  subject: {type: text, title: {zh: 事由, en: Subject}, required: true}
  found: {type: text, title: {zh: 结果, en: Found}, asked: false}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}
resolutions: {done: {zh: 已办, en: Done}}
promises: {chased by: clerk}
intake:
  register:
    title: {zh: 登记, en: Register}
    task: clerk
    within: 2 working days
    overdue: {tell: clerk}
    shelve: {for: 2 months}
    actions:
      other: {title: {zh: 另办, en: Another}, to: other}
      going-on: {title: {zh: 另办不停, en: Another}, to: going-on}
      ask: {title: {zh: 问, en: Ask}, to: ask}
      news: {title: {zh: 等, en: Await}, to: news}
      promise:
        title: {zh: 承诺, en: Promise}
        to: kept
        promise: {what: what, by: by_day}
        ask: {what: {type: text, title: {zh: 事项, en: What}}, by_day: {type: date, title: {zh: 日期, en: By}}}
coordination:
  other: {title: {zh: 另办, en: Another}, call: pothole, save: {found: resolution}, within: 1 month, overdue: {to: end}, to: end}
  going-on: {title: {zh: 另办, en: Another}, call: pothole, when left: leave, within: 1 month, overdue: {to: end}, to: end}
  ask:
    title: {zh: 问系统, en: Ask}
    request: {to: system, save: {found: answer}}
    failed: {to: end}
    within: 1 month
    overdue: {tell: clerk}
    tell: nobody
    to: end
  news:
    title: {zh: 等消息, en: News}
    receive: news
    ask: {found: {type: text, title: {zh: 结果, en: Found}}}
    within: 1 month
    overdue: {tell: clerk}
    tell: nobody
    to: end
  kept: {title: {zh: 等承诺, en: Promises}, wait: until promises, within: 24 months, overdue: {tell: clerk}, to: end, tell: nobody}
closure:
  end: {title: {zh: 办结, en: End}, close: done}
"""
PROCESS = Process(load(SOURCE, "story.yaml"), load_calendar("china"))
DIRECTORY = MemoryDirectory(people={"staff of station": [Candidate(party=CLERK)]})


def opened() -> State:
    report = Opening(station=1, station_code="XG", reporter=REPORTER, sequence=1, values={"subject": "路灯不亮"})
    return start(PROCESS, report, NOW, DIRECTORY).state


def after(state: State, event: e.Event, actor: Actor | None = None, now: datetime = NOW) -> Outcome:
    outcome = transition(PROCESS, state, event, now, DIRECTORY, actor)
    assert fold([outcome.changes], state) == outcome.state
    return outcome


def at(action: str, **values: Any) -> State:
    """An issue that has come to a step by an action."""
    state = opened()
    return after(state, e.Act(state.items[0].number, action, values), PERSON).state


def suspended(state: State) -> State:
    return after(state, e.Suspend("等批复"), STAFF).state


def resumed(state: State, now: datetime = NOW) -> Outcome:
    return after(state, e.Resume(), STAFF, now)


@pytest.mark.parametrize(
    ("action", "arrived", "found"),
    [
        ("other", lambda visit: e.Result(visit, values={"resolution": "filled"}), "filled"),
        ("ask", lambda visit: e.Result(visit, values={"answer": "好"}), "好"),
        ("ask", lambda visit: e.Result(visit, failed="down"), None),
        ("news", lambda visit: e.Message("news", {"found": "到了"}), "到了"),
    ],
)
def test_what_comes_from_elsewhere_waits_and_is_taken_over(action: str, arrived: Any, found: str | None) -> None:
    state = suspended(at(action))
    event = arrived(state.visits[0].number)
    waiting = after(state, event).state
    assert (waiting.status, waiting.visits, waiting.data.get("found")) == ("open", state.visits, None)
    with pytest.raises((Gone, Unavailable)):
        after(waiting, event)
    done = resumed(waiting).state
    assert (done.status, done.data.get("found"), done.pending) == ("closed", found, ())


def test_a_message_that_is_wrong_is_refused_at_once() -> None:
    with pytest.raises(Invalid):
        after(suspended(at("news")), e.Message("news", {"other": 1}))


def test_a_promise_that_falls_due_meanwhile_is_broken_when_the_issue_goes_on() -> None:
    state = suspended(at("promise", what="修好", by_day="2026-05-01"))
    due = next(timer for timer in state.timers if timer.purpose == "promise-due")
    held = after(state, e.Fire(due.number), now=LATER).state
    assert [promise.status for promise in held.promises] == ["open"]
    assert held.visits == state.visits
    done = resumed(held, LATER).state
    assert ([promise.status for promise in done.promises], done.status) == (["broken"], "closed")


def test_a_promise_that_is_kept_meanwhile_moves_the_issue_on_when_it_goes_on() -> None:
    state = suspended(at("promise", what="修好", by_day="2026-05-01"))
    kept = after(state, e.KeepPromise(state.promises[0].number, "修好了"), STAFF).state
    assert (kept.status, kept.visits) == ("open", state.visits)
    assert resumed(kept).state.status == "closed"


def test_a_matter_laid_aside_is_taken_up_when_its_day_comes_and_not_while_it_is_suspended() -> None:
    aside = opened()
    state = suspended(after(aside, e.AskShelving(aside.items[0].number, "2026-05-06", "等雨停"), PERSON).state)
    timer = next(timer for timer in state.timers if timer.purpose == "shelved")
    held = after(state, e.Fire(timer.number), now=LATER)
    assert held.effects == ()
    assert held.state.visits[0].shelved_until is not None
    going = resumed(held.state, LATER).state
    assert going.visits[0].shelved_until is None
    assert going.visits[0].paused_at is None
    assert going.timers


def test_who_was_asked_can_answer_meanwhile_and_nothing_moves() -> None:
    state = opened()
    asked = suspended(after(state, e.Ask(state.items[0].number, REPORTER, "哪一盏？"), PERSON).state)
    question = asked.items[-1].number
    answered = after(asked, e.Answer(question, "东门"), Actor(REPORTER, frozenset({REPORTER})))
    assert [one.occasion for one in answered.effects if isinstance(one, Tell)] == ["answered"]
    assert answered.state.visits[0].paused_at is not None
    assert resumed(answered.state).state.visits[0].paused_at is None


def test_staff_go_on_without_what_failed_only_while_it_runs() -> None:
    state = suspended(at("ask"))
    with pytest.raises(StandsStill):
        after(state, e.Skip(state.visits[0].number, "r"), STAFF)


# -- children


def calling(action: str = "other") -> State:
    """An issue that waits for another, which is there."""
    state = at(action)
    return after(state, e.Result(state.visits[0].number, called="issue:8", ended=False)).state


def forsaken(outcome: Outcome) -> list[tuple[str, str]]:
    found = [one for one in outcome.effects if isinstance(one, Notify) and one.news == "forsaken"]
    return [(one.issue, one.relation) for one in found]


@pytest.mark.parametrize("event", [e.Cancel("r"), e.Move("register", "r"), e.Merge("issue:9", "r")])
def test_whoever_leaves_a_call_ends_what_it_called_unless_the_definition_says_otherwise(event: e.Event) -> None:
    assert forsaken(after(calling(), event, STAFF)) == [("issue:8", "cancel")]
    assert forsaken(after(calling("going-on"), event, STAFF)) == [("issue:8", "leave")]


def test_the_clock_that_leads_on_from_a_call_ends_what_it_called_too() -> None:
    state = calling()
    timer = next(timer for timer in state.timers if timer.purpose == "overdue")
    assert forsaken(after(state, e.Fire(timer.number), now=LATER)) == [("issue:8", "cancel")]


def test_a_call_that_has_ended_forsakes_nobody() -> None:
    state = calling()
    assert forsaken(after(state, e.Result(state.visits[0].number))) == []
    waiting = after(suspended(state), e.Result(state.visits[0].number)).state
    assert forsaken(resumed(waiting)) == []


def test_the_one_that_was_called_ends_or_goes_on_and_its_people_hear_so() -> None:
    ended = after(opened(), e.Forsake("issue:4", "XG-2026-4"))
    assert (ended.state.status, ended.state.resolution) == ("closed", "cancelled")
    told = [party for one in ended.effects if isinstance(one, Tell) for party in one.parties]
    assert {CLERK, REPORTER} <= set(told)
    goes_on = after(opened(), e.Forsake("issue:4", "XG-2026-4", ends=False))
    assert goes_on.state.status == "open"
    assert [one.parties for one in goes_on.effects if isinstance(one, Tell)] == [(REPORTER, CLERK)]
    with pytest.raises(Gone):
        after(ended.state, e.Forsake("issue:4", "XG-2026-4"))
