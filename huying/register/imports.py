"""Importing a register: areas, people, departments and stations become rows, all of them or none.

What is there already stays as people have made it since: rows are known by code or login, and only what is missing is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Table, exists, insert, select

from definitions.forms.address import digits
from huying.access.passphrase import hash_passphrase
from huying.database.connections import Database
from huying.database.day import day_of
from huying.database.tables import (
    absences,
    addresses,
    areas,
    codes,
    dated_duties,
    duties,
    grants,
    memberships,
    organisation_codes,
    organisations,
    participant_codes,
    participants,
    stations,
)
from huying.house.calendars import Calendars
from huying.register.lines import WEEKDAYS, AreaEntry, OrganisationLine, PersonEntry, RegisterFile, StationEntry
from huying.register.reader import read_register


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


def empty(database: Database) -> bool:
    """Whether the register holds nobody and nothing yet."""
    with database.reading() as connection:
        return not any(connection.execute(select(exists(table.select()))).scalar() for table in (areas, participants))


def import_register(database: Database, data: Mapping[str, Any], now: datetime, passphrase: str) -> ImportCounts:
    """Add what the register does not have yet, in one transaction; ``WrongRegister`` says where the data are wrong.

    New people can sign in with the passphrase. One hash, and so one salt, serves all of them: it is the same passphrase, made to be
    told to everybody, and argon2 takes 0.14 s and 64 MiB for each. An import of real people must give each their own.
    """
    register = read_register(data, Calendars(database).known())
    with database.writing() as connection:
        return _Import(connection, register, now).run(passphrase)


class _Import:
    """One import in one transaction; ids by code or login are read again after each kind of row."""

    def __init__(self, connection: Connection, register: RegisterFile, now: datetime) -> None:
        self._connection = connection
        self._register = register
        self._now = now

    def run(self, passphrase: str) -> ImportCounts:
        """Everything in the order in which rows refer to each other."""
        return ImportCounts(
            areas=self._areas(),
            people=self._people(passphrase),
            addresses=self._addresses(),
            organisations=self._organisations(),
            stations=self._stations(),
            memberships=self._memberships(),
            duties=self._duties(),
            codes=self._codes(),
            bearers=self._bearers(),
            dated=self._dated(),
            absences=self._absences(),
            grants=self._grants(),
        )

    def _areas(self) -> int:
        new = 0
        for line in _downwards(self._register.areas):
            # one by one: a part needs the id of what is above it
            parent = self._ids(areas)[line.parent] if line.parent else None
            row = {"code": line.code, "level": line.level, "parent_id": parent, **_named(line.name.zh, line.name.en)}
            new += self._add(areas, [row])
        return new

    def _people(self, passphrase: str) -> int:
        known = self._ids(participants, "login")
        missing = [line for line in self._register.people if line.login not in known]
        if not missing:
            return 0
        hashed = hash_passphrase(passphrase)
        return self._add(participants, [self._person(line, hashed) for line in missing], "login")

    def _person(self, line: PersonEntry, hashed: str) -> dict[str, Any]:
        values = line.model_dump(include={"login", "name", "kind", "language", "phone"})
        values["phone_digits"] = digits(line.phone or "") or None
        return {**values, "passphrase_hash": hashed, "active": True, "created_at": self._now}

    def _addresses(self) -> int:
        people = self._ids(participants, "login")
        rows = [
            {"participant_id": people[line.login], "channel": "mail", "target": line.mail}
            for line in self._register.people
            if line.mail
        ]
        return self._add(addresses, rows, "participant_id", "channel")

    def _organisations(self) -> int:
        places = self._ids(areas)
        rows = [
            {
                "code": line.code,
                "kind": line.kind,
                "area_id": places[line.area] if line.area else None,
                "calendar": line.calendar,
                "active": True,
                **_named(line.name.zh, line.name.en),
            }
            for line in self._register.organisations
        ]
        return self._add(organisations, rows)

    def _stations(self) -> int:
        places = self._ids(areas)
        rows = [
            {
                "code": line.code,
                "kind": line.kind,
                "industry": line.industry,
                "area_id": places[line.area],
                "calendar": line.calendar,
                "latitude": line.latitude,
                "longitude": line.longitude,
                **_named(line.name.zh, line.name.en),
            }
            for line in self._register.stations
        ]
        return self._add(stations, rows)

    def _memberships(self) -> int:
        at, of = self._ids(stations), self._ids(organisations)
        people = self._ids(participants, "login")
        levels = {line.login: line.level for line in self._register.people}
        places: list[tuple[StationEntry | OrganisationLine, dict[str, int | None]]] = [
            *((line, {"station_id": at[line.code], "organisation_id": None}) for line in self._register.stations),
            *((line, {"station_id": None, "organisation_id": of[line.code]}) for line in self._register.organisations),
        ]
        rows = [
            {
                "participant_id": people[login],
                **place,
                "function": function,
                "level": levels[login] if function == "deputy" else None,
            }
            for line, place in places
            for _, function, login in line.members()
        ]
        return self._add(memberships, rows, "participant_id", "station_id", "organisation_id", "function")

    def _duties(self) -> int:
        at, people = self._ids(stations), self._ids(participants, "login")
        rows = [
            {
                "station_id": at[line.code],
                "weekday": WEEKDAYS.index(weekday) + 1,
                "participant_id": people[login],
            }
            for line in self._register.stations
            for weekday, logins in line.duty.items()
            for login in logins
        ]
        return self._add(duties, rows, "station_id", "weekday", "participant_id")

    def _codes(self) -> int:
        rows = [
            {"list": listed, "code": line.code, "position": position, **_named(line.name.zh, line.name.en)}
            for listed, lines in self._register.codes.items()
            for position, line in enumerate(lines)
        ]
        return self._add(codes, rows, "list", "code")

    def _bearers(self) -> int:
        people, departments = self._ids(participants, "login"), self._ids(organisations)
        of_people = [
            {"participant_id": people[line.login], "list": listed, "code": code}
            for line in self._register.people
            for listed, code in line.codes()
        ]
        of_departments = [
            {"organisation_id": departments[line.code], "list": "competences", "code": code}
            for line in self._register.organisations
            for code in line.competences
        ]
        return self._add(participant_codes, of_people, "participant_id", "list", "code") + self._add(
            organisation_codes, of_departments, "organisation_id", "list", "code"
        )

    def _dated(self) -> int:
        at, people = self._ids(stations), self._ids(participants, "login")
        rows = [
            {
                "station_id": at[line.code],
                "day": entry.day,
                "participant_id": people[entry.person],
                "starts_at": time.fromisoformat(entry.from_) if entry.from_ else None,
                "ends_at": time.fromisoformat(entry.to) if entry.to else None,
            }
            for line in self._register.stations
            for entry in line.dated
        ]
        return self._add(dated_duties, rows, "station_id", "day", "participant_id", "starts_at")

    def _absences(self) -> int:
        people = self._ids(participants, "login")
        rows = [
            {
                "participant_id": people[line.person],
                "first_day": line.from_,
                "last_day": line.until,
                "substitute_id": people[line.substitute] if line.substitute else None,
            }
            for line in self._register.absences
        ]
        return self._add(absences, rows, "participant_id", "first_day")

    def _grants(self) -> int:
        people, parts, at = self._ids(participants, "login"), self._ids(areas), self._ids(stations)
        rows = [
            {
                "participant_id": people[line.person],
                "role": line.role,
                "area_id": parts[line.area] if line.area else None,
                "station_id": at[line.station] if line.station else None,
                "since": line.from_ or day_of(self._now),
                "until": line.until,
                "reason": line.why,
                "made_at": self._now,
            }
            for line in self._register.grants
        ]
        return self._add(grants, rows, "participant_id", "role", "area_id", "station_id")

    def _ids(self, table: Table, key: str = "code") -> Mapping[str, int]:
        found = self._connection.execute(select(table.c[key], table.c.id).where(table.c[key].is_not(None)))
        return {row[0]: row[1] for row in found}

    def _add(self, table: Table, rows: Sequence[dict[str, Any]], *key: str) -> int:
        """Insert the rows whose key is not there yet; how many."""
        names = key or ("code",)
        known = {tuple(row) for row in self._connection.execute(select(*(table.c[name] for name in names)))}
        missing = {k: row for row in rows if (k := tuple(row[name] for name in names)) not in known}
        if missing:
            self._connection.execute(insert(table), list(missing.values()))
        return len(missing)


def _named(zh: str, en: str) -> dict[str, str]:
    return {"name_zh": zh, "name_en": en}


def _downwards(lines: Iterable[AreaEntry]) -> Iterable[AreaEntry]:
    """The areas so that each comes after what is above it; ``read_register`` has seen to it that there is no circle."""
    waiting, done = list(lines), set[str]()
    while waiting:
        ready = [line for line in waiting if line.parent is None or line.parent in done]
        yield from ready
        done.update(line.code for line in ready)
        waiting = [line for line in waiting if line.code not in done]
