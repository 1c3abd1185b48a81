"""Reckoning with working hours: the minutes of an office's day, its lunch break left out. Pure: no clock is read here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from definitions.calendars.calendar import Calendar, Span

_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()


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
        for begin, over in reversed(calendar.spans_on(day)):
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
        for begin, end in calendar.spans_on(day):
            if end > start:
                yield max(begin, start), end
        day += _ONE_DAY
