"""An industry's deputies as one group: those of all levels, the stations of the industry above and below each other, and what they did together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from definitions.text import Said, words
from huying.database.tables import areas, codes, file_lines, issues, mandates, participant_codes, participants, stations
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.files.upkeep import freshen
from huying.house.house import House
from huying.register.levels import DEPUTY_LEVELS
from huying.words.names import named

LIST = "industries"
#: What a group does, by the kinds of entries of the files.
KINDS: Mapping[str, Said] = {
    "activity": Said("主题活动", "Activity"),
    "inspection": Said("视察检查", "Inspection"),
    "survey": Said("调研", "Survey"),
    "training": Said("培训", "Training"),
}


@dataclass(frozen=True, slots=True)
class IndustryDeputy:
    """A deputy of the group, with the stations at which they serve."""

    name: str
    delegation: str
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndustryLevel:
    """The deputies of one level; none: the group lacks this level."""

    title: str
    deputies: tuple[IndustryDeputy, ...]


@dataclass(frozen=True, slots=True)
class IndustryStation:
    """A station of the industry; ``above``: code and name of the one that it belongs to."""

    code: str
    name: str
    area: str
    above: tuple[str, str] | None
    deputies: int
    open: int


@dataclass(frozen=True, slots=True)
class IndustryDeed:
    """What deputies did together: the issue's number, on which day, of which kind, where, and how many of them have it in their files."""

    number: str
    day: date
    kind: str
    station: str
    deputies: int


@dataclass(frozen=True, slots=True)
class IndustryGroup:
    """The whole group, as of a day; ``deeds`` are those of that day's year, the newest first."""

    code: str
    name: str
    levels: tuple[IndustryLevel, ...]
    stations: tuple[IndustryStation, ...]
    deeds: tuple[IndustryDeed, ...]

    @property
    def deputies(self) -> int:
        """How many there are; whoever is of two levels counts twice."""
        return sum(len(one.deputies) for one in self.levels)


def industry_names(house: House, language: str) -> Mapping[str, str]:
    """The industries in use, by code."""
    query = select(codes.c.code, named(codes.c, language)).where(codes.c.list == LIST, codes.c.active)
    with house.database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query.order_by(codes.c.position, codes.c.code))}


def industry_group(
    house: House, code: str, language: str, today: date, only: Collection[int] | None = None
) -> IndustryGroup:
    """The group of an industry; ``only``: of no other stations than these. ``NotFound`` if there is no such industry."""
    freshen(house)
    with house.database.reading() as connection:
        wanted = select(named(codes.c, language)).where(codes.c.list == LIST, codes.c.code == code)
        name = connection.execute(wanted).scalar_one_or_none()
        if name is None:
            raise NotFound(f"没有代码为“{code}”的行业。", f"There is no industry with the code “{code}”.")
        here = stations.c.active & (stations.c.industry == code)
        if only is not None:
            here &= stations.c.id.in_(list(only))
        ids = connection.execute(select(stations.c.id).where(here)).scalars().all()
        return IndustryGroup(
            code=code,
            name=str(name),
            levels=_levels(connection, (code, ids), language, today, whole=only is None),
            stations=_stations(connection, ids, language),
            deeds=_deeds(connection, ids, language, today),
        )


def _members(code: str, ids: Sequence[int], *, whole: bool) -> Select[tuple[int]]:
    """Who is of the industry, or serves as a deputy at a station of it."""
    serves = select(serving.c.participant_id).where(serving.c.station_id.in_(ids), serving.c.function == "deputy")
    if not whole:
        return serves
    p = participant_codes.c
    bears = select(p.participant_id).where(p.list == LIST, p.code == code)
    return select(participants.c.id).where(or_(participants.c.id.in_(serves), participants.c.id.in_(bears)))


def _levels(
    connection: Connection, of: tuple[str, Sequence[int]], language: str, today: date, *, whole: bool
) -> tuple[IndustryLevel, ...]:
    members, m = _members(*of, whole=whole), mandates.c
    query = (
        select(participants.c.id, participants.c.name, m.level, named(codes.c, language).label("delegation"))
        .join(mandates, m.participant_id == participants.c.id)
        .outerjoin(codes, (codes.c.list == "delegations") & (codes.c.code == m.delegation))
        .where(participants.c.active, participants.c.id.in_(members), m.since <= today, m.until >= today)
        .order_by(participants.c.name, participants.c.id)
    )
    rows = connection.execute(query).all()
    places: dict[int, list[str]] = defaultdict(list)
    serves = (
        select(serving.c.participant_id, named(stations.c, language))
        .join(stations, stations.c.id == serving.c.station_id)
        .where(serving.c.participant_id.in_({row.id for row in rows}), serving.c.function == "deputy")
        .order_by(stations.c.code)
    )
    for person, place in connection.execute(serves):
        places[person].append(place)
    found: dict[str, list[IndustryDeputy]] = {level: [] for level in DEPUTY_LEVELS}
    for row in rows:
        found.setdefault(row.level, []).append(IndustryDeputy(row.name, row.delegation or "", tuple(places[row.id])))
    return tuple(
        IndustryLevel(words(DEPUTY_LEVELS.get(level), language, level), tuple(several))
        for level, several in found.items()
    )


def _stations(connection: Connection, ids: Sequence[int], language: str) -> tuple[IndustryStation, ...]:
    above = stations.alias("above")
    query = (
        select(
            stations,
            named(stations.c, language).label("name"),
            named(areas.c, language).label("area"),
            above.c.code.label("above_code"),
            named(above.c, language).label("above"),
        )
        .join(areas, areas.c.id == stations.c.area_id)
        .outerjoin(above, above.c.id == stations.c.parent_id)
        .where(stations.c.id.in_(ids))
        .order_by(areas.c.code, stations.c.code)
    )
    deputies = _counted(connection, serving.c.station_id, serving.c.station_id.in_(ids), serving.c.function == "deputy")
    hand = _counted(connection, issues.c.station_id, issues.c.station_id.in_(ids), issues.c.status == "open")
    return tuple(
        IndustryStation(
            code=row.code,
            name=row.name,
            area=row.area,
            above=(row.above_code, row.above) if row.above_code else None,
            deputies=deputies.get(row.id, 0),
            open=hand.get(row.id, 0),
        )
        for row in connection.execute(query)
    )


def _counted(connection: Connection, by: Any, *which: Any) -> dict[int, int]:
    query = select(by, func.count()).where(*which).group_by(by)
    return {row[0]: row[1] for row in connection.execute(query)}


def _deeds(connection: Connection, ids: Sequence[int], language: str, today: date) -> tuple[IndustryDeed, ...]:
    f = file_lines.c
    query = (
        select(
            issues.c.number,
            func.min(f.day).label("day"),
            f.kind,
            named(stations.c, language).label("place"),
            func.count(f.participant_id.distinct()).label("deputies"),
        )
        .join(issues, issues.c.id == f.issue_id)
        .join(stations, stations.c.id == issues.c.station_id)
        .where(issues.c.station_id.in_(ids), f.kind.in_(list(KINDS)), f.day.between(date(today.year, 1, 1), today))
        .group_by(issues.c.number, f.kind, named(stations.c, language))
        .order_by(func.min(f.day).desc(), issues.c.number)
    )
    return tuple(
        IndustryDeed(row.number, row.day, KINDS[row.kind].of(language), row.place, row.deputies)
        for row in connection.execute(query)
    )
