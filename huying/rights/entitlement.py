"""What somebody's rights come from, read in one question each: where they serve, and what they were granted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, select

from huying.database.day import HOUSE_ZONE, zone_of
from huying.database.statement import Statement
from huying.database.tables import areas, grants, organisations, stations
from huying.database.tenure import serving
from huying.rights.scope import HOUSE, Scope, at_station

#: In these functions somebody is staff of a station.
STAFF = ("clerk", "head")


@dataclass(frozen=True, slots=True)
class Serving:
    """Where somebody serves, and in which function: at a station or in an organisation; ``office``: the one that looks after the whole house."""

    station: int | None
    organisation: int | None
    function: str
    office: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A role with a scope, from the day ``since`` to the day ``until``, both included (``None``: until further notice), unless it was ended before.

    ``made_by`` is ``None`` for what came with a register.
    """

    id: int
    role: str
    scope: Scope
    since: date
    until: date | None = None
    ended_at: datetime | None = None
    reason: str = ""
    made_by: int | None = None
    approved_by: int | None = None
    zone: ZoneInfo = HOUSE_ZONE

    def holds(self, now: datetime) -> bool:
        """Whether it is in force; nothing but its own dates decides."""
        return self.since <= self._day(now) and not self.ended(now)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day, for whoever knows no moment; one that was ended is over at once."""
        return self.ended_at is None and self.since <= day and (self.until is None or day <= self.until)

    def ended(self, now: datetime) -> bool:
        """Whether it is over."""
        if self.ended_at is not None and self.ended_at <= now:
            return True
        return self.until is not None and self.until < self._day(now)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Entitlement:
    """All from which the rights of one person come. Somebody who is not ``active`` has none."""

    person: int
    active: bool = True
    servings: tuple[Serving, ...] = ()
    grants: tuple[Grant, ...] = ()


def serving_of(connection: Connection, person: int) -> tuple[Serving, ...]:
    """Where somebody serves today."""
    return tuple(
        Serving(station, unit, function, kind == "office")
        for station, unit, function, kind in _servings.rows(connection, {"person": person})
    )


def grants_of(connection: Connection, person: int) -> tuple[Grant, ...]:
    """All that somebody was granted, with what lies in the areas: also what is over, and what has not begun."""
    return grants_in(connection, _granted.rows(connection, {"person": person}))


def grants_in(connection: Connection, rows: Iterable[Any]) -> tuple[Grant, ...]:
    """The grants of rows as ``granted`` asks for them: one for each area and station that lies in its scope."""
    first: dict[int, Any] = {}
    within: dict[int, tuple[set[int], set[int]]] = {}
    for row in rows:
        number, area, station = row[0], row[-2], row[-1]
        first.setdefault(number, row)
        lies = within.setdefault(number, (set(), set()))
        if area is not None:
            lies[0].add(area)
        if station is not None:
            lies[1].add(station)
    zone = zone_of(connection)
    return tuple(_grant(row, zone, *within[number]) for number, row in first.items())


def _grant(row: Any, zone: ZoneInfo, lies_areas: set[int], lies_stations: set[int]) -> Grant:
    number, role, area, station, since, until, ended, reason, made_by, approved_by = row[:10]
    scope = HOUSE
    if station is not None:
        scope = at_station(station)
    elif area is not None:
        scope = Scope("area", area, frozenset(lies_areas), frozenset(lies_stations))
    return Grant(number, role, scope, since, until, ended, reason, made_by, approved_by, zone)


def granted(*which: Any) -> Select[Any]:
    """The question for grants, and for the areas and stations in the scope of each; a circle among areas does no harm."""
    g = grants.c
    below = select(g.id.label("grant_id"), g.area_id.label("area_id")).where(g.area_id.is_not(None), *which)
    tree = below.cte("below", recursive=True)
    tree = tree.union(select(tree.c.grant_id, areas.c.id).join(areas, areas.c.parent_id == tree.c.area_id))
    columns = (
        g.id,
        g.role,
        g.area_id,
        g.station_id,
        g.since,
        g.until,
        g.ended_at,
        g.reason,
        g.made_by_id,
        g.approved_by_id,
    )
    return (
        select(*columns, tree.c.area_id.label("within"), stations.c.id.label("at"))
        .select_from(grants)
        .outerjoin(tree, tree.c.grant_id == g.id)
        .outerjoin(stations, stations.c.area_id == tree.c.area_id)
        .where(*which)
        .order_by(g.id)
    )


_servings = Statement(
    select(serving.c.station_id, serving.c.organisation_id, serving.c.function, organisations.c.kind)
    .outerjoin(organisations, organisations.c.id == serving.c.organisation_id)
    .where(serving.c.participant_id == bindparam("person"))
)
_granted = Statement(granted(grants.c.participant_id == bindparam("person")))
