"""Who is on duty today, as the first page shows it: deputies with their hours, at one station or at the first few that have somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, or_, select

from huying.database.tables import areas, dated_duties, duties, participants, stations
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.register.directory.absence import who_is_there
from huying.register.directory.duty import weekly
from huying.words.duties import hours_words, over
from huying.words.moments import date_words
from huying.words.names import named

#: So many are shown; all of them stand on the page of duties.
_MOST = 3
#: So many stations are looked through for somebody who is there.
_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class OnDutyToday:
    """A deputy who is there today: ``hours`` in words, and where."""

    name: str
    hours: str
    station: str
    station_code: str


def on_duty_today(
    house: House, language: str, now: datetime, station: str = "", most: int = _MOST
) -> tuple[OnDutyToday, ...]:
    """Deputies alone, for who of the staff is where is nobody's business; whoever is away is replaced by whoever stands in."""
    today = now.astimezone(local_zone(house)).date()
    with house.database.reading() as connection:
        found: dict[tuple[str, str], OnDutyToday] = {}
        for one in _there(connection, language, today, station):
            found.setdefault((one.name, one.station_code), one)
            if len(found) == most:
                break
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class ReceptionDay:
    """A reception to come that is announced: when and where, and the deputies who receive."""

    when: str
    station: str
    station_code: str
    names: tuple[str, ...]


def receptions_to_come(
    house: House, language: str, now: datetime, station: str = "", most: int = _MOST, *, days: int = 7
) -> tuple[ReceptionDay, ...]:
    """The receptions of the coming days, at one station or anywhere; those that are not announced yet are nobody's business."""
    local = now.astimezone(local_zone(house))
    d = dated_duties.c
    query = (
        select(d.day, d.starts_at, d.ends_at, d.participant_id, stations.c.code)
        .add_columns(named(stations.c, language).label("name"))
        .join(stations, stations.c.id == d.station_id)
        .where(d.day >= local.date(), d.day < local.date() + timedelta(days=days), d.status == "planned")
        .where(stations.c.active, or_(d.announced_at.is_not(None), d.announce_at.is_(None)))
        .order_by(d.day, d.starts_at, stations.c.code, d.id)
        .limit(_LOOKED_AT)
    )
    if station:
        query = query.where(stations.c.code == station)
    with house.database.reading() as connection:
        found: dict[tuple[str, str], ReceptionDay] = {}
        for row in connection.execute(query).all():
            there = who_is_there(connection, row.participant_id, row.day)
            name = _deputy(connection, there) if there is not None else None
            if name is None or over(row.day, row.starts_at, row.ends_at, local):
                continue
            when = f"{date_words(row.day, language, local.date())} {hours_words(row.starts_at, row.ends_at, language)}"
            names = found[when, row.code].names if (when, row.code) in found else ()
            found[when, row.code] = ReceptionDay(when, row.name, row.code, (*names, name))
        return tuple(found.values())[:most]


def _there(connection: Connection, language: str, today: date, station: str) -> Iterator[OnDutyToday]:
    rota = select(duties.c.station_id).where(*weekly(today))
    entered = select(dated_duties.c.station_id).where(dated_duties.c.day == today, dated_duties.c.status == "planned")
    query = (
        select(stations.c.id, stations.c.code, named(stations.c, language).label("name"))
        .join(areas, areas.c.id == stations.c.area_id)
        .where(stations.c.active, stations.c.id.in_(rota.union(entered)))
        .order_by(areas.c.code, stations.c.code)
        .limit(_LOOKED_AT)
    )
    if station:
        query = query.where(stations.c.code == station)
    for row in connection.execute(query).all():
        for person, hours in _at(connection, row.id, today, language):
            yield OnDutyToday(person, hours, row.name, row.code)


def _at(connection: Connection, station: int, today: date, language: str) -> Iterator[tuple[str, str]]:
    """Whoever was entered for this day, else whom the weekly rota names."""
    entered = select(dated_duties.c.participant_id, dated_duties.c.starts_at, dated_duties.c.ends_at).where(
        dated_duties.c.station_id == station, dated_duties.c.day == today, dated_duties.c.status == "planned"
    )
    rows: list[tuple[int, time | None, time | None]] = [
        (row[0], row[1], row[2])
        for row in connection.execute(entered.order_by(dated_duties.c.starts_at, dated_duties.c.id))
    ]
    if not rows:
        rota = select(duties.c.participant_id, duties.c.starts_at, duties.c.ends_at)
        of_today = rota.where(duties.c.station_id == station, *weekly(today)).order_by(
            duties.c.starts_at, duties.c.participant_id
        )
        rows = [(row[0], row[1], row[2]) for row in connection.execute(of_today)]
    for person, begin, end in rows:
        there = who_is_there(connection, person, today)
        name = _deputy(connection, there) if there is not None else None
        if name is not None:
            yield name, hours_words(begin, end, language) if begin or end else ""


def _deputy(connection: Connection, person: int) -> str | None:
    query = select(participants.c.name).where(participants.c.id == person, participants.c.kind == "deputy")
    return connection.execute(query).scalar_one_or_none()
