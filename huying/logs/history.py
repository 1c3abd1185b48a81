"""The history as an event log for process mining: what happened at which step, to which issue, by whom (a number, not a name). No form's content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from definitions.model.reference import participant
from engine.change import Entered, ItemOpened
from engine.event import Act
from huying.database.tables import definition_versions, history, issues, stations
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event: ``activity`` is ``step.action`` for what people decide, else the kind of event; ``waiting_since``: since when it could be done."""

    sequence: int
    at: datetime
    activity: str
    step: str
    role: str
    who: str
    waiting_since: datetime | None = None


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
            wanted = select(history).where(history.c.issue_id == row.id).order_by(history.c.sequence)
            entries = tuple(_entries(connection.execute(wanted).all()))
            yield Trace(row.number, row.key, row.version, row.code, row.resolution, entries)


def _entries(rows: Sequence[Any]) -> Iterator[LogEntry]:
    given: dict[int, tuple[str, str, datetime]] = {}
    at_step = ""
    for row in rows:
        step, role, since = given.get(getattr(row.event, "item", -1), (at_step, "", None))
        activity = f"{step}.{row.event.action}" if isinstance(row.event, Act) else row.kind
        who = participant(row.actor_id) if row.actor_id is not None else "clock"
        yield LogEntry(row.sequence, row.at, activity, step, role, who, since)
        for change in row.changes:
            if isinstance(change, ItemOpened):
                given[change.item.number] = (change.item.step, change.item.role, row.at)
            elif isinstance(change, Entered):
                at_step = change.visit.step
