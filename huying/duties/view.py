"""Duties as pages show them: to everybody, at each station; to its staff; to each person their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.text import Said
from huying.access.viewer import Viewer
from huying.database.tables import areas, dated_duties, participants, stations
from huying.database.tenure import serving
from huying.duties.present import present
from huying.duties.rota import Away, away_meanwhile, rota_week
from huying.errors import NotFound
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.locale import translations
from huying.register.directory.absence import who_is_there
from huying.words.duties import hours_words, names_of, over, place_words, station_words, when_words
from huying.words.moments import date_words

#: So far ahead one sees who is away.
_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class StationOnDuty:
    """A station in the list: who is on duty now, and when there is somebody next."""

    code: str
    name: str
    area: str
    now: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class DutyDay:
    """Hours at which people are on duty. ``people`` is empty until it is announced, but for the station's staff.

    ``weekly``: by the weekly rota, which is written out for a week; in the hours of a dated duty that one counts.
    """

    day: date
    when: str
    hours: str
    place: str
    people: tuple[str, ...]
    announced: bool
    weekly: bool = False


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty, as the station's staff can change it; ``begin`` and ``end`` as a form shows them."""

    id: int
    when: str
    name: str
    away: bool
    day: str
    begin: str
    end: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class StationDuties:
    """A station's page; ``lines``, ``people`` (number and name) and ``away`` are for its staff."""

    code: str
    name: str
    now: tuple[str, ...]
    days: tuple[DutyDay, ...]
    staff: bool
    lines: tuple[DutyLine, ...]
    people: tuple[tuple[int, str], ...]
    away: tuple[Away, ...]


def stations_on_duty(house: House, language: str, now: datetime) -> tuple[StationOnDuty, ...]:
    """All stations, by area and code."""
    local = now.astimezone(local_zone(house))
    query = (
        select(stations, areas.c.name_zh.label("area_zh"), areas.c.name_en.label("area_en"))
        .join(areas, areas.c.id == stations.c.area_id)
        .where(stations.c.active)
        .order_by(areas.c.code, stations.c.code)
    )
    with house.database.reading() as connection:
        following: dict[int, str] = {}
        for row in _coming(connection, local):
            following.setdefault(row.station_id, when_words(row.day, row.starts_at, row.ends_at, language))
        return tuple(
            StationOnDuty(
                row.code,
                station_words(row, language),
                Said(row.area_zh, row.area_en or row.area_zh).of(language),
                _public_names(connection, present(connection, row.id, local), language),
                following.get(row.id),
            )
            for row in connection.execute(query).all()
        )


def station_duties(house: House, code: str, language: str, now: datetime, person: Viewer | None) -> StationDuties:
    """One station; ``NotFound`` if there is none of this code. Only its staff see names before they are announced."""
    local = now.astimezone(local_zone(house))
    with house.database.reading() as connection:
        station = connection.execute(select(stations).where(stations.c.code == code)).one_or_none()
        if station is None:
            raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
        today = local.date()
        staff = person is not None and person.may("keep rota", now, station.id)
        rows = _coming(connection, local, station.id)
        people = _people(connection, station.id) if staff else ()
        known = {number for number, _ in people} | {row.participant_id for row in rows}
        return StationDuties(
            code=code,
            name=station_words(station, language),
            now=_public_names(connection, present(connection, station.id, local), language),
            days=tuple(_coming_days(connection, rows, station, today, language, staff=staff)),
            staff=staff,
            lines=tuple(_lines(connection, rows, local, language)) if staff else (),
            people=people,
            away=tuple(away_meanwhile(connection, known, today, today + _AHEAD, language)) if staff else (),
        )


def _coming(connection: Connection, local: datetime, station: int | None = None) -> list[Row[Any]]:
    """The duties of today and later, the next first."""
    query = select(dated_duties).where(dated_duties.c.day >= local.date(), dated_duties.c.status == "planned")
    if station is not None:
        query = query.where(dated_duties.c.station_id == station)
    ordered = query.order_by(dated_duties.c.day, dated_duties.c.starts_at, dated_duties.c.id)
    return list(connection.execute(ordered.limit(2000)))


def _coming_days(
    connection: Connection, rows: list[Row[Any]], station: Row[Any], today: date, language: str, *, staff: bool
) -> list[DutyDay]:
    """The dated duties, with what the rota says of the coming week between them."""
    dated = [(one.day, one.hours, one) for one in _days(connection, rows, station, language, staff)]
    week = [(one.day, one.hours, one) for one in _week(connection, station, today, language)]
    return [one for _, _, one in sorted(dated + week, key=lambda found: found[:2])]


def _week(connection: Connection, station: Row[Any], today: date, language: str) -> Iterable[DutyDay]:
    for one in rota_week(connection, station.id, today):
        there = [who_is_there(connection, person, one.day) for person in one.people]
        people = _public_names(connection, [person for person in there if person is not None], language)
        hours = hours_words(one.starts_at, one.ends_at, language)
        place = station_words(station, language)
        yield DutyDay(one.day, date_words(one.day, language), hours, place, people, announced=True, weekly=True)


def _days(
    connection: Connection, rows: list[Row[Any]], station: Row[Any], language: str, staff: bool
) -> Iterable[DutyDay]:
    for (day, starts_at, ends_at), group in groupby(rows, lambda row: (row.day, row.starts_at, row.ends_at)):
        duties = list(group)
        announced = any(row.announced_at is not None or row.announce_at is None for row in duties)
        there = [who_is_there(connection, row.participant_id, day) for row in duties]
        coming = [person for person in there if person is not None]
        yield DutyDay(
            day=day,
            when=date_words(day, language),
            hours=hours_words(starts_at, ends_at, language),
            place=place_words(duties[0].place, station, language),
            people=_public_names(connection, coming, language) if announced or staff else (),
            announced=announced,
        )


def _lines(connection: Connection, rows: list[Row[Any]], local: datetime, language: str) -> Iterable[DutyLine]:
    names = names_of(connection, {row.participant_id for row in rows})
    for row in rows:
        if not over(row.day, row.starts_at, row.ends_at, local):
            yield DutyLine(
                id=row.id,
                when=when_words(row.day, row.starts_at, row.ends_at, language),
                name=names[row.participant_id],
                away=who_is_there(connection, row.participant_id, row.day) != row.participant_id,
                day=row.day.isoformat(),
                begin=f"{row.starts_at:%H:%M}" if row.starts_at else "",
                end=f"{row.ends_at:%H:%M}" if row.ends_at else "",
                reason=row.reason,
            )


def _people(connection: Connection, station: int) -> tuple[tuple[int, str], ...]:
    query = (
        select(participants.c.id, participants.c.name)
        .join(serving, serving.c.participant_id == participants.c.id)
        .where(serving.c.station_id == station, participants.c.active)
        .order_by(serving.c.id)
    )
    return tuple({row[0]: (row[0], row[1]) for row in connection.execute(query)}.values())


def _public_names(connection: Connection, people: Iterable[int], language: str) -> tuple[str, ...]:
    """Deputies by name, for that is public; everybody else as the station's staff."""
    query = select(participants.c.id, participants.c.name, participants.c.kind)
    found = {row.id: row for row in connection.execute(query.where(participants.c.id.in_(list(people))))}
    staff = translations(language).gettext("staff of the station")
    names = (found[person].name if found[person].kind == "deputy" else staff for person in people if person in found)
    return tuple(dict.fromkeys(names))


def station_number(house: House, code: str) -> int:
    """The number of the station of this code; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        found = connection.execute(select(stations.c.id).where(stations.c.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
    return int(found)
