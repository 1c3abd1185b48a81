"""People in the register: who there is, and one of them with where they serve, their mandates, absences, addresses, codes and log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select

from huying.database.tables import (
    absences,
    addresses,
    codes,
    mandates,
    memberships,
    organisations,
    participant_codes,
    participants,
    register_changes,
    stations,
)
from huying.database.tenure import serving_on
from huying.errors import NotFound
from huying.house.house import House
from huying.register.forms import LISTS, person_kind
from huying.register.views.log import RegisterLogLine, log_of
from huying.register.views.station import SpellLine, level_words, spells
from huying.words.mask import mask
from huying.words.names import named
from notifications import CHANNELS

#: So many people stand on a page.
MOST = 50
#: By fewer digits nobody is found: a number is known, not guessed.
_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class RegisteredLine:
    """Somebody in the list: where they serve now, and until when they are a deputy."""

    id: int
    name: str
    login: str
    kind: str
    phone: str
    serves: tuple[str, ...]
    mandate: str
    until: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class PeopleWanted:
    """Which people: by words (name, login, digits of the telephone), of a kind; ``gone``: those not in service; ``page`` from 1."""

    words: str = ""
    kind: str = ""
    gone: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate of a deputy; ``when``: ``now``, ``past`` or ``coming``."""

    id: int
    level: str
    delegation: str
    constituency: str
    since: date
    until: date
    when: str


@dataclass(frozen=True, slots=True)
class AbsenceLineSeen:
    """Days on which somebody is away, and who stands in."""

    id: int
    first_day: date
    last_day: date | None
    substitute: str


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """One person; ``codes`` and ``addresses`` come with the key of their row."""

    id: int
    name: str
    login: str
    kind: str
    phone: str
    profession: str
    unit: str
    active: bool
    spells: tuple[SpellLine, ...]
    mandates: tuple[MandateLine, ...]
    absences: tuple[AbsenceLineSeen, ...]
    addresses: tuple[tuple[int, str], ...]
    codes: tuple[tuple[str, str, str], ...]
    log: tuple[RegisterLogLine, ...]


def registered_people(
    house: House, language: str, today: date, wanted: PeopleWanted
) -> tuple[tuple[RegisteredLine, ...], int]:
    """A page of those who are wanted, by name, and how many there are."""
    which = _conditions(wanted)
    p = participants.c
    query = select(participants).where(*which).order_by(p.name, p.id)
    with house.database.reading() as connection:
        total = connection.execute(select(func.count()).select_from(participants).where(*which)).scalar_one()
        rows = connection.execute(query.limit(MOST).offset((max(wanted.page, 1) - 1) * MOST)).all()
        ids = [row.id for row in rows]
        serves = _serves(connection, ids, language, today)
        held = _held(connection, ids, today)
    return tuple(_line(row, serves.get(row.id, ()), held.get(row.id), language) for row in rows), total


def _line(row: Any, serves: tuple[str, ...], held: tuple[str, date] | None, language: str) -> RegisteredLine:
    kind = person_kind(row.kind, language)
    mandate, until = held or ("", None)
    phone = mask(row.phone) if row.phone else ""
    return RegisteredLine(
        row.id, row.name, row.login or "", kind, phone, serves, level_words(mandate, language), until, row.active
    )


def _conditions(wanted: PeopleWanted) -> list[ColumnElement[bool]]:
    """Residents are in the register of nobody: only whoever serves, or is meant to, is listed."""
    p = participants.c
    found: list[ColumnElement[bool]] = [p.kind != "citizen", p.active.is_(not wanted.gone)]
    if wanted.kind:
        found.append(p.kind == wanted.kind)
    for word in wanted.words.split()[:5]:
        said: list[ColumnElement[bool]] = [
            p.name.contains(word, autoescape=True),
            p.login.contains(word, autoescape=True),
        ]
        if word.isascii() and word.isdigit() and len(word) >= _FEWEST_DIGITS:
            said.append(p.phone_index == word)
        found.append(or_(*said))
    return found


