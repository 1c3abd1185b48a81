"""Calendars in force: published as numbered versions that never change, and looked up by name.

A process looks for newer versions at most once a second, so every process of a house reckons by a new one within a moment of its publication;
deadlines that were reckoned meanwhile by the old one are found by ``huying.reckoning``.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from definitions.calendars.calendar import Calendar
from definitions.calendars.reader import CALENDARS, UnknownCalendar, load_calendar, parse_calendar
from definitions.calendars.reader import calendars as shipped
from definitions.finding import Finding, Unreadable
from huying.audit.record import AuditNote, note
from huying.database.connections import Database
from huying.database.tables import calendar_versions as versions
from huying.errors import NotFound
from huying.house.imprint import Imprint

#: How long, in seconds, a process goes on without looking for newer versions.
_FRESH = 1.0


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """A published version of a calendar, as lists show it."""

    key: str
    version: int
    digest: str
    source: str
    published_at: datetime
    published_by: str
    note: str


_COLUMNS = [versions.c[name] for name in CalendarVersion.__slots__]


class Calendars:
    """Looks calendars up: the newest published version, or what is shipped where none was published."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._newest: Mapping[str, int] = {}
        self._looked_at = float("-inf")
        self._ready: dict[tuple[str, int], Calendar] = {}

    def in_force(self, key: str) -> Calendar:
        """The calendar of this name; ``NotFound`` if there is none."""
        newest = self._numbers()
        try:
            return self._of(key, newest, ())
        except UnknownCalendar:
            raise NotFound(f"没有日历“{key}”。", f"There is no calendar “{key}”.") from None

    def known(self) -> tuple[str, ...]:
        """The names of all calendars."""
        return tuple(sorted({*self._numbers(), *shipped()}))

    def versions(self, key: str) -> tuple[CalendarVersion, ...]:
        """What was published of a calendar, the newest first."""
        query = select(*_COLUMNS).where(versions.c.key == key).order_by(versions.c.version.desc())
        with self._database.reading() as connection:
            return tuple(CalendarVersion(*row) for row in connection.execute(query))

    def source(self, key: str) -> str:
        """The text of the calendar in force, as it was published."""
        published = self.versions(key)
        if published:
            return published[0].source
        if key not in shipped():
            raise NotFound(f"没有日历“{key}”。", f"There is no calendar “{key}”.")
        return _shipped_text(key)

    def parsed(self, source: str | bytes, name: str) -> Calendar:
        """A calendar's text, which may build on those in force; ``Unreadable`` if it has faults."""
        newest = self._numbers()
        return parse_calendar(source, name, lambda key: self._of(key, newest, ()))

    def forget(self) -> None:
        """Look for newer versions at once."""
        self._looked_at = float("-inf")

    def _numbers(self) -> Mapping[str, int]:
        moment = time.monotonic()
        if moment - self._looked_at >= _FRESH:
            with self._database.reading() as connection:
                found = connection.execute(
                    select(versions.c.key, func.max(versions.c.version)).group_by(versions.c.key)
                )
                self._newest = {str(key): int(version) for key, version in found}
            self._looked_at = moment
        return self._newest

    def _of(self, key: str, newest: Mapping[str, int], above: tuple[str, ...]) -> Calendar:
        """The calendar, made ready once for each version of it and of those that it builds on."""
        if key in above:
            raise UnknownCalendar(key)
        number = newest.get(key, 0)
        with self._lock:
            ready = self._ready.get((key, number))
        if ready is not None and (not ready.base or self._builds_on(ready, newest, (*above, key))):
            return ready
        made = self._made(key, number, newest, (*above, key))
        with self._lock:
            self._ready[key, number] = made
        return made

    def _builds_on(self, calendar: Calendar, newest: Mapping[str, int], above: tuple[str, ...]) -> bool:
        """Whether what a calendar builds on is still the same."""
        return self._of(calendar.base.split()[0], newest, above).name == calendar.base

    def _made(self, key: str, number: int, newest: Mapping[str, int], above: tuple[str, ...]) -> Calendar:
        if number == 0:
            return load_calendar(key)
        with self._database.reading() as connection:
            query = select(versions.c.source).where(versions.c.key == key, versions.c.version == number)
            source = connection.execute(query).scalar_one()
        calendar = parse_calendar(source, f"{key}.yaml", lambda other: self._of(other, newest, above))
        return replace(calendar, version=number)


def publish_calendar(
    calendars: Calendars, database: Database, source: str | bytes, name: str, imprint: Imprint
) -> tuple[CalendarVersion, bool]:
    """Publish a calendar as the next version, and whether it is new; ``Unreadable`` carries what is wrong, and leaves nothing behind.

    A calendar never loses days that were announced: deadlines that people were told would become provisional again.
    """
    calendar = calendars.parsed(source, name)
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    digest = hashlib.sha256(text.encode()).hexdigest()
    for _ in range(5):
        try:
            with database.writing() as connection:
                newest = _newest(connection, calendar.id)
                if newest is not None and newest.digest == digest:
                    return newest, False
                before = calendars.parsed(newest.source, f"{calendar.id}.yaml") if newest is not None else None
                if before is not None:
                    _loses_nothing(before, calendar, name)
                row = {
                    "key": calendar.id,
                    "version": newest.version + 1 if newest is not None else 1,
                    "digest": digest,
                    "source": text,
                    "published_at": imprint.now,
                    "published_by": imprint.by,
                    "note": imprint.note,
                }
                connection.execute(insert(versions), row)
                note(connection, _told(row))
        except IntegrityError:
            # somebody else published at the same moment: look again
            continue
        calendars.forget()
        return calendars.versions(calendar.id)[0], True
    raise RuntimeError("the calendar could not be published")


def _told(row: Mapping[str, Any]) -> AuditNote:
    return AuditNote(
        what="calendar-published",
        object=f"calendar:{row['key']}",
        reason=row["note"],
        detail={"version": row["version"], "how": row["published_by"]},
        at=row["published_at"],
    )


def _newest(connection: Connection, key: str) -> CalendarVersion | None:
    query = select(*_COLUMNS).where(versions.c.key == key).order_by(versions.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return CalendarVersion(*row) if row else None


def _loses_nothing(before: Calendar, after: Calendar, name: str) -> None:
    if after.published_from <= before.published_from and after.published_until >= before.published_until:
        return
    span = f"{before.published_from}..{before.published_until}"
    words = {
        "zh": f"新日历没有包含已经公布的全部日期（{span}）。",
        "en": f"The new calendar does not cover all days that were announced ({span}).",
    }
    remedy = {
        "zh": "请保留已公布的年份，再加上新的。",
        "en": "Keep the years that were announced, and add the new ones.",
    }
    raise Unreadable([Finding("calendar", name, 1, 1, words, remedy)])


def publish_shipped(calendars: Calendars, database: Database, imprint: Imprint) -> list[CalendarVersion]:
    """Publish the shipped calendars where nothing was published yet, or where they announce more days than what is in force; those that are new."""
    new: list[CalendarVersion] = []
    for key in shipped():
        ours, theirs = load_calendar(key), calendars.versions(key)
        if theirs and calendars.in_force(key).published_until >= ours.published_until:
            continue
        version, is_new = publish_calendar(calendars, database, _shipped_text(key), f"{key}.yaml", imprint)
        new += [version] if is_new else []
    return new


def _shipped_text(key: str) -> str:
    return (CALENDARS / f"{key}.yaml").read_text("utf-8")
