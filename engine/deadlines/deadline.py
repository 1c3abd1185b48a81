"""Deadlines as objects, and how one comes about: a pure function of its rule, its start, its pauses, its extensions and the calendar.

So a pause before an extension comes to the same as after it, reckoning again changes nothing, and another pause never makes a deadline earlier.
The rules are those of the Civil Code, articles 201 to 203 (see ``engine.calendar``). What the clock stood for is given back at the end: for periods
in days the days of which the clock stood at their end, in working days those that were worked, in hours the time itself.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import msgspec

from definitions.calendars.calendar import Calendar
from definitions.model.duration import Duration
from definitions.model.term import EXACT, CloseDay, FromDay, NextDay, OneDay, Term, field_of, parse_term
from engine.deadlines import working_time
from engine.deadlines.calendar import first_worked, instant, last_worked, moved, working_day
from engine.noun import Noun

_ONE_DAY = timedelta(days=1)
#: A rule that no administrator writes: the beginning of a day, for waits until the day in a field.
_ON = "on "


class Pause(Noun, frozen=True, kw_only=True):
    """A time for which the clock stood (both aware)."""

    since: datetime
    until: datetime


class Deadline(Noun, frozen=True, kw_only=True):
    """A moment by which something is to be done, and how it comes about.

    ``due_on`` is the last local day on which it is in time (ISO). ``due_at`` (UTC) is the moment from which it is overdue: for periods in days,
    weeks and months the local midnight at the end of ``due_on``, which belongs to the day after; for minutes and hours the exact moment
    (``exact``). ``provisional``: days were needed that are not announced yet. ``calendar`` names the calendar and its version (``china v3``).
    """

    rule: str
    start: datetime
    due_at: datetime
    due_on: str
    calendar: str = ""
    provisional: bool = False
    exact: bool = False
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[str, ...] = ()

    @property
    def last_day(self) -> date:
        """The last local day on which it is in time."""
        return date.fromisoformat(self.due_on)


def reckon(
    rule: str | Term,
    start: datetime,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[str] = (),
) -> Deadline:
    """The deadline of a period that begins with an event at ``start`` (aware); ``ValueError`` for a rule that needs an issue's field."""
    if start.utcoffset() is None:
        raise ValueError("start must be an aware datetime")
    pauses, extensions = tuple(pauses), tuple(extensions)
    said, event = str(rule), start.astimezone(calendar.zone).date()
    end = (
        _changed(said, start, calendar, pauses, extensions)
        if pauses or extensions
        else _usual(said, start, event, calendar)
    )
    # the day of the event is not counted, but its hours are
    first = event if end.exact else event + _ONE_DAY
    return Deadline(
        rule=said,
        start=start,
        due_at=end.moment,
        due_on=end.day.isoformat(),
        calendar=calendar.name,
        provisional=end.counted and not calendar.covers(first, end.day),
        exact=end.exact,
        pauses=pauses,
        extensions=extensions,
    )


def _usual(rule: str, start: datetime, event: date, calendar: Calendar) -> _End:
    """The end of a period whose clock never stood: the same for all that begins on a day, unless its hours count."""
    term = _term(rule)
    if (isinstance(term, Duration) and term.unit in EXACT) or isinstance(term, CloseDay):
        return _ended(start, event, term, calendar)
    return calendar.remembered((rule, event), lambda: _ended(start, event, term, calendar))


def _changed(
    rule: str, start: datetime, calendar: Calendar, pauses: tuple[Pause, ...], extensions: tuple[str, ...]
) -> _End:
    """The end of a period that was extended, or whose clock stood."""
    terms = [_term(rule), *(_term(more) for more in extensions)]
    # the units of an extension may give back less of a pause than those of the rule; but more time is never less time
    ends = [_end(start, terms[:count], pauses, calendar) for count in range(1, len(terms) + 1)]
    return max(reversed(ends), key=lambda one: one.moment)


def again(deadline: Deadline, calendar: Calendar) -> Deadline:
    """The same deadline by a calendar that may have changed since."""
    return reckon(deadline.rule, deadline.start, calendar, deadline.pauses, deadline.extensions)


def wait_until(day: date, start: datetime, calendar: Calendar) -> Deadline:
    """A wait that ends when a day begins, whether it is worked or not."""
    return reckon(f"{_ON}{day.isoformat()}", start, calendar)


