"""Calendars as pages show them: which there are, and one year of one, month by month."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from definitions.calendars.calendar import Calendar
from definitions.text import LISTED, words
from huying.house.house import House
from huying.locale import LOCALES
from huying.words.moments import date_words, moment_words


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar in the list."""

    key: str
    title: str
    version: int
    until: str


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day: ``kind`` is ``worked``, ``off`` (an ordinary weekend), ``holiday`` or ``make-up``; ``name`` the festival."""

    day: int
    kind: str
    name: str
    today: bool


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month: its name, how many empty cells come before its first day (weeks begin on Monday), and its days."""

    name: str
    before: int
    days: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A festival of the year: its name, the days off, and the weekend days worked instead, in words."""

    name: str
    off: str
    work: str


@dataclass(frozen=True, slots=True)
class PublishedCalendar:
    """A version of a calendar."""

    version: int
    when: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of a calendar; ``announced`` is ``False`` where its days off are a guess. ``hours`` are those of today's season."""

    key: str
    title: str
    version: int
    year: int
    years: tuple[int, ...]
    announced: bool
    until: str
    hours: str
    working_days: int
    months: tuple[CalendarMonth, ...]
    holidays: tuple[Holiday, ...]
    versions: tuple[PublishedCalendar, ...]


def calendar_lines(house: House, language: str) -> tuple[CalendarLine, ...]:
    """All calendars."""
    found = (house.calendars.in_force(key) for key in house.calendars.known())
    return tuple(
        CalendarLine(one.id, words(one.title, language), one.version, date_words(one.published_until, language))
        for one in found
    )


def calendar_year(house: House, key: str, year: int | None, language: str, now: datetime) -> CalendarYear:
    """One year, by default this one; ``NotFound`` if there is no such calendar."""
    calendar = house.calendars.in_force(key)
    today = now.astimezone(calendar.zone).date()
    first, last = calendar.published_from.year, calendar.published_until.year + 1
    shown = min(max(year or today.year, first), last)
    days = [date(shown, month, day) for month in range(1, 13) for day in range(1, monthrange(shown, month)[1] + 1)]
    return CalendarYear(
        key=key,
        title=words(calendar.title, language),
        version=calendar.version,
        year=shown,
        years=tuple(other for other in range(shown - 2, shown + 3) if first <= other <= last),
        announced=calendar.covers(days[0], days[-1]),
        until=date_words(calendar.published_until, language),
        hours=_hours(calendar, today, language),
        working_days=sum(1 for day in days if calendar.works(day)),
        months=tuple(_month(calendar, shown, month, today, language) for month in range(1, 13)),
        holidays=_holidays(calendar, days, language),
        versions=tuple(
            PublishedCalendar(
                one.version, moment_words(one.published_at, calendar.zone, language), one.published_by, one.note
            )
            for one in house.calendars.versions(key)
        ),
    )


def _hours(calendar: Calendar, today: date, language: str) -> str:
    hours = next((season.hours for season in calendar.seasons if season.covers(today)), calendar.hours)
    return LISTED.of(language).join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in hours)


def _month(calendar: Calendar, year: int, month: int, today: date, language: str) -> CalendarMonth:
    before, count = monthrange(year, month)
    pattern = {"zh": "M月", "en": "MMMM"}[language]
    name = format_date(date(year, month, 1), pattern, locale=LOCALES[language])
    return CalendarMonth(
        name, before, tuple(_cell(calendar, date(year, month, day), today, language) for day in range(1, count + 1))
    )


def _cell(calendar: Calendar, day: date, today: date, language: str) -> DayCell:
    worked, name = calendar.works(day), ""
    if worked and day in calendar.extra_workdays:
        kind, name = "make-up", words(calendar.extra_workdays[day], language)
    elif worked:
        kind = "worked"
    elif day in calendar.holidays:
        kind, name = "holiday", words(calendar.holidays[day], language)
    else:
        kind = "off"
    return DayCell(day.day, kind, name, day == today)


def _holidays(calendar: Calendar, days: list[date], language: str) -> tuple[Holiday, ...]:
    """The festivals of a year in the order of their first day off."""
    off: dict[str, list[date]] = {}
    work: dict[str, list[date]] = {}
    for day in days:
        if day in calendar.holidays:
            off.setdefault(words(calendar.holidays[day], language), []).append(day)
        elif day in calendar.extra_workdays:
            work.setdefault(words(calendar.extra_workdays[day], language), []).append(day)
    return tuple(Holiday(name, _span(of, language), _listed(work.get(name, []), language)) for name, of in off.items())


def _span(days: list[date], language: str) -> str:
    if len(days) == 1:
        return _short(days[0], language)
    if (days[-1] - days[0]).days == len(days) - 1:
        return f"{_short(days[0], language)}–{_short(days[-1], language)}"
    return _listed(days, language)


def _listed(days: list[date], language: str) -> str:
    return LISTED.of(language).join(_short(day, language) for day in days)


def _short(day: date, language: str) -> str:
    return format_date(day, {"zh": "M月d日", "en": "d MMMM"}[language], locale=LOCALES[language])
