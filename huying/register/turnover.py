"""People who leave, move or come with a new term, and stations that close: what changes in the register. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Date, Row, literal, or_, select

from engine.refusal import Refusal
from huying.database.tables import duties, mandates, memberships, participants, stations
from huying.database.tenure import lasting
from huying.errors import NotFound
from huying.register.changes import Change
from huying.register.rows import key_of
from huying.register.shapes import SHAPES

_DAY = timedelta(days=1)


class WrongDay(Refusal):
    """The days that were given cannot be."""

    code = "wrong-changes"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody serves until a day (included): everywhere, or of the memberships ``only`` those. ``to`` is where they go on from the day after,
    as (station, department), numbers of which one is given. ``disable``: they are not in service any more.
    """

    person: int
    last_day: date
    only: Collection[int] | None = None
    to: tuple[int | None, int | None] | None = None
    disable: bool = False


@dataclass(frozen=True, slots=True)
class NewTerm:
    """All deputies of a level are elected anew, from the first day of the term to the last; ``staying`` are those elected again."""

    level: str
    first_day: date
    last_day: date
    staying: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Deputy:
    """A deputy of a level before the new term: the places in which they serve, and until when they were elected."""

    id: int
    name: str
    places: tuple[str, ...]
    until: date | None


def leaving(connection: Connection, who: Leaving, today: date) -> list[Change]:
    """What changes when somebody leaves or moves; ``WrongDay`` where they serve nowhere until that day."""
    m = memberships.c
    mine = select(memberships).where(m.participant_id == who.person, or_(m.until.is_(None), m.until >= who.last_day))
    rows = [row for row in connection.execute(mine).all() if who.only is None or row.id in who.only]
    if not rows and not who.disable:
        raise WrongDay("请至少选一处任职。", "Choose at least one place that they leave.")
    changes = [_ended(row, who.last_day) for row in rows]
    if who.to is not None:
        changes += _moved(who, rows)
    changes += _rota(connection, duties.c.participant_id == who.person, {row.station_id for row in rows}, who.last_day)
    if who.disable:
        if who.last_day > today:
            raise WrongDay(
                "停用账号要从今天起；最后一天还没到的，到时再停用。",
                "An account is disabled from today; come back on that day.",
            )
        changes.append(Change("participant", who.person, {"active": False}))
    return changes


def _ended(row: Row[Any], last_day: date) -> Change:
    """A membership until a day; one that would begin only later is taken out."""
    begins_later = row.since is not None and row.since > last_day
    return Change("membership", row.id, None if begins_later else {"until": last_day})


def _moved(who: Leaving, rows: Sequence[Row[Any]]) -> list[Change]:
    """The same functions at another place, each once, from the day after."""
    assert who.to is not None
    station, department = who.to
    fits = {"head", "clerk", "liaison", "deputy"} if station is not None else {"head", "substitute", "clerk", "handler"}
    kept = {row.function: row for row in rows if row.function in fits}
    if not kept:
        raise WrongDay(
            "新去处没有同样的职务，请先结束原任职，再另行新增。", "There is no such function there; enter it by itself."
        )
    since = who.last_day + _DAY
    return [
        Change("membership", (who.person, station, department, function, since), {"level": row.level}, "new")
        for function, row in kept.items()
    ]


def _rota(connection: Connection, whose: Any, places: Collection[Any], last_day: date) -> list[Change]:
    """The weekly rota of a place ends with whoever leaves it."""
    at = [one for one in places if one is not None]
    query = select(duties).where(whose, duties.c.station_id.in_(at))
    query = query.where(or_(duties.c.last_day.is_(None), duties.c.last_day > last_day))
    found = []
    for row in connection.execute(query).all():
        later = row.first_day is not None and row.first_day > last_day
        key = (row.station_id, row.weekday, row.participant_id)
        found.append(Change("duty", key, None if later else {"last_day": last_day}))
    return found


def deputies_of(connection: Connection, level: str, first_day: date) -> list[Deputy]:
    """Who is a deputy of a level on the day before a new term, by name."""
    before, p, m = first_day - _DAY, participants.c, memberships.c
    held = _held(connection, level, first_day)
    place = (
        select(p.id, p.name, stations.c.name_zh.label("place"))
        .join(memberships, m.participant_id == p.id)
        .outerjoin(stations, stations.c.id == m.station_id)
        .where(m.function == "deputy", m.level == level, lasting(m.since, m.until, literal(before, Date())), p.active)
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for row in connection.execute(place.order_by(p.name)):
        found.setdefault(row.id, (row.name, []))[1].append(row.place or "")
    for one in connection.execute(select(p.id, p.name).where(p.id.in_(list(held)), p.active)):
        found.setdefault(one.id, (one.name, []))
    return [
        Deputy(number, name, tuple(places), held[number].until if number in held else None)
        for number, (name, places) in sorted(found.items(), key=lambda one: one[1][0])
    ]


def _held(connection: Connection, level: str, first_day: date) -> dict[int, Row[Any]]:
    """The mandate of the term that ends, by person: those of the new one begin on its first day or later."""
    query = select(mandates).where(mandates.c.level == level, mandates.c.since < first_day).order_by(mandates.c.until)
    return {row.participant_id: row for row in connection.execute(query).all() if row.until >= first_day - _DAY}


def new_term(connection: Connection, term: NewTerm) -> list[Change]:
    """What changes with a new term: mandates end, those elected again have a new one, and all others leave their stations."""
    if term.last_day <= term.first_day:
        raise WrongDay("新一届的届满日期要晚于起始日期。", "The new term must end after it begins.")
    before = term.first_day - _DAY
    held = _held(connection, term.level, term.first_day)
    changes = [Change("mandate", row.id, {"until": before}) for row in held.values() if row.until > before]
    people = [one.id for one in deputies_of(connection, term.level, term.first_day)]
    for person in people:
        if person in term.staying:
            old = held.get(person)
            values = {"delegation": old.delegation, "constituency": old.constituency} if old is not None else {}
            changes.append(Change("mandate", (person, term.level, term.first_day), {**values, "until": term.last_day}))
        else:
            changes += _left(connection, person, term)
    return changes


def _left(connection: Connection, person: int, term: NewTerm) -> list[Change]:
    m, before = memberships.c, term.first_day - _DAY
    query = select(memberships).where(
        m.participant_id == person,
        m.function == "deputy",
        m.level == term.level,
        or_(m.since.is_(None), m.since <= before),
    )
    rows = [row for row in connection.execute(query).all() if row.until is None or row.until > before]
    places = {row.station_id for row in rows}
    return [
        *(Change("membership", row.id, {"until": before}) for row in rows),
        *_rota(connection, duties.c.participant_id == person, places, before),
    ]


def closing(connection: Connection, code: str, last_day: date, successor: int | None = None) -> list[Change]:
    """What changes when a station closes after a day: whoever serves there leaves, and so does its rota; ``successor`` carries on."""
    row = connection.execute(select(stations).where(stations.c.code == code)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
    m = memberships.c
    query = select(memberships).where(m.station_id == row["id"], or_(m.until.is_(None), m.until > last_day))
    members = [_ended(one, last_day) for one in connection.execute(query).all()]
    rota = _rota(connection, duties.c.station_id == row["id"], [row["id"]], last_day)
    station = Change(
        "station", key_of(SHAPES["station"], dict(row)), {"active": False, "closed": last_day, "successor": successor}
    )
    return [*members, *rota, station]
