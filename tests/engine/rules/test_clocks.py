"""Clocks of steps, tasks, stages and issues: terms by case, pauses, extensions, shelving, ladders, moved deadlines, new calendars."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import examine, load
from engine import Actor, Candidate, Opening, Outcome, Process, Tell, start, transition
from engine import event as e
from engine.change import DeadlineMoved, Unheard
from engine.codec import decode_state, encode
from engine.due import due, next_moment
from engine.evolve import fold
from engine.memory import MemoryDirectory
from engine.refusal import Invalid, NotAllowed, Refusal, Unavailable

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = load_calendar("china")
CLERK, HEAD, HANDLER, REPORTER = "participant:11", "participant:12", "participant:13", "participant:9"
STAFF = Actor("participant:1", frozenset({"participant:1"}), manages=True)

SOURCE = """
id: story
title: {zh: 故事, en: Story}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  subject: {type: text, title: {zh: 事由, en: Subject}}
  kind: {type: choice, title: {zh: 类别, en: Kind}, options: {water: {zh: 水, en: Water}, road: {zh: 路, en: Road}}, required: false}
  day: {type: date, title: {zh: 日期, en: Day}, required: false}
  who: {type: departments, title: {zh: 单位, en: Departments}, required: false}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station, function: clerk}
  head: {title: {zh: 站长, en: Head}, staff of: station, function: head}
  handler: {title: {zh: 经办人, en: Handler}, members of: works}
  vacant: {title: {zh: 无人, en: Nobody}, members of: nowhere}
  chosen: {title: {zh: 有关单位, en: Chosen}, departments: who}
resolutions:
  done: {zh: 已办, en: Done}
reopen: {within: 90 days, to: handle, at most: 5}
%(limits)s
intake:
  register:
    title: {zh: 登记, en: Register}
    task: clerk
    within: 2 working days
    overdue: {tell: clerk}
    actions:
      hand: {title: {zh: 交办, en: Hand over}, to: handle}
coordination:
  handle:
    title: {zh: 办理, en: Handle}
    task: handler
    within: %(within)s
    remind: %(remind)s
    overdue: %(overdue)s
    %(more)s
    actions:
      done: {title: {zh: 办结, en: Done}, to: closed}
      wait: {title: {zh: 等待, en: Wait}, to: elsewhere}
      back: {title: {zh: 退回, en: Back}, to: register}
  elsewhere:
    title: {zh: 等其他单位, en: Elsewhere}
    task: clerk
    limits stand: true
    within: 30 days
    overdue: {tell: clerk}
    actions:
      on: {title: {zh: 继续, en: On}, to: handle}
closure:
  closed: {title: {zh: 办结, en: Closed}, close: done}
"""


def at(text: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T10:00").replace(tzinfo=SHANGHAI).astimezone(UTC)


@dataclass
class Story:
    """One issue on a clock that jumps from timer to timer; everything that was told, with its moment."""

    source: str
    now: datetime
    values: dict[str, Any] = field(default_factory=lambda: {"subject": "x"})
    told: list[tuple[datetime, Tell]] = field(default_factory=list)
    history: list[Outcome] = field(default_factory=list)
    unchecked: bool = False

    def __post_init__(self) -> None:
        definition = (
            examine(self.source, "story.yaml").definition if self.unchecked else load(self.source, "story.yaml")
        )
        assert definition is not None
        self.process = Process(definition, CHINA)
        self.directory = _Directory()
        opening = Opening(station=1, station_code="X", reporter=REPORTER, sequence=1, values=self.values)
        self._take(start(self.process, opening, self.now, self.directory))

    def _take(self, outcome: Outcome) -> None:
        self.history.append(outcome)
        self.state = outcome.state
        self.told += [(self.now, effect) for effect in outcome.effects if isinstance(effect, Tell)]
        assert decode_state(encode(self.state)) == self.state
        assert fold([one.changes for one in self.history]) == self.state

    def happen(self, event: e.Event, actor: Actor | None = STAFF) -> Story:
        self._take(transition(self.process, self.state, event, self.now, self.directory, actor))
        return self

    def act(self, who: str, action: str) -> Story:
        return self.happen(e.Act(self.item(who), action, {}), _person(who))

    def item(self, who: str, kind: str = "task") -> int:
        return next(i.number for i in self.state.items if not i.done and who in i.candidates and i.kind == kind)

    def until(self, text: str) -> Story:
        """Let the clock come to a moment, and everything ring on its way."""
        end = at(text)
        while (moment := next_moment(self.state)) is not None and moment <= end:
            self.now = max(self.now, moment)
            self.happen(e.Fire(due(self.state, self.now)[0].number), None)
        self.now = end
        return self

    def heard(self, occasion: str, who: str | None = None) -> list[str]:
        """When people were told of an occasion, in Shanghai's time."""
        return [
            f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            for moment, tell in self.told
            if tell.occasion == occasion and (who is None or who in tell.parties)
        ]

    @property
    def due_on(self) -> str | None:
        return self.state.visits[0].due_on


