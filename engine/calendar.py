"""Reckoning with deadlines, by the rules of the Civil Code (articles 201 to 203).

The day of the event is not counted; a period in months ends on the same day number, or the month's last day; a last day
that is not worked moves to the next working day; minutes and hours are plain elapsed time. Pure: no clock is read here.
The words for a deadline are made by ``engine.explanation``.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from definitions.calendar import Calendar
from definitions.duration import Duration, Reminder, Unit

#: When people are reminded on a day, in the calendar's local time.
MORNING = time(9)

_ONE_DAY = timedelta(days=1)
_MINUTES: dict[Unit, int] = {"minutes": 1, "hours": 60}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which something is to be done.

    ``due_on`` is the last local day on which it is in time. ``due_at`` (UTC) is the moment from which it is overdue: for
    periods in days, weeks and months the local midnight at the end of ``due_on``, which belongs to the day after; for
    minutes and hours the exact moment (``exact``). ``provisional`` says that days were needed that are not announced yet.
    """

    due_at: datetime
    due_on: date
    provisional: bool
    exact: bool = False


def deadline(start: datetime, duration: Duration, calendar: Calendar) -> Deadline:
    """When a period that begins with an event at ``start`` (aware) ends."""
    if start.utcoffset() is None:
        raise ValueError("start must be an aware datetime")
    if duration.unit in _MINUTES:
        due_at = start.astimezone(UTC) + timedelta(minutes=duration.amount * _MINUTES[duration.unit])
        return Deadline(due_at, due_at.astimezone(calendar.zone).date(), provisional=False, exact=True)
    event = start.astimezone(calendar.zone).date()
    due_on = last_day(event, duration, calendar)
    provisional = not calendar.covers(event + _ONE_DAY, due_on)
    return Deadline(_instant(due_on + _ONE_DAY, time(0), calendar), due_on, provisional)


def last_day(event: date, duration: Duration, calendar: Calendar) -> date:
    """The last day of a period in days, weeks or months that begins with an event on a day."""
    if duration.unit == "working days":
        return working_day(event, duration.amount, calendar)
    return _first_worked(moved(event, duration), calendar)


def remind_at(due: Deadline, reminder: Reminder, calendar: Calendar) -> datetime:
    """When to remind (UTC): at nine in the morning of the day that the reminder names.

    ``at the deadline`` is the morning of ``due_on``. Minutes and hours are exact, counted from ``due_at``; so is every
    reminder of a deadline that is exact itself.
    """
    if reminder.offset is None:
        return due.due_at if due.exact else _instant(due.due_on, MORNING, calendar)
    sign = -1 if reminder.when == "before" else 1
    minutes = _MINUTES.get(reminder.offset.unit)
    if minutes is not None:
        return due.due_at + timedelta(minutes=sign * minutes * reminder.offset.amount)
    if reminder.offset.unit == "working days":
        day = working_day(due.due_on, sign * reminder.offset.amount, calendar)
    else:
        day = moved(due.due_on, reminder.offset, sign)
    clock = due.due_at.astimezone(calendar.zone).time() if due.exact else MORNING
    return _instant(day, clock, calendar)


def working_day(day: date, count: int, calendar: Calendar) -> date:
    """The working day that is ``count`` after a day (before it, if negative); the day itself is not counted."""
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    left = abs(count)
    while left:
        day += step
        if calendar.works(day):
            left -= 1
    return day


def moved(day: date, duration: Duration, sign: int = 1) -> date:
    """A day so many days, weeks or months later (``sign`` -1: earlier), whether it is worked or not."""
    amount = sign * duration.amount
    if duration.unit == "months":
        return _months(day, amount)
    return day + timedelta(weeks=amount) if duration.unit == "weeks" else day + timedelta(days=amount)


def _months(day: date, amount: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _first_worked(day: date, calendar: Calendar) -> date:
    while not calendar.works(day):
        day += _ONE_DAY
    return day


def _instant(day: date, clock: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, clock, calendar.zone).astimezone(UTC)
