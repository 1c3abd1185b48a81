"""The register as lines, read from its tables: everybody with a login, and what an office enters by hand (what plans made is theirs)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, or_, select

from huying.database.tables import (
    absences,
    addresses,
    areas,
    codes,
    dated_duties,
    duties,
    grants,
    mandates,
    memberships,
    organisation_codes,
    organisations,
    participant_codes,
    participants,
    station_haves,
    stations,
)
from huying.database.tenure import Today
from huying.register.lines import WEEKDAYS
from huying.register.nouns import (
    KINDS,
    Absence,
    Area,
    DatedDuty,
    Have,
    Lines,
    ListedCode,
    Mandate,
    Membership,
    Organisation,
    Person,
    RegisterNoun,
    RoleGrant,
    Station,
    WeeklyDuty,
)
from huying.register.workbook.portions import Portions
from huying.rights.role import ROLES

_ENCODER = msgspec.json.Encoder(order="deterministic")


def register_lines(connection: Connection) -> Lines:
    """All lines of the register, each kind in the order of its keys."""
    return {kind: Portions(KINDS[kind], lines) for kind, lines in _Reading(connection).lines().items()}


def digest(lines: Lines) -> str:
    """What tells one register from another: any change makes another digest."""
    found = hashlib.sha256()
    for kind in KINDS:
        # as the whole would be encoded in one go
        found.update(b'["%s",[' % kind.encode())
        for at, line in enumerate(lines.get(kind, ())):
            found.update((b"," if at else b"") + _ENCODER.encode(line))
        found.update(b"]]")
    return found.hexdigest()[:24]


class _Reading:
    """One reading of the whole register; codes and logins by id are looked up once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._areas = self._codes_of(areas.c.id, areas.c.code)
        self._stations = self._codes_of(stations.c.id, stations.c.code)
        self._organisations = self._codes_of(organisations.c.id, organisations.c.code)
        self._logins = self._codes_of(participants.c.id, participants.c.login)

    def lines(self) -> Mapping[str, Iterator[RegisterNoun]]:
        """The lines by kind."""
        return {
            "codes": self._listed(),
            "areas": self._area_lines(),
            "organisations": self._organisation_lines(),
            "people": self._people(),
            "mandates": self._mandates(),
            "stations": self._station_lines(),
            "haves": self._haves(),
            "memberships": self._memberships(),
            "rota": self._rota(),
            "duty": self._dated(),
            "absences": self._absences(),
            "grants": self._grants(),
        }

    def _codes_of(self, key: Any, value: Any) -> Mapping[int, str]:
        return {row[0]: row[1] for row in self._connection.execute(select(key, value).where(value.is_not(None)))}

    def _rows(self, table: Any, *order: str) -> Iterator[Row[Any]]:
        return iter(self._connection.execute(select(table).order_by(*(table.c[name] for name in order))))

    def _listed(self) -> Iterator[RegisterNoun]:
        for row in self._rows(codes, "list", "position", "code"):
            yield ListedCode(row.list, row.code, row.name_zh, row.name_en or None, row.position, row.active)

    def _area_lines(self) -> Iterator[RegisterNoun]:
        for row in self._rows(areas, "code"):
            parent = self._areas.get(row.parent_id)
            yield Area(row.code, row.name_zh, row.level, row.name_en or None, parent, row.since, row.until)

    def _organisation_lines(self) -> Iterator[RegisterNoun]:
        borne: dict[int, list[str]] = defaultdict(list)
        for row in self._rows(organisation_codes, "organisation_id", "code"):
            if row.list == "competences":
                borne[row.organisation_id].append(row.code)
        for row in self._rows(organisations, "code"):
            yield Organisation(
                code=row.code,
                name_zh=row.name_zh,
                kind=row.kind,
                name_en=row.name_en or None,
                area=self._areas.get(row.area_id),
                calendar=row.calendar,
                competences=tuple(borne[row.id]),
                active=row.active,
            )

    def _people(self) -> Iterator[RegisterNoun]:
        borne: dict[tuple[int, str], list[str]] = defaultdict(list)
        for row in self._rows(participant_codes, "participant_id", "list", "code"):
            borne[(row.participant_id, row.list)].append(row.code)
        mails: dict[int, str] = {}
        for row in self._rows(addresses, "id"):
            if row.channel == "mail":
                mails.setdefault(row.participant_id, row.target)
        for row in self._rows(participants, "login"):
            if row.login is None:
                continue
            yield Person(
                login=row.login,
                name=row.name,
                kind=row.kind,
                phone=row.phone or None,
                mail=mails.get(row.id),
                language=row.language,
                speaks=tuple(borne[(row.id, "languages")]),
                industries=tuple(borne[(row.id, "industries")]),
                competences=tuple(borne[(row.id, "competences")]),
                profession=row.profession,
                unit=row.unit,
                active=row.active,
            )

    def _mandates(self) -> Iterator[RegisterNoun]:
        for row in self._rows(mandates, "participant_id", "since", "level"):
            if login := self._logins.get(row.participant_id):
                yield Mandate(login, row.level, row.since, row.until, row.delegation, row.constituency)

    def _station_lines(self) -> Iterator[RegisterNoun]:
        for row in self._rows(stations, "code"):
            yield Station(
                code=row.code,
                name_zh=row.name_zh,
                kind=row.kind,
                area=self._areas[row.area_id],
                name_en=row.name_en or None,
                parent=self._stations.get(row.parent_id),
                industry=row.industry,
                address=row.address,
                phone=row.phone,
                calendar=row.calendar,
                latitude=row.latitude,
                longitude=row.longitude,
                opened=row.opened,
                closed=row.closed,
                successor=self._stations.get(row.successor_id),
                active=row.active,
            )

    def _haves(self) -> Iterator[RegisterNoun]:
        for row in self._rows(station_haves, "station_id", "have"):
            looked = self._logins.get(row.confirmed_by_id)
            yield Have(self._stations[row.station_id], row.have, row.has, row.evidence, looked, row.since, row.until)

    def _memberships(self) -> Iterator[RegisterNoun]:
        for row in self._rows(memberships, "participant_id", "station_id", "organisation_id", "id"):
            place = self._stations.get(row.station_id) or self._organisations.get(row.organisation_id)
            if (login := self._logins.get(row.participant_id)) and place:
                yield Membership(login, place, row.function, row.since, row.until, row.level, row.sub_area)

    def _rota(self) -> Iterator[RegisterNoun]:
        for row in self._rows(duties, "station_id", "weekday", "participant_id"):
            if login := self._logins.get(row.participant_id):
                hours = (row.starts_at, row.ends_at, row.first_day, row.last_day)
                yield WeeklyDuty(self._stations[row.station_id], WEEKDAYS[row.weekday - 1], login, *hours)

    def _dated(self) -> Iterator[RegisterNoun]:
        for row in self._rows(dated_duties, "station_id", "day", "id"):
            login = self._logins.get(row.participant_id)
            if login and row.plan_key is None and row.status == "planned":
                yield DatedDuty(self._stations[row.station_id], row.day, login, row.starts_at, row.ends_at)

    def _absences(self) -> Iterator[RegisterNoun]:
        for row in self._rows(absences, "participant_id", "first_day"):
            if login := self._logins.get(row.participant_id):
                yield Absence(login, row.first_day, row.last_day, self._logins.get(row.substitute_id))

    def _grants(self) -> Iterator[RegisterNoun]:
        """Those that are in force or will be, of the roles that a sheet can grant."""
        g = grants.c
        open_ones = g.ended_at.is_(None) & or_(g.until.is_(None), g.until >= Today())
        query = select(grants).where(open_ones).order_by(g.participant_id, g.role, g.since, g.id)
        for row in self._connection.execute(query):
            if (login := self._logins.get(row.participant_id)) and not ROLES[row.role].guarded:
                area, station = self._areas.get(row.area_id), self._stations.get(row.station_id)
                yield RoleGrant(login, row.role, area, station, row.since, row.until, row.reason or None)
