"""Reckoning with working hours: the minutes of an office's day, its lunch break left out. Pure: no clock is read here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from definitions.calendar import Calendar

_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()

Span = tuple[datetime, datetime]


def later(start: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The moment (UTC) at which so much working time has passed since ``start``; with none to pass, ``start``."""
    left, moment = length, start
    for begin, end in _spans(start, calendar):
        if left <= _NOTHING:
            break
        moment = min(begin + left, end)
        left -= moment - begin
    return moment.astimezone(UTC)


def earlier(end: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The moment (UTC) from which so much working time passes until ``end``."""
    left, day = length, end.astimezone(calendar.zone).date()
    moment = end
    while left > _NOTHING:
        for begin, over in reversed(_of_day(day, calendar)):
            over = min(over, end)
            if begin < over and left > _NOTHING:
                moment = max(over - left, begin)
                left -= over - moment
        day -= _ONE_DAY
    return moment.astimezone(UTC)


def passed(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much working time lies between two moments."""
    total = _NOTHING
    for begin, over in _spans(start, calendar):
        if begin >= end:
            break
        total += min(over, end) - begin
    return total


def _spans(start: datetime, calendar: Calendar) -> Iterator[Span]:
    """The working time from a moment on, span by span (UTC)."""
    day = start.astimezone(calendar.zone).date()
    while True:
        for begin, end in _of_day(day, calendar):
            if end > start:
                yield max(begin, start), end
        day += _ONE_DAY


def _of_day(day: date, calendar: Calendar) -> list[Span]:
    """The spans of one day (UTC); an end at midnight is that of the day."""

    def moment(clock: time, on: date) -> datetime:
        return datetime.combine(on, clock, calendar.zone).astimezone(UTC)

    return [
        (moment(begin, day), moment(end, day if end > begin else day + _ONE_DAY))
        for begin, end in calendar.hours_on(day)
    ]
