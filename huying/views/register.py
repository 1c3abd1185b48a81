"""The register as forms and pages show it: stations and departments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from huying.house import House
from huying.parties import organisation
from huying.tables import areas, organisations, stations


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station in a list."""

    code: str
    name: str
    kind: str
    area: str


def station_list(house: House, language: str) -> tuple[StationLine, ...]:
    """All stations, by area and code."""
    own, area = (stations.c.name_zh, areas.c.name_zh) if language == "zh" else (stations.c.name_en, areas.c.name_en)
    query = (
        select(stations.c.code, own, stations.c.kind, area)
        .join(areas, areas.c.id == stations.c.area_id)
        .order_by(areas.c.code, stations.c.code)
    )
    with house.database.reading() as connection:
        return tuple(StationLine(*row) for row in connection.execute(query))


def departments(house: House, language: str) -> Mapping[str, str]:
    """The names of the departments in service, by reference."""
    name = organisations.c.name_zh if language == "zh" else organisations.c.name_en
    query = (
        select(organisations.c.id, name)
        .where(organisations.c.kind == "department", organisations.c.active)
        .order_by(organisations.c.code)
    )
    with house.database.reading() as connection:
        return {organisation(number): text for number, text in connection.execute(query)}
