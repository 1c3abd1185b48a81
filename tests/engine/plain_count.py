"""Deadlines counted day by day and minute by minute, as a clerk would with a calendar on the wall: nothing here knows the engine's own reckoning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from definitions.calendars.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

Stood = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Counted:
    """The last day in time, and the moment (UTC) from which it is late."""

    last: date
    late_from: datetime
    exact: bool = False


def count(rule: str, start: datetime, stood: Stood, extensions: Iterable[str], calendar: Calendar) -> Counted:
    """The deadline of a rule that began at ``start``, its clock having stood for some times."""
    amount, _, unit = rule.partition(" ")
    if unit.startswith("working hour"):
        return _at(_office_minutes(start, int(amount) * 60, stood, calendar))
    if unit.startswith("hour"):
        return _at(_hours(start, int(amount), stood))
    event = start.astimezone(SHANGHAI).date()
    if unit.startswith("working day"):
        left = int(amount) + sum(int(more.split()[0]) for more in extensions)
        return _until(_worked_days(event, left, stood, calendar))
    return _until(_days(event, _nominal(event, rule, calendar), stood, extensions, calendar))


def at_clock(day: date, clock: time) -> datetime:
    """A clock's moment on a day in Shanghai."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def walk(day: date, worked: int, calendar: Calendar) -> date:
    """The day so many working days later, or earlier."""
    step = DAY if worked > 0 else -DAY
    for _ in range(abs(worked)):
        day += step
        while not calendar.works(day):
            day += step
    return day


def _until(last: date) -> Counted:
    return Counted(last, at_clock(last + DAY, time(0)))


def _at(moment: datetime) -> Counted:
    return Counted(moment.astimezone(SHANGHAI).date(), moment, exact=True)


def _days_stood(stood: Stood) -> frozenset[date]:
    """The days on which the clock ran again, or still stood, having stopped on a day before."""
    local = [(since.astimezone(SHANGHAI).date(), until.astimezone(SHANGHAI).date()) for since, until in stood]
    return frozenset(since + n * DAY for since, until in local for n in range(1, (until - since).days + 1))


def _worked_days(day: date, left: int, stood: Stood, calendar: Calendar) -> date:
    standing = _days_stood(stood)
    while left:
        day += DAY
        if calendar.works(day) and day not in standing:
            left -= 1
    return day


def _nominal(event: date, rule: str, calendar: Calendar) -> date:
    """The last day if the clock had never stood."""
    amount, _, unit = rule.partition(" ")
    if amount == "by":
        return _first_worked(date.fromisoformat(unit), calendar)
    if unit.startswith("day"):
        return _first_worked(event + DAY * int(amount), calendar)
    assert unit == "month"
    assert amount == "1"
    following = (event.replace(day=1) + 32 * DAY).replace(day=1)
    last = (following + 32 * DAY).replace(day=1) - DAY
    return _first_worked(following.replace(day=min(event.day, last.day)), calendar)


def _days(event: date, last: date, stood: Stood, extensions: Iterable[str], calendar: Calendar) -> date:
    for more in extensions:
        last = walk(last, int(more.split()[0]), calendar)
    end, standing = last, [day for day in _days_stood(stood) if day > event]
    while _first_worked(last + DAY * sum(day <= end for day in standing), calendar) > end:
        end += DAY
    return end


def _first_worked(day: date, calendar: Calendar) -> date:
    while not calendar.works(day):
        day += DAY
    return day


def _hours(start: datetime, hours: int, stood: Stood) -> datetime:
    """Minute by minute, those not counted in which the clock stood."""
    moment, left = start, hours * 60
    while left:
        if not stood or not any(since <= moment < until for since, until in stood):
            left -= 1
        moment += MINUTE
    return moment.astimezone(UTC)


def _office_minutes(start: datetime, left: int, stood: Stood, calendar: Calendar) -> datetime:
    day, moment = start.astimezone(SHANGHAI).date(), start
    while True:
        for begin, end in calendar.hours_on(day):
            moment, over = max(moment, at_clock(day, begin)), at_clock(day, end)
            while moment < over:
                if not any(since <= moment < until for since, until in stood):
                    left -= 1
                moment += MINUTE
                if not left:
                    return moment.astimezone(UTC)
        day += DAY
