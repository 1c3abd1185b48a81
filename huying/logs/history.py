"""The history as an event log for process mining: what happened at which step, to which issue, by whom (a number, not a name). No form's content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.change import Entered, ItemOpened
from engine.event import Act
from huying.database.tables import definition_versions, issues, stations
from huying.house.history import HistoryEntry, history_of, reporter_in
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event: ``activity`` is ``step.action`` for what people decide, else the kind of event.

    ``waiting_since``: since when it could be done; ``begun``: since when somebody was at work on it, which only other tools' logs say.
    """

    sequence: int
    at: datetime
    activity: str
    step: str
    role: str
    who: str
    waiting_since: datetime | None = None
    begun: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One issue with its events, in order."""

    number: str
    definition: str
    version: int
    station: str
    resolution: str | None
    entries: tuple[LogEntry, ...]


def traces(house: House, definition: str | None = None) -> Iterator[Trace]:
    """All issues, or those of one definition, by number of opening."""
    columns = (
        issues.c.id,
        issues.c.number,
        issues.c.resolution,
        definition_versions.c.key,
        definition_versions.c.version,
        stations.c.code,
    )
    query = (
        select(*columns)
        .join(definition_versions, definition_versions.c.id == issues.c.definition_version_id)
        .join(stations, stations.c.id == issues.c.station_id)
        .order_by(issues.c.id)
    )
    if definition is not None:
        query = query.where(definition_versions.c.key == definition)
    with house.database.reading() as connection:
        for row in connection.execute(query).all():
            entries = tuple(_entries(history_of(connection, row.id)))
            yield Trace(row.number, row.key, row.version, row.code, row.resolution, entries)


def _entries(entries: Sequence[HistoryEntry]) -> Iterator[LogEntry]:
    given: dict[int, tuple[str, str, datetime]] = {}
    at_step, reporter = "", reporter_in(entries)
    for entry in entries:
        step, role, since = given.get(getattr(entry.event, "item", -1), (at_step, "", None))
        activity = f"{step}.{entry.event.action}" if isinstance(entry.event, Act) else entry.event.kind
        yield LogEntry(entry.sequence, entry.at, activity, step, role, entry.speaker(reporter) or "clock", since)
        for change in entry.changes:
            if isinstance(change, ItemOpened):
                given[change.item.number] = (change.item.step, change.item.role, entry.at)
            elif isinstance(change, Entered):
                at_step = change.visit.step
