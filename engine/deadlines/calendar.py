"""Reckoning with days, by the rules of the Civil Code (articles 201 to 203).

The day of the event is not counted; a period in months ends on the same day number, or the month's last day; a last day
that is not worked moves to the next working day; minutes and hours are plain elapsed time. Pure: no clock is read here.
The words for a deadline are made by ``engine.explanation``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from definitions.calendars.calendar import Calendar
from definitions.model.duration import Duration

_ONE_DAY = timedelta(days=1)
#: Units that end on the same day number, in months.
_MONTHS = {"months": 1, "quarters": 3, "years": 12}


def working_day(day: date, count: int, calendar: Calendar) -> date:
    """The working day that is ``count`` after a day (before it, if negative); the day itself is not counted."""
    if not count:
        return day
    year = day.year
    days = calendar.worked_in(year)
    position = bisect_right(days, day) + count - 1 if count > 0 else bisect_left(days, day) + count
    while position >= len(days):
        position -= len(days)
        year += 1
        days = calendar.worked_in(year)
    while position < 0:
        year -= 1
        days = calendar.worked_in(year)
        position += len(days)
    return days[position]


def moved(day: date, duration: Duration, sign: int = 1) -> date:
    """A day so many days, weeks, months, quarters or years later (``sign`` -1: earlier), whether it is worked or not."""
    amount = sign * duration.amount
    if duration.unit in _MONTHS:
        return _months(day, amount * _MONTHS[duration.unit])
    return day + timedelta(weeks=amount) if duration.unit == "weeks" else day + timedelta(days=amount)


def _months(day: date, amount: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_worked(day: date, calendar: Calendar) -> date:
    """The day itself if it is worked, else the next one that is."""
    while not calendar.works(day):
        day += _ONE_DAY
    return day


def last_worked(day: date, calendar: Calendar) -> date:
    """The day itself if it is worked, else the one before it that is."""
    while not calendar.works(day):
        day -= _ONE_DAY
    return day


def instant(day: date, clock: time, calendar: Calendar) -> datetime:
    """A local time of a day (UTC)."""
    return calendar.moment(day, clock)
