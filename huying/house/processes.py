"""Published definitions, made ready for the kernel; kept in memory, since a version never changes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, exists, select

from definitions.loader import restore
from engine import Process
from huying.database.connections import Database
from huying.database.statement import Statement
from huying.database.tables import definition_overrides as overrides
from huying.database.tables import definition_versions as versions
from huying.errors import NotFound
from huying.house.calendars import Calendars


@dataclass(frozen=True, slots=True)
class Version:
    """A published version, as lists show it."""

    id: int
    key: str
    version: int
    digest: str
    source: str
    published_at: datetime
    published_by: str
    note: str
    in_force_from: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class InForce:
    """The version by which issues are opened now; ``overridden``: some station or area has it differ."""

    id: int
    key: str
    version: int
    overridden: bool


#: How long, in seconds, a process goes on without looking whether matters are taken in for residents.
_FRESH = 1.0
#: The definition itself, without the overrides of a station or an area.
_ITSELF = versions.c.variant == ""
_COLUMNS = [versions.c[name] for name in Version.__slots__]


class Processes:
    """Looks definitions up, by version for issues that are under way, by key for new ones."""

    def __init__(self, database: Database, calendars: Calendars) -> None:
        self._database = database
        self._calendars = calendars
        self._ready: dict[int, Process] = {}
        self._reading = Lock()
        self._taking = False
        self._taking_at: datetime | None = None
        self._looked_at = float("-inf")

    def process(self, version_id: int) -> Process:
        """The process of a version, with its calendar as that is in force; the version is read from the database once."""
        ready = self._ready.get(version_id)
        if ready is None:
            # reading a definition is long work: whoever asks first does it for all
            with self._reading:
                ready = self._ready.get(version_id) or self._read(version_id)
        definition = ready.definition
        calendar = self._calendars.in_force(definition.calendar)
        if ready.calendar is not calendar:
            ready = self._ready[version_id] = Process(definition, calendar)
        return ready

    def _read(self, version_id: int) -> Process:
        with self._database.reading() as connection:
            body = connection.execute(select(versions.c.body).where(versions.c.id == version_id)).scalar_one()
        definition = restore(body)
        ready = self._ready[version_id] = Process(definition, self._calendars.in_force(definition.calendar))
        return ready

    def numbered(self, version_id: int) -> tuple[str, int]:
        """The key and number of a version, whatever overrides are laid over it."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(versions.c.key, versions.c.version).where(versions.c.id == version_id)
            ).one()
        return row.key, row.version

    def body(self, version_id: int) -> dict[str, Any]:
        """The composed body of a version, as it was published."""
        with self._database.reading() as connection:
            body: dict[str, Any] = connection.execute(
                select(versions.c.body).where(versions.c.id == version_id)
            ).scalar_one()
        return body

    def in_force(self, key: str, at: datetime) -> Version:
        """The version by which issues are opened at a moment: the one that came into force last; ``NotFound`` if there is none.

        A clock that was set back to before the first one was published changes nothing: that one holds.
        """
        with self._database.reading() as connection:
            row = connection.execute(_IN_FORCE_OF, {"at": at, "key": key}).one_or_none()
            row = row or connection.execute(_FIRST_OF, {"key": key}).one_or_none()
        if row is None:
            raise _no_definition(key)
        return Version(*row)

    def opening_by(self, key: str, at: datetime) -> InForce:
        """The version in force, without its text; ``NotFound`` if there is none."""
        with self._database.reading() as connection:
            rows = _BRIEF_IN_FORCE.rows(connection, {"at": at, "key": key}) or _BRIEF_FIRST.rows(
                connection, {"key": key}
            )
        if not rows:
            raise _no_definition(key)
        number, version, overridden = rows[0]
        return InForce(number, key, version, bool(overridden))

    def newest(self, key: str) -> Version:
        """The version that was published last, in force or not yet; ``NotFound`` if none is published."""
        found = self.versions(key)
        if not found:
            raise _no_definition(key)
        return found[0]

    def version(self, key: str, number: int) -> Version:
        """One version of a definition."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(*_COLUMNS).where(_ITSELF, versions.c.key == key, versions.c.version == number)
            ).one_or_none()
        if row is None:
            raise NotFound(f"没有“{key}”的第 {number} 版。", f"There is no version {number} of “{key}”.")
        return Version(*row)

    def versions(self, key: str) -> tuple[Version, ...]:
        """All versions of a definition, the latest first; those that were withdrawn too."""
        query = select(*_COLUMNS).where(_ITSELF, versions.c.key == key).order_by(versions.c.version.desc())
        with self._database.reading() as connection:
            return tuple(Version(*row) for row in connection.execute(query))

    def all_in_force(self, at: datetime) -> tuple[Version, ...]:
        """The version in force of every definition that has one, by key."""
        with self._database.reading() as connection:
            rows = [Version(*row) for query in (_IN_FORCE, _FIRST) for row in connection.execute(query, {"at": at})]
        first: dict[str, Version] = {}
        for version in rows:
            first.setdefault(version.key, version)
        return tuple(first[key] for key in sorted(first))

    def taking(self, at: datetime) -> bool:
        """Whether a definition in force says who takes its matters in for residents; pages of staff ask, so it is looked up once a second."""
        known = self._taking_at
        asked_lately = known is not None and abs((at - known).total_seconds()) < _FRESH
        if not asked_lately or time.monotonic() - self._looked_at >= _FRESH:
            self._taking = any(self.process(number).definition.taken_by for number in self._numbers_in_force(at))
            self._taking_at, self._looked_at = at, time.monotonic()
        return self._taking

    def _numbers_in_force(self, at: datetime) -> tuple[int, ...]:
        """What ``all_in_force`` finds, by the ids of versions alone: their texts are long."""
        first: dict[str, int] = {}
        with self._database.reading() as connection:
            for query in (_IN_FORCE, _FIRST):
                bare = query.with_only_columns(versions.c.key, versions.c.id)
                for key, number in connection.execute(bare, {"at": at}):
                    first.setdefault(key, number)
        return tuple(first.values())

    def forget(self) -> None:
        """Look at once whether matters are taken in: something was published or withdrawn."""
        self._taking_at = None


#: Versions that came into force when they were published, the first one first.
_FIRST = (
    select(*_COLUMNS)
    .where(_ITSELF, versions.c.withdrawn_at.is_(None), versions.c.in_force_from <= versions.c.published_at)
    .order_by(versions.c.version)
)

#: Versions that are in force at a moment, of each definition the one that came into force last first.
_IN_FORCE = (
    select(*_COLUMNS)
    .where(
        _ITSELF,
        versions.c.withdrawn_at.is_(None),
        versions.c.in_force_from <= bindparam("at", type_=versions.c.in_force_from.type),
    )
    .order_by(versions.c.in_force_from.desc(), versions.c.version.desc())
)
#: The same of one definition.
_IN_FORCE_OF, _FIRST_OF = (query.where(versions.c.key == bindparam("key")).limit(1) for query in (_IN_FORCE, _FIRST))
_OVERRIDDEN = exists().where(overrides.c.definition_key == versions.c.key)
_BRIEF_IN_FORCE, _BRIEF_FIRST = (
    Statement(query.with_only_columns(versions.c.id, versions.c.version, _OVERRIDDEN))
    for query in (_IN_FORCE_OF, _FIRST_OF)
)


def _no_definition(key: str) -> NotFound:
    return NotFound(f"没有名为“{key}”的流程。", f"There is no definition “{key}”.")
