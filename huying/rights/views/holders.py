"""Who may do something, here or anywhere, and because of what; whose grants end soon; who holds something and never comes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, literal, or_, select

from huying.database.day import zone_of
from huying.database.tables import accounts, grants, organisations, participants, stations
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.house.house import House
from huying.rights.action import ACTIONS, SUBJECTS
from huying.rights.entitlement import STAFF, Entitlement, Grant, Serving, granted, grants_in
from huying.rights.grants import in_force, reason_words
from huying.rights.right import rights, rights_to
from huying.rights.views.person import GrantLineView, grant_view
from huying.rights.views.words import RightNames, names_for
from huying.words.names import named

#: A grant that ends within so many days is shown; an account that nobody used for so long, too.
SOON, UNUSED = timedelta(days=14), timedelta(days=90)
_MOST = 500


@dataclass(frozen=True, slots=True)
class HolderLine:
    """Somebody who may do something, where, and because of what."""

    id: int
    name: str
    scope: str
    because: str


@dataclass(frozen=True, slots=True)
class EndLine:
    """A grant that ends soon, and whose it is."""

    person: int
    name: str
    grant: GrantLineView


@dataclass(frozen=True, slots=True)
class UnusedLine:
    """Somebody with rights who has not come in for long, or never."""

    id: int
    name: str
    seen: str


@dataclass(frozen=True, slots=True)
class StationHolders:
    """Who may do what at a station."""

    code: str
    name: str
    actions: tuple[tuple[str, tuple[HolderLine, ...]], ...]


def who_may(house: House, action: str, language: str, now: datetime) -> tuple[HolderLine, ...]:
    """All who may do something anywhere; ``NotFound`` if there is no such action."""
    if action not in ACTIONS:
        raise NotFound("没有这项权限。", "There is no such right.")
    with house.database.reading() as connection:
        people, called = entitled(connection, now)
        names = names_for(connection, people.values(), language, now)
    return tuple(_holders(action, people, called, names, None))[:_MOST]


def who_may_at(house: House, code: str, language: str, now: datetime) -> StationHolders:
    """Who may do what at a station; ``NotFound`` if there is none of this code."""
    with house.database.reading() as connection:
        query = select(stations.c.id, named(stations.c, language)).where(stations.c.code == code)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
        people, called = entitled(connection, now)
        names = names_for(connection, people.values(), language, now)
    found = (
        (action.title.of(language), tuple(_holders(action.key, people, called, names, row[0]))[:_MOST])
        for _, actions in SUBJECTS
        for action in actions
        if not action.whole
    )
    return StationHolders(code, row[1], tuple(found))


def ending_soon(house: House, language: str, now: datetime) -> tuple[EndLine, ...]:
    """The grants that end within ``SOON``, the next one first."""
    today = house.day_of(now)
    with house.database.reading() as connection:
        people, called = entitled(connection, now)
        names = names_for(connection, people.values(), language, now)
    found = [
        (grant, number)
        for number, one in people.items()
        for grant in one.grants
        if grant.until is not None and grant.until <= today + SOON
    ]
    found.sort(key=lambda pair: (pair[0].until or today, pair[1]))
    return tuple(EndLine(number, called[number], grant_view(grant, names)) for grant, number in found)


def unused(house: House, language: str, now: datetime) -> tuple[UnusedLine, ...]:
    """Those who hold a grant and have not come in for ``UNUSED``, or never."""
    query = (
        select(participants.c.id, participants.c.name, accounts.c.signed_in_at)
        .join(grants, grants.c.participant_id == participants.c.id)
        .outerjoin(accounts, accounts.c.participant_id == participants.c.id)
        .where(participants.c.active, in_force(now, house.zone))
        .where(or_(accounts.c.signed_in_at.is_(None), accounts.c.signed_in_at < now - UNUSED))
        .distinct()
        .order_by(participants.c.id)
        .limit(_MOST)
    )
    with house.database.reading() as connection:
        names = names_for(connection, (), language, now)
        return tuple(
            UnusedLine(row[0], row[1], names.day(house.day_of(row[2])) if row[2] else "")
            for row in connection.execute(query)
        )


def all_rights(house: House, language: str, now: datetime) -> Iterator[tuple[str, ...]]:
    """For the yearly review, a row each: person, action, where, because of what, from, until, by whom, why."""
    with house.database.reading() as connection:
        people, called = entitled(connection, now)
        names = names_for(connection, people.values(), language, now)
    for number, one in people.items():
        for right in sorted(rights(one, now), key=lambda found: (found.action, str(found.scope))):
            reason = right.because
            grant = reason if isinstance(reason, Grant) else None
            yield (
                called[number],
                ACTIONS[right.action].title.of(language),
                names.scope(right.scope),
                names.because(reason),
                names.day(grant.since) if grant else "",
                names.until(grant.until) if grant else "",
                names.giver(grant) if grant else "",
                reason_words(grant.reason, language) if grant else "",
            )


def _holders(
    action: str, people: Mapping[int, Entitlement], called: Mapping[int, str], names: RightNames, station: int | None
) -> Iterator[HolderLine]:
    for number, one in people.items():
        for right in rights_to(action, one, names.now):
            if station is None or right.scope.covers(station):
                yield HolderLine(number, called[number], names.scope(right.scope), names.because(right.because))


def entitled(connection: Connection, now: datetime) -> tuple[dict[int, Entitlement], dict[int, str]]:
    """Everybody in service who may anything beside what is their own, and their names; a question each for grants, services and names."""
    held: dict[int, list[Grant]] = {}
    holds = in_force(now, zone_of(connection))
    owners = {row[0]: row[1] for row in connection.execute(select(grants.c.id, grants.c.participant_id).where(holds))}
    for grant in grants_in(connection, connection.execute(granted(holds))):
        held.setdefault(owners[grant.id], []).append(grant)
    serves: dict[int, list[Serving]] = {}
    kind = organisations.c.kind
    query = (
        select(serving.c.participant_id, serving.c.station_id, serving.c.organisation_id, serving.c.function, kind)
        .outerjoin(organisations, organisations.c.id == serving.c.organisation_id)
        .where(or_(kind == literal("office"), serving.c.station_id.is_not(None) & serving.c.function.in_(STAFF)))
    )
    for person, station, unit, function, of_kind in connection.execute(query):
        serves.setdefault(person, []).append(Serving(station, unit, function, of_kind == "office"))
    wanted = sorted({*held, *serves})
    names = select(participants.c.id, participants.c.name).where(participants.c.active, participants.c.id.in_(wanted))
    called = {row[0]: row[1] for row in connection.execute(names.order_by(participants.c.name, participants.c.id))}
    people = {
        number: Entitlement(number, True, tuple(serves.get(number, ())), tuple(held.get(number, ())))
        for number in called
    }
    return people, called