class _Directory(MemoryDirectory):
    """A clerk, a head, and a handler at the works; nobody anywhere else."""

    def __init__(self) -> None:
        super().__init__()
        self._by = {"clerk": CLERK, "head": HEAD, "handler": HANDLER}

    def candidates(self, search: Any) -> Any:
        who = self._by.get(search.role)
        return [Candidate(party=who)] if who else []

    def office(self) -> Any:
        return [Candidate(party="participant:99")]


@contextmanager
def _wrong(name: str) -> Iterator[None]:
    """The event is refused because of this entry."""
    with pytest.raises(Invalid) as refused:
        yield
    assert set(refused.value.errors) == {name}


def _person(who: str) -> Actor:
    return Actor(who, frozenset({who}))


def story(
    opened: str = "2026-03-02",
    *,
    within: str = "10 working days",
    remind: str = "[]",
    overdue: str = "{tell: clerk}",
    more: str = "",
    limits: str = "",
    unchecked: bool = False,
    **values: Any,
) -> Story:
    """An issue that was handed to the handler when it was opened."""
    source = SOURCE % {"within": within, "remind": remind, "overdue": overdue, "more": more, "limits": limits}
    return Story(source, at(opened), {"subject": "x", **values}, unchecked=unchecked).act(CLERK, "hand")


class TestTerms:
    """How long something may take can depend on the case."""

    @pytest.mark.parametrize(
        ("values", "due_on"),
        [({"kind": "water"}, "2026-03-03"), ({"kind": "road"}, "2026-03-09"), ({}, "2026-03-16")],
    )
    def test_the_first_term_whose_guard_holds_counts(self, values: dict[str, Any], due_on: str) -> None:
        terms = "[{when: kind == 'water', is: 24 hours}, {when: kind == 'road', is: 5 working days}, 10 working days]"
        assert story(within=terms, **values).due_on == due_on

    def test_a_field_names_the_last_day(self) -> None:
        assert story(within="until day or 1 day", day="2026-03-20").due_on == "2026-03-20"

    def test_where_the_field_is_empty_the_next_term_counts(self) -> None:
        assert story(within="until day or 5 working days").due_on == "2026-03-09"
        assert story(within="until day or 5 working days", day="2026-03-20").due_on == "2026-03-20"
        guarded = "[{when: kind == 'road', is: until day}, 3 working days]"
        assert story(within=guarded, kind="road").due_on == "2026-03-05"

    def test_no_clock_waits_for_ever_for_a_day_that_nobody_wrote(self) -> None:
        # the checks refuse it by now; versions from before them may still say it
        told = story(within="until day", unchecked=True).until("2026-03-10")
        assert told.due_on == "2026-03-02", "it is due today"
        assert told.heard("overdue", HANDLER) == ["2026-03-03 00:00"]

    @pytest.mark.parametrize("within", ["until day or 1 day", "by 2026-04-30", "5 days before day or 1 day"])
    def test_what_has_passed_already_is_overdue_at_once_with_all_its_rungs(self, within: str) -> None:
        ladder = "[{tell: clerk}, {after: 5 working days, escalate: head}, {after: 1 year, tell: clerk}]"
        told = story("2026-11-27", within=within, overdue=ladder, day="2026-04-30").until("2026-11-27T11:00")
        assert told.heard("overdue", HANDLER) == told.heard("overdue", CLERK) == ["2026-11-27 10:00"]
        assert told.heard("escalated", HEAD) == ["2026-11-27 10:00"]
        assert told.until("2027-06-30").heard("overdue", CLERK)[1:] in (
            ["2027-04-30 09:00"], ["2027-04-24 09:00"]
        ), "what is still to come comes"  # fmt: skip

    def test_a_limit_that_has_passed_already_rings_at_once(self) -> None:
        limits = "limits: {issue: {within: until day or 1 month, overdue: {tell: head}}}"
        told = story("2026-11-27", limits=limits, day="2026-04-30").until("2026-11-27T11:00")
        assert told.heard("overdue", HEAD) == ["2026-11-27 10:00"]

    def test_so_long_before_a_day_is_moved_earlier_and_no_pause_moves_it(self) -> None:
        told = story("2026-04-20", within="7 days before day or 1 day", day="2026-05-11")
        assert told.due_on == "2026-04-30", "the fourth of May is a holiday"
        told.happen(e.Suspend("x"), STAFF).until("2026-05-06").happen(e.Resume(), STAFF).until("2026-05-06T10:01")
        assert told.due_on == "2026-04-30"
        assert told.heard("overdue", CLERK) == ["2026-05-06 10:00"], "it rings when the clock runs on"

    def test_by_the_25th(self) -> None:
        assert story(within="by the 25th").due_on == "2026-03-25"


