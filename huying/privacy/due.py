"""Whose time is over: closed issues of which the personal data, or all of it, has been kept as long as the rules say, and which nothing holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, select

from definitions.model.definition import Definition
from definitions.model.period import Period
from huying.database.tables import issues, stations
from huying.house.house import House
from huying.privacy.holds import held
from huying.privacy.rules import FILE, PERSONAL, Rules

#: So many rows are read at once.
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class DueIssue:
    """An issue whose time is over: ``what`` is, and whether a hold keeps it all the same. ``personal`` data go before the ``file``."""

    id: int
    number: str
    what: str
    definition: str
    station: int
    closed_at: datetime
    held: bool


def due_issues(house: House, connection: Connection, now: datetime) -> Iterator[DueIssue]:
    """All of them, in the order of their ids, read in portions; in a transaction of the caller's (``at_one_moment``)."""
    asked = _Asked(house, connection, now)
    for row in connection.execute(_closed(house, now).execution_options(yield_per=_BATCH)):
        what = asked.over(row)
        if what is not None:
            yield DueIssue(
                id=row.id,
                number=row.number,
                what=what,
                definition=asked.definition(row.definition_version_id).id,
                station=row.station_id,
                closed_at=row.closed_at,
                held=bool(row.held),
            )


def still_due(house: House, connection: Connection, issue: int, now: datetime) -> str | None:
    """What of an issue is due now: ``personal``, ``file`` or nothing, with no hold on it; for whoever is about to erase it."""
    row = connection.execute(_closed(house, now).where(issues.c.id == issue)).one_or_none()
    if row is None or row.held:
        return None
    return _Asked(house, connection, now).over(row)


def _closed(house: House, now: datetime) -> Select[tuple[object, ...]]:
    return (
        select(
            issues.c.id,
            issues.c.number,
            issues.c.definition_version_id,
            issues.c.station_id,
            issues.c.closed_at,
            issues.c.erased,
            stations.c.area_id,
            held(house.day_of(now)).label("held"),
        )
        .join(stations, stations.c.id == issues.c.station_id)
        .where(issues.c.status == "closed", issues.c.closed_at.is_not(None))
        .where(issues.c.erased.is_(None) | (issues.c.erased != FILE))
        .order_by(issues.c.id)
    )


class _Asked:
    """The rules, each asked once for a version and an area."""

    def __init__(self, house: House, connection: Connection, now: datetime) -> None:
        self._house, self._rules, self._today = house, Rules(connection), house.day_of(now)
        self._spans: dict[tuple[str, int, int], Period] = {}

    def definition(self, version: int) -> Definition:
        """The definition of a version."""
        return self._house.processes.process(version).definition

    def over(self, row: Row[tuple[object, ...]]) -> str | None:
        """What of an issue has been kept long enough."""
        closed = self._house.day_of(row.closed_at)
        for what in (FILE, PERSONAL):
            end = self._span(what, row.definition_version_id, row.area_id).end(closed)
            if end is not None and end <= self._today and not (what == PERSONAL and row.erased):
                return what
        return None

    def _span(self, what: str, version: int, area: int) -> Period:
        key = (what, version, area)
        if key not in self._spans:
            self._spans[key] = self._rules.of_issue(what, self.definition(version), area)
        return self._spans[key]