def promised_by(day: date, calendar: Calendar) -> Deadline:
    """The end of a day that somebody named, whether it is worked or not."""
    start = instant(day, time(0), calendar)
    over = instant(day + _ONE_DAY, time(0), calendar)
    return Deadline(rule=f"by {day.isoformat()}", start=start, due_at=over, due_on=day.isoformat())


class _End(msgspec.Struct, frozen=True):
    """Where a period ends; ``counted``: days had to be known for it."""

    moment: datetime
    day: date
    exact: bool
    counted: bool


@lru_cache(maxsize=4096)
def _term(rule: str) -> Term | date:
    if rule.startswith(_ON):
        return date.fromisoformat(rule.removeprefix(_ON))
    term = parse_term(rule)
    if field_of(term) is not None:
        raise ValueError(f"{rule!r} needs an issue")
    return term


def _end(start: datetime, terms: list[Term | date], pauses: tuple[Pause, ...], calendar: Calendar) -> _End:
    return _given_back(_chained(start, terms, calendar), start, terms, pauses, calendar)


def _chained(start: datetime, terms: list[Term | date], calendar: Calendar) -> _End:
    """The end of the rule, and of each extension from the end before it; as if the clock had never stood."""
    end = _ended(start, start.astimezone(calendar.zone).date(), terms[0], calendar)
    for term in terms[1:]:
        following = _ended(end.moment, end.day, term, calendar)
        end = _End(following.moment, following.day, following.exact, following.counted or end.counted)
    return end


def _ended(moment: datetime, event: date, term: Term | date, calendar: Calendar) -> _End:
    if isinstance(term, date):
        return _End(instant(term, time(0), calendar), term, exact=True, counted=False)
    if isinstance(term, Duration) and term.unit in ("minutes", "hours"):
        return _exact(moment.astimezone(UTC) + _length(term), calendar, counted=False)
    if isinstance(term, Duration) and term.unit == "working hours":
        return _exact(working_time.later(moment, _length(term), calendar), calendar, counted=True)
    if isinstance(term, CloseDay) and term.hour is not None:
        return _exact(_hour_of(moment, event, term, calendar), calendar, counted=True)
    return _whole(_last_day(event, term, calendar), calendar)


def _exact(moment: datetime, calendar: Calendar, *, counted: bool) -> _End:
    return _End(moment, moment.astimezone(calendar.zone).date(), exact=True, counted=counted)


def _whole(last: date, calendar: Calendar) -> _End:
    return _End(instant(last + _ONE_DAY, time(0), calendar), last, exact=False, counted=True)


def _length(term: Duration) -> timedelta:
    return timedelta(minutes=term.amount) if term.unit == "minutes" else timedelta(hours=term.amount)


def _last_day(event: date, term: Term, calendar: Calendar) -> date:
    """The last day of a period that begins with an event on a day; what is reckoned back from a day moves earlier, all else later."""
    if isinstance(term, FromDay):
        return _from(term, calendar)
    if isinstance(term, CloseDay) and term.day == "next working day":
        return working_day(event, 1, calendar)
    if isinstance(term, Duration) and term.unit == "working days":
        return working_day(event, term.amount, calendar)
    if isinstance(term, Duration) and term.unit == "calendar days":
        return moved(event, term)
    return first_worked(nominal_day(event, term), calendar)


def _from(term: FromDay, calendar: Calendar) -> date:
    """The last day in time that lies so long before or after a day."""
    assert isinstance(term.day, date)
    sign = -1 if term.when == "before" else 1
    if term.length.unit == "working days":
        return working_day(term.day, sign * term.length.amount, calendar)
    found = moved(term.day, term.length, sign)
    if term.length.unit == "calendar days":
        return found
    return last_worked(found, calendar) if sign < 0 else first_worked(found, calendar)


def _hour_of(moment: datetime, event: date, term: CloseDay, calendar: Calendar) -> datetime:
    """An hour of a day close by; without a day, the next one that is still to come."""
    day = _last_day(event, term, calendar)
    end = _at_hour(day, term, calendar)
    if not term.day and end <= moment:
        end = _at_hour(working_day(day, 1, calendar), term, calendar)
    return end


def _at_hour(day: date, term: CloseDay, calendar: Calendar) -> datetime:
    if term.hour is not None and term.hour != "office":
        return instant(day, term.hour, calendar)
    spans = calendar.spans_on(day)
    return spans[-1][1] if spans else instant(day + _ONE_DAY, time(0), calendar)


