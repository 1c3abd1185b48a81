"""Which station carries on what a closed one did: the one its row names, or the one that carries that one on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from huying.database.tables import stations
from huying.errors import NotFound
from huying.house.house import House
from huying.register.nearby import NearLine, station_line
from huying.words.moments import date_words
from huying.words.names import named

#: So many stations may have closed one after the other, each carried on by the next.
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class ClosedStation:
    """A station that takes nothing new: since when (in words, if it is known), and who carries it on, if anybody does."""

    code: str
    name: str
    closed: str
    successor: NearLine | None


def carrying_on(connection: Connection, station: int) -> int:
    """The last of those that carry a closed station on; the station itself, if it is open or nobody does."""
    return int(_last(connection, station).id)


def _last(connection: Connection, station: int) -> Row[Any]:
    place = connection.execute(select(stations).where(stations.c.id == station)).one()
    for _ in range(_LONGEST_CHAIN):
        if place.active or place.successor_id is None:
            break
        place = connection.execute(select(stations).where(stations.c.id == place.successor_id)).one()
    return place


def carried_on_by(connection: Connection, station: int) -> str | None:
    """The code of the station in service that carries a closed one on, if one does."""
    last = _last(connection, station)
    return str(last.code) if last.active else None


def has_closed(place: Any) -> NotFound:
    """That a station takes no new issues, and no other was named that does in its stead."""
    return NotFound(
        f"站点“{place.name_zh}”已停用，不再受理新事项。请另选一个站点。",
        f"The station “{named(place, 'en')}” has closed and takes no new issues. Choose another one.",
    )


def closed_station(house: House, code: str, language: str) -> ClosedStation | None:
    """What is told of a closed station to whoever looks for it; ``None`` of one that is open, or not there."""
    if not code:
        return None
    with house.database.reading() as connection:
        place = connection.execute(select(stations).where(stations.c.code == code)).one_or_none()
        if place is None or place.active:
            return None
        last = _last(connection, place.id)
    return _told(house, place, last, language)


def closed_sought(house: House, words: str, language: str, most: int = 5) -> tuple[ClosedStation, ...]:
    """The closed stations in whose name or code every word stands; without words none."""
    c = stations.c
    query = select(stations).where(c.active.is_(False)).order_by(c.code).limit(most)
    for word in words.split()[:5]:
        query = query.where(
            or_(*(column.icontains(word, autoescape=True) for column in (c.name_zh, c.name_en, c.code)))
        )
    with house.database.reading() as connection:
        rows = connection.execute(query).all() if words.strip() else []
        found = [(row, _last(connection, row.id)) for row in rows]
    return tuple(_told(house, row, last, language) for row, last in found)


def _told(house: House, place: Row[Any], last: Row[Any], language: str) -> ClosedStation:
    successor = station_line(house, last.code, language) if last.active else None
    closed = date_words(place.closed, language) if place.closed else ""
    return ClosedStation(place.code, named(place, language), closed, successor)
