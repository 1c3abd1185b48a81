"""The marks on the time line by which lists, boards and colours agree, against a count day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from definitions.calendars.reader import load_calendar
from engine.deadlines.calendar import instant
from huying.words.horizon import horizon, last_day, next_change, working_days_late
from huying.words.moments import due_seen, in_period

CHINA = load_calendar("china")
#: Monday 23 November 2026, 09:30 in Beijing.
MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
#: From before the Spring Festival of 2026 to after it, and over the National Day with its make-up workdays.
DAYS = [date(2026, 2, 1) + timedelta(n) for n in range(40)] + [date(2026, 9, 20) + timedelta(n) for n in range(35)]


def _end_of(day: date) -> datetime:
    return instant(day + timedelta(days=1), time(0), CHINA)


def _worked(after: date, until: date) -> int:
    return sum(CHINA.works(after + timedelta(n)) for n in range(1, (until - after).days + 1))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_each_day_is_as_urgent_as_the_working_days_to_it_say(today: date) -> None:
    now = instant(today, time(9, 30), CHINA)
    seen = horizon(CHINA, now)
    for distance in range(-20, 21):
        day = today + timedelta(days=distance)
        due = _end_of(day)
        expected = "overdue" if day < today else "today" if day == today else "calm"
        # the day itself may not be worked: it is soon if no more than three working days end before it does
        if day > today and _worked(today, day - timedelta(days=1)) < 3:
            expected = "soon"
        assert seen.tone(due) == expected, day
        assert (due <= seen.long_overdue) == (day < today and _worked(day, today) > 5), day
        assert working_days_late(due, CHINA, now) == (_worked(day, today) if day < today else 0)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_next_change_is_the_first_moment_at_which_the_tone_is_another(day: date) -> None:
    due = _end_of(day)
    begin = instant(day - timedelta(days=20), time(9), CHINA)
    soon = next_change(due, CHINA, begin)
    assert soon is not None
    assert horizon(CHINA, soon - timedelta(seconds=1)).tone(due) == "calm"
    assert horizon(CHINA, soon).tone(due) in ("soon", "today")
    assert next_change(due, CHINA, soon) == due
    assert next_change(due, CHINA, due) is None


def test_an_exact_deadline_is_due_on_the_day_of_its_moment() -> None:
    at = instant(date(2026, 11, 23), time(15), CHINA)
    assert horizon(CHINA, MONDAY).tone(at) == "today"
    assert last_day(at, CHINA) == date(2026, 11, 23)
    assert horizon(CHINA, at).tone(at) == "overdue"


@pytest.mark.parametrize(
    ("days", "tone"),
    [(3, "calm"), (19, "calm"), (21, "soon"), (29, "soon"), (30, "today"), (31, "overdue")],
    ids=lambda one: str(one),
)
def test_a_period_of_thirty_days_is_soon_in_its_last_ten(days: int, tone: str) -> None:
    begun = instant(date(2026, 6, 1), time(0), CHINA)
    due = _end_of(date(2026, 7, 1))
    now = begun + timedelta(days=days, hours=9)
    seen = in_period(due_seen(due, CHINA, now, "zh"), begun, CHINA, now, "zh")
    assert seen is not None
    assert seen.tone == tone
    if tone == "calm":
        assert seen.says == seen.left
        assert seen.spent(now) == round(100 * (now - begun) / (due - begun))
        change = next_change(due, CHINA, now, begun)
        assert change is not None
        assert horizon(CHINA, change - timedelta(seconds=1)).tone(due, begun) == "calm"
        assert horizon(CHINA, change).tone(due, begun) == "soon"


def test_a_task_of_two_days_is_not_urgent_when_it_begins() -> None:
    """Amber from the first hour on says nothing."""
    due = due_seen(_end_of(date(2026, 11, 24)), CHINA, MONDAY, "zh")
    seen = in_period(due, MONDAY, CHINA, MONDAY, "zh")
    assert seen is not None
    assert (seen.tone, seen.says) == ("calm", "明天到期")
    assert seen.spent(MONDAY) == 0


@pytest.mark.parametrize(
    ("days", "tone", "zh", "en"),
    [
        (-3, "overdue", "已逾期 3 天", "3 days overdue"),
        (0, "today", "今天到期", "due today"),
        (1, "soon", "明天到期", "due tomorrow"),
        (3, "soon", "即将到期，还剩 3 天", "due soon: 3 days left"),
        (4, "calm", "还剩 4 天", "4 days left"),
    ],
)
def test_urgency_is_said_in_words(days: int, tone: str, zh: str, en: str) -> None:
    due = _end_of(date(2026, 11, 23) + timedelta(days=days))
    for language, said in (("zh", zh), ("en", en)):
        seen = due_seen(due, CHINA, MONDAY, language)
        assert seen is not None
        assert (seen.tone, seen.says) == (tone, said)


def test_the_last_hour_says_that_it_is_today() -> None:
    seen = due_seen(MONDAY + timedelta(minutes=30), CHINA, MONDAY, "zh")
    assert seen is not None
    assert seen.says == "今天到期，还剩 30 分钟"


def test_a_clock_that_stands_says_since_when_and_is_not_overdue() -> None:
    paused = instant(date(2026, 11, 20), time(10), CHINA)
    seen = due_seen(_end_of(date(2026, 11, 21)), CHINA, MONDAY, "zh", paused_at=paused)
    assert seen is not None
    assert (seen.tone, seen.overdue, seen.says) == ("paused", False, "计时已暂停，自11月20日（周五）起")
    late = due_seen(_end_of(date(2026, 11, 18)), CHINA, MONDAY, "en", paused_at=paused)
    assert late is not None
    assert late.says == "the clock stands since Fri 20 November (it was 2 days overdue)"


def test_where_every_clock_stands_there_is_no_day_and_where_there_is_no_deadline_nothing_is_said() -> None:
    seen = due_seen(None, CHINA, MONDAY, "zh", paused_at=MONDAY)
    assert seen is not None
    assert (seen.at, seen.by, seen.tone) == (None, "", "paused")
    assert due_seen(None, CHINA, MONDAY, "zh") is None