def _serves(connection: Connection, ids: list[int], language: str, today: date) -> dict[int, tuple[str, ...]]:
    there = serving_on(today)
    place = func.coalesce(named(stations.c, language), named(organisations.c, language))
    query = (
        select(there.c.participant_id, place)
        .outerjoin(stations, stations.c.id == there.c.station_id)
        .outerjoin(organisations, organisations.c.id == there.c.organisation_id)
        .where(there.c.participant_id.in_(ids))
        .order_by(there.c.id)
    )
    found: dict[int, list[str]] = {}
    for person, name in connection.execute(query):
        found.setdefault(person, []).append(name)
    return {person: tuple(dict.fromkeys(places)) for person, places in found.items()}


def _held(connection: Connection, ids: list[int], today: date) -> dict[int, tuple[str, date]]:
    """The level and the last day of the mandate that each holds, or held last."""
    query = select(mandates).where(mandates.c.participant_id.in_(ids), mandates.c.since <= today)
    found: dict[int, tuple[str, date]] = {}
    for row in connection.execute(query.order_by(mandates.c.until)):
        found[row.participant_id] = (row.level, row.until)
    return found


def registered_person(house: House, number: int, language: str, today: date) -> RegisteredPerson:
    """The person of a number; ``NotFound`` if there is none, or it is a resident."""
    with house.database.reading() as connection:
        p = participants.c
        serves = exists().where(memberships.c.participant_id == p.id)
        query = select(participants).where(p.id == number, or_(p.kind != "citizen", serves))
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("名册里没有这个人。", "There is no such person in the register.")
        a = addresses.c
        sent = (
            select(a.id, a.channel, a.target)
            .where(a.participant_id == number, a.channel != "webhook")
            .order_by(a.rank, a.id)
        )
        return RegisteredPerson(
            id=row.id,
            name=row.name,
            login=row.login or "",
            kind=person_kind(row.kind, language),
            phone=row.phone or "",
            profession=row.profession or "",
            unit=row.unit or "",
            active=row.active,
            spells=spells(connection, memberships.c.participant_id == number, language, today),
            mandates=tuple(_mandate(one, language, today) for one in connection.execute(_mandates(number, language))),
            absences=tuple(AbsenceLineSeen(*one) for one in connection.execute(_absences(number))),
            addresses=tuple((one.id, _address(one, language)) for one in connection.execute(sent)),
            codes=_codes(connection, number, language),
            log=log_of(house, language, register_changes.c.person_id == number, most=30),
        )


def _address(row: Any, language: str) -> str:
    """An address, and of what; mail is seen by its sign."""
    channel = CHANNELS.get(row.channel)
    return row.target if channel is None or row.channel == "mail" else f"{channel.title.of(language)} {row.target}"


def _mandates(number: int, language: str) -> Select[Any]:
    m = mandates.c
    return (
        select(mandates, named(codes.c, language).label("team"))
        .outerjoin(codes, (codes.c.list == "delegations") & (codes.c.code == m.delegation))
        .where(m.participant_id == number)
        .order_by(m.since.desc())
    )


def _mandate(row: Any, language: str, today: date) -> MandateLine:
    when = "coming" if row.since > today else "past" if row.until < today else "now"
    level, team = level_words(row.level, language), row.team or row.delegation or ""
    return MandateLine(row.id, level, team, row.constituency or "", row.since, row.until, when)


def _absences(number: int) -> Select[Any]:
    a, other = absences.c, participants.alias("other")
    return (
        select(a.id, a.first_day, a.last_day, func.coalesce(other.c.name, ""))
        .outerjoin(other, other.c.id == a.substitute_id)
        .where(a.participant_id == number)
        .order_by(a.first_day.desc())
    )


def _codes(connection: Connection, number: int, language: str) -> tuple[tuple[str, str, str], ...]:
    """The key of the row, the list, and what the code is called."""
    b = participant_codes.c
    query = (
        select(b.list, b.code, named(codes.c, language))
        .outerjoin(codes, (codes.c.list == b.list) & (codes.c.code == b.code))
        .where(b.participant_id == number)
        .order_by(b.list, b.code)
    )
    return tuple(
        (f"{number} {row[0]} {row[1]}", LISTS[row[0]].of(language) if row[0] in LISTS else row[0], row[2] or row[1])
        for row in connection.execute(query)
    )