class TestEndsOfTheCalendar:
    """Whatever day is entered where the clock uses one: it is refused with a reason, or reckoned with; nothing else comes of it."""

    SOURCE = """
id: days
title: {zh: 日子, en: Days}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  day: {type: date, title: {zh: 日期, en: Day}}
  moment: {type: date-time, title: {zh: 时间, en: Moment}}
  later: {type: date, title: {zh: 推算, en: Later}, compute: "day | default('2026-01-01') | plus_days(36000)"}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station, function: clerk}
resolutions: {done: {zh: 已办, en: Done}}
promises: {chased by: clerk, remind: 10 years before, broken: clerk}
limits: {issue: {within: until later or 10 years, remind: 2 years before, overdue: [{tell: clerk}, {after: 10 years, tell: clerk}]}}
intake:
  look:
    title: {zh: 查看, en: Look}
    task: clerk
    within: 120 months before day or until moment or 10 years
    remind: [10 years before, every 1 year after]
    overdue: [{tell: clerk}, {after: 10 years, tell: clerk}]
    actions:
      go:
        title: {zh: 办理, en: Go}
        to: wait
        ask: {what: {type: text, title: {zh: 承诺, en: Promise}}, by: {type: date, title: {zh: 日期, en: By}, required: false}}
        promise: {what: what, by: by}
  wait: {title: {zh: 等候, en: Wait}, wait: until day, to: end, tell: nobody}
closure:
  end: {title: {zh: 办结, en: End}, close: done}
"""
    DAYS = (
        "0001-01-01",
        "1799-12-31",
        "1800-01-01",
        "1900-02-28",
        "2026-03-02",
        "2199-12-31",
        "2200-12-31",
        "2201-01-01",
        "9999-12-31",
    )

    @pytest.mark.parametrize("day", DAYS)
    @pytest.mark.parametrize("field", ["day", "moment", "by"])
    def test_it_is_refused_or_reckoned_with(self, field: str, day: str) -> None:
        entered = {field: f"{day}T10:00" if field == "moment" else day}
        outcome = self._tried({} if field == "by" else entered, {"what": "修好", **(entered if field == "by" else {})})
        if isinstance(outcome, Story):
            assert "1800-01-01" <= day <= "2200-12-31"
            assert outcome.until("2026-03-03").state.version >= 2
        else:
            assert outcome == {field}

    def _tried(self, opened: dict[str, str], values: dict[str, str]) -> Story | set[str]:
        """The story, or the fields that were refused."""
        try:
            told = Story(self.SOURCE, at("2026-03-02"), opened)
            return told.happen(e.Act(told.item(CLERK), "go", values), _person(CLERK))
        except Invalid as refused:
            return set(refused.errors)


