"""Which stations a place means, as SQL: itself, the one above, the nearest, those of a level; the query climbs the tree of areas."""

from __future__ import annotations

from sqlalchemy import CTE, ColumnElement, Integer, Subquery, bindparam, literal_column, or_, select, union_all

from huying.database.tables import areas, stations

#: Deeper than any tree of areas; a circle that somebody made by hand ends here.
_HIGHEST = 30
#: Nearer than the area in which the station lies.
_ITSELF = literal_column("-1", Integer)


def climb(*, area: bool) -> CTE:
    """The area of the station (or the one that is named instead) and all above it: ``id, parent_id, level, distance``."""
    own = select(stations.c.area_id).where(stations.c.id == bindparam("station")).scalar_subquery()
    lowest = select(areas.c.id, areas.c.parent_id, areas.c.level, literal_column("0", Integer).label("distance")).where(
        areas.c.id == (bindparam("area") if area else own)
    )
    up = lowest.cte("up", recursive=True)
    higher = (
        select(areas.c.id, areas.c.parent_id, areas.c.level, up.c.distance + 1)
        .join(up, areas.c.id == up.c.parent_id)
        .where(up.c.distance < _HIGHEST)
    )
    return up.union_all(higher)


def stations_of(place: str, *, area: bool, industry: bool) -> Subquery:
    """The stations in service that a place means, and the named one itself: ``id, distance``.

    When an industry is looked for, its own stations count as well as those of the area.
    """
    up = climb(area=area)
    kinds: list[ColumnElement[bool]] = [stations.c.kind == "area"]
    if industry:
        kinds.append(stations.c.industry == bindparam("industry"))
    found = select(stations.c.id, up.c.distance).join(up, up.c.id == stations.c.area_id)
    found = found.where(stations.c.active, or_(*kinds))
    if place == "station":
        return found.where(up.c.distance == 0).subquery("at")
    if place == "station above":
        above = found.where(up.c.distance > 0, stations.c.kind == "area")
        return above.order_by(up.c.distance, stations.c.id).limit(1).subquery("at")
    if place == "level":
        return found.where(up.c.level == bindparam("place_level")).subquery("at")
    if area:
        return found.subquery("at")
    itself = select(stations.c.id, _ITSELF.label("distance")).where(stations.c.id == bindparam("station"))
    return union_all(itself, found.where(stations.c.id != bindparam("station"))).subquery("at")
