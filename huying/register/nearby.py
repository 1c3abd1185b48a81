"""Stations for whoever looks for theirs: by words, by area, or nearest to a position."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from definitions.model.reference import reference
from engine.refusal import Invalid
from huying.database.tables import areas, stations
from huying.house.house import House
from huying.words.names import named

#: So many stations are shown at once; whoever wants another one says more.
MOST = 20
#: So many are named to somebody whose words fit several, and so long are the words that are looked at.
_MOST_SAID, _LONGEST_SAID = 5, 80
#: The mean radius of the earth in kilometres (IUGG).
_RADIUS = 6371.0088
#: Further away than this, in metres, a station says nothing of where a point is.
_FURTHEST = 20_000
#: From the north on, as the clock goes.
DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


@dataclass(frozen=True, slots=True)
class NearLine:
    """A station, the area that it is for, the one above, and how many metres away it is, if that is known."""

    code: str
    name: str
    area: str
    above: str
    metres: int | None = None


def stations_sought(house: House, words: str, language: str, most: int = MOST) -> tuple[NearLine, ...]:
    """The stations in whose name, code, area or area above every word stands; without words the first ones."""
    query = _query(language)
    for word in words.split()[:5]:
        query = query.where(_holds(word))
    with house.database.reading() as connection:
        return tuple(NearLine(*row[:4]) for row in connection.execute(query.limit(most)))


def stations_near(
    house: House, latitude: float, longitude: float, language: str, most: int = 5
) -> tuple[NearLine, ...]:
    """Those whose position the register has, the nearest first."""
    query = _query(language).where(stations.c.latitude.is_not(None), stations.c.longitude.is_not(None))
    with house.database.reading() as connection:
        found = [
            replace(NearLine(*row[:4]), metres=_metres(latitude, longitude, row.latitude, row.longitude))
            for row in connection.execute(query)
        ]
    return tuple(sorted(found, key=lambda one: (one.metres or 0, one.code))[:most])


def nearest_station(connection: Connection, point: tuple[float, float], language: str) -> tuple[NearLine, str] | None:
    """The station nearest to a point (latitude, longitude) and in which direction the point lies from it (``n``, ``ne`` …); one within 20 km."""
    latitude, longitude = point
    c, around = stations.c, _FURTHEST / 111_000
    query = _query(language).where(c.latitude.between(latitude - around, latitude + around), c.longitude.is_not(None))
    found = [(_metres(latitude, longitude, row.latitude, row.longitude), row) for row in connection.execute(query)]
    metres, row = min(found, key=lambda one: (one[0], one[1].code), default=(0, None))
    if row is None or metres > _FURTHEST:
        return None
    return replace(NearLine(*row[:4]), metres=metres), _direction(point, (row.latitude, row.longitude))


def _direction(point: tuple[float, float], seen_from: tuple[float, float]) -> str:
    """In which of eight directions a point lies, seen from another one nearby."""
    north = point[0] - seen_from[0]
    east = (point[1] - seen_from[1]) * cos(radians(seen_from[0]))
    return DIRECTIONS[round(degrees(atan2(east, north)) / 45) % 8]


def station_count(house: House) -> int:
    """How many stations there are."""
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(stations).where(stations.c.active)).scalar_one())


def few_stations(house: House, language: str, few: int = 60) -> tuple[NearLine, ...]:
    """All stations, where they are so few that a list of them is a help; else none."""
    found = stations_sought(house, "", language, few + 1)
    return found if len(found) <= few else ()


def station_line(house: House, code: str, language: str) -> NearLine | None:
    """The station of a code."""
    with house.database.reading() as connection:
        row = connection.execute(_query(language).where(stations.c.code == code)).one_or_none()
    return NearLine(*row[:4]) if row else None


def station_called(house: House, text: str) -> str:
    """The station (a reference) meant by a code, alone or before its name, or by words of its name; ``Invalid`` lists those that fit."""
    words = text.strip()[:_LONGEST_SAID]
    codes = (words, words.split(" ")[0]) if words else ()
    with house.database.reading() as connection:
        query = select(stations.c.id).where(stations.c.active)
        for code in codes:
            if (found := connection.execute(query.where(stations.c.code == code)).scalar()) is not None:
                return reference("station", found)
    fitting = stations_sought(house, words, "zh", _MOST_SAID + 1) if words else ()
    if len(fitting) == 1:
        return station_called(house, fitting[0].code)
    raise Invalid({"to": _which(fitting)})


def _which(fitting: tuple[NearLine, ...]) -> dict[str, str]:
    """Which of several is meant; or that there is none."""
    if not fitting:
        return {
            "zh": "没有找到这个站点，请写站点名称或代码。",
            "en": "No such station was found; give its name or its code.",
        }
    several = "、".join(f"{one.name}（{one.code}）" for one in fitting[:_MOST_SAID])
    more = "" if len(fitting) <= _MOST_SAID else " …"
    return {
        "zh": f"有几个站点都符合，请写代码：{several}{more}",
        "en": f"Several stations fit; give the code of one: {several}{more}",
    }


_above = areas.alias("above")


def _query(language: str) -> Select[Any]:
    return (
        select(
            stations.c.code,
            named(stations.c, language),
            named(areas.c, language),
            named(_above.c, language),
            stations.c.latitude,
            stations.c.longitude,
        )
        .join(areas, areas.c.id == stations.c.area_id)
        .join(_above, _above.c.id == areas.c.parent_id, isouter=True)
        .where(stations.c.active)
        .order_by(areas.c.code, stations.c.code)
    )


def _holds(word: str) -> ColumnElement[bool]:
    said = [part.c[name] for part in (stations, areas, _above) for name in ("name_zh", "name_en")]
    return or_(*(column.icontains(word, autoescape=True) for column in (*said, stations.c.code)))


def _metres(latitude: float, longitude: float, there: float, along: float) -> int:
    """The way as the crow flies (haversine)."""
    one, other = radians(latitude), radians(there)
    across = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * sin(radians(along - longitude) / 2) ** 2
    return round(2000 * _RADIUS * asin(sqrt(min(1.0, across))))