class TestPauses:
    """Waiting for the citizen stops the clock."""

    def test_the_clock_stands_while_a_question_is_open(self) -> None:
        told = story(remind="[1 working day before]", more="questions: {within: 1 month}")
        assert told.due_on == "2026-03-16"
        told.until("2026-03-04").happen(e.Ask(told.item(HANDLER), REPORTER, "哪一户？"), _person(HANDLER))
        told.until("2026-03-20")
        assert told.heard("reminded") == []
        told.happen(e.Answer(told.item(REPORTER, "question"), "三户"), _person(REPORTER))
        # it stood from the 4th to the 20th: twelve days worked
        assert told.due_on == "2026-04-01"
        told.until("2026-04-03")
        assert told.heard("reminded", HANDLER) == ["2026-03-31 09:00"]
        assert told.heard("overdue", HANDLER) == ["2026-04-02 00:00"]

    def test_two_questions_at_once_stop_it_once(self) -> None:
        told = story().until("2026-03-04")
        told.happen(e.Ask(told.item(HANDLER), REPORTER, "一？"), _person(HANDLER))
        told.until("2026-03-05").happen(e.Ask(told.item(HANDLER), CLERK, "二？"), _person(HANDLER))
        told.until("2026-03-06").happen(e.Answer(told.item(REPORTER, "question"), "x"), _person(REPORTER))
        assert told.state.visits[0].paused_at is not None
        told.until("2026-03-09").happen(e.Answer(told.item(CLERK, "question"), "x"), _person(CLERK))
        assert told.due_on == "2026-03-19", "Thursday, Friday and Monday"


class TestExtensions:
    """More time is asked for in time, and given by those who may."""

    MORE = "extend: {by: up to 10 working days, approved by: [clerk, head], tell: [reporter]}"

    def test_it_is_approved_by_one_role_the_second_time_by_a_higher_one_and_no_third_time(self) -> None:
        told = story(more=self.MORE)
        told.happen(e.AskExtension(told.item(HANDLER), "5 working days", "等材料"), _person(HANDLER))
        assert told.due_on == "2026-03-16", "nothing has changed yet"
        told.happen(e.Answer(told.item(CLERK, "extension"), ""), _person(CLERK))
        assert told.due_on == "2026-03-23"
        assert told.heard("extended", REPORTER) == ["2026-03-02 10:00"]
        moved = [c for c in told.history[-1].changes if isinstance(c, DeadlineMoved)]
        assert [(c.why, c.before, c.after, c.length) for c in moved] == [
            ("extended", "2026-03-16", "2026-03-23", "5 working days")
        ]
        told.happen(e.AskExtension(told.item(HANDLER), "10 working days", "再等"), _person(HANDLER))
        told.happen(e.Answer(told.item(HEAD, "extension"), ""), _person(HEAD))
        assert told.due_on == "2026-04-07", "ten working days later, Tomb-sweeping Day not counted"
        with pytest.raises(Unavailable):
            told.happen(e.AskExtension(told.item(HANDLER), "1 working day", "又"), _person(HANDLER))

    def test_a_refusal_changes_nothing_and_is_told(self) -> None:
        told = story(more=self.MORE)
        told.happen(e.AskExtension(told.item(HANDLER), "5 working days", "等"), _person(HANDLER))
        told.happen(e.Answer(told.item(CLERK, "extension"), "不行", agree=False), _person(CLERK))
        assert told.due_on == "2026-03-16"
        assert len(told.heard("answered", HANDLER)) == 1

    def test_not_more_than_allowed_not_without_reason_not_after_the_deadline_not_by_others(self) -> None:
        told = story(more=self.MORE)
        with _wrong("length"):
            told.happen(e.AskExtension(told.item(HANDLER), "11 working days", "x"), _person(HANDLER))
        with _wrong("length"):
            told.happen(e.AskExtension(told.item(HANDLER), "1 month", "x"), _person(HANDLER))
        with _wrong("length"):
            told.happen(e.AskExtension(told.item(HANDLER), "bald", "x"), _person(HANDLER))
        with _wrong("reason"):
            told.happen(e.AskExtension(told.item(HANDLER), "1 working day", " "), _person(HANDLER))
        with pytest.raises(NotAllowed):
            told.happen(e.AskExtension(told.item(HANDLER), "1 working day", "x"), _person(REPORTER))
        told.until("2026-03-17")
        with pytest.raises(Unavailable):
            told.happen(e.AskExtension(told.item(HANDLER), "1 working day", "x"), _person(HANDLER))

    def test_with_nobody_to_approve_it_is_taken_at_once(self) -> None:
        told = story(within="3 months", more="extend: {by: up to 3 months, tell: [clerk]}")
        told.happen(e.AskExtension(told.item(HANDLER), "3 months", "情况复杂"), _person(HANDLER))
        assert told.due_on == "2026-09-02"
        assert told.heard("extended", CLERK)

    def test_extension_and_pause_come_to_the_same_in_either_order(self) -> None:
        def paused(told: Story) -> Story:
            told.happen(e.Ask(told.item(HANDLER), REPORTER, "？"), _person(HANDLER)).until("2026-03-06")
            return told.happen(e.Answer(told.item(REPORTER, "question"), "x"), _person(REPORTER))

        def extended(told: Story) -> Story:
            told.happen(e.AskExtension(told.item(HANDLER), "5 working days", "x"), _person(HANDLER))
            return told.happen(e.Answer(told.item(CLERK, "extension"), ""), _person(CLERK))

        first, second = extended(paused(story(more=self.MORE))), paused(extended(story(more=self.MORE)))
        assert first.due_on == second.due_on == "2026-03-27"


