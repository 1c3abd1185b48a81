"""Calendars: which days are worked and in which hours, as data that administrators edit.

A calendar says nothing about years that are not announced: outside ``published_from`` to ``published_until`` its answers are those of an ordinary
week, and whoever reckons with them must say so. Reckoning itself is done by ``engine.deadline``; how a calendar is written, and what can be wrong
with it, stands in ``definitions.calendar_text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

#: A text by language code.
Words = Mapping[str, str]
#: Working hours of a day, in order: from, until (an end at midnight is that of the day).
Hours = tuple[tuple[time, time], ...]

#: The hours of a calendar that names none.
USUAL_HOURS: Hours = ((time(9), time(12)), (time(14), time(18)))


@dataclass(frozen=True)
class Season:
    """A part of every year with hours of its own; first and last day as (month, day), both in it. It may reach over the turn of the year."""

    first: tuple[int, int]
    last: tuple[int, int]
    hours: Hours

    def covers(self, day: date) -> bool:
        """Whether a day lies in the season."""
        today = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


@dataclass(frozen=True)
class Calendar:
    """The working days of an office: its weekdays (1 = Monday), holidays, and weekend days worked instead.

    ``version`` counts what was published of it (0: shipped, from a file); ``base`` names the calendar, with its version, that it builds on.
    """

    id: str
    title: Words
    timezone: str
    working_weekdays: frozenset[int]
    holidays: Mapping[date, Words]
    extra_workdays: Mapping[date, Words]
    published_from: date
    published_until: date
    hours: Hours = USUAL_HOURS
    seasons: tuple[Season, ...] = ()
    version: int = 0
    base: str = ""

    @property
    def name(self) -> str:
        """The calendar with its version, as deadlines note it: ``china v3``."""
        return f"{self.id} v{self.version}" + (f" ({self.base})" if self.base else "")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.timezone)

    def works(self, day: date) -> bool:
        """Whether a day is worked."""
        if day in self.holidays:
            return False
        return day.isoweekday() in self.working_weekdays or day in self.extra_workdays

    def covers(self, first: date, last: date) -> bool:
        """Whether every day from first to last has been announced."""
        return self.published_from <= first and last <= self.published_until

    def hours_on(self, day: date) -> Hours:
        """The working hours of a day, in order; none on a day that is not worked."""
        if not self.works(day):
            return ()
        return next((season.hours for season in self.seasons if season.covers(day)), self.hours)
