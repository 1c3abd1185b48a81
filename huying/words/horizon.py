"""How urgent a deadline is at a moment: the four marks on the time line by which lists, boards and colours agree.

A deadline is *today* until the day ends, *soon* until the third working day after today ends, *overdue* from its moment on, and *long overdue*
when more than five working days have begun since its last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from definitions.calendars.calendar import Calendar
from engine.deadlines.calendar import instant, working_day

#: So many working days before a deadline it is soon; so many after it, an overdue issue is named in a circular.
SOON = 3
LONG = 5

Tone = Literal["calm", "soon", "today", "overdue", "paused"]
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Horizon:
    """The marks as seen from ``now`` (all UTC): what is due at or before one of them has that urgency, or a greater one."""

    now: datetime
    today: datetime
    soon: datetime
    long_overdue: datetime

    def tone(self, due_at: datetime) -> Tone:
        """The urgency of a deadline whose clock runs."""
        if due_at <= self.now:
            return "overdue"
        if due_at <= self.today:
            return "today"
        return "soon" if due_at <= self.soon else "calm"


def horizon(calendar: Calendar, now: datetime) -> Horizon:
    """The marks of a calendar at this moment."""
    day = now.astimezone(calendar.zone).date()
    return Horizon(
        now=now,
        today=instant(day + _ONE_DAY, time(0), calendar),
        soon=instant(working_day(day, SOON, calendar) + _ONE_DAY, time(0), calendar),
        long_overdue=instant(working_day(day + _ONE_DAY, -LONG - 1, calendar), time(0), calendar),
    )


def next_change(due_at: datetime, calendar: Calendar, now: datetime) -> datetime | None:
    """When the urgency of a deadline changes next by time alone; ``None`` once it is overdue.

    The change to ``today`` is left out: what shows a deadline by its day need not be shown anew for it.
    """
    soon = instant(working_day(last_day(due_at, calendar), -SOON, calendar), time(0), calendar)
    return next((moment for moment in (soon, due_at) if moment > now), None)


def last_day(due_at: datetime, calendar: Calendar) -> date:
    """The last local day on which it is in time."""
    return (due_at - timedelta(microseconds=1)).astimezone(calendar.zone).date()


def working_days_late(due_at: datetime, calendar: Calendar, now: datetime) -> int:
    """How many working days have begun since the last day; 0 when none has, or it is not overdue."""
    day, today = last_day(due_at, calendar), now.astimezone(calendar.zone).date()
    count = 0
    while day < today:
        day += _ONE_DAY
        count += calendar.works(day)
    return count