class TestShelving:
    """A matter whose time has not come is laid aside (挂账)."""

    MORE = "shelve: {for: up to 6 months, approved by: head, tell: [reporter]}"

    def _shelved(self) -> Story:
        told = story(more=self.MORE, remind="[1 working day before]").until("2026-03-04")
        told.happen(e.AskShelving(told.item(HANDLER), "2026-06-01", "待资金"), _person(HANDLER))
        return told.happen(e.Answer(told.item(HEAD, "shelving"), ""), _person(HEAD))

    def test_the_clock_stands_until_the_day_and_runs_on_by_itself(self) -> None:
        told = self._shelved()
        assert told.state.visits[0].shelved_until == "2026-06-01"
        assert told.heard("shelved", REPORTER) == ["2026-03-04 10:00"]
        told.until("2026-05-31T23:59")
        assert told.heard("reminded") == []
        told.until("2026-06-01")
        assert told.state.visits[0].shelved_until is None
        assert told.heard("resumed", HANDLER) == ["2026-06-01 00:00"]
        # two of ten days had passed; the day on which it runs on is given back too
        assert told.due_on == "2026-06-11"

    def test_it_can_be_taken_up_before_and_the_task_can_be_done_all_the_while(self) -> None:
        told = self._shelved().until("2026-03-10")
        told.happen(e.Unshelve(told.state.visits[0].number), _person(HANDLER))
        assert told.due_on == "2026-03-20"
        assert self._shelved().act(HANDLER, "done").state.status == "closed"

    def test_not_longer_than_allowed_and_not_twice(self) -> None:
        told = story(more=self.MORE)
        with _wrong("day"):
            told.happen(e.AskShelving(told.item(HANDLER), "2026-12-01", "x"), _person(HANDLER))
        with _wrong("day"):
            told.happen(e.AskShelving(told.item(HANDLER), "bald", "x"), _person(HANDLER))
        shelved = self._shelved()
        with pytest.raises(Refusal):
            shelved.happen(e.AskShelving(shelved.item(HANDLER), "2026-06-10", "x"), _person(HANDLER))

    def test_a_question_answered_meanwhile_does_not_start_the_clock(self) -> None:
        told = self._shelved()
        told.happen(e.Ask(told.item(HANDLER), REPORTER, "？"), _person(HANDLER))
        told.happen(e.Answer(told.item(REPORTER, "question"), "x"), _person(REPORTER))
        assert told.state.visits[0].paused_at is not None


