"""Calendars: which days are worked and in which hours, as data that administrators edit.

A calendar says nothing about years that are not announced: outside ``published_from`` to ``published_until`` its answers are those of an ordinary
week, and whoever reckons with them must say so. Reckoning itself is done by ``engine.deadline``; how a calendar is written, and what can be wrong
with it, stands in ``definitions.calendar_text``.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

#: A text by language code.
Words = Mapping[str, str]
#: Working hours of a day, in order: from, until (an end at midnight is that of the day).
Hours = tuple[tuple[time, time], ...]
#: From a moment until another.
Span = tuple[datetime, datetime]

#: The hours of a calendar that names none.
USUAL_HOURS: Hours = ((time(9), time(12)), (time(14), time(18)))

#: The days with which people reckon; outside of them a deadline could leave the calendar of this world.
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2200, 12, 31)
#: So many moments, days and years are kept as they were reckoned.
_MOST = 20_000
T = TypeVar("T")


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

    @cached_property
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

    def worked_in(self, year: int) -> tuple[date, ...]:
        """The worked days of a year, in order; reckoned once."""
        return self.remembered(year, lambda: tuple(day for day in _days_of(year) if self.works(day)))

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The working time of a day, span by span (UTC), in order; an end at midnight is that of the day."""
        return self.remembered(day, lambda: tuple(self._spans_of(day)))

    def _spans_of(self, day: date) -> Iterator[Span]:
        for begin, end in self.hours_on(day):
            yield self.moment(day, begin), self.moment(day if end > begin else day + timedelta(days=1), end)

    def moment(self, day: date, clock: time) -> datetime:
        """A local time of a day (UTC); reckoned once."""
        return self.remembered((day, clock), lambda: datetime.combine(day, clock, self.zone).astimezone(UTC))

    def remembered(self, what: Hashable, reckon: Callable[[], T]) -> T:
        """What was reckoned by these days before, else what is reckoned now."""
        known: T | None = self._known.get(what)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[what] = reckon()
        return known

    @cached_property
    def _known(self) -> dict[Hashable, Any]:
        return {}

    def covers(self, first: date, last: date) -> bool:
        """Whether every day from first to last has been announced."""
        return self.published_from <= first and last <= self.published_until

    def hours_on(self, day: date) -> Hours:
        """The working hours of a day, in order; none on a day that is not worked."""
        if not self.works(day):
            return ()
        return next((season.hours for season in self.seasons if season.covers(day)), self.hours)


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=number) for number in range(366 if isleap(year) else 365))
