"""When an office opens next: nights, lunch breaks, weekends, holidays and made-up workdays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from definitions.calendars.reader import load_calendar
from engine.deadlines.office_hours import next_office_moment

CHINA = ZoneInfo("Asia/Shanghai")
CALENDAR = replace(load_calendar("china"), hours=((time(9), time(12)), (time(14), time(18))))


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-02 09:00", "2026-03-02 09:00"),
        ("2026-03-02 11:59", "2026-03-02 11:59"),
        ("2026-03-02 12:00", "2026-03-02 14:00"),
        ("2026-03-02 13:30", "2026-03-02 14:00"),
        ("2026-03-02 17:59", "2026-03-02 17:59"),
        ("2026-03-02 18:00", "2026-03-03 09:00"),
        ("2026-03-02 00:00", "2026-03-02 09:00"),
        ("2026-03-06 20:00", "2026-03-09 09:00"),
        # the Spring Festival of 2026: 15 to 23 February off, Saturday the 14th worked
        ("2026-02-13 18:30", "2026-02-14 09:00"),
        ("2026-02-14 18:00", "2026-02-24 09:00"),
        ("2026-02-17 10:00", "2026-02-24 09:00"),
    ],
)
def test_the_office_opens_next(moment: str, opens: str) -> None:
    asked, answer = (datetime.fromisoformat(one).replace(tzinfo=CHINA) for one in (moment, opens))
    assert next_office_moment(CALENDAR, asked.astimezone(UTC)) == answer
    assert next_office_moment(CALENDAR, asked).tzinfo is UTC


def test_asked_again_at_its_own_answer_it_says_the_same() -> None:
    for hour in range(24 * 14):
        asked = datetime(2026, 2, 10 + hour // 24, hour % 24, 7, tzinfo=UTC)
        answer = next_office_moment(CALENDAR, asked)
        assert answer >= asked
        assert next_office_moment(CALENDAR, answer) == answer


def test_hours_that_end_at_midnight_end_with_the_day() -> None:
    night = replace(CALENDAR, hours=((time(20), time(0)),))
    asked = datetime(2026, 3, 2, 23, 59, tzinfo=CHINA)
    assert next_office_moment(night, asked) == asked


def test_a_calendar_without_hours_holds_nothing_back() -> None:
    asked = datetime(2026, 3, 2, 3, tzinfo=CHINA)
    assert next_office_moment(replace(CALENDAR, hours=()), asked) == asked
