"""Where a point is, in words and without a map: how far and in which direction from the nearest station."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from definitions.text import Said
from huying.locale import translations
from huying.register.nearby import nearest_station
from huying.words.distances import distance_words
from huying.words.values import Value

#: Nearer than this, in metres, it is there.
_THERE = 30
_DIRECTIONS = {
    "n": Said("北面", "north"),
    "ne": Said("东北面", "north-east"),
    "e": Said("东面", "east"),
    "se": Said("东南面", "south-east"),
    "s": Said("南面", "south"),
    "sw": Said("西南面", "south-west"),
    "w": Said("西面", "west"),
    "nw": Said("西北面", "north-west"),
}


def placed(connection: Connection, values: tuple[Value, ...], language: str) -> tuple[Value, ...]:
    """The same values; places of which the point is known say what they lie beside."""
    if not any(value.point for value in values):
        return values
    return tuple(replace(one, beside=_beside(connection, one.point, language)) if one.point else one for one in values)


def _beside(connection: Connection, point: tuple[float, float], language: str) -> str:
    found = nearest_station(connection, point, language)
    if found is None:
        return ""
    station, direction = found
    _ = translations(language).gettext
    if (station.metres or 0) <= _THERE:
        return _("at %(station)s") % {"station": station.name}
    said = {
        "station": station.name,
        "way": distance_words(station.metres or 0),
        "direction": _DIRECTIONS[direction].of(language),
    }
    return _("about %(way)s %(direction)s of %(station)s") % said
