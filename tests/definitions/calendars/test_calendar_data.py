"""The shipped calendars against an independent source, and what a calendar file may not say."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from definitions.calendars.reader import UnknownCalendar, calendars, load_calendar, parse_calendar
from definitions.finding import Unreadable

FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
CHINA = load_calendar("china")


def test_every_day_is_what_the_state_council_announced() -> None:
    assert [day for day in DAYS if CHINA.works(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(("year", "count"), [(2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_each_year_has_its_number_of_working_days(year: int, count: int) -> None:
    assert sum(CHINA.works(day) for day in DAYS if day.year == year) == count


def test_every_holiday_has_its_festival_in_both_languages() -> None:
    for day, name in CHINA.holidays.items():
        detail = str(chinese_calendar.get_holiday_detail(day)[1])
        assert detail.casefold().split()[0] == name["en"].replace("’", "'").casefold().split()[0]
        assert name["zh"]
    assert CHINA.extra_workdays[date(2026, 2, 14)] == {"zh": "春节", "en": "Spring Festival"}


def test_what_is_not_announced_is_not_covered() -> None:
    assert CHINA.covers(FIRST, LAST)
    assert not CHINA.covers(LAST, date(2027, 1, 1))
    assert not CHINA.covers(date(2021, 12, 31), FIRST)


def test_every_shipped_calendar_is_sound_and_named_after_its_file() -> None:
    assert "china" in calendars()
    for key in calendars():
        assert load_calendar(key).id == key
        assert load_calendar(key).zone.key


@pytest.mark.parametrize("key", ["", "nowhere", "../china", "china.yaml", "CHINA", "/etc/passwd", "china\n"])
def test_an_unknown_calendar_is_said_so(key: str) -> None:
    with pytest.raises(UnknownCalendar):
        load_calendar(key)


GOOD = """\
id: town
title: {zh: 镇, en: Town}
timezone: Asia/Shanghai
working weekdays: [monday, tuesday]
published from: 2026-01-01
published until: 2026-12-31
festivals:
  fair: {zh: 庙会, en: Fair}
days:
  - {festival: fair, off: 2026-03-02..2026-03-03, work: [2026-03-07]}
"""


def test_an_office_may_have_a_calendar_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "town.yaml").write_text(GOOD, encoding="utf-8")
    town = load_calendar("town", tmp_path)
    assert [town.works(date(2026, 3, day)) for day in (1, 2, 3, 4, 7, 9)] == [False, False, False, False, True, True]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("timezone: Asia/Shanghai", "timezone: Asia/Nowhere", 3),
        ("timezone: Asia/Shanghai", "timezone: ../../etc/passwd", 3),
        ("[monday, tuesday]", "[]", 4),
        ("[monday, tuesday]", "[monday, funday]", 4),
        ("published until: 2026-12-31", "published until: 2026-13-31", 6),
        ("published until: 2026-12-31", "published until: soon", 6),
        ("published until: 2026-12-31", "until: 2026-12-31", 1),
        ("festival: fair", "festival: feast", 10),
        ("2026-03-02..2026-03-03", "2026-03-03..2026-03-02", 10),
        ("2026-03-02..2026-03-03", "2026-03-02..2027-03-03", 10),
        ("2026-03-02..2026-03-03", "2026-02-30", 10),
        ("2026-03-02..2026-03-03", "2027-03-02", 10),
        ("work: [2026-03-07]", "work: [2026-03-03]", 10),
        ("work: [2026-03-07]", "works: [2026-03-07]", 10),
        ("id: town", "id: town\nid: city", 2),
    ],
)
def test_a_fault_in_a_calendar_is_found_where_it_stands(before: str, after: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_calendar(GOOD.replace(before, after), "town.yaml")
    assert line in [finding.line for finding in refused.value.findings]
    assert all(finding.message["zh"] and finding.remedy["en"] for finding in refused.value.findings)


def test_a_file_that_is_no_calendar_is_refused() -> None:
    for text in ("- a", "a", "5", "{}"):
        with pytest.raises(Unreadable):
            parse_calendar(text, "town.yaml")
