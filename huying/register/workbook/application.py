"""Changes of lines as changes of the register's rows, which go through its one place and its log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CompoundSelect, Connection, Select, select

from definitions.text import Said
from huying.database.tables import absences, dated_duties, mandates, memberships, organisations, participants, stations
from huying.register.changes import Change, Stamp, WrongChanges, apply_portions
from huying.register.lines import WEEKDAYS
from huying.register.nouns import KEYS, Membership, RegisterNoun, known_by
from huying.register.shapes import Value, Values
from huying.register.workbook.comparison import LineChange
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.layout import BY_KEY

_TABLES: Mapping[str, str] = {
    "codes": "code",
    "areas": "area",
    "organisations": "organisation",
    "people": "participant",
    "mandates": "mandate",
    "stations": "station",
    "haves": "station_have",
    "memberships": "membership",
    "rota": "duty",
    "duty": "dated_duty",
    "absences": "absence",
}
#: The words of the rows where a line says it otherwise.
_WORDS: Mapping[str, Mapping[str, str]] = {"absences": {"since": "first_day", "until": "last_day"}}
#: Which codes a person or a department bears, by the field of the line: (table, list).
_BORNE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "people": {
        "speaks": ("participant_code", "languages"),
        "industries": ("participant_code", "industries"),
        "competences": ("participant_code", "competences"),
    },
    "organisations": {"competences": ("organisation_code", "competences")},
}
#: Of which kinds of lines a table holds rows.
_KINDS: Mapping[str, tuple[str, ...]] = {
    **{table: (kind,) for kind, table in _TABLES.items()},
    **{of: (kind,) for kind, fields in _BORNE.items() for of, _ in fields.values()},
    "address": ("people",),
}


def write_changes(connection: Connection, changes: Sequence[LineChange], stamp: Stamp) -> int | None:
    """Write all changes, and give the number of the deed; people who are new have no passphrase, and are invited later.

    ``WrongLines`` if the register refuses some of them.
    """
    try:
        return apply_portions(connection, _LineRows(changes, _Numbers(connection, changes)), stamp)
    except WrongChanges as wrong:
        lines = ((changes[one.change], one) for one in wrong.problems)
        told = [(line, _finding(line, one.word, one.why)) for line, one in lines]
        raise WrongLines(told) from None


class _LineRows:
    """The rows of all lines, table by table; each bears the position of its line."""

    def __init__(self, changes: Sequence[LineChange], numbers: _Numbers) -> None:
        self._changes, self._numbers = changes, numbers
        self._kinds = {change.kind for change in changes}

    def written(self, of: str) -> Iterator[tuple[int, Change]]:
        return (one for one in self._of(of) if one[1].values is not None)

    def taken_out(self, of: str) -> Iterator[tuple[int, Change]]:
        return (one for one in self._of(of) if one[1].values is None)

    def _of(self, of: str) -> Iterator[tuple[int, Change]]:
        kinds = self._kinds.intersection(_KINDS.get(of, ()))
        for position, change in enumerate(self._changes if kinds else ()):
            if change.kind in kinds:
                yield from ((position, row) for row in _rows(change, self._numbers) if row.of == of)


class WrongLines(Exception):
    """The register refuses lines; each with the finding about it. The transaction must end without being kept."""

    def __init__(self, told: Sequence[tuple[LineChange, SheetFinding]]) -> None:
        super().__init__("\n".join(finding.wrong.en for _, finding in told))
        self.told = tuple(told)


def _finding(change: LineChange, word: str, why: Said) -> SheetFinding:
    """What the register says of a row, at the cell that says it."""
    words = {said: field for field, said in _WORDS.get(change.kind, {}).items()}
    aliases = {
        "participant": "login",
        "station": "place" if change.kind == "memberships" else "station",
        "organisation": "place",
    }
    field = words.get(word) or aliases.get(word, word)
    columns = [
        one for one in BY_KEY[change.sheet].columns if one.into == field and (one.of or change.sheet) == change.kind
    ]
    key = columns[0].key if columns else None
    zh, _, remedy_zh = why.zh.rstrip("。").partition("。")
    en, _, remedy_en = why.en.rstrip(".").partition(". ")
    remedy = Said(remedy_zh or "请改正，或不导入这一行", remedy_en or "Put it right, or leave the row out")
    found = str(getattr(change.after, field, None) or "")
    return SheetFinding(change.sheet, change.row, None, key, found, Said(zh, en), remedy)


def _rows(change: LineChange, numbers: _Numbers) -> Iterator[Change]:
    """The row of a line, and those that hang on it."""
    table, line, before = _TABLES[change.kind], change.after, change.before
    if change.kind == "people":
        yield from _mail(change)
    for field, (of, listed) in _BORNE.get(change.kind, {}).items():
        was = set(getattr(before, field)) if before is not None else set()
        becomes = set(getattr(line, field))
        owner = getattr(line, KEYS[change.kind][0])
        yield from (Change(of, (owner, listed, code), {}) for code in sorted(becomes - was))
        yield from (Change(of, (owner, listed, code), None) for code in sorted(was - becomes))
    values = dict(_values(change, numbers))
    if before is None:
        yield Change(table, _key(change.kind, line, numbers), values, "new")
    elif known_by(change.kind, before) != known_by(change.kind, line):
        yield Change(table, numbers.of(change.kind, before), values, "mend")
    elif values:
        yield Change(table, _key(change.kind, line, numbers), values, "mend")


def _mail(change: LineChange) -> Iterator[Change]:
    was, becomes = getattr(change.before, "mail", None), getattr(change.after, "mail", None)
    if was != becomes:
        target: Values | None = {"target": becomes} if becomes else None
        yield Change("address", (cast(str, getattr(change.after, "login", "")), "mail"), target)


def _values(change: LineChange, numbers: _Numbers) -> Iterator[tuple[str, Value]]:
    """What the row shall hold: of a new one everything, else what changes."""
    elsewhere = {*_BORNE.get(change.kind, {}), "mail"}
    for field in change.after.__struct_fields__:
        value = getattr(change.after, field)
        fresh = value is not None if change.before is None else value != getattr(change.before, field)
        key = change.before is None and field in KEYS[change.kind]
        if fresh and not key and field not in elsewhere:
            yield _WORDS.get(change.kind, {}).get(field, field), value


def _key(kind: str, line: RegisterNoun, numbers: _Numbers) -> tuple[Value, ...]:
    if isinstance(line, Membership):
        at_station = line.place in numbers.stations
        place = (line.place, None) if at_station else (None, line.place)
        return (line.login, *place, line.function, line.since)
    parts = known_by(kind, line).parts
    if kind == "rota":
        station, weekday, login = parts
        return (cast(str, station), WEEKDAYS.index(cast(Any, weekday)) + 1, cast(str, login))
    return cast("tuple[Value, ...]", parts)


class _Numbers:
    """Which codes are stations', and the numbers of rows whose own key changes; read only if they are asked for."""

    def __init__(self, connection: Connection, changes: Sequence[LineChange]) -> None:
        self._connection = connection
        self._known: dict[str, Mapping[tuple[Any, ...], int]] = {}
        there = connection.execute(select(stations.c.code)).scalars()
        self.stations = {*there, *(getattr(one.after, "code", "") for one in changes if one.kind == "stations")}

    def of(self, kind: str, line: RegisterNoun) -> int:
        """The number of the row of a line."""
        if kind not in self._known:
            rows = self._connection.execute(_NUMBERED[kind]())
            self._known[kind] = {tuple(row[1:]): row[0] for row in rows}
        return self._known[kind][known_by(kind, line).parts]


