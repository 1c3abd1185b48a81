"""One station as the register has it: what it is, what it has, who serves there in which days, when it is open, and its log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from definitions.text import words
from huying.database.tables import (
    areas,
    codes,
    duties,
    issues,
    memberships,
    organisations,
    participants,
    register_changes,
    station_haves,
    stations,
)
from huying.errors import NotFound
from huying.house.house import House
from huying.register.forms import FUNCTIONS, STATIONS, WEEKDAYS
from huying.register.haves import LIST, HaveState, have_state
from huying.register.levels import DEPUTY_LEVELS
from huying.register.standard import listed_haves
from huying.register.views.log import RegisterLogLine, log_of
from huying.words.names import named


@dataclass(frozen=True, slots=True)
class SpellLine:
    """Somebody serves, served or will serve somewhere; ``place`` is where, seen from a person, ``when``: ``now``, ``past`` or ``coming``."""

    id: int
    person: int
    name: str
    place: str
    function: str
    level: str
    since: date | None
    until: date | None
    sub_area: str
    when: str


@dataclass(frozen=True, slots=True)
class HaveLine:
    """An entry of the list of what stations should have: ``state``: see ``haves``."""

    code: str
    name: str
    state: HaveState
    evidence: str
    by: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class RotaEntry:
    """Somebody is on duty on a weekday: the key of the row, and its words."""

    row: str
    weekday: str
    name: str
    starts_at: str
    ends_at: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class RegisteredStation:
    """One station: ``points`` are those below it, ``hours`` its days of this week with their hours."""

    id: int
    code: str
    name: str
    kind: str
    industry: str
    industry_code: str
    area: tuple[str, str]
    above: tuple[str, str] | None
    successor: tuple[str, str] | None
    points: tuple[tuple[str, str], ...]
    address: str
    phone: str
    calendar: str
    opened: date | None
    closed: date | None
    active: bool
    open: int
    people: tuple[SpellLine, ...]
    haves: tuple[HaveLine, ...]
    rota: tuple[RotaEntry, ...]
    hours: tuple[tuple[str, str], ...]
    log: tuple[RegisterLogLine, ...]


def _with_neighbours(language: str) -> Select[Any]:
    """Stations with their area, the station above, and the one that carries on."""
    above, after = stations.alias("above"), stations.alias("after")
    return (
        select(
            stations,
            named(stations.c, language).label("name"),
            areas.c.code.label("area_code"),
            named(areas.c, language).label("area"),
            above.c.code.label("above_code"),
            named(above.c, language).label("above"),
            after.c.code.label("after_code"),
            named(after.c, language).label("after"),
        )
        .join(areas, areas.c.id == stations.c.area_id)
        .outerjoin(above, above.c.id == stations.c.parent_id)
        .outerjoin(after, after.c.id == stations.c.successor_id)
    )


def registered_station(house: House, code: str, language: str, day: date) -> RegisteredStation:
    """The station of a code, with whoever serves on a day; ``NotFound`` if there is none."""
    query = _with_neighbours(language).where(stations.c.code == code)
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
        below = select(stations.c.code, named(stations.c, language)).where(stations.c.parent_id == row.id)
        open_issues = select(func.count()).select_from(issues)
        open_issues = open_issues.where(issues.c.station_id == row.id, issues.c.status == "open")
        return RegisteredStation(
            **_own(row),
            kind=STATIONS[row.kind].of(language) if row.kind in STATIONS else row.kind,
            industry=_industry(connection, row.industry, language),
            industry_code=row.industry or "",
            area=(row.area_code, row.area),
            above=(row.above_code, row.above) if row.above_code else None,
            successor=(row.after_code, row.after) if row.after_code else None,
            points=tuple((one[0], one[1]) for one in connection.execute(below.order_by(stations.c.code))),
            open=connection.execute(open_issues).scalar_one(),
            people=spells(connection, memberships.c.station_id == row.id, language, day),
            haves=tuple(_haves(connection, row.id, language, day)),
            rota=tuple(_rota(connection, row.id, language)),
            hours=_hours(house, row.calendar, language, day),
            log=log_of(house, language, register_changes.c.station_id == row.id, most=30),
        )


def _own(row: Any) -> dict[str, Any]:
    """What stands in the row of the station itself."""
    texts = {name: getattr(row, name) or "" for name in ("address", "phone", "calendar")}
    return texts | {name: getattr(row, name) for name in ("id", "code", "name", "opened", "closed", "active")}


def _industry(connection: Connection, code: str | None, language: str) -> str:
    query = select(named(codes.c, language)).where(codes.c.list == "industries", codes.c.code == code)
    return str(connection.execute(query).scalar_one_or_none() or code or "")


def spells(connection: Connection, which: Any, language: str, day: date) -> tuple[SpellLine, ...]:
    """The memberships that are meant: those of the day first, then what comes, then what was."""
    m = memberships.c
    place = func.coalesce(named(stations.c, language), named(organisations.c, language))
    query = (
        select(memberships, participants.c.name, place.label("place"))
        .join(participants, participants.c.id == m.participant_id)
        .outerjoin(stations, stations.c.id == m.station_id)
        .outerjoin(organisations, organisations.c.id == m.organisation_id)
        .where(which)
        .order_by(m.function, m.since.desc(), participants.c.name)
    )
    order, rank = ("now", "coming", "past"), list(FUNCTIONS)
    found = [(_spell(row, language, day), rank.index(row.function)) for row in connection.execute(query).all()]
    return tuple(line for line, _ in sorted(found, key=lambda one: (order.index(one[0].when), one[1])))


def _haves(connection: Connection, station: int, language: str, day: date) -> Iterator[HaveLine]:
    query = (
        select(codes.c.code, named(codes.c, language).label("name"), station_haves, participants.c.name.label("by"))
        .outerjoin(station_haves, and_(station_haves.c.have == codes.c.code, station_haves.c.station_id == station))
        .outerjoin(participants, participants.c.id == station_haves.c.confirmed_by_id)
        .where(codes.c.list == LIST, codes.c.code.in_(listed_haves(connection, day)))
        .order_by(codes.c.position, codes.c.code)
    )
    for row in connection.execute(query).all():
        state = have_state(row, day)
        yield HaveLine(row.code, row.name, state, row.evidence or "", row.by or "", row.since, row.until)


def _rota(connection: Connection, station: int, language: str) -> Iterator[RotaEntry]:
    d = duties.c
    query = (
        select(duties, participants.c.name)
        .join(participants, participants.c.id == d.participant_id)
        .where(d.station_id == station)
        .order_by(d.weekday, d.starts_at, participants.c.name)
    )
    for row in connection.execute(query).all():
        yield RotaEntry(
            row=f"{row.station_id} {row.weekday} {row.participant_id}",
            weekday=WEEKDAYS[str(row.weekday)].of(language),
            name=row.name,
            starts_at=f"{row.starts_at:%H:%M}" if row.starts_at else "",
            ends_at=f"{row.ends_at:%H:%M}" if row.ends_at else "",
            first_day=row.first_day,
            last_day=row.last_day,
        )


def _hours(house: House, key: str | None, language: str, day: date) -> tuple[tuple[str, str], ...]:
    """The seven days from a day on, each with its hours, by the station's calendar; none if it names none."""
    if not key:
        return ()
    calendar = house.calendars.in_force(key)
    days = (day + timedelta(days=number) for number in range(7))
    return tuple(
        (
            WEEKDAYS[str(one.isoweekday())].of(language),
            "、".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in calendar.hours_on(one)),
        )
        for one in days
    )


def level_words(level: str | None, language: str) -> str:
    """What a deputy of a level is called."""
    return words(DEPUTY_LEVELS.get(level or ""), language, level or "")


def _spell(row: Any, language: str, day: date) -> SpellLine:
    when = "coming" if row.since and row.since > day else "past" if row.until and row.until < day else "now"
    return SpellLine(
        id=row.id,
        person=row.participant_id,
        name=row.name,
        place=row.place or "",
        function=FUNCTIONS[row.function].of(language) if row.function in FUNCTIONS else row.function,
        level=level_words(row.level, language),
        since=row.since,
        until=row.until,
        sub_area=row.sub_area or "",
        when=when,
    )
