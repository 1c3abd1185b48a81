"""Importing a register: areas, people, departments and stations become rows, all of them or none.

What is there already stays as people have made it since: rows are known by code or login, and only what is missing is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Table, exists, insert, select, update

from huying.access.passphrase import hash_passphrase
from huying.database.connections import Database
from huying.database.day import day_of
from huying.database.tables import areas, grants, memberships, organisations, participants, stations
from huying.house.calendars import Calendars
from huying.register.changes import Change, Stamp, apply
from huying.register.lines import WEEKDAYS, Name, OrganisationLine, RegisterFile, StationEntry
from huying.register.reader import read_register
from huying.register.shapes import Value, Values

#: A row: its table, its key, and what stands in it.
_Line = tuple[str, tuple[Value, ...], Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """How many rows of each kind are new; ``bearers``: codes that people and departments bear."""

    areas: int
    people: int
    addresses: int
    organisations: int
    stations: int
    memberships: int
    duties: int
    codes: int = 0
    bearers: int = 0
    dated: int = 0
    absences: int = 0
    grants: int = 0
    mandates: int = 0


def empty(database: Database) -> bool:
    """Whether the register holds no place yet, and nobody but whoever looks after the house."""
    people = participants.select().where(participants.c.kind != "administrator")
    with database.reading() as connection:
        held = (people, areas.select(), stations.select())
        return not any(connection.execute(select(exists(one))).scalar() for one in held)


def import_register(database: Database, data: Mapping[str, Any], now: datetime, passphrase: str) -> ImportCounts:
    """Add what the register does not have yet, in one transaction; ``WrongRegister`` says where the data are wrong.

    New people can sign in with the passphrase. One hash, and so one salt, serves all of them: it is the same passphrase, made to be
    told to everybody, and argon2 takes 0.14 s and 64 MiB for each. An import of real people must give each their own.
    """
    register = read_register(data, Calendars(database).known())
    with database.writing() as connection:
        return _Import(connection, register, now).run(passphrase)


class _Import:
    """One import in one transaction, through the same door as every change of the register."""

    def __init__(self, connection: Connection, register: RegisterFile, now: datetime) -> None:
        self._connection = connection
        self._register = register
        self._now = now

    def run(self, passphrase: str) -> ImportCounts:
        """Everything that is not there yet."""
        parts = (
            self._places(),
            self._people(),
            self._mandates(),
            self._members(),
            self._duties(),
            self._codes(),
            self._absences(),
        )
        changes = [Change(of, key, values, "add") for part in parts for of, key, values in part]
        done = apply(self._connection, changes, Stamp("file", self._now, why="YAML"))
        self._let_in([one.after["login"] for one in done.done if one.of == "participant" and one.after], passphrase)
        return ImportCounts(
            areas=done.count("area"),
            people=done.count("participant"),
            addresses=done.count("address"),
            organisations=done.count("organisation"),
            stations=done.count("station"),
            memberships=done.count("membership"),
            duties=done.count("duty"),
            codes=done.count("code"),
            bearers=done.count("participant_code") + done.count("organisation_code"),
            dated=done.count("dated_duty"),
            absences=done.count("absence"),
            grants=self._grants(),
            mandates=done.count("mandate"),
        )

    def _let_in(self, logins: list[str], passphrase: str) -> None:
        """Give those who are new the passphrase."""
        if logins:
            new = participants.c.login.in_(logins)
            hashed = hash_passphrase(passphrase)
            self._connection.execute(update(participants).where(new).values(passphrase_hash=hashed))

    def _places(self) -> Iterator[_Line]:
        for area in self._register.areas:
            yield "area", (area.code,), {"level": area.level, "parent": area.parent, **_named(area.name)}
        for line in self._register.organisations:
            values: Values = {"kind": line.kind, "area": line.area, "calendar": line.calendar, **_named(line.name)}
            yield "organisation", (line.code,), values
        for place in self._register.stations:
            of = {"kind", "industry", "area", "calendar", "latitude", "longitude"}
            yield "station", (place.code,), {**place.model_dump(include=of), **_named(place.name)}

    def _people(self) -> Iterator[_Line]:
        for line in self._register.people:
            yield "participant", (line.login,), line.model_dump(include={"name", "kind", "language", "phone"})
            if line.mail:
                yield "address", (line.login, "mail"), {"target": line.mail}

    def _mandates(self) -> Iterator[_Line]:
        for line in self._register.mandates:
            values: Values = {"until": line.until, "delegation": line.delegation, "constituency": line.constituency}
            yield "mandate", (line.person, line.level, line.from_), values

    def _members(self) -> Iterator[_Line]:
        """Those who do not serve there in that function yet, in whatever days."""
        m, person = memberships.c, participants.c
        at, of = stations.c.code, organisations.c.code
        query = (
            select(person.login, at, of, m.function)
            .join(participants, person.id == m.participant_id)
            .outerjoin(stations, stations.c.id == m.station_id)
            .outerjoin(organisations, organisations.c.id == m.organisation_id)
        )
        known = {tuple(row) for row in self._connection.execute(query)}
        levels = {line.login: line.level for line in self._register.people}
        everywhere: list[tuple[StationEntry | OrganisationLine, str | None, str | None]] = [
            *((line, line.code, None) for line in self._register.stations),
            *((line, None, line.code) for line in self._register.organisations),
        ]
        for where, station, organisation in everywhere:
            for _, function, login in where.members():
                if (login, station, organisation, function) not in known:
                    level = levels[login] if function == "deputy" else None
                    yield "membership", (login, station, organisation, function, None), {"level": level}

    def _duties(self) -> Iterator[_Line]:
        for line in self._register.stations:
            for weekday, logins in line.duty.items():
                for login in logins:
                    yield "duty", (line.code, WEEKDAYS.index(weekday) + 1, login), {}
            for entry in line.dated:
                begin, end = (time.fromisoformat(one) if one else None for one in (entry.from_, entry.to))
                yield "dated_duty", (line.code, entry.day, entry.person, begin), {"ends_at": end}

    def _codes(self) -> Iterator[_Line]:
        for listed, lines in self._register.codes.items():
            for position, line in enumerate(lines):
                yield "code", (listed, line.code), {"position": position, **_named(line.name)}
        for person in self._register.people:
            for listed, code in person.codes():
                yield "participant_code", (person.login, listed, code), {}
        for department in self._register.organisations:
            for code in department.competences:
                yield "organisation_code", (department.code, "competences", code), {}

    def _absences(self) -> Iterator[_Line]:
        for line in self._register.absences:
            values: Values = {"last_day": line.until, "substitute": line.substitute}
            yield "absence", (line.person, line.from_), values

    def _grants(self) -> int:
        """The grants that nobody holds yet; they have a log of their own."""
        people, parts, at = (self._ids(table, word) for table, word in _GRANTED)
        rows = [
            {
                "participant_id": people[line.person],
                "role": line.role,
                "area_id": parts[line.area] if line.area else None,
                "station_id": at[line.station] if line.station else None,
                "since": line.from_ or day_of(self._now, self._connection),
                "until": line.until,
                "reason": line.why,
                "made_at": self._now,
            }
            for line in self._register.grants
        ]
        held = [grants.c[name] for name in ("participant_id", "role", "area_id", "station_id")]
        known = {tuple(row) for row in self._connection.execute(select(*held))}
        missing = [row for row in rows if tuple(row[one.name] for one in held) not in known]
        if missing:
            self._connection.execute(insert(grants), missing)
        return len(missing)

    def _ids(self, table: Table, word: str) -> Mapping[str, int]:
        found = self._connection.execute(select(table.c[word], table.c.id).where(table.c[word].is_not(None)))
        return {row[0]: row[1] for row in found}


#: Who is granted what where, by the words that name them.
_GRANTED = ((participants, "login"), (areas, "code"), (stations, "code"))


def _named(name: Name) -> dict[str, str]:
    return {"name_zh": name.zh, "name_en": name.en}
