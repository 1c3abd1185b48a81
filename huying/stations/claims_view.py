"""Claims as pages show them: those that wait for whoever checks, what somebody's own stations should see to, and the course of one thing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select

from huying.access.viewer import Viewer
from huying.database.tables import codes, have_claims, participants, station_haves, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.house.kept import kept_name
from huying.register.haves import LIST, HaveState, have_state
from huying.register.standard import listed_haves, standard_on
from huying.rights.entitlement import STAFF
from huying.stations.claims import files_of, may_check, may_claim, usual_until
from huying.words.names import named

#: So many claims wait on a page; what comes later waits for those before it.
MOST = 60


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim: ``may``: whoever looks may check it; ``files``: their keys and names."""

    id: int
    station: str
    station_name: str
    have: str
    have_name: str
    extent: str
    evidence: str
    files: tuple[tuple[str, str], ...]
    until: date | None
    entered_by: str
    entered_at: datetime
    status: str
    checked_by: str
    checked_at: datetime | None
    remark: str
    may: bool


@dataclass(frozen=True, slots=True)
class HaveToDo:
    """Something that a station should see to: it is missing, or its time ends on the day ``until``; ``remark``: why its claim was returned."""

    station: str
    station_name: str
    have: str
    name: str
    state: HaveState
    until: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class ClaimDesk:
    """What waits to be checked, and what one's own stations should see to."""

    waiting: tuple[ClaimLine, ...]
    more: int
    to_do: tuple[HaveToDo, ...]
    until: date


@dataclass(frozen=True, slots=True)
class HaveCourse:
    """One thing at one station: how it stands, all claims about it (the newest first), and until when a new one would usually count."""

    station: int
    code: str
    station_name: str
    have: str
    name: str
    state: HaveState
    evidence: str
    until: date | None
    claims: tuple[ClaimLine, ...]
    may_claim: bool
    usual: date


def claim_desk(house: House, language: str, now: datetime, person: Viewer) -> ClaimDesk:
    """What waits for somebody; nothing of stations that they may not check."""
    today = house.day_of(now)
    own = {one.station for one in person.entitlement.servings if one.station is not None and one.function in STAFF}
    with house.database.reading() as connection:
        waits = _claims(house, connection, language, (person, now), have_claims.c.status == "waiting")
        waiting = [one for one in waits if one.may]
        return ClaimDesk(
            tuple(waiting[:MOST]),
            max(0, len(waiting) - MOST),
            tuple(_to_do(connection, language, today, own)) if own else (),
            usual_until(connection, today),
        )


def have_course(house: House, code: str, have: str, look: tuple[str, Viewer, datetime]) -> HaveCourse:
    """How one thing stands at a station, and how it came to that; ``NotFound`` if there is no such station or thing."""
    language, person, now = look
    today = house.day_of(now)
    with house.database.reading() as connection:
        place = connection.execute(select(stations).where(stations.c.code == code)).one_or_none()
        thing = connection.execute(select(codes).where(codes.c.list == LIST, codes.c.code == have)).one_or_none()
        if place is None or thing is None:
            raise NotFound(
                "没有这个站点，或代码表里没有这一项。", "There is no such station, or no such thing in the list."
            )
        h, c = station_haves.c, have_claims.c
        mine = select(station_haves).where(h.station_id == place.id, h.have == have)
        row = connection.execute(mine).one_or_none()
        about = and_(c.station_id == place.id, c.have == have)
        return HaveCourse(
            station=place.id,
            code=code,
            station_name=named(place, language),
            have=have,
            name=named(thing, language),
            state=have_state(row, today),
            evidence=(row.evidence or "") if row else "",
            until=row.until if row else None,
            claims=tuple(reversed(list(_claims(house, connection, language, (person, now), about)))),
            may_claim=may_claim(person, now, place.id),
            usual=usual_until(connection, today),
        )


def claims_waiting(connection: Connection, station: int) -> frozenset[str]:
    """Of which things a station's claims wait."""
    c = have_claims.c
    query = select(c.have).where(c.station_id == station, c.status == "waiting")
    return frozenset(connection.execute(query).scalars())


def _claims(
    house: House, connection: Connection, language: str, who: tuple[Viewer, datetime], which: ColumnElement[bool]
) -> Iterator[ClaimLine]:
    """Claims in the order in which they were entered."""
    entered, checked = participants.alias("entered"), participants.alias("checked")
    query = (
        select(
            have_claims,
            stations.c.code.label("code"),
            named(stations.c, language).label("place"),
            named(codes.c, language).label("thing"),
            entered.c.name.label("entered"),
            checked.c.name.label("checked"),
        )
        .join(stations, stations.c.id == have_claims.c.station_id)
        .join(codes, and_(codes.c.list == LIST, codes.c.code == have_claims.c.have))
        .join(entered, entered.c.id == have_claims.c.entered_by_id)
        .outerjoin(checked, checked.c.id == have_claims.c.checked_by_id)
        .where(which)
        .order_by(have_claims.c.id)
    )
    for row in connection.execute(query).all():
        yield _line(house, row, who)


def _line(house: House, row: Row[Any], who: tuple[Viewer, datetime]) -> ClaimLine:
    person, now = who
    return ClaimLine(
        id=row.id,
        station=row.code,
        station_name=row.place,
        have=row.have,
        have_name=row.thing,
        extent=row.extent,
        evidence=row.evidence,
        files=tuple((key, kept_name(house.store, key) or key[:12]) for key in files_of(row)),
        until=row.until,
        entered_by=row.entered,
        entered_at=row.entered_at,
        status=row.status,
        checked_by=row.checked or "",
        checked_at=row.checked_at,
        remark=row.remark,
        may=row.status == "waiting" and may_check(person, now, row.station_id, row.entered_by_id),
    )


def _to_do(connection: Connection, language: str, today: date, own: Collection[int]) -> Iterator[HaveToDo]:
    soon = today + timedelta(days=standard_on(connection, today).remind_days)
    wanted = listed_haves(connection, today)
    things = {row.code: named(row, language) for row in connection.execute(select(codes).where(codes.c.list == LIST))}
    h, c = station_haves.c, have_claims.c
    rows: Mapping[tuple[int, str], Row[Any]] = {
        (row.station_id, row.have): row
        for row in connection.execute(select(station_haves).where(h.station_id.in_(own)))
    }
    last: dict[tuple[int, str], Row[Any]] = {
        (row.station_id, row.have): row
        for row in connection.execute(select(have_claims).where(c.station_id.in_(own)).order_by(c.id))
    }
    here = select(stations).where(stations.c.id.in_(own), stations.c.active).order_by(stations.c.code)
    for place in connection.execute(here).all():
        for have in wanted:
            row, claim = rows.get((place.id, have)), last.get((place.id, have))
            state = have_state(row, today)
            ends = row.until if row is not None and state in ("yes", "partly") else None
            waits = claim is not None and claim.status == "waiting"
            if waits or (state == "yes" and (ends is None or ends > soon)):
                continue
            remark = claim.remark if claim is not None and claim.status == "returned" else ""
            yield HaveToDo(place.code, named(place, language), have, things.get(have, have), state, ends, remark)
