"""Moments and deadlines in words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from huying.words.moments import due_words, moment_words

BEIJING = ZoneInfo("Asia/Shanghai")
#: Friday 27 November, until midnight.
FRIDAY_NIGHT = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "还剩 4 天", "4 days left"),
        (datetime(2026, 11, 26, 10, 0, tzinfo=UTC), "明天到期", "due tomorrow"),
        (datetime(2026, 11, 27, 1, 0, tzinfo=UTC), "今天到期", "due today"),
        (datetime(2026, 11, 27, 15, 30, tzinfo=UTC), "还剩 30 分钟", "30 minutes left"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "已逾期 1 天", "1 day overdue"),
        (datetime(2026, 11, 30, 1, 0, tzinfo=UTC), "已逾期 3 天", "3 days overdue"),
    ],
)
def test_what_is_left_is_said_in_the_readers_language(now: datetime, zh: str, en: str) -> None:
    assert due_words(FRIDAY_NIGHT, BEIJING, now, "zh").left == zh
    assert due_words(FRIDAY_NIGHT, BEIJING, now, "en").left == en


def test_a_deadline_at_midnight_is_named_by_its_last_day() -> None:
    now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert due_words(FRIDAY_NIGHT, BEIJING, now, "zh").by == "11月27日（周五）前"
    assert due_words(FRIDAY_NIGHT, BEIJING, now, "en").by == "by Fri 27 November"


def test_a_deadline_within_a_day_is_named_with_its_time() -> None:
    at = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
    assert due_words(at, BEIJING, datetime(2026, 11, 27, 1, 0, tzinfo=UTC), "zh").by == "11月27日（周五） 15:30前"


def test_the_year_is_said_when_it_is_another() -> None:
    now = datetime(2025, 12, 30, 1, 0, tzinfo=UTC)
    assert due_words(FRIDAY_NIGHT, BEIJING, now, "zh").by == "2026年11月27日（周五）前"


def test_it_is_overdue_from_the_very_moment() -> None:
    assert not due_words(FRIDAY_NIGHT, BEIJING, datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC), "zh").overdue
    assert due_words(FRIDAY_NIGHT, BEIJING, FRIDAY_NIGHT, "zh").overdue


def test_moments_are_told_in_the_calendars_zone() -> None:
    at = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
    assert moment_words(at, BEIJING, "zh") == "2026年11月24日 01:05"
    assert moment_words(at, BEIJING, "en") == "24 November 2026 01:05"