class TestLadders:
    """Reminders before, at, after and repeated; escalation in several rungs; never into the void."""

    LADDER = """
      - {tell: clerk}
      - {after: 1 working day, escalate: head}
      - {after: 5 working days, tell: {to: [clerk, head], say: {zh: 通报, en: Circular}}}"""

    def test_every_rung_comes_at_its_time(self) -> None:
        told = story(remind="[1 working day before, at the deadline, every 2 working days after]", overdue=self.LADDER)
        told.until("2026-03-26")
        assert told.heard("reminded", HANDLER) == [
            "2026-03-13 09:00",
            "2026-03-16 09:00",
            "2026-03-18 09:00",
            "2026-03-20 09:00",
            "2026-03-24 09:00",
            "2026-03-26 09:00",
        ]
        assert told.heard("overdue", HANDLER) == ["2026-03-17 00:00"], "the handler hears of it once"
        assert told.heard("overdue", CLERK) == ["2026-03-17 00:00", "2026-03-23 09:00"]
        assert told.heard("escalated", HEAD) == ["2026-03-17 09:00"]
        assert HEAD in told.state.items[-1].candidates

    def test_where_the_first_rung_comes_later_the_handler_hears_of_the_deadline_all_the_same(self) -> None:
        told = story(overdue="{after: 2 working days, tell: head}").until("2026-03-20")
        assert told.heard("overdue", HANDLER) == ["2026-03-17 00:00"]
        assert told.heard("overdue", HEAD) == ["2026-03-18 09:00"]

    def test_a_rung_without_anybody_goes_to_the_office(self) -> None:
        told = story(overdue="{tell: vacant}").until("2026-03-18")
        assert told.heard("overdue", "participant:99") == ["2026-03-17 00:00"]

    def test_a_rung_for_departments_that_nobody_named_goes_to_the_office_and_the_history_says_so(self) -> None:
        told = story(overdue="{tell: chosen}").until("2026-03-18")
        assert told.heard("overdue", "participant:99") == ["2026-03-17 00:00"]
        unheard = [c for one in told.history for c in one.changes if isinstance(c, Unheard)]
        assert [c.roles for c in unheard] == [("chosen",)]

    def test_a_reminder_that_was_missed_for_a_month_is_sent_once_and_goes_on_from_today(self) -> None:
        told = story(remind="[every 1 working day after]")
        told.now = at("2026-04-20")
        ready = [timer for timer in due(told.state, told.now) if timer.purpose == "remind"]
        told.happen(e.Fire(ready[0].number), None)
        assert len(told.heard("reminded")) == 1
        assert all(timer.due_at > told.now for timer in told.state.timers if timer.purpose == "remind")

    def test_office_hours_are_asked_for_where_the_definition_says_so(self) -> None:
        told = story(limits="reminders: office hours", remind="[1 working day before]").until("2026-03-18")
        by_clock = [tell for _, tell in told.told if tell.occasion in ("reminded", "overdue")]
        assert by_clock
        assert all(tell.office_hours for tell in by_clock)
        assert not any(tell.office_hours for _, tell in told.told if tell.occasion == "task")


class TestLimits:
    """The time for a stage and for the whole issue."""

    LIMITS = """
limits:
  issue: {within: 20 working days, remind: 5 working days before, overdue: [{tell: clerk}, {after: 5 working days, tell: head}]}
  coordination: {within: 15 working days, overdue: {tell: head}}
"""

    def test_they_ring_for_those_who_have_the_task(self) -> None:
        told = story(within="3 months", limits=self.LIMITS).until("2026-04-15")
        assert told.heard("reminded", HANDLER) == ["2026-03-23 09:00"]
        assert told.heard("overdue", HANDLER) == ["2026-03-24 00:00", "2026-03-31 00:00"]
        assert told.heard("overdue", HEAD) == ["2026-03-24 00:00", "2026-04-07 09:00"]
        assert told.heard("overdue", CLERK) == ["2026-03-31 00:00"]

    def test_a_stage_goes_on_where_it_stood_when_the_issue_comes_back(self) -> None:
        told = story(limits=self.LIMITS).until("2026-03-09").act(HANDLER, "back")
        assert told.state.limits["coordination"].paused_at is not None
        assert told.state.limits["issue"].paused_at is None
        told.until("2026-03-11").act(CLERK, "hand")
        assert told.state.limits["coordination"].deadline.due_on == "2026-03-25", "two days more"
        assert told.state.limits["issue"].deadline.due_on == "2026-03-30"

    def test_while_another_body_is_waited_for_they_stand(self) -> None:
        told = story(limits=self.LIMITS).until("2026-03-09").act(HANDLER, "wait").until("2026-03-16").act(CLERK, "on")
        assert told.state.limits["issue"].deadline.due_on == "2026-04-07", "five days more, and Tomb-sweeping Day"

    def test_a_question_in_the_only_open_step_stops_them_too(self) -> None:
        told = story(limits=self.LIMITS).until("2026-03-09")
        told.happen(e.Ask(told.item(HANDLER), REPORTER, "？"), _person(HANDLER)).until("2026-03-11")
        told.happen(e.Answer(told.item(REPORTER, "question"), "x"), _person(REPORTER))
        assert told.state.limits["issue"].deadline.due_on == "2026-04-01"

    def test_pauses_survive_closing_and_reopening(self) -> None:
        told = story(limits=self.LIMITS).until("2026-03-09").act(HANDLER, "wait").until("2026-03-11").act(CLERK, "on")
        told.act(HANDLER, "done").until("2026-04-20")
        told.happen(e.Reopen("没办好"), _person(REPORTER))
        limit = told.state.limits["issue"]
        assert limit.paused_at is None
        assert len(limit.deadline.pauses) == 2
        assert limit.deadline.due_on == "2026-05-13", "14 working days were left on 11 March"

    def test_suspending_stops_them_all(self) -> None:
        told = story(limits=self.LIMITS).happen(e.Suspend("诉讼中"))
        assert all(clock.paused_at is not None for clock in told.state.limits.values())
        assert [timer.purpose for timer in told.state.timers] == ["suspended"], "but the one that looks after it"
        told.until("2026-03-04").happen(e.Resume())
        assert told.state.limits["issue"].deadline.due_on == "2026-04-01"


