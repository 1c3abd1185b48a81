"""Bringing a calendar up to date: from the State Council's notice as plain text, or from a calendar's own file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from definitions.calendars.calendar import Calendar, Words
from definitions.calendars.notice import is_notice, read_notice, with_year
from huying.database.tables import issues
from huying.errors import NotFound
from huying.house.calendars import CalendarVersion, publish_calendar
from huying.house.house import House
from huying.house.imprint import Imprint


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that is worked from now on, or no more, with the festival that is the reason."""

    day: date
    works: bool
    name: Words


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would come to: the calendar's new text, its days that change, until when it reaches, and the issues to be looked at."""

    source: str
    key: str
    published_until: date
    before_until: date | None
    changes: tuple[DayChange, ...]
    issues: int


def preview(house: House, key: str, text: str, name: str) -> Preview:
    """What importing a text into the calendar of a name would come to; ``Unreadable`` with everything that is wrong in it."""
    before = _in_force(house, key)
    source = _source(house, key, text, name)
    after = house.calendars.parsed(source, name)
    return Preview(
        source=source,
        key=after.id,
        published_until=after.published_until,
        before_until=before.published_until if before else None,
        changes=_changes(before, after),
        issues=_touched(house, after.id),
    )


def import_calendar(house: House, key: str, text: str, name: str, imprint: Imprint) -> tuple[CalendarVersion, bool]:
    """Publish the calendar with what the text adds, and whether that is new."""
    source = _source(house, key, text, name)
    return publish_calendar(house.calendars, house.database, source, name, imprint)


def _in_force(house: House, key: str) -> Calendar | None:
    try:
        return house.calendars.in_force(key)
    except NotFound:
        return None


def _source(house: House, key: str, text: str, name: str) -> str:
    """The calendar's text after the import."""
    if not is_notice(text):
        return text
    notice = read_notice(text, name)
    return with_year(house.calendars.source(key), house.calendars.in_force(key), notice, name)


def _changes(before: Calendar | None, after: Calendar) -> tuple[DayChange, ...]:
    """The days that an ordinary week, or the calendar before, would have had otherwise."""
    if before is None:
        return ()
    named = {**after.holidays, **after.extra_workdays, **before.holidays, **before.extra_workdays}
    first, last = min(before.published_from, after.published_from), max(before.published_until, after.published_until)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    empty: Words = {}
    return tuple(
        DayChange(day, after.works(day), named.get(day, empty)) for day in days if before.works(day) != after.works(day)
    )


def _touched(house: House, key: str) -> int:
    """How many open issues are reckoned by the calendar."""
    query = select(func.count()).where(issues.c.status == "open", issues.c.calendar.startswith(f"{key} v"))
    with house.database.reading() as connection:
        return int(connection.execute(query).scalar_one())
