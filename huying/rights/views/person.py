"""What one person may do, where, because of what and until when; what they may not, and what is missing; and all that they were granted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from definitions.text import Said
from huying.database.tables import participants, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.rights.action import SUBJECTS, HouseAction
from huying.rights.entitlement import Entitlement, Grant, Serving, grants_of, serving_of
from huying.rights.grants import reason_words
from huying.rights.lack import why_not
from huying.rights.right import rights_to
from huying.rights.role import ROLES
from huying.rights.views.words import RightNames, names_for

GrantState = Literal["holds", "later", "over"]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Where a right holds, because of what, until when."""

    scope: str
    because: str
    until: str


@dataclass(frozen=True, slots=True)
class RightLine:
    """An action: where somebody may do it; ``missing`` says why not, where they may not."""

    subject: str
    action: str
    title: str
    places: tuple[PlaceLine, ...]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class GrantLineView:
    """A grant, in words."""

    id: int
    role: str
    scope: str
    since: str
    until: str
    giver: str
    reason: str
    state: GrantState
    guarded: bool


@dataclass(frozen=True, slots=True)
class PersonRights:
    """All rights of one person; ``station`` is the name of the one that was asked about, if any."""

    id: int
    name: str
    active: bool
    serves: tuple[str, ...]
    lines: tuple[RightLine, ...]
    grants: tuple[GrantLineView, ...]
    station: str = ""

    @property
    def may(self) -> tuple[RightLine, ...]:
        """What they may do."""
        return tuple(line for line in self.lines if line.places)

    @property
    def may_not(self) -> tuple[RightLine, ...]:
        """What they may not, each with what is missing."""
        return tuple(line for line in self.lines if not line.places)


def person_rights(house: House, person: int, language: str, now: datetime, station: str = "") -> PersonRights:
    """The rights of a person, at one station if its code is named; ``NotFound`` if there is no such person or station."""
    with house.database.reading() as connection:
        row = connection.execute(select(participants).where(participants.c.id == person)).one_or_none()
        if row is None:
            raise NotFound("没有这个人。", "There is no such person.")
        at = _station(connection, station) if station else None
        held = Entitlement(person, row.active, serving_of(connection, person), grants_of(connection, person))
        names = names_for(connection, (held,), language, now)
        if at is not None:
            names.stations.setdefault(at, station)
    return PersonRights(
        person,
        row.name,
        row.active,
        tuple(names.serving(one) for one in held.servings),
        tuple(_lines(held, names, at)),
        tuple(grant_view(grant, names) for grant in sorted(held.grants, key=lambda one: one.since, reverse=True)),
        station if at is not None else "",
    )


def _station(connection: Connection, code: str) -> int:
    found = connection.execute(select(stations.c.id).where(stations.c.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
    return int(found)


def _lines(held: Entitlement, names: RightNames, station: int | None) -> Iterator[RightLine]:
    for subject, actions in SUBJECTS:
        for action in actions:
            yield _line(subject, action, held, names, station)


def _line(subject: Said, action: HouseAction, held: Entitlement, names: RightNames, station: int | None) -> RightLine:
    said = subject.of(names.language), action.key, action.title.of(names.language)
    lack = why_not(action.key, held, names.now, station)
    if lack is not None:
        return RightLine(*said, (), names.missing(lack, action.key))
    found = [
        right for right in rights_to(action.key, held, names.now) if station is None or right.scope.covers(station)
    ]
    places = (
        PlaceLine(names.scope(one.scope), names.because(one.because), _until(one.because, names)) for one in found
    )
    return RightLine(*said, tuple(dict.fromkeys(places)))


def _until(reason: Serving | Grant, names: RightNames) -> str:
    return names.until(reason.until) if isinstance(reason, Grant) else ""


def grant_view(grant: Grant, names: RightNames) -> GrantLineView:
    """A grant in words."""
    state: GrantState = "over" if grant.ended(names.now) else "holds" if grant.holds(names.now) else "later"
    return GrantLineView(
        grant.id,
        ROLES[grant.role].title.of(names.language),
        names.scope(grant.scope),
        names.day(grant.since),
        names.until(grant.until),
        names.giver(grant),
        reason_words(grant.reason, names.language),
        state,
        ROLES[grant.role].guarded,
    )
