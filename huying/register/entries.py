"""Entering, changing and ending single rows of the register by hand: what the forms of its pages do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from definitions.text import Said
from engine.refusal import Refusal
from huying.access.viewer import Viewer
from huying.errors import NotFound
from huying.house.house import House
from huying.register.changes import Applied, Change, Stamp, WrongChanges, apply, said
from huying.register.forms import FORMS, entered
from huying.register.permission import may_change
from huying.register.rows import key_of, which
from huying.register.shapes import SHAPES, TableShape, Value
from huying.rights.refusal import Unentitled

#: The word by which a row ends today, where it can.
ENDS = {
    "membership": "until",
    "mandate": "until",
    "area": "until",
    "station_have": "until",
    "absence": "last_day",
    "duty": "last_day",
}


class WrongEntry(Refusal):
    """Some of what was entered cannot be kept; ``faults`` say why by word."""

    code = "invalid"

    def __init__(self, faults: Mapping[str, Said]) -> None:
        first = next(iter(faults.values()))
        super().__init__(first.zh, first.en)
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class RowForm:
    """A row as its form shows it: texts by word; ``fixed`` are words that stay, because the row is known by them; ``name`` heads the page."""

    of: str
    key: str
    texts: Mapping[str, str]
    fixed: frozenset[str]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowDeed:
    """What somebody does to a row: its table, its key (empty: a new one), what they entered, and why."""

    of: str
    key: str
    texts: Mapping[str, str]
    why: str = ""


def row_form(house: House, of: str, key: str, given: Mapping[str, str]) -> RowForm:
    """A row to be changed, or a new one with what is known of it already; ``NotFound`` if there is none."""
    shape = _shape(of)
    if not key:
        texts = {asked.word: given.get(asked.word, "") for asked in FORMS[of]}
        for word in ("active", "has"):
            if word in texts:
                texts[word] = texts[word] or "yes"
        return RowForm(of, "", texts, frozenset(), {})
    with house.database.reading() as connection:
        values = _values(connection, shape, key)
        texts = {asked.word: _text(connection, shape, asked.word, values.get(asked.word)) for asked in FORMS[of]}
    fixed = frozenset() if "id" in shape.table.c else frozenset(shape.key)
    return RowForm(of, key, texts, fixed, values)


def keep_row(house: House, deed: RowDeed, person: Viewer, now: datetime) -> Applied:
    """Write what was entered; ``WrongEntry`` tells of each word that is wrong."""
    shape = _shape(deed.of)
    with house.database.writing() as connection:
        values, faults = entered(connection, deed.of, deed.texts)
        before = _values(connection, shape, deed.key) if deed.key else {}
        if before and "id" not in before:
            values = {word: value for word, value in values.items() if word not in shape.key}
        faults.update(_calendar(house, values))
        if faults:
            raise WrongEntry(faults)
        # whoever moves something from a place must be able to do so there as well as where it comes to
        for row in filter(None, (before, {**before, **values})):
            _permitted(connection, person, now, deed.of, row)
        change = _change(shape, before, values)
        return _applied(connection, change, deed, person, now)


def end_row(house: House, deed: RowDeed, person: Viewer, now: datetime) -> Applied:
    """Have a row hold until today and no longer."""
    return _altered(house, deed, person, now, {ENDS[deed.of]: house.day_of(now)})


def take_out_row(house: House, deed: RowDeed, person: Viewer, now: datetime) -> Applied:
    """Take a row out that was entered by mistake; refused while anything refers to it."""
    return _altered(house, deed, person, now, None)


def _altered(house: House, deed: RowDeed, person: Viewer, now: datetime, values: Mapping[str, Value] | None) -> Applied:
    shape = _shape(deed.of)
    with house.database.writing() as connection:
        before = _values(connection, shape, deed.key)
        _permitted(connection, person, now, deed.of, before)
        return _applied(connection, Change(deed.of, key_of(shape, before), values), deed, person, now)


def _applied(connection: Connection, change: Change, deed: RowDeed, person: Viewer, now: datetime) -> Applied:
    try:
        return apply(connection, [change], Stamp("page", now, person.participant_id, deed.why))
    except WrongChanges as wrong:
        raise WrongEntry({one.word: one.why for one in wrong.problems}) from None


def _change(shape: TableShape, before: Mapping[str, Any], values: Mapping[str, Value]) -> Change:
    if before:
        return Change(shape.name, key_of(shape, before), values)
    key = tuple(values.get(word) for word in shape.key)
    rest = {word: value for word, value in values.items() if word not in shape.key}
    return Change(shape.name, key, rest, "new")


def _permitted(connection: Connection, person: Viewer, now: datetime, of: str, row: Mapping[str, Any]) -> None:
    if not may_change(connection, person, now, of, row):
        raise Unentitled("keep register")


def _shape(of: str) -> TableShape:
    if of not in FORMS:
        raise NotFound("名册里没有这一类。", "The register has no such table.")
    return SHAPES[of]


def _values(connection: Connection, shape: TableShape, key: str) -> dict[str, Any]:
    """A row by word; ``NotFound`` if there is none."""
    fits = which(shape, key)
    row = connection.execute(select(shape.table).where(fits)).mappings().first() if fits is not None else None
    if row is None:
        raise NotFound("这一条已经不在了，请回到列表再看。", "This row is gone; look at the list again.")
    return said(shape, dict(row)) or {}


def _text(connection: Connection, shape: TableShape, word: str, value: Any) -> str:
    """A value as it is entered: references by their code or login."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if word in shape.refers:
        other = SHAPES[shape.refers[word]]
        name = other.table.c.name if other.name == "participant" else other.table.c.name_zh
        query = select(other.table.c[other.key[0]], name).where(other.table.c.id == value)
        code, called = connection.execute(query).one()
        return f"{code} · {called}" if code else called
    return f"{value:%H:%M}" if shape.name == "duty" and word.endswith("_at") else str(value)


def _calendar(house: House, values: Mapping[str, Value]) -> dict[str, Said]:
    """A calendar that there is not."""
    named = values.get("calendar")
    if not named or named in house.calendars.known():
        return {}
    known = "、".join(house.calendars.known())
    return {
        "calendar": Said(f"没有日历“{named}”，现有：{known}。", f"There is no calendar “{named}”; there is {known}.")
    }
