"""When the clock reminds and escalates: moments seen from a deadline."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from definitions.calendars.calendar import Calendar
from definitions.model.clock import Alarms
from definitions.model.duration import Duration, Reminder
from engine.deadlines import working_time
from engine.deadlines.calendar import instant, moved, working_day
from engine.deadlines.deadline import Deadline

Moments = tuple[datetime, ...]

#: When people are reminded on a day, in the calendar's local time.
MORNING = time(9)


def moments(due: Deadline, alarms: Alarms, calendar: Calendar) -> tuple[Moments, Moments]:
    """When what rings with a deadline does (UTC): the reminders, and the rungs. It is the same for all that is due with the same moment and day."""
    if due.exact:
        return _reckoned(due, alarms, calendar)
    return calendar.remembered((alarms, due.due_at, due.due_on), lambda: _reckoned(due, alarms, calendar))


def _reckoned(due: Deadline, alarms: Alarms, calendar: Calendar) -> tuple[Moments, Moments]:
    return (
        tuple(remind_at(due, reminder, calendar) for reminder in alarms.remind),
        tuple(_rung_at(due, after, calendar) for _, after in alarms.rungs),
    )


def remind_at(due: Deadline, reminder: Reminder, calendar: Calendar) -> datetime:
    """When to remind (UTC): at nine in the morning of the day that the reminder names.

    ``at the deadline`` is the morning of ``due_on``. Minutes and hours are exact, counted from ``due_at``; so is every
    reminder of a deadline that is exact itself.
    """
    if reminder.offset is None:
        return due.due_at if due.exact else instant(due.last_day, MORNING, calendar)
    return _offset(due, reminder.offset, -1 if reminder.when == "before" else 1, calendar)


def _rung_at(due: Deadline, after: Duration | None, calendar: Calendar) -> datetime:
    """When a rung of a ladder is reached (UTC): with the deadline itself, or so long after it."""
    return due.due_at if after is None else _offset(due, after, 1, calendar)


def next_after(moment: datetime, offset: Duration, calendar: Calendar) -> datetime:
    """When to remind once more (UTC) after a reminder at a moment."""
    if offset.unit in ("minutes", "hours"):
        return moment + _exact(offset)
    if offset.unit == "working hours":
        return working_time.later(moment, _exact(offset), calendar)
    local = moment.astimezone(calendar.zone)
    worked = offset.unit == "working days"
    day = working_day(local.date(), offset.amount, calendar) if worked else moved(local.date(), offset)
    return instant(day, local.time(), calendar)


def _offset(due: Deadline, offset: Duration, sign: int, calendar: Calendar) -> datetime:
    if offset.unit in ("minutes", "hours"):
        return due.due_at + sign * _exact(offset)
    if offset.unit == "working hours":
        reckoned = working_time.later if sign > 0 else working_time.earlier
        return reckoned(due.due_at, _exact(offset), calendar)
    working = offset.unit == "working days"
    last, count = due.last_day, sign * offset.amount
    day = working_day(last, count, calendar) if working else moved(last, offset, sign)
    clock = due.due_at.astimezone(calendar.zone).time() if due.exact else MORNING
    return instant(day, clock, calendar)


def _exact(offset: Duration) -> timedelta:
    return timedelta(minutes=offset.amount) if offset.unit == "minutes" else timedelta(hours=offset.amount)
