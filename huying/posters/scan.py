"""Following a short address: where it leads now, and one more on its day. Nothing is kept of who followed it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from huying.database.tables import short_link_days, short_links, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.posters.code import read_code
from huying.posters.target import LinkTarget


def leads_to(house: House, text: str, now: datetime, *, counted: bool = True) -> str | None:
    """The address within the portal; ``None`` if there is no such code, it is over, or what it was for is no more."""
    code = read_code(text)
    with house.database.reading() as connection:
        found = _found(connection, code) if code is not None else None
    if found is None or not _holds(house, found, now):
        return None
    if counted:
        with house.database.writing() as connection:
            _count(connection, found.id, house.day_of(now), "scans")
    return LinkTarget(found.page, found.station, found.definition, found.answers).address(found.code)


def note_report(house: House, text: str, now: datetime) -> None:
    """Count a report that came by a short address; what is none counts nothing."""
    code = read_code(text)
    if code is None:
        return
    with house.database.writing() as connection:
        found = _found(connection, code)
        if found is not None:
            _count(connection, found.id, house.day_of(now), "reports")


def _found(connection: Connection, code: str) -> Row[Any] | None:
    query = select(short_links, stations.c.code.label("station"), stations.c.active).outerjoin(
        stations, stations.c.id == short_links.c.station_id
    )
    return connection.execute(query.where(short_links.c.code == code)).one_or_none()


def _holds(house: House, link: Row[Any], now: datetime) -> bool:
    """Whether it is still to be followed: not ended, within its days, its station open and its process in force."""
    if link.ended_at is not None or link.active is False:
        return False
    if link.valid_until is not None and house.day_of(now) > link.valid_until:
        return False
    if link.definition is None:
        return True
    try:
        house.processes.in_force(link.definition, now)
    except NotFound:
        return False
    return True


def _count(connection: Connection, link: int, day: date, what: str) -> None:
    table = short_link_days
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table).values(link_id=link, day=day, **{"scans": 0, "reports": 0, what: 1})
    again = statement.on_conflict_do_update(index_elements=["link_id", "day"], set_={what: table.c[what] + 1})
    connection.execute(again)
