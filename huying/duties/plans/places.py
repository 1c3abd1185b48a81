"""Where plans hold, and whom they concern there: stations, and people by function in the order of the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.plans.values import Stations
from huying.database.tables import organisations, participants, stations
from huying.database.tenure import serving

_FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "deputies of station": ("deputy",),
    "staff of station": ("clerk", "head"),
    "clerk of station": ("clerk",),
    "head of station": ("head",),
    "liaison officers of station": ("liaison",),
    "deputies": ("deputy",),
    "staff": ("clerk", "head"),
    "liaison officers": ("liaison",),
}


def stations_of(connection: Connection, where: Stations) -> list[Row[Any]]:
    """The stations in service that are meant, by code."""
    query = select(stations).where(stations.c.active).order_by(stations.c.code)
    if where.codes:
        query = query.where(stations.c.code.in_(where.codes))
    if where.kind is not None:
        query = query.where(stations.c.kind == where.kind)
    return list(connection.execute(query))


def people_at(connection: Connection, station: int, whom: str) -> list[int]:
    """Those of a function at a station who are in service, each once, in the order of the register: clerks before heads, if both are meant."""
    found: list[int] = []
    for function in _FUNCTIONS[whom]:
        query = (
            select(participants.c.id)
            .join(serving, serving.c.participant_id == participants.c.id)
            .where(serving.c.station_id == station, serving.c.function == function, participants.c.active)
            .order_by(serving.c.id)
        )
        found += connection.execute(query).scalars()
    return list(dict.fromkeys(found))


def people_everywhere(connection: Connection, where: Stations, whom: str) -> list[int]:
    """Those of a function at all the stations that are meant, each once."""
    places = [row.id for row in stations_of(connection, where)]
    return sorted({person for place in places for person in people_at(connection, place, whom)})


def office(connection: Connection) -> list[int]:
    """The members of the office that looks after the whole house."""
    query = (
        select(participants.c.id)
        .join(serving, serving.c.participant_id == participants.c.id)
        .join(organisations, organisations.c.id == serving.c.organisation_id)
        .where(organisations.c.kind == "office", organisations.c.active, participants.c.active)
        .order_by(serving.c.id)
    )
    return list(dict.fromkeys(connection.execute(query).scalars()))


def reporter_at(connection: Connection, station: int, whom: str) -> int | None:
    """Whose an issue is that a plan opens at a station: the first of those meant, else somebody of the office."""
    found = office(connection) if whom == "office" else people_at(connection, station, whom) or office(connection)
    return found[0] if found else None
