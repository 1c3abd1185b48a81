"""The register as forms and pages show it: stations, departments, areas, people and codes to choose from, one query each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, bindparam, func, or_, select

from definitions.model.reference import organisation, participant, reference
from definitions.text import words
from huying.database.tables import areas, codes, issues, organisations, participants, stations
from huying.database.tenure import serving
from huying.house.house import House
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS
from huying.words.names import named


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station in a list."""

    code: str
    name: str
    kind: str
    area: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area in the tree; ``depth`` counts from the top, ``parent`` is the reference of the one above."""

    reference: str
    name: str
    level: str
    depth: int
    parent: str | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who can be chosen, with the names of the stations and departments in which they serve."""

    reference: str
    name: str
    serves: tuple[str, ...]


def station_list(house: House, language: str) -> tuple[StationLine, ...]:
    """The stations in service, by area and code."""
    query = (
        select(stations.c.code, _name(stations, language), stations.c.kind, _name(areas, language))
        .join(areas, areas.c.id == stations.c.area_id)
        .where(stations.c.active)
        .order_by(areas.c.code, stations.c.code)
    )
    with house.database.reading() as connection:
        return tuple(StationLine(*row) for row in connection.execute(query))


def station_names(house: House, language: str) -> Mapping[str, str]:
    """The names of all stations by reference, by area and code."""
    query = (
        select(stations.c.id, _name(stations, language))
        .join(areas, areas.c.id == stations.c.area_id)
        .order_by(areas.c.code, stations.c.code)
    )
    with house.database.reading() as connection:
        return {reference("station", number): text for number, text in connection.execute(query)}


def departments(house: House, language: str) -> Mapping[str, str]:
    """The names of the departments in service, by reference."""
    with house.database.reading() as connection:
        return {organisation(number): text for number, text in connection.execute(_departments(language))}


@cache
def _departments(language: str) -> Select[Any]:
    return (
        select(organisations.c.id, _name(organisations, language))
        .where(organisations.c.kind == "department", organisations.c.active)
        .order_by(organisations.c.code)
    )


def area_tree(house: House, language: str) -> tuple[AreaLine, ...]:
    """All areas, each followed by its parts."""
    query = select(areas.c.id, areas.c.parent_id, areas.c.level, _name(areas, language)).order_by(areas.c.code)
    below: dict[int | None, list[tuple[int, str, str]]] = {}
    with house.database.reading() as connection:
        for number, parent, level, name in connection.execute(query):
            below.setdefault(parent, []).append((number, level, name))

    def parts(parent: int | None, depth: int) -> Iterator[AreaLine]:
        for number, level, name in below.get(parent, ()):
            yield AreaLine(reference("area", number), name, level, depth, reference("area", parent) if parent else None)
            yield from parts(number, depth + 1)

    return tuple(parts(None, 0))


def people(house: House, language: str) -> tuple[PersonLine, ...]:
    """Everybody in service who serves somewhere, by name: whom a field of type person offers."""
    return _people(house, _serving(language))


def people_at(house: House, station: int, language: str) -> tuple[PersonLine, ...]:
    """The people of a station, by name."""
    return _people(house, _serving(language).where(serving.c.station_id == station))


def colleagues(house: House, person: int, station: int, language: str) -> tuple[PersonLine, ...]:
    """To whom a person can delegate, hand over or turn: those of the issue's station, and of wherever they themselves serve."""
    return _people(house, _colleagues(language), {"person": person, "station": station})


@cache
def _colleagues(language: str) -> Select[Any]:
    person, station = bindparam("person", type_=Integer()), bindparam("station", type_=Integer())
    own = select(serving.c.station_id, serving.c.organisation_id).where(serving.c.participant_id == person)
    mine = own.subquery("mine")
    fits = or_(
        serving.c.station_id == station,
        serving.c.station_id.in_(select(mine.c.station_id)),
        serving.c.organisation_id.in_(select(mine.c.organisation_id)),
    )
    return _serving(language).where(fits & (participants.c.id != person))


def to_whom(house: House, issue_id: int, person: int, language: str) -> Mapping[str, str]:
    """To whom somebody can turn about an issue, by reference: colleagues, those of its station, and the departments."""
    with house.database.reading() as connection:
        station = connection.execute(select(issues.c.station_id).where(issues.c.id == issue_id)).scalar_one()
    lines = colleagues(house, person, station, language)
    people = {one.reference: " · ".join((one.name, *one.serves[:1])) for one in lines}
    return {**people, **departments(house, language)}


def code_names(house: House, listed: str, language: str) -> Mapping[str, str]:
    """The names of a list's codes that are in use, in its order; ``levels`` is the program's own list."""
    if listed == "levels":
        return {code: words(names, language) for code, names in {**AREA_LEVELS, **DEPUTY_LEVELS}.items()}
    with house.database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(_codes(language), {"list": listed})}


@cache
def _codes(language: str) -> Select[Any]:
    query = select(codes.c.code, _name(codes, language)).where(codes.c.list == bindparam("list"), codes.c.active)
    return query.order_by(codes.c.position, codes.c.code)


def _people(house: House, query: Select[Any], values: Mapping[str, Any] | None = None) -> tuple[PersonLine, ...]:
    serves: dict[tuple[int, str], list[str]] = {}
    with house.database.reading() as connection:
        for number, name, at in connection.execute(query, values or {}):
            serves.setdefault((number, name), []).append(at)
    return tuple(
        PersonLine(participant(number), name, tuple(dict.fromkeys(at))) for (number, name), at in serves.items()
    )


@cache
def _serving(language: str) -> Select[Any]:
    """Who is in service and serves somewhere."""
    place = func.coalesce(_name(stations, language), _name(organisations, language))
    return (
        select(participants.c.id, participants.c.name, place)
        .join(serving, serving.c.participant_id == participants.c.id)
        .join(stations, stations.c.id == serving.c.station_id, isouter=True)
        .join(organisations, organisations.c.id == serving.c.organisation_id, isouter=True)
        .where(participants.c.active)
        .order_by(participants.c.name, participants.c.id, place)
    )


def _name(table: Table, language: str) -> ColumnElement[str]:
    name: ColumnElement[str] = named(table.c, language)
    return name
