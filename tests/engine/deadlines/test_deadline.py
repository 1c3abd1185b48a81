"""A deadline is a pure function of its rule, start, pauses, extensions and calendar: by the law, an independent count, and properties."""

from __future__ import annotations

import bisect
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Literal
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from definitions.calendars.calendar import FIRST_DAY, LAST_DAY
from definitions.calendars.reader import load_calendar
from definitions.model.duration import Duration, DurationError, Reminder, Unit
from definitions.model.term import FieldDay, FromDay, NextDay, OneDay, parse_term
from engine.deadlines.calendar import moved, working_day
from engine.deadlines.deadline import Deadline, Pause, again, reckon, wait_until
from engine.deadlines.explanation import explain
from engine.deadlines.working_time import earlier, later, passed
from engine.rules.reminders import remind_at

CHINA = load_calendar("china")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" in text else f"{text}T10:00").replace(tzinfo=SHANGHAI)


def _pause(since: str, until: str) -> Pause:
    return Pause(since=_at(since), until=_at(until))


def test_every_start_of_five_years_agrees_with_a_plain_count_of_another_source() -> None:
    first, last = date(2022, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    worked = [day for day in days if chinese_calendar.is_workday(day)]
    assert len(worked) == 249 + 249 + 251 + 248 + 248
    for start in days:
        following = bisect.bisect_right(worked, start)
        moment = datetime.combine(start, datetime.min.time(), SHANGHAI)
        for count in range(1, 61):
            due = reckon(Duration(count, "working days"), moment, CHINA)
            if following + count <= len(worked):
                assert due.last_day == worked[following + count - 1], (start, count)
                assert not due.provisional
            else:
                assert due.provisional, (start, count)


@pytest.mark.parametrize(
    ("article", "start", "term", "due_on"),
    [
        ("201: the day of the event is not counted", "2026-03-02", "1 day", "2026-03-03"),
        ("201: nor is it with weeks", "2026-03-02", "1 week", "2026-03-09"),
        ("202: months end on the same day number", "2026-03-10", "1 month", "2026-04-10"),
        ("202: or on the last day of the month", "2024-01-31", "1 month", "2024-02-29"),
        ("202: February of a common year, 28 February 2026 being worked instead", "2026-01-31", "1 month", "2026-02-28"),
        ("202: a year as twelve months", "2025-03-10", "12 months", "2026-03-10"),
        ("202: or as a year", "2025-03-10", "1 year", "2026-03-10"),
        ("202: a quarter as three months", "2025-11-30", "1 quarter", "2026-02-28"),
        ("204: days that do not move", "2026-09-10", "30 calendar days", "2026-10-10"),
        ("204: nor from the middle of a holiday", "2026-09-05", "30 calendar days", "2026-10-05"),
        ("203: a last day on a Sunday moves on", "2026-02-26", "10 days", "2026-03-09"),
        ("203: a last day in the holidays moves to the first day worked", "2026-09-10", "1 month", "2026-10-10"),
        ("203: National Day", "2026-09-01", "1 month", "2026-10-08"),
        ("203: a weekend day worked instead is no holiday", "2026-02-07", "1 week", "2026-02-14"),
        ("204: terms otherwise agreed", "2026-03-02", "5 working days", "2026-03-09"),
    ],
)  # fmt: skip
def test_the_civil_code(article: str, start: str, term: str, due_on: str) -> None:
    assert reckon(parse_term(term), _at(start), CHINA).due_on == due_on, article


@pytest.mark.parametrize(
    ("start", "term", "due_on"),
    [
        ("2026-03-02", "by the 25th", "2026-03-25"),
        ("2026-03-25", "by the 25th", "2026-04-27"),
        ("2026-09-24", "by the 25th", "2026-09-28"),
        ("2026-01-31", "by the 31st", "2026-02-28"),
        ("2026-03-02", "by the end of the month", "2026-03-31"),
        ("2026-03-02", "by the end of the quarter", "2026-03-31"),
        ("2026-03-31", "by the end of the quarter", "2026-06-30"),
        ("2026-03-02", "by the end of the year", "2026-12-31"),
        ("2026-03-02", "by 06-30", "2026-06-30"),
        ("2026-07-01", "by 06-30", "2027-06-30"),
        ("2026-03-02", "by 2026-10-03", "2026-10-08"),
    ],
)
def test_days_that_come_round_and_fixed_days(start: str, term: str, due_on: str) -> None:
    assert reckon(parse_term(term), _at(start), CHINA).due_on == due_on


@pytest.mark.parametrize(
    ("term", "due_on"),
    [
        ("7 days before 2026-05-11", "2026-04-30"),
        ("3 working days before 2026-05-11", "2026-05-07"),
        ("6 working days before 2026-05-11", "2026-04-29"),
        ("7 calendar days before 2026-05-11", "2026-05-04"),
        ("1 month before 2026-03-31", "2026-02-28"),
        ("1 year before 2027-05-03", "2026-04-30"),
        ("10 days after 2026-04-24", "2026-05-06"),
        ("5 working days after 2026-04-30", "2026-05-11"),
    ],
)
def test_before_a_day_moves_earlier_and_after_it_later(term: str, due_on: str) -> None:
    """Labour Day 2026: off from 1 to 5 May, Saturday 9 May worked."""
    due = reckon(parse_term(term), _at("2026-03-02"), CHINA)
    assert due.due_on == due_on
    assert str(parse_term(term)) == term


@pytest.mark.parametrize(
    ("start", "term", "moment"),
    [
        ("2026-03-02T09:00", "same day", "2026-03-03T00:00"),
        ("2026-03-07T09:00", "same day", "2026-03-10T00:00"),
        ("2026-03-02T09:00", "next day", "2026-03-04T00:00"),
        ("2026-03-06T09:00", "next working day", "2026-03-10T00:00"),
        ("2026-03-02T09:00", "by 17:00", "2026-03-02T17:00"),
        ("2026-03-02T17:00", "by 17:00", "2026-03-03T17:00"),
        ("2026-03-06T18:00", "by 17:00", "2026-03-09T17:00"),
        ("2026-03-07T09:00", "by 17:00", "2026-03-09T17:00"),
        ("2026-03-02T09:00", "by the end of office hours", "2026-03-02T18:00"),
        ("2026-03-02T19:00", "by the end of office hours", "2026-03-03T18:00"),
        ("2026-03-02T09:00", "same day by 12:00", "2026-03-02T12:00"),
        ("2026-03-02T15:00", "same day by 12:00", "2026-03-02T12:00"),
        ("2026-03-06T09:00", "next day by 12:00", "2026-03-09T12:00"),
        ("2026-03-06T09:00", "next working day by 12:00", "2026-03-09T12:00"),
        ("2026-02-14T09:00", "next working day by the end of office hours", "2026-02-24T18:00"),
    ],
)
def test_a_day_close_by_and_its_hour(start: str, term: str, moment: str) -> None:
    assert reckon(parse_term(term), _at(start), CHINA).due_at == _at(moment)
    assert str(parse_term(term)) == term


@pytest.mark.parametrize(
    ("start", "term", "zh", "en"),
    [
        (
            "2026-04-20", "7 days before 2026-05-11",
            "2026年5月11日前 7 天；5月4日是劳动节假期，提前到上一个工作日；2026年4月30日（星期四）24时届满。",
            "7 days before 2026-05-11; 4 May is Labour Day, so the working day before counts; ends with Thursday, 30 April 2026.",
        ),
        (
            "2026-03-02", "by 17:00",
            "17:00前，2026年3月2日起算；至2026年3月2日17:00止。",
            "by 17:00, counted from 2 March 2026; until 2 March 2026, 17:00.",
        ),
        (
            "2026-09-05", "30 calendar days",
            "30 个自然日，自2026年9月5日起，当日不计，次日起算；2026年10月5日（星期一）24时届满。",
            "30 calendar days from 5 September 2026, that day not counted; ends with Monday, 5 October 2026.",
        ),
        (
            "2026-03-02", "by 2026-01-30",
            "2026年1月30日前，2026年3月2日起算；2026年1月30日（星期五）24时届满。",
            "by 2026-01-30, counted from 2 March 2026; ends with Friday, 30 January 2026.",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_term_is_explained(start: str, term: str, zh: str, en: str) -> None:
    assert explain(reckon(parse_term(term), _at(start), CHINA), CHINA) == {"zh": zh, "en": en}


@pytest.mark.parametrize(
    ("start", "term", "moment"),
    [
        ("2026-03-02T09:00", "2 working hours", "2026-03-02T11:00"),
        ("2026-03-02T11:00", "2 working hours", "2026-03-02T15:00"),
        ("2026-03-02T12:30", "1 working hour", "2026-03-02T15:00"),
        ("2026-03-02T17:30", "1 working hour", "2026-03-03T09:30"),
        ("2026-03-06T17:00", "2 working hours", "2026-03-09T10:00"),
        ("2026-02-14T17:00", "3 working hours", "2026-02-24T11:00"),
        ("2026-03-07T10:00", "7 working hours", "2026-03-09T18:00"),
    ],
)
def test_working_hours_leave_out_lunch_nights_and_holidays(start: str, term: str, moment: str) -> None:
    due = reckon(parse_term(term), _at(start), CHINA)
    assert due.due_at == _at(moment)
    assert due.exact


@pytest.mark.parametrize(
    "text",
    [
        "by the 0th",
        "by the 32nd",
        "by 13-01",
        "by 2026-02-30",
        "by tomorrow",
        "3 fortnights",
        "by 25:00",
        "2 hours before day",
        "same day by the 25th",
        "by 9999-12-31",
        "3 days before 0001-01-01",
    ],
)
def test_what_is_no_term_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(DurationError) as refused:
        parse_term(text)
    assert refused.value.remedy["zh"]
    assert refused.value.remedy["en"]


def test_terms_are_read_as_they_are_written() -> None:
    assert parse_term("by the 25th") == NextDay("month", 25)
    assert parse_term("by 2026-10-03") == OneDay(date(2026, 10, 3))
    assert parse_term("until hearing_day") == FieldDay("hearing_day")
    for text in ("3 working days", "by the 1st", "by the 22nd", "by the 13th", "by 12-31", "until hearing-day"):
        assert str(parse_term(text)) == text
    with pytest.raises(ValueError, match="needs an issue"):
        reckon("until hearing_day", _at("2026-03-02"), CHINA)


def test_a_pause_gives_back_the_working_days_for_which_the_clock_stood() -> None:
    due = reckon("5 working days", _at("2026-03-02"), CHINA)
    assert due.due_on == "2026-03-09"
    stood = reckon("5 working days", _at("2026-03-02"), CHINA, [_pause("2026-03-03T15:00", "2026-03-05T09:00")])
    assert stood.due_on == "2026-03-11", "Wednesday and Thursday are given back"
    same_day = reckon("5 working days", _at("2026-03-02"), CHINA, [_pause("2026-03-03T09:00", "2026-03-03T17:00")])
    assert same_day.due_on == "2026-03-09"


def test_a_pause_across_a_weekend_counts_once() -> None:
    """glpi#15605, #10594: the weekend was left out as no working day, and given back as a pause besides."""
    due = reckon("5 working days", _at("2026-03-02"), CHINA, [_pause("2026-03-06T15:00", "2026-03-09T09:00")])
    assert due.due_on == "2026-03-10", "of the three days only Monday was worked"
    overlapping = [_pause("2026-03-06T15:00", "2026-03-09T09:00"), _pause("2026-03-06T16:00", "2026-03-09T08:00")]
    assert reckon("5 working days", _at("2026-03-02"), CHINA, overlapping).due_on == "2026-03-10", (
        "nor does it count twice"
    )


def test_hours_get_back_the_time_itself_and_working_hours_the_time_in_the_office() -> None:
    pause = _pause("2026-03-02T16:00", "2026-03-03T10:00")
    assert reckon("24 hours", _at("2026-03-02T10:00"), CHINA, [pause]).due_at == _at("2026-03-04T04:00")
    due = reckon("8 working hours", _at("2026-03-02T10:00"), CHINA, [pause])
    assert reckon("8 working hours", _at("2026-03-02T10:00"), CHINA).due_at == _at("2026-03-03T11:00")
    assert due.due_at == _at("2026-03-03T16:00"), "two hours of the first day and one of the second are given back"


def test_a_wait_until_a_day_ends_when_that_day_begins_and_no_pause_moves_it() -> None:
    wait = wait_until(date(2026, 10, 3), _at("2026-03-02"), CHINA)
    assert wait.due_at == _at("2026-10-03T00:00")
    again_ = structs.replace(wait, pauses=(_pause("2026-03-03", "2026-03-20"),))
    assert again(again_, CHINA).due_at == wait.due_at


def test_an_extension_is_counted_from_the_end_before_it() -> None:
    assert reckon("3 months", _at("2026-03-10"), CHINA, (), ["3 months"]).due_on == "2026-09-10"
    assert reckon("15 working days", _at("2026-03-02"), CHINA, (), ["10 working days"]).due_on == (
        reckon("25 working days", _at("2026-03-02"), CHINA).due_on
    )
    mixed = reckon("1 month", _at("2026-03-10"), CHINA, (), ["5 working days"])
    assert mixed.last_day == working_day(date(2026, 4, 10), 5, CHINA)


def test_a_deadline_beyond_the_published_days_is_provisional_until_they_arrive() -> None:
    due = reckon("5 working days", _at("2026-12-30"), CHINA)
    assert due.provisional
    assert due.due_on == "2027-01-06"
    holidays = {**CHINA.holidays, date(2027, 1, 1): {"zh": "元旦"}, date(2027, 1, 4): {"zh": "元旦"}}
    newer = replace(CHINA, holidays=holidays, published_until=date(2027, 12, 31), version=2)
    reckoned = again(due, newer)
    assert (reckoned.due_on, reckoned.provisional, reckoned.calendar) == ("2027-01-08", False, "china v2")
    assert again(reckoned, newer) == reckoned


def test_pauses_and_extensions_stand_in_the_explanation() -> None:
    due = reckon(
        "5 working days", _at("2026-03-02"), CHINA, [_pause("2026-03-03T15:00", "2026-03-05T09:00")], ["2 working days"]
    )
    said = explain(due, CHINA)
    assert said["zh"] == (
        "5 个工作日，自2026年3月2日起，当日不计，次日起算；周末不计；计时暂停：3月3日至3月5日（2天），不计入；"
        "经批准延期2 个工作日；2026年3月13日（星期五）24时届满。"
    )
    assert said["en"] == (
        "5 working days from 2 March 2026, that day not counted; not counted: weekends; the clock stood from 3 March to 5 March (2 days); "
        "extended by 2 working days; ends with Friday, 13 March 2026."
    )


@given(
    st.dates(FIRST_DAY, LAST_DAY),
    st.integers(1, 3650),
    st.sampled_from(["days", "working days", "calendar days", "weeks", "months", "quarters", "years"]),
    st.sampled_from(["before", "after"]),
)
def test_before_and_after_any_day_moves_to_the_right_side_and_never_leaves_the_calendar(
    day: date, amount: int, unit: Unit, when: Literal["before", "after"]
) -> None:
    length = Duration(min(amount, {"weeks": 520, "months": 120, "quarters": 40, "years": 10}.get(unit, 2500)), unit)
    due = reckon(FromDay(length, when, day), _at("2026-03-02"), CHINA).last_day
    assert due < day if when == "before" else due > day
    if unit == "calendar days":
        assert abs((day - due).days) == length.amount
    else:
        assert CHINA.works(due)
    plain = moved(day, length, -1 if when == "before" else 1)
    if unit != "working days":
        assert due <= plain if when == "before" else due >= plain


@given(st.dates(FIRST_DAY, LAST_DAY), st.sampled_from(["10 years", "120 months", "2500 working days", "520 weeks"]))
def test_whatever_day_a_field_may_hold_can_be_reckoned_with(day: date, offset: str) -> None:
    due = reckon(OneDay(day), _at("2026-03-02"), CHINA, (), [offset])
    assert due.last_day > day
    for when in ("before", "after"):
        assert remind_at(due, Reminder.parse(f"{offset} {when}"), CHINA)
    assert wait_until(day, _at("2026-03-02"), CHINA).due_on == day.isoformat()
    assert explain(due, CHINA)["zh"]


_MOMENTS = st.datetimes(datetime(2022, 1, 1), datetime(2026, 11, 30), timezones=st.just(SHANGHAI))  # noqa: DTZ001
_RULES = st.one_of(
    st.builds(
        lambda n, unit: str(Duration(n, unit)), st.integers(1, 40), st.sampled_from(["working days", "days", "weeks"])
    ),
    st.builds(lambda n: str(Duration(n, "months")), st.integers(1, 6)),
    st.builds(
        lambda n, unit: str(Duration(n, unit)),
        st.integers(1, 90),
        st.sampled_from(["hours", "working hours", "minutes"]),
    ),
    st.sampled_from(
        [
            "by the 25th",
            "by the end of the month",
            "by the end of the quarter",
            "same day",
            "by 17:00",
            "next working day",
        ]
    ),
)
_EXTENSIONS = st.lists(
    st.sampled_from(["1 working day", "10 working days", "15 days", "1 month", "6 hours", "4 working hours"]),
    max_size=2,
)


@st.composite
def _stories(draw: st.DrawFn) -> tuple[str, datetime, list[Pause], list[str]]:
    start = draw(_MOMENTS)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        since = start + timedelta(minutes=draw(st.integers(0, 60 * 24 * 60)))
        pauses.append(Pause(since=since, until=since + timedelta(minutes=draw(st.integers(0, 60 * 24 * 20)))))
    return draw(_RULES), start, pauses, draw(_EXTENSIONS)


def _of(story: tuple[str, datetime, list[Pause], list[str]]) -> Deadline:
    rule, start, pauses, extensions = story
    return reckon(rule, start, CHINA, pauses, extensions)


@given(_stories(), st.integers(0, 60 * 24 * 40), st.integers(0, 60 * 24 * 20))
def test_one_more_pause_never_makes_a_deadline_earlier(
    story: tuple[str, datetime, list[Pause], list[str]], offset: int, length: int
) -> None:
    rule, start, pauses, extensions = story
    since = start + timedelta(minutes=offset)
    more = [*pauses, Pause(since=since, until=since + timedelta(minutes=length))]
    assert reckon(rule, start, CHINA, more, extensions).due_at >= _of(story).due_at


@given(_stories())
def test_the_order_of_pauses_does_not_matter_and_reckoning_again_changes_nothing(
    story: tuple[str, datetime, list[Pause], list[str]],
) -> None:
    rule, start, pauses, extensions = story
    due = _of(story)
    assert {reckon(rule, start, CHINA, order, extensions).due_at for order in permutations(pauses)} == {due.due_at}
    assert again(due, CHINA) == due


@given(_stories(), st.sampled_from(["1 working day", "10 working days", "15 days", "1 month"]))
def test_an_extension_never_makes_a_deadline_earlier_and_comes_to_the_same_before_or_after_a_pause(
    story: tuple[str, datetime, list[Pause], list[str]], extension: str
) -> None:
    rule, start, pauses, extensions = story
    extended = reckon(rule, start, CHINA, pauses, [*extensions, extension])
    assert extended.due_at >= _of(story).due_at
    first_paused = again(structs.replace(_of(story), extensions=(*extensions, extension)), CHINA)
    first_extended = again(
        structs.replace(reckon(rule, start, CHINA, (), [*extensions, extension]), pauses=tuple(pauses)), CHINA
    )
    assert first_paused == first_extended == extended


@given(_stories())
def test_a_deadline_is_after_its_start_on_a_day_that_is_worked_and_explained_in_both_languages(
    story: tuple[str, datetime, list[Pause], list[str]],
) -> None:
    due = _of(story)
    assert due.due_at > due.start
    if not due.exact:
        assert CHINA.works(due.last_day)
        assert due.due_at == datetime.combine(due.last_day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    said = explain(due, CHINA)
    day = due.due_at.astimezone(SHANGHAI).date() if due.exact else due.last_day
    assert f"{day.year}年{day.month}月{day.day}日" in said["zh"]
    assert f"{day.day} {day:%B} {day.year}" in said["en"]


@given(_MOMENTS, st.integers(1, 6000))
def test_working_time_forth_and_back(start: datetime, minutes: int) -> None:
    length = timedelta(minutes=minutes)
    end = later(start, length, CHINA)
    assert passed(start.astimezone(UTC), end, CHINA) == length
    assert passed(earlier(end, length, CHINA), end, CHINA) == length
