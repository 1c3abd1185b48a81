"""How far a scenario's clock jumps: ``after: 3 working days`` is the same hour on the third working day after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from definitions.calendars.calendar import Calendar
from definitions.model.duration import Duration
from engine.deadlines import working_time
from engine.deadlines.calendar import moved, working_day


def later(now: datetime, length: Duration, calendar: Calendar) -> datetime:
    """The moment (UTC) so much later; minutes and hours are exact, and working hours are those of the office."""
    if length.unit == "working hours":
        return working_time.later(now, timedelta(hours=length.amount), calendar)
    if length.unit in ("minutes", "hours"):
        return now + timedelta(minutes=length.amount * (60 if length.unit == "hours" else 1))
    local = now.astimezone(calendar.zone)
    working = length.unit == "working days"
    day = working_day(local.date(), length.amount, calendar) if working else moved(local.date(), length)
    return datetime.combine(day, local.timetz()).astimezone(UTC)
