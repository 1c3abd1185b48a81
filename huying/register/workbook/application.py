"""Changes of lines become rows, in the order in which rows refer to each other; all in one transaction, each with its line of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, select

from definitions.forms.address import digits
from huying.database.tables import (
    absences,
    addresses,
    areas,
    codes,
    dated_duties,
    duties,
    mandates,
    memberships,
    organisation_codes,
    organisations,
    participant_codes,
    participants,
    station_haves,
    stations,
)
from huying.register.lines import WEEKDAYS
from huying.register.nouns import (
    Absence,
    Area,
    DatedDuty,
    Have,
    ListedCode,
    Mandate,
    Membership,
    Organisation,
    Person,
    RegisterNoun,
    Station,
    WeeklyDuty,
)
from huying.register.workbook.comparison import LineChange
from huying.register.workbook.journal import RowJournal, TableRow

#: Which codes a person bears, by the field of their line.
_BORNE = {"speaks": "languages", "industries": "industries", "competences": "competences"}


def write_changes(connection: Connection, changes: Sequence[LineChange], journal: RowJournal, now: datetime) -> None:
    """Write all changes; people who are new have no passphrase, and are invited later."""
    _Writing(connection, journal, now).write(changes)


class _Writing:
    """One writing; ids by code or login are read again after each kind of row."""

    def __init__(self, connection: Connection, journal: RowJournal, now: datetime) -> None:
        self._connection = connection
        self._journal = journal
        self._now = now
        self._ids: dict[str, Mapping[str, int]] = {}

    def write(self, changes: Sequence[LineChange]) -> None:
        """Kind by kind."""
        of: dict[str, list[LineChange]] = {}
        for change in changes:
            of.setdefault(change.kind, []).append(change)
        self._rows(codes, of.get("codes", ()), self._code, ("list", "code"))
        self._layers(areas, of.get("areas", ()), self._area)
        self._rows(organisations, of.get("organisations", ()), self._organisation, ("code",))
        self._bear(of.get("organisations", ()), organisation_codes, "organisation_id", {"competences": "competences"})
        self._people(of.get("people", ()))
        self._rows(mandates, of.get("mandates", ()), self._mandate, ("participant_id", "level", "since"))
        self._layers(stations, of.get("stations", ()), self._station)
        self._rows(station_haves, of.get("haves", ()), self._have, ("station_id", "have"))
        served = ("participant_id", "station_id", "organisation_id", "function", "since")
        self._rows(memberships, of.get("memberships", ()), self._membership, served)
        self._rows(duties, of.get("rota", ()), self._duty, ("station_id", "weekday", "participant_id"))
        dated = ("station_id", "day", "participant_id", "starts_at")
        self._rows(dated_duties, of.get("duty", ()), self._dated, dated)
        self._rows(absences, of.get("absences", ()), self._absence, ("participant_id", "first_day"))

    def _id(self, table: Table, code: str | None) -> int | None:
        if code is None:
            return None
        if table.name not in self._ids:
            key = table.c.login if table is participants else table.c.code
            found = self._connection.execute(select(key, table.c.id).where(key.is_not(None)))
            self._ids[table.name] = {row[0]: row[1] for row in found}
        return self._ids[table.name][code]

    def _place(self, code: str) -> dict[str, int | None]:
        self._id(organisations, None)
        try:
            return {"station_id": self._id(stations, code), "organisation_id": None}
        except KeyError:
            return {"station_id": None, "organisation_id": self._id(organisations, code)}

    def _rows(
        self,
        table: Table,
        changes: Sequence[LineChange],
        row_of: Callable[[RegisterNoun], TableRow],
        key: tuple[str, ...],
    ) -> None:
        """Insert what is new; bring up to date what is there, found by what its line said before."""
        if not changes:
            return
        self._journal.add(table, [row_of(change.after) for change in changes if change.before is None])
        changed = [change for change in changes if change.before is not None]
        if changed:
            known = self._known(table, key)
            pairs = []
            for change in changed:
                was, becomes = row_of(cast(RegisterNoun, change.before)), row_of(change.after)
                before = known[tuple(was[name] for name in key)]
                # what the line does not speak of stays as the row has it, and so does what only reads alike
                fresh = {name: value for name, value in becomes.items() if value != was[name]}
                pairs.append((before, {**before, **fresh}))
            self._journal.change(table, pairs)
        self._ids.pop(table.name, None)

    def _known(self, table: Table, key: tuple[str, ...]) -> dict[tuple[Any, ...], TableRow]:
        rows = self._connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        found: dict[tuple[Any, ...], TableRow] = {}
        for row in rows:
            if table is dated_duties and (row["plan_key"] is not None or row["status"] != "planned"):
                continue
            found[tuple(row[name] for name in key)] = dict(row)
        return found

    def _layers(self, table: Table, changes: Sequence[LineChange], row_of: Callable[[RegisterNoun], TableRow]) -> None:
        """What has something of its own kind above it: the upper ones first, and what is there already last."""
        new = [change for change in changes if change.before is None]
        for layer in _downwards(new):
            self._rows(table, layer, row_of, ("code",))
        self._rows(table, [change for change in changes if change.before is not None], row_of, ("code",))

    def _people(self, changes: Sequence[LineChange]) -> None:
        self._rows(participants, changes, self._person, ("login",))
        self._mails(changes)
        self._bear(changes, participant_codes, "participant_id", _BORNE)

    def _mails(self, changes: Sequence[LineChange]) -> None:
        people = [(cast(Person, one.after), cast("Person | None", one.before)) for one in changes]
        moved = [(after, before) for after, before in people if after.mail != (before.mail if before else None)]
        first: dict[int, TableRow] = {}
        if any(before and before.mail for _, before in moved):
            rows = self._connection.execute(
                select(addresses).where(addresses.c.channel == "mail").order_by(addresses.c.id)
            )
            for row in rows.mappings():
                first.setdefault(row["participant_id"], dict(row))
        new, pairs, gone = [], [], []
        for after, before in moved:
            person = cast(int, self._id(participants, after.login))
            old = first.get(person) if before and before.mail else None
            if old is None:
                new.append({"participant_id": person, "channel": "mail", "target": after.mail, "secret": None})
            elif after.mail:
                pairs.append((old, {**old, "target": after.mail}))
            else:
                gone.append(old)
        self._journal.add(addresses, new)
        self._journal.change(addresses, pairs)
        self._journal.take_out(addresses, gone)

    def _bear(self, changes: Sequence[LineChange], table: Table, owner: str, fields: Mapping[str, str]) -> None:
        """The codes that people and departments bear."""
        of = participants if owner == "participant_id" else organisations
        new, gone = [], []
        for change in changes:
            key = self._id(of, getattr(change.after, "login", None) or getattr(change.after, "code", None))
            for field, listed in fields.items():
                before = set(getattr(change.before, field)) if change.before is not None else set()
                after = set(getattr(change.after, field))
                new += [{owner: key, "list": listed, "code": code} for code in sorted(after - before)]
                gone += [{owner: key, "list": listed, "code": code} for code in sorted(before - after)]
        self._journal.add(table, new)
        self._journal.take_out(table, gone)

    def _code(self, line: RegisterNoun) -> TableRow:
        one = cast(ListedCode, line)
        named = _named(one.name_zh, one.name_en)
        return {"list": one.list, "code": one.code, **named, "position": one.position or 0, "active": one.active}

    def _area(self, line: RegisterNoun) -> TableRow:
        one = cast(Area, line)
        parent = self._id(areas, one.parent)
        span = {"since": one.since, "until": one.until}
        return {"code": one.code, **_named(one.name_zh, one.name_en), "level": one.level, "parent_id": parent, **span}

    def _organisation(self, line: RegisterNoun) -> TableRow:
        one = cast(Organisation, line)
        return {
            "code": one.code,
            **_named(one.name_zh, one.name_en),
            "kind": one.kind,
            "area_id": self._id(areas, one.area),
            "calendar": one.calendar,
            "active": one.active,
        }

    def _person(self, line: RegisterNoun) -> TableRow:
        one = cast(Person, line)
        return {
            "login": one.login,
            "name": one.name,
            "kind": one.kind,
            "language": one.language,
            "phone": one.phone,
            "phone_digits": digits(one.phone or "") or None,
            "profession": one.profession,
            "unit": one.unit,
            "active": one.active,
            "created_at": self._now,
        }

    def _mandate(self, line: RegisterNoun) -> TableRow:
        one = cast(Mandate, line)
        person = self._id(participants, one.login)
        span = {"since": one.since, "until": one.until}
        by = {"delegation": one.delegation, "constituency": one.constituency}
        return {"participant_id": person, "level": one.level, **by, **span}

    def _station(self, line: RegisterNoun) -> TableRow:
        one = cast(Station, line)
        same = ("code", "kind", "industry", "calendar", "latitude", "longitude", "address", "phone", "opened", "closed")
        return {
            **{name: getattr(one, name) for name in same},
            **_named(one.name_zh, one.name_en),
            "area_id": self._id(areas, one.area),
            "parent_id": self._id(stations, one.parent),
            "active": one.active,
        }

    def _have(self, line: RegisterNoun) -> TableRow:
        one = cast(Have, line)
        return {
            "station_id": self._id(stations, one.station),
            "have": one.have,
            "has": one.has,
            "evidence": one.evidence,
            "confirmed_by_id": self._id(participants, one.confirmed_by),
            "since": one.since,
            "until": one.until,
        }

    def _membership(self, line: RegisterNoun) -> TableRow:
        one = cast(Membership, line)
        return {
            "participant_id": self._id(participants, one.login),
            **self._place(one.place),
            "function": one.function,
            "level": one.level if one.function == "deputy" else None,
            "since": one.since,
            "until": one.until,
            "sub_area": one.sub_area,
        }

    def _duty(self, line: RegisterNoun) -> TableRow:
        one = cast(WeeklyDuty, line)
        return {
            "station_id": self._id(stations, one.station),
            "weekday": WEEKDAYS.index(cast(Any, one.weekday)) + 1,
            "participant_id": self._id(participants, one.login),
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "first_day": one.first_day,
            "last_day": one.last_day,
        }

    def _dated(self, line: RegisterNoun) -> TableRow:
        one = cast(DatedDuty, line)
        return {
            "station_id": self._id(stations, one.station),
            "day": one.day,
            "participant_id": self._id(participants, one.login),
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
        }

    def _absence(self, line: RegisterNoun) -> TableRow:
        one = cast(Absence, line)
        return {
            "participant_id": self._id(participants, one.login),
            "first_day": one.since,
            "last_day": one.until,
            "substitute_id": self._id(participants, one.substitute),
        }


def _named(zh: str, en: str | None) -> TableRow:
    return {"name_zh": zh, "name_en": en or ""}


def _downwards(changes: Iterable[LineChange]) -> Iterable[list[LineChange]]:
    """New lines in layers, each below those before it; the checks have seen to it that there is no circle."""
    waiting = {getattr(change.after, "code", ""): change for change in changes}
    while waiting:
        ready = [one for one in waiting.values() if getattr(one.after, "parent", None) not in waiting]
        yield ready
        for one in ready:
            del waiting[getattr(one.after, "code", "")]
