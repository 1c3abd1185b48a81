"""How urgent a deadline is at a moment: the four marks on the time line by which lists, boards and colours agree.

A deadline is *today* until the day ends, *overdue* from its moment on, and *long overdue* when more than five working days have begun since its
last day. It is *soon* in the last third of its period; where nobody knows when that began, until the third working day after today ends, which is
also what boards count.
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

    def tone(self, due_at: datetime, begun: datetime | None = None) -> Tone:
        """The urgency of a deadline whose clock runs, and whose period began then."""
        if due_at <= self.now:
            return "overdue"
        if due_at <= self.today:
            return "today"
        near = self.now >= last_third(begun, due_at) if begun else due_at <= self.soon
        return "soon" if near else "calm"


def last_third(begun: datetime, due_at: datetime) -> datetime:
    """When the last third of a period begins."""
    return due_at - (due_at - begun) / 3


def horizon(calendar: Calendar, now: datetime) -> Horizon:
    """The marks of a calendar at this moment."""
    day = now.astimezone(calendar.zone).date()
    return Horizon(
        now=now,
        today=instant(day + _ONE_DAY, time(0), calendar),
        soon=instant(working_day(day, SOON, calendar) + _ONE_DAY, time(0), calendar),
        long_overdue=instant(working_day(day + _ONE_DAY, -LONG - 1, calendar), time(0), calendar),
    )


def next_change(due_at: datetime, calendar: Calendar, now: datetime, begun: datetime | None = None) -> datetime | None:
    """When the urgency of a deadline changes next by time alone; ``None`` once it is overdue.

    The change to ``today`` is left out: what shows a deadline by its day need not be shown anew for it.
    """
    counted = instant(working_day(last_day(due_at, calendar), -SOON, calendar), time(0), calendar)
    soon = last_third(begun, due_at) if begun else counted
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