class TestMovedDeadlines:
    """Staff move a deadline; a new calendar moves many."""

    def test_staff_move_any_deadline_with_a_reason(self) -> None:
        told = story(remind="[1 working day before]", limits=TestLimits.LIMITS)
        told.happen(e.MoveDeadline(f"visit:{told.state.visits[0].number}", "2026-04-01", "上级要求"))
        told.happen(e.MoveDeadline("limit:issue", "2026-05-20", "上级要求"))
        assert told.due_on == "2026-04-01"
        assert told.state.limits["issue"].deadline.due_on == "2026-05-20"
        told.until("2026-04-02")
        assert told.heard("reminded", HANDLER) == ["2026-03-31 09:00"]
        assert told.heard("overdue", HANDLER)[-1] == "2026-04-02 00:00"
        with _wrong("reason"):
            told.happen(e.MoveDeadline("limit:issue", "2026-05-20", ""))
        with _wrong("to"):
            told.happen(e.MoveDeadline("limit:issue", "2026-01-01", "x"))
        with pytest.raises(NotAllowed):
            told.happen(e.MoveDeadline("limit:issue", "2026-05-20", "x"), _person(HANDLER))
        with pytest.raises(Refusal):
            told.happen(e.MoveDeadline("visit:999", "2026-05-20", "x"))

    def test_a_new_calendar_moves_what_was_provisional_and_nothing_else(self) -> None:
        told = story(
            "2026-12-24",
            within="10 working days",
            remind="[1 working day before]",
            limits="limits: {issue: {within: 2 days, overdue: {tell: clerk}}}",
        )
        visit = told.state.visits[0]
        assert (visit.due_on, visit.provisional) == ("2027-01-07", True)
        holidays = {**CHINA.holidays, **{date(2027, 1, day): {"zh": "元旦", "en": "New Year"} for day in (1, 2, 3, 4)}}
        told.process = Process(
            told.process.definition, replace(CHINA, holidays=holidays, published_until=date(2027, 12, 31), version=7)
        )
        told.happen(e.ReckonAgain(), None)
        visit = told.state.visits[0]
        assert (visit.due_on, visit.provisional) == ("2027-01-11", False)
        assert visit.deadline is not None
        assert visit.deadline.calendar == "china v7"
        assert told.heard("rescheduled", HANDLER)
        with pytest.raises(Unavailable):
            told.happen(e.ReckonAgain(), None)
        told.until("2027-01-12")
        assert told.heard("reminded", HANDLER) == ["2027-01-08 09:00"]
        assert told.heard("overdue", HANDLER)[-1] == "2027-01-12 00:00"

    def test_what_rang_already_does_not_ring_again_when_a_calendar_makes_a_deadline_earlier(self) -> None:
        told = story("2026-12-24", within="8 working days", overdue=TestLadders.LADDER).until("2027-01-08")
        rung = len(told.heard("overdue")), len(told.heard("escalated"))
        extra = {**CHINA.extra_workdays, date(2026, 12, 26): {"zh": "元旦", "en": "New Year"}}
        told.process = Process(
            told.process.definition, replace(CHINA, extra_workdays=extra, published_until=date(2027, 12, 31), version=2)
        )
        told.happen(e.ReckonAgain(), None)
        told.until("2027-01-08T12:00")
        assert (len(told.heard("overdue")), len(told.heard("escalated"))) == rung
        told.until("2027-01-20")
        assert len(told.heard("overdue", CLERK)) == 2, "the last rung was still to come"


def test_a_clock_that_went_back_while_it_stood_takes_nothing_away() -> None:
    told = story().until("2026-03-05").happen(e.Suspend("x"))
    told.now -= timedelta(days=2)
    assert told.happen(e.Resume()).due_on == "2026-03-16"
