"""The figures of the year that everybody may read: what residents have brought, what was solved, what is in hand, and how content they are.

A resolution counts as solved where its definition gives it the class ``solved``. What ended in another issue is counted there. Of those closed in
which the reporter had a word (a task of theirs that was done), the satisfied are those that ended as solved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, func, select

from huying.database.tables import issues, participants, work_items
from huying.house.house import House
from huying.house.plan_calendar import local_zone

#: Who reads the first page sees figures at most so old.
KEPT = timedelta(minutes=5)
_SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class YearFigures:
    """``year`` up to ``month``; ``solved`` is ``None`` where no definition says what that is; ``rated`` gave a word, ``satisfied`` of those."""

    year: int
    month: int
    received: int
    closed: int
    solved: int | None
    pending: int
    rated: int
    satisfied: int

    @property
    def satisfaction(self) -> float | None:
        """In percent; ``None`` until somebody gave a word."""
        return round(100 * self.satisfied / self.rated, 1) if self.rated else None


@dataclass(slots=True)
class YearKept:
    """The figures, counted anew only when they are older than ``KEPT``: the first page is asked for more often than they change."""

    house: House
    _lock: Lock = field(default_factory=Lock)
    _at: datetime | None = None
    _figures: YearFigures | None = None

    def figures(self, now: datetime) -> YearFigures:
        """Those of the year in which ``now`` lies."""
        with self._lock:
            if self._figures is None or self._at is None or not self._at <= now < self._at + KEPT:
                self._figures, self._at = year_figures(self.house, now), now
            return self._figures


def year_figures(house: House, now: datetime) -> YearFigures:
    """The figures of this year, counted now."""
    local = now.astimezone(local_zone(house))
    begun = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
    with house.database.reading() as connection:
        ended = list(_ended(house, connection, begun))
        return YearFigures(
            year=local.year,
            month=local.month,
            received=_received(connection, begun),
            closed=sum(one.closed for one in ended),
            solved=sum(one.closed for one in ended if one.solved) if any(one.classed for one in ended) else None,
            pending=_pending(connection),
            rated=sum(one.rated for one in ended),
            satisfied=sum(one.rated for one in ended if one.solved),
        )


@dataclass(frozen=True, slots=True)
class _Ended:
    closed: int
    rated: int
    solved: bool
    classed: bool


def _received(connection: Connection, begun: datetime) -> int:
    query = (
        select(func.count())
        .select_from(issues.join(participants, participants.c.id == issues.c.reporter_id))
        .where(issues.c.opened_at >= begun, func.coalesce(issues.c.resolution, "") != "merged", _CITIZEN)
    )
    return int(connection.execute(query).scalar_one())


def _pending(connection: Connection) -> int:
    query = (
        select(func.count())
        .select_from(issues.join(participants, participants.c.id == issues.c.reporter_id))
        .where(issues.c.status == "open", _CITIZEN)
    )
    return int(connection.execute(query).scalar_one())


def _ended(house: House, connection: Connection, begun: datetime) -> Iterator[_Ended]:
    """What was closed since, by definition and resolution; ``rated``: the reporter had a word in it."""
    word = (
        select(work_items.c.issue_id)
        .where(
            work_items.c.issue_id == issues.c.id,
            work_items.c.role == "reporter",
            work_items.c.kind == "task",
            work_items.c.action.is_not(None),
        )
        .exists()
    )
    query = (
        select(issues.c.definition_version_id, issues.c.resolution, word.label("rated"), func.count().label("many"))
        .select_from(issues.join(participants, participants.c.id == issues.c.reporter_id))
        .where(issues.c.closed_at >= begun, issues.c.status == "closed", _CITIZEN)
        .where(func.coalesce(issues.c.resolution, "") != "merged")
        .group_by(issues.c.definition_version_id, issues.c.resolution, word)
    )
    for row in connection.execute(query):
        known = house.processes.process(row.definition_version_id).definition.resolutions
        named = known.get(row.resolution)
        classed = any(one.class_ for one in known.values())
        solved = named is not None and named.class_ == _SOLVED
        yield _Ended(row.many, row.many if row.rated else 0, solved, classed)


_CITIZEN = participants.c.kind == "citizen"
