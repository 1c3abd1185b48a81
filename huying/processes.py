"""Published definitions, made ready for the kernel; kept in memory, since a version never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from definitions.definition import Definition
from definitions.loader import restore
from engine import Process
from huying.calendars import Calendars
from huying.database import Database
from huying.errors import NotFound
from huying.tables import definition_versions as versions


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


#: The definition itself, without the overrides of a station or an area.
_ITSELF = versions.c.variant == ""
_COLUMNS = [versions.c[name] for name in Version.__slots__]


class Processes:
    """Looks definitions up, by version for issues that are under way, by key for new ones."""

    def __init__(self, database: Database, calendars: Calendars) -> None:
        self._database = database
        self._calendars = calendars
        self._ready: dict[int, Process] = {}

    def process(self, version_id: int) -> Process:
        """The process of a version, with its calendar as that is in force; the version is read from the database once."""
        ready = self._ready.get(version_id)
        definition = ready.definition if ready is not None else self._definition(version_id)
        calendar = self._calendars.in_force(definition.calendar)
        if ready is None or ready.calendar is not calendar:
            ready = self._ready[version_id] = Process(definition, calendar)
        return ready

    def _definition(self, version_id: int) -> Definition:
        with self._database.reading() as connection:
            body = connection.execute(select(versions.c.body).where(versions.c.id == version_id)).scalar_one()
        return restore(body)

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

    def in_force(self, key: str) -> Version:
        """The newest version of a definition; ``NotFound`` if none is published."""
        with self._database.reading() as connection:
            found = _newest(connection, key)
        if found is None:
            raise NotFound(f"没有名为“{key}”的流程。", f"There is no definition “{key}”.")
        return found

    def version(self, key: str, number: int | None = None) -> Version:
        """One version of a definition, or the newest."""
        if number is None:
            return self.in_force(key)
        with self._database.reading() as connection:
            row = connection.execute(
                select(*_COLUMNS).where(_ITSELF, versions.c.key == key, versions.c.version == number)
            ).one_or_none()
        if row is None:
            raise NotFound(f"没有“{key}”的第 {number} 版。", f"There is no version {number} of “{key}”.")
        return Version(*row)

    def all_in_force(self) -> tuple[Version, ...]:
        """The newest version of every definition, by key."""
        newest = (
            select(versions.c.key, func.max(versions.c.version).label("version"))
            .where(_ITSELF)
            .group_by(versions.c.key)
            .subquery()
        )
        query = select(*_COLUMNS).join(
            newest, _ITSELF & (newest.c.key == versions.c.key) & (newest.c.version == versions.c.version)
        )
        with self._database.reading() as connection:
            return tuple(Version(*row) for row in connection.execute(query.order_by(versions.c.key)))


def _newest(connection: Connection, key: str) -> Version | None:
    query = select(*_COLUMNS).where(_ITSELF, versions.c.key == key).order_by(versions.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Version(*row) if row else None
