"""Stations and the districts that they belong to, as figures are summed up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from huying.database.tables import areas, stations
from huying.house.house import House
from huying.words.names import named

#: The level of areas by which figures are summed up; a station above it stands for its own area.
LEVEL = "district"
#: Deeper than any tree of areas; a circle that somebody made by hand ends here.
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Region:
    """An area that figures are summed up for."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class StationPlace:
    """A station, and the region that it belongs to."""

    id: int
    code: str
    name: str
    region: Region


def places(connection: Connection, language: str) -> Mapping[int, StationPlace]:
    """All stations by id, in the order of their areas and codes."""
    known = {row.id: row for row in connection.execute(select(areas))}
    query = (
        select(stations.c.id, stations.c.code, named(stations.c, language).label("name"), stations.c.area_id)
        .join(areas, areas.c.id == stations.c.area_id)
        .order_by(areas.c.code, stations.c.code)
    )
    found: dict[int, StationPlace] = {}
    for row in connection.execute(query):
        chosen = _region(known, row.area_id)
        found[row.id] = StationPlace(row.id, row.code, row.name, Region(chosen.code, named(chosen, language)))
    return found


def region_name(house: House, code: str, language: str) -> str | None:
    """What the area of a code is called; ``None`` if there is none."""
    name = named(areas.c, language)
    with house.database.reading() as connection:
        return connection.execute(select(name).where(areas.c.code == code)).scalar_one_or_none()


def _region(known: Mapping[int, Row[Any]], area: int) -> Row[Any]:
    """The nearest area of the level at or above one, else that one itself."""
    above: int | None = area
    for _ in range(_DEEPEST):
        if above is None or above not in known:
            break
        if known[above].level == LEVEL:
            return known[above]
        above = known[above].parent_id
    return known[area]
