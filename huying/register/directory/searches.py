"""The kernel's searches as SQL: one statement a search, written once for each shape of search and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, func, literal_column, null, or_, select

from definitions.model.reference import Reference
from engine import Search
from huying.database.statement import Statement
from huying.database.tables import (
    absences,
    organisation_codes,
    organisations,
    participant_codes,
    participants,
)
from huying.database.tables import stations as all_stations
from huying.database.tenure import serving_on
from huying.register.directory.places import climb, stations_of

_OFFICE = "office"
_FUNCTIONS = {"deputies of": "deputy", "liaison officers of": "liaison"}
#: Who serves on the day that is asked about.
_serving = serving_on(bindparam("today"))
#: Farther than any area: departments that belong to none serve everywhere.
_EVERYWHERE = 1_000

Place = Literal["here", "station", "station above", "nearest station", "level", "organisation", "office"]


@dataclass(frozen=True, slots=True)
class SearchShape:
    """What a statement depends on: which conditions there are, but not on what values."""

    place: Place
    area: bool = False
    staff: bool = False
    function: bool = False
    industry: bool = False
    competence: bool = False
    level: bool = False
    speaks: bool = False


def shape_of(search: Search) -> SearchShape:
    """The shape of a search for people."""
    place = _place(search)
    given = _FUNCTIONS.get(search.source, search.function)
    return SearchShape(
        place=place,
        area=search.area is not None and place not in ("organisation", "office"),
        staff=search.source == "staff of" and given is None,
        function=given is not None,
        industry=search.industry is not None,
        competence=search.competence is not None,
        level=search.level is not None and _bears_level(search),
        speaks=search.speaks is not None,
    )


def values_of(search: Search) -> dict[str, Any]:
    """The values of a search by parameter; those of absent conditions are not asked for."""
    return {
        "station": search.station,
        "area": Reference.parse(search.area).number if search.area else None,
        "place_level": search.place if _bears_level(search) else search.level or search.place,
        "organisation": search.place,
        "function": _FUNCTIONS.get(search.source, search.function),
        "industry": search.industry,
        "competence": search.competence,
        "level": search.level,
        "reporter": Reference.parse(search.speaks).number if search.speaks else None,
    }


def _place(search: Search) -> Place:
    if search.source == "members of":
        return "office" if search.place == _OFFICE else "organisation"
    if search.level is not None and not _bears_level(search):
        return "level"
    if search.place in ("station", None):
        return "station" if search.area else "here"
    return search.place if search.place in ("station above", "nearest station") else "level"  # type: ignore[return-value]


def _bears_level(search: Search) -> bool:
    """Deputies have a level of their own; for everybody else a level is that of their station's area."""
    return search.source in ("deputies of", "members of", "departments for")


def away(person: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a person is away on the day ``today``."""
    return exists().where(
        absences.c.participant_id == person,
        absences.c.first_day <= bindparam("today"),
        or_(absences.c.last_day.is_(None), absences.c.last_day >= bindparam("today")),
    )


@cache
def people(shape: SearchShape) -> Statement:
    """Those whom a search of this shape fits: ``person, station, distance, whether they are away``, the nearest first."""
    base: Select[Any]
    if shape.place == "here":
        base = _members(literal_column("0", Integer)).where(_serving.c.station_id == bindparam("station"))
    elif shape.place in ("organisation", "office"):
        at = organisations.c
        base = _members(literal_column("0", Integer)).join(organisations, at.id == _serving.c.organisation_id)
        named = at.kind == _OFFICE if shape.place == "office" else at.code == bindparam("organisation")
        base = base.where(named, at.active)
    else:
        found = stations_of(shape.place, area=shape.area, industry=shape.industry)
        base = _members(found.c.distance).join(found, found.c.id == _serving.c.station_id)
    return Statement(base.where(*_conditions(shape)).order_by(literal_column("3"), participants.c.id))


def _members(distance: ColumnElement[int]) -> Select[Any]:
    return (
        select(participants.c.id, _serving.c.station_id, distance, away(participants.c.id))
        .join(_serving, _serving.c.participant_id == participants.c.id)
        .where(participants.c.active)
    )


def _conditions(shape: SearchShape) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if shape.staff:
        wanted.append(or_(_serving.c.function == "clerk", _serving.c.function == "head"))
    if shape.function:
        wanted.append(_serving.c.function == bindparam("function"))
    if shape.level:
        wanted.append(_serving.c.level == bindparam("level"))
    if shape.industry:
        wanted.append(or_(_bears("industries", bindparam("industry")), _at_a_station_of_the_industry()))
    if shape.competence:
        wanted.append(_bears("competences", bindparam("competence")))
    if shape.speaks:
        other = participants.alias("reporter")
        language = select(other.c.language).where(other.c.id == bindparam("reporter")).scalar_subquery()
        wanted.append(or_(participants.c.language == language, _bears("languages", language)))
    return wanted


def _bears(listed: str, code: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(
        participant_codes.c.participant_id == participants.c.id,
        participant_codes.c.list == listed,
        participant_codes.c.code == code,
    )


def _at_a_station_of_the_industry() -> ColumnElement[bool]:
    own, theirs = _serving.alias("own"), all_stations.alias("theirs")
    return exists().where(
        own.c.participant_id == participants.c.id,
        own.c.station_id == theirs.c.id,
        theirs.c.industry == bindparam("industry"),
    )


@cache
def departments(*, area: bool, level: bool) -> Statement:
    """The departments in service with a competence whose area is one above: ``department, nobody's station, distance``, the nearest first."""
    up = climb(area=area)
    near = up.c.level == bindparam("level") if level else or_(up.c.id.is_not(None), organisations.c.area_id.is_(None))
    distance = func.coalesce(up.c.distance, literal_column(str(_EVERYWHERE), Integer))
    query = (
        select(organisations.c.id, null(), distance)
        .join(organisation_codes, organisation_codes.c.organisation_id == organisations.c.id)
        .join(up, up.c.id == organisations.c.area_id, isouter=True)
        .where(
            organisation_codes.c.list == "competences",
            organisation_codes.c.code == bindparam("competence"),
            organisations.c.kind == "department",
            organisations.c.active,
            near,
        )
    )
    return Statement(query.order_by(literal_column("3"), organisations.c.id))
