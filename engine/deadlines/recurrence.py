"""Which days come round: (plan, calendar, first day, last day) to occasions. Pure: no database, no clock.

An occasion is known by the day that its rule names, whatever calendar is in force; the day on which it is held may have moved off a holiday.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from definitions.calendars.calendar import Calendar
from definitions.model.duration import Duration
from definitions.plans.plan import DatedPlan, Plan, QuotaPlan
from definitions.plans.recurrence import Pick, Recurrence
from definitions.plans.values import Period, Point

_DAY = timedelta(days=1)
#: No holiday is longer; a day is not moved farther.
_FARTHEST = 40
#: How far ahead the next occasion is looked for: leap days come round every eight years at the most.
_HORIZON = timedelta(days=9 * 366)
_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that a plan comes round.

    ``rule_day`` is named by the rule, and tells it from all others; ``day`` is when it is held; ``why`` is the name of the holiday off which
    it moved (``None``: it did not move; empty: off a weekend). ``provisional``: the days around it are not announced yet.
    """

    rule_day: date
    day: date
    why: Mapping[str, str] | None = None
    provisional: bool = False


def occasions(plan: Plan, calendar: Calendar, first: date, last: date) -> Iterator[Occasion]:
    """The occasions whose rule's day lies from first to last, in order; two that fall on one day are one."""
    begin, end = max(first, plan.from_ or first), min(last, plan.until or last)
    if isinstance(plan, QuotaPlan):
        for day in sorted({day for day, _ in reminders(plan, begin, end)}):
            yield Occasion(day, day)
        return
    held: set[date] = set()
    for rule_day in days(plan.every, calendar, begin - timedelta(days=_FARTHEST), end):
        found = _moved(plan, rule_day, calendar)
        if found.day not in held and rule_day >= begin:
            yield found
        held.add(found.day)


def following(plan: Plan, calendar: Calendar, after: date) -> Occasion | None:
    """The first occasion whose rule's day is later than a day; ``None`` if it comes round no more."""
    begin = after + _DAY
    while begin <= after + _HORIZON:
        end = begin + timedelta(days=400)
        found = next(occasions(plan, calendar, begin, end), None)
        if found is not None or (plan.until and end > plan.until):
            return found
        begin = end + _DAY
    return None


def moment(plan: Plan, occasion: Occasion, calendar: Calendar) -> datetime:
    """When a plan is carried out for an occasion (UTC): so long ahead of its day, at its time of day."""
    if isinstance(plan, QuotaPlan):
        return at(occasion.day, plan.at, calendar)
    day = before(occasion.day, plan.ahead, calendar) if plan.ahead else occasion.day
    return at(day, plan.clock, calendar)


def at(day: date, clock: object, calendar: Calendar) -> datetime:
    """A time of day in the calendar's zone, in UTC."""
    return datetime.combine(day, clock, calendar.zone).astimezone(UTC)  # type: ignore[arg-type]


def before(day: date, length: Duration, calendar: Calendar) -> date:
    """The day so long before another; in months on the same day number, or the month's last day."""
    if length.unit == "working days":
        left = length.amount
        while left:
            day -= _DAY
            left -= calendar.works(day)
        return day
    if length.unit == "months":
        months = day.year * 12 + day.month - 1 - length.amount
        return _in_month(months // 12, months % 12 + 1, day.day)
    return day - timedelta(days=length.amount * (7 if length.unit == "weeks" else 1))


def days(rule: Recurrence, calendar: Calendar, first: date, last: date) -> Iterator[date]:
    """The days that a rule names from first to last, in order."""
    if rule.cron is not None:
        yield from (day for day in _span(first, last) if rule.cron.names(day))
        return
    if rule.unit == "day":
        every = rule.picks[0].what == "day"
        yield from (day for day in _span(first, last) if every or calendar.works(day))
        return
    for begin, end in _periods(rule.unit, first, last):
        found = {day for pick in rule.picks if (day := _picked(pick, calendar, begin, end)) is not None}
        yield from sorted(day for day in found if first <= day <= last)


def reminders(plan: QuotaPlan, first: date, last: date) -> Iterator[tuple[date, Point]]:
    """The days from first to last on which those behind a quota are reminded."""
    for begin, end in _periods(plan.per, first, last):
        for point in plan.remind:
            for day in _point_days(point, begin, end):
                if first <= day <= last:
                    yield day, point


def period_of(per: Period, day: date) -> tuple[date, date]:
    """The first and last day of the period in which a day lies."""
    return next(_periods(per, day, day))


def _point_days(point: Point, begin: date, end: date) -> Iterator[date]:
    if point.share is not None:
        yield begin + timedelta(days=int(((end - begin).days + 1) * point.share))
    elif point.month_day is not None:
        month, number = point.month_day
        day = _in_month(begin.year, month, number)
        if begin <= day <= end:
            yield day


def _moved(plan: DatedPlan, rule_day: date, calendar: Calendar) -> Occasion:
    step = {"next working day": _DAY, "previous working day": -_DAY, "same day": None}[plan.if_not_worked]
    day = rule_day
    while step and not calendar.works(day) and abs((day - rule_day).days) < _FARTHEST:
        day += step
    ends = min(rule_day, day), max(rule_day, day)
    provisional = bool(step) and not calendar.covers(*ends)
    why = None if day == rule_day else calendar.holidays.get(rule_day, {})
    return Occasion(rule_day, day, why, provisional)


def _picked(pick: Pick, calendar: Calendar, begin: date, end: date) -> date | None:
    """The day of a period; ``None`` if it has none, such as a fifth Monday. A day number beyond a month's end is its last day."""
    if pick.what == "date":
        return _in_month(begin.year, pick.number, pick.day)
    if pick.what == "day":
        return end if pick.number < 0 else min(begin + timedelta(days=pick.number - 1), end)
    if pick.what == "weekday":
        fitting = [day for day in _span(begin, end) if day.isoweekday() == pick.day]
    else:
        fitting = [day for day in _span(begin, end) if calendar.works(day)]
    index = pick.number - 1 if pick.number > 0 else pick.number
    return fitting[index] if -len(fitting) <= index < len(fitting) else None


def _periods(unit: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The weeks, months, quarters, half years or years that a span touches, as first and last day."""
    if unit == "week":
        begin = first - timedelta(days=first.weekday())
        while begin <= last:
            yield begin, begin + timedelta(days=6)
            begin += timedelta(days=7)
        return
    length = _MONTHS[unit]
    month = first.year * 12 + (first.month - 1) // length * length
    while (begin := date(month // 12, month % 12 + 1, 1)) <= last:
        month += length
        yield begin, date(month // 12, month % 12 + 1, 1) - _DAY


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _span(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY
