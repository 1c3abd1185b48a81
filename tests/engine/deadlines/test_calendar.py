"""Reckoning with deadlines: the law's rules, by examples and by properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.calendars.calendar import Calendar
from definitions.calendars.reader import load_calendar
from definitions.model.duration import Duration, Reminder, Unit
from engine.deadlines.calendar import working_day
from engine.deadlines.deadline import Deadline, reckon
from engine.deadlines.explanation import explain
from engine.rules.reminders import remind_at
from tests.effort import modest
from tests.examples import examples

CHINA = load_calendar("china")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def deadline(start: datetime, duration: Duration, calendar: Calendar) -> Deadline:
    """A deadline that was never paused nor extended."""
    return reckon(duration, start, calendar)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" in text else f"{text}T14:30").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "duration", "due_on"),
    [
        # the examples of the domain
        ("2026-02-11", "5 working days", "2026-02-25"),
        ("2026-09-24", "5 working days", "2026-10-09"),
        ("2026-04-30", "3 working days", "2026-05-08"),
        # the day of the event is not counted, whatever day and hour it is
        ("2026-03-02T00:00", "1 working day", "2026-03-03"),
        ("2026-03-02T23:59", "1 working day", "2026-03-03"),
        ("2026-03-07", "1 working day", "2026-03-09"),
        ("2026-02-18", "1 working day", "2026-02-24"),
        # weekend days that are worked instead count
        ("2026-02-13", "1 working day", "2026-02-14"),
        ("2026-10-09", "1 working day", "2026-10-10"),
        # days, weeks and months end on the next working day
        ("2026-03-02", "3 days", "2026-03-05"),
        ("2026-03-04", "3 days", "2026-03-09"),
        ("2026-02-11", "3 days", "2026-02-14"),
        ("2026-02-11", "4 days", "2026-02-24"),
        ("2026-04-23", "1 week", "2026-04-30"),
        ("2026-04-24", "1 week", "2026-05-06"),
        ("2026-09-01", "1 month", "2026-10-08"),
        # months end on the same day number, or on the month's last day
        ("2026-03-11", "3 months", "2026-06-11"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2024-01-31", "1 month", "2024-02-29"),
        ("2025-11-30", "3 months", "2026-02-28"),
        ("2025-12-15", "1 month", "2026-01-15"),
        ("2022-06-30", "24 months", "2024-07-01"),
    ],
)
def test_a_period_ends_on_its_last_working_day(start: str, duration: str, due_on: str) -> None:
    due = deadline(_at(start), Duration.parse(duration), CHINA)
    assert due.last_day == date.fromisoformat(due_on)
    assert not due.provisional
    assert not due.exact


def test_overdue_begins_with_the_day_after() -> None:
    due = deadline(_at("2026-02-11"), Duration.parse("5 working days"), CHINA)
    assert due.due_at == datetime(2026, 2, 25, 16, tzinfo=UTC)
    assert due.due_at.astimezone(SHANGHAI) == _at("2026-02-26T00:00")
    assert due.due_at.tzinfo is UTC


def test_minutes_and_hours_are_elapsed_time() -> None:
    due = deadline(_at("2026-02-14T23:00"), Duration.parse("2 hours"), CHINA)
    assert due.due_at == _at("2026-02-15T01:00")
    assert due.last_day == date(2026, 2, 15)
    assert due.exact
    assert deadline(_at("2026-02-14T23:00"), Duration.parse("90 minutes"), CHINA).due_at == _at("2026-02-15T00:30")


def test_the_day_of_the_event_is_the_local_one() -> None:
    start = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert deadline(start, Duration.parse("1 day"), CHINA).last_day == date(2026, 3, 4)


def test_a_start_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        deadline(datetime(2026, 3, 2), Duration.parse("1 day"), CHINA)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "duration", "provisional"),
    [
        ("2026-12-30", "1 working day", False),
        ("2026-12-31", "1 working day", True),
        ("2026-12-30", "2 days", True),
        ("2026-11-30", "1 month", False),
        ("2026-12-01", "1 month", True),
        ("2027-05-01", "2 hours", False),
        ("2021-12-31", "1 working day", False),
        ("2021-12-30", "1 working day", True),
    ],
)
def test_a_deadline_beyond_what_is_announced_is_provisional(start: str, duration: str, provisional: bool) -> None:
    assert deadline(_at(start), Duration.parse(duration), CHINA).provisional is provisional


@pytest.mark.parametrize(
    ("reminder", "moment"),
    [
        ("at the deadline", "2026-02-25T09:00"),
        ("1 working day before", "2026-02-24T09:00"),
        ("2 working days before", "2026-02-14T09:00"),
        ("1 day before", "2026-02-24T09:00"),
        ("2 days before", "2026-02-23T09:00"),
        ("1 week before", "2026-02-18T09:00"),
        ("1 month before", "2026-01-25T09:00"),
        ("1 working day after", "2026-02-26T09:00"),
        ("3 working days after", "2026-02-28T09:00"),
        ("2 days after", "2026-02-27T09:00"),
        ("2 hours before", "2026-02-25T22:00"),
        ("30 minutes after", "2026-02-26T00:30"),
    ],
)
def test_reminders_of_a_day_come_in_the_morning(reminder: str, moment: str) -> None:
    due = deadline(_at("2026-02-11"), Duration.parse("5 working days"), CHINA)
    found = remind_at(due, Reminder.parse(reminder), CHINA)
    assert found == _at(moment)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("reminder", "moment"),
    [
        ("at the deadline", "2026-03-03T14:30"),
        ("2 hours before", "2026-03-03T12:30"),
        ("15 minutes after", "2026-03-03T14:45"),
        ("1 day before", "2026-03-02T14:30"),
        ("1 working day after", "2026-03-04T14:30"),
    ],
)
def test_reminders_of_an_exact_moment_are_exact(reminder: str, moment: str) -> None:
    due = deadline(_at("2026-03-02"), Duration.parse("24 hours"), CHINA)
    assert remind_at(due, Reminder.parse(reminder), CHINA) == _at(moment)


MOMENTS = st.datetimes(datetime(2022, 1, 1), datetime(2026, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
DAY_UNITS = st.sampled_from(["days", "working days", "weeks", "months"])


@examples(200)
@given(MOMENTS, DAY_UNITS, st.integers(1, 6))
def test_a_period_ends_on_a_working_day_and_grows_with_its_length(start: datetime, unit: Unit, amount: int) -> None:
    dues = [deadline(start, Duration(n, unit), CHINA) for n in range(1, amount + 2)]
    assert all(CHINA.works(due.last_day) and due.due_at > start for due in dues)
    assert all(a.due_at <= b.due_at for a, b in pairwise(dues))
    assert all(due.due_at.astimezone(SHANGHAI).date() == due.last_day + timedelta(days=1) for due in dues)


@examples(200)
@given(MOMENTS, st.integers(1, 60))
def test_working_days_are_counted_one_by_one(start: datetime, amount: int) -> None:
    event = start.astimezone(SHANGHAI).date()
    due_on = deadline(start, Duration(amount, "working days"), CHINA).last_day
    days = [event + timedelta(days=n) for n in range(1, (due_on - event).days + 1)]
    assert sum(map(CHINA.works, days)) == amount
    if CHINA.works(event):
        assert working_day(due_on, -amount, CHINA) == event


@pytest.mark.parametrize(
    ("start", "duration", "zh", "en"),
    [
        (
            "2026-02-11",
            "5 working days",
            "5 个工作日，自2026年2月11日起，当日不计，次日起算；2月15日至2月23日（春节）不计；"
            "2月14日（春节）调休上班，计入；2026年2月25日（星期三）24时届满。",
            "5 working days from 11 February 2026, that day not counted; not counted: 15 February to 23 February"
            " (Spring Festival); worked instead, so counted: 14 February (Spring Festival);"
            " ends with Wednesday, 25 February 2026.",
        ),
        (
            "2026-09-01",
            "1 month",
            "1 个月，自2026年9月1日起，当日不计，次日起算；最后一日10月1日是国庆节假期，顺延至下一个工作日；"
            "2026年10月8日（星期四）24时届满。",
            "1 month from 1 September 2026, that day not counted; the last day, 1 October, is National Day,"
            " so the next working day counts; ends with Thursday, 8 October 2026.",
        ),
        (
            "2026-12-30",
            "2 working days",
            "2 个工作日，自2026年12月30日起，当日不计，次日起算；2027年1月1日（星期五）24时届满。"
            "2027年的放假安排尚未公布，此期限为暂定，公布后重新计算。",
            "2 working days from 30 December 2026, that day not counted; ends with Friday, 1 January 2027."
            " The holidays of 2027 are not announced yet: this deadline is provisional and will be reckoned again.",
        ),
        (
            "2026-02-11",
            "2 hours",
            "2 小时，自2026年2月11日14:30起，至2026年2月11日16:30止。",
            "2 hours from 11 February 2026, 14:30: until 11 February 2026, 16:30.",
        ),
    ],
)
def test_a_deadline_is_explained_in_words(start: str, duration: str, zh: str, en: str) -> None:
    assert explain(deadline(_at(start), Duration.parse(duration), CHINA), CHINA) == {"zh": zh, "en": en}


@examples(100)
@given(MOMENTS, DAY_UNITS, st.integers(1, 100))
def test_every_explanation_ends_with_the_deadline(start: datetime, unit: Unit, amount: int) -> None:
    duration = Duration(amount, unit)
    due_on = deadline(start, duration, CHINA).last_day
    words = explain(deadline(start, duration, CHINA), CHINA)
    assert f"{due_on.year}年{due_on.month}月{due_on.day}日（" in words["zh"]
    assert str(due_on.year) in words["en"]


def test_reckoning_makes_few_calls() -> None:
    start, duration = datetime(2026, 2, 11, 6, tzinfo=UTC), Duration(5, "working days")
    deadline(start, duration, CHINA)
    modest(lambda: deadline(start, duration, CHINA), most=50)