def _of_memberships() -> CompoundSelect[Any]:
    m = memberships.c
    return (
        select(m.id, participants.c.login, stations.c.code, m.function, m.since)
        .join(participants, participants.c.id == m.participant_id)
        .join(stations, stations.c.id == m.station_id)
        .union_all(
            select(m.id, participants.c.login, organisations.c.code, m.function, m.since)
            .join(participants, participants.c.id == m.participant_id)
            .join(organisations, organisations.c.id == m.organisation_id)
        )
    )


def _of_mandates() -> Select[Any]:
    m = mandates.c
    return select(m.id, participants.c.login, m.level, m.since).join(
        participants, participants.c.id == m.participant_id
    )


def _of_dated_duties() -> Select[Any]:
    d = dated_duties.c
    return (
        select(d.id, stations.c.code, d.day, participants.c.login, d.starts_at)
        .join(stations, stations.c.id == d.station_id)
        .join(participants, participants.c.id == d.participant_id)
        .where(d.plan_key.is_(None), d.status == "planned")
    )


def _of_absences() -> Select[Any]:
    a = absences.c
    return select(a.id, participants.c.login, a.first_day).join(participants, participants.c.id == a.participant_id)


_NUMBERED: Mapping[str, Callable[[], Select[Any] | CompoundSelect[Any]]] = {
    "memberships": _of_memberships,
    "mandates": _of_mandates,
    "duty": _of_dated_duties,
    "absences": _of_absences,
}
