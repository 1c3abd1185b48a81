"""Durations and reminders: the words of administrators, and of readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.model.duration import UNITS, Duration, DurationError, Reminder


@pytest.mark.parametrize(
    ("text", "canonical", "zh"),
    [
        ("3 working days", "3 working days", "3 个工作日"),
        ("1 working day", "1 working day", "1 个工作日"),
        ("1 working days", "1 working day", "1 个工作日"),
        ("2 Hours", "2 hours", "2 小时"),
        ("30 minutes", "30 minutes", "30 分钟"),
        ("  5   days ", "5 days", "5 天"),
        ("1 week", "1 week", "1 周"),
        ("3 months", "3 months", "3 个月"),
        ("30 calendar days", "30 calendar days", "30 个自然日"),
        ("1 quarter", "1 quarter", "1 个季度"),
        ("2 Years", "2 years", "2 年"),
    ],
)
def test_a_duration_is_read_and_said_again(text: str, canonical: str, zh: str) -> None:
    duration = Duration.parse(text)
    assert str(duration) == duration.words("en") == canonical
    assert duration.words("zh") == duration.words("zh_CN") == zh


@given(st.sampled_from(UNITS), st.integers(1, 10))
def test_every_duration_is_read_back(unit: str, amount: int) -> None:
    duration = Duration.parse(f"{amount} {unit}")
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "3",
        "days",
        "0 days",
        "-1 days",
        "1.5 days",
        "3 working",
        "11 years",
        "3 decades",
        "4000 days",
        "999999999 months",
        "9" * 5000 + " days",
        "3 days before",
    ],
)
def test_what_is_no_duration_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(DurationError) as refused:
        Duration.parse(text)
    assert set(refused.value.message) == set(refused.value.remedy) == {"zh", "en"}
    assert all(refused.value.remedy.values())


def test_the_nearest_unit_is_offered() -> None:
    with pytest.raises(DurationError, match="3 working days"):
        Duration.parse("5 workng days")
    with pytest.raises(DurationError, match="3 months"):
        Duration.parse("5 monts")


@pytest.mark.parametrize(
    ("text", "canonical", "zh", "en"),
    [
        ("1 working day before", "1 working day before", "到期前 1 个工作日", "1 working day before the deadline"),
        ("at the deadline", "at the deadline", "到期当日", "on the day of the deadline"),
        ("2 days after", "2 days after", "到期后 2 天", "2 days after the deadline"),
        ("  2  hours  before ", "2 hours before", "到期前 2 小时", "2 hours before the deadline"),
    ],
)
def test_a_reminder_is_read_and_said_again(text: str, canonical: str, zh: str, en: str) -> None:
    reminder = Reminder.parse(text)
    assert str(reminder) == canonical
    assert (reminder.words("zh"), reminder.words("en")) == (zh, en)
    assert Reminder.parse(str(reminder)) == reminder


@pytest.mark.parametrize("text", ["", "before", "1 day", "1 day late", "at deadline", "x days before", "0 days after"])
def test_what_is_no_reminder_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(DurationError) as refused:
        Reminder.parse(text)
    assert all(refused.value.remedy.values())


def test_a_reminder_without_offset_stands_only_at_the_deadline() -> None:
    with pytest.raises(DurationError):
        Reminder(None, "before")
    with pytest.raises(DurationError):
        Reminder(Duration(1, "days"), "at")