def nominal_day(event: date, term: Term) -> date:
    """The last day of a period before it is moved to one that is worked."""
    if isinstance(term, OneDay):
        return term.day
    if isinstance(term, NextDay):
        return _next(event, term)
    if isinstance(term, CloseDay):
        return event + _ONE_DAY if term.day == "next day" else event
    if isinstance(term, FromDay):
        assert isinstance(term.day, date)
        return moved(term.day, term.length, -1 if term.when == "before" else 1)
    assert isinstance(term, Duration)
    return moved(event, term)


def _next(event: date, term: NextDay) -> date:
    """The next day of its kind, not the day of the event itself."""
    found = _in_turn(event, term, 0)
    return found if found > event else _in_turn(event, term, 1)


def _in_turn(event: date, term: NextDay, further: int) -> date:
    if term.turn == "year":
        year, month = event.year + further, term.month or 12
    else:
        length = 3 if term.turn == "quarter" else 1
        month = event.month if length == 1 else (event.month + 2) // 3 * 3
        year, month = divmod(event.year * 12 + month - 1 + further * length, 12)
        month += 1
    return date(year, month, min(term.day, monthrange(year, month)[1]))


def _given_back(
    end: _End, start: datetime, terms: list[Term | date], pauses: tuple[Pause, ...], calendar: Calendar
) -> _End:
    """The end moved on by what the clock stood for before it; that may reach into another pause, so until nothing changes."""
    if not pauses or stays(terms[-1]):
        return end
    first, units = end, _units(terms)
    while True:
        if units not in ("hours", "working hours"):
            event = start.astimezone(calendar.zone).date()
            days = [day for day in paused_days(pauses, calendar) if event < day <= end.day]
            moved_on = _whole(_days_on(first.day, days, units, calendar), calendar)
        else:
            stood = [(max(p, start), min(q, end.moment)) for p, q in _merged(pauses)]
            moved_on = _time_on(first, [(p, q) for p, q in stood if p < q], units, calendar)
        if moved_on.moment <= end.moment:
            return end
        end = moved_on


def stays(term: Term | date) -> bool:
    """Whether no pause moves the end: a wait until a day, and what must be done so long before a day, which does not wait either."""
    return isinstance(term, date) or (isinstance(term, FromDay) and term.when == "before")


def _units(terms: list[Term | date]) -> str:
    last = terms[-1]
    if isinstance(last, Duration) and last.unit in EXACT:
        return "working hours" if last.unit == "working hours" else "hours"
    if isinstance(last, CloseDay) and last.hour is not None:
        return "hours"
    first = terms[0]
    return first.unit if isinstance(first, Duration) and first.unit in ("working days", "calendar days") else "days"


def _days_on(last: date, days: list[date], units: str, calendar: Calendar) -> date:
    if units == "calendar days":
        return last + timedelta(days=len(days))
    if units == "days":
        return first_worked(last + timedelta(days=len(days)), calendar)
    worked = sum(1 for day in days if calendar.works(day))
    return working_day(last, worked, calendar) if worked else last


def _time_on(first: _End, stood: list[tuple[datetime, datetime]], units: str, calendar: Calendar) -> _End:
    if units == "hours":
        total = sum((until - since for since, until in stood), timedelta())
        return _exact(first.moment + total, calendar, counted=first.counted)
    worked = sum((working_time.passed(since, until, calendar) for since, until in stood), timedelta())
    return _exact(working_time.later(first.moment, worked, calendar), calendar, counted=True)


def paused_days(pauses: tuple[Pause, ...], calendar: Calendar) -> list[date]:
    """The days at whose end the clock had stood since the day before: after the day on which it stopped, up to that on which it ran again."""
    days: set[date] = set()
    for pause in pauses:
        since, until = (moment.astimezone(calendar.zone).date() for moment in (pause.since, pause.until))
        days.update(since + timedelta(days=number) for number in range(1, (until - since).days + 1))
    return sorted(days)


def _merged(pauses: tuple[Pause, ...]) -> list[tuple[datetime, datetime]]:
    """Pauses in order, those that overlap as one."""
    merged: list[tuple[datetime, datetime]] = []
    for pause in sorted(pauses, key=lambda one: one.since):
        if merged and pause.since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], pause.until))
        else:
            merged.append((pause.since, pause.until))
    return merged
