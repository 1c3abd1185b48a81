"""The register's tables as people name their rows: by code, by login, by person and place and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from sqlalchemy import Table

from definitions.text import Said
from huying.database import tables

#: What a row of the register holds; a reference to another row is its code or login, or (``int``) its number.
Value = str | int | float | bool | date | time | Mapping[str, object] | None
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table of the register. ``key``: the words by which a row is known; ``refers``: the words that name another row, with its shape.

    The column of a word that refers has ``_id`` at its end. ``span``: the first and the last day, if it has any. ``hidden``: columns that are
    no business of the register's, and stand in no log.
    """

    table: Table
    title: Said
    key: tuple[str, ...]
    refers: Mapping[str, str] = field(default_factory=dict)
    span: tuple[str, str] | None = None
    hidden: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What it is called."""
        return self.table.name

    def column(self, word: str) -> str:
        """The column of a word."""
        return f"{word}_id" if word in self.refers else word

    def word(self, column: str) -> str:
        """The word of a column."""
        short = column.removesuffix("_id")
        return short if short in self.refers else column

    @property
    def words(self) -> tuple[str, ...]:
        """All words that can be said of a row."""
        mine = [one.name for one in self.table.columns if one.name not in self.hidden and one.name != "id"]
        return tuple(self.word(name) for name in mine)

    def with_index(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """What stands in the columns: with what a sealed one is looked up by."""
        found = {index: values[column] for column, index in _INDEXED.get(self.name, ()) if column in values}
        return {**values, **found}

    @property
    def upward(self) -> tuple[str, ...]:
        """The words that name another row of the same table: the one above this, or the one that carries on."""
        return tuple(word for word, other in self.refers.items() if other == self.name)


_INDEXED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "participant": (("phone", "phone_index"),),
    "address": (("target", "target_index"),),
}
_PERSON = {"participant": "participant"}
_SHAPES = (
    TableShape(tables.codes, Said("代码", "code"), ("list", "code")),
    TableShape(tables.areas, Said("区域", "area"), ("code",), {"parent": "area"}, ("since", "until")),
    TableShape(tables.area_names, Said("曾用名", "former name"), ("area", "code", "name_zh"), {"area": "area"}),
    TableShape(tables.organisations, Said("单位", "department"), ("code",), {"area": "area"}),
    TableShape(
        tables.stations,
        Said("站点", "station"),
        ("code",),
        {"parent": "station", "area": "area", "successor": "station"},
        ("opened", "closed"),
    ),
    TableShape(
        tables.participants,
        Said("人员", "person"),
        ("login",),
        hidden=frozenset({"passphrase_hash", "phone_index", "created_at"}),
    ),
    TableShape(
        tables.participant_codes, Said("个人代码", "code of a person"), ("participant", "list", "code"), _PERSON
    ),
    TableShape(
        tables.organisation_codes,
        Said("承办职责", "competence"),
        ("organisation", "list", "code"),
        {"organisation": "organisation"},
    ),
    TableShape(
        tables.addresses,
        Said("联系地址", "address"),
        ("participant", "channel"),
        _PERSON,
        hidden=frozenset(
            {
                *(
                    "secret",
                    "target_index",
                    "rank",
                    "sender_key",
                    "confirmed_at",
                    "code_hash",
                    "code_until",
                    "code_tries",
                ),
                *("failures", "failing_since", "last_ok_at", "reason"),
            }
        ),
    ),
    TableShape(
        tables.station_haves,
        Said("站点条件", "have"),
        ("station", "have"),
        {"station": "station", "confirmed_by": "participant"},
        ("since", "until"),
    ),
    TableShape(
        tables.mandates, Said("代表任期", "mandate"), ("participant", "level", "since"), _PERSON, ("since", "until")
    ),
    TableShape(
        tables.memberships,
        Said("任职", "membership"),
        ("participant", "station", "organisation", "function", "since"),
        {**_PERSON, "station": "station", "organisation": "organisation"},
        ("since", "until"),
    ),
    TableShape(
        tables.duties,
        Said("值班", "duty"),
        ("station", "weekday", "participant"),
        {"station": "station", **_PERSON},
        ("first_day", "last_day"),
    ),
    TableShape(
        tables.dated_duties,
        Said("某日值班", "duty of a day"),
        ("station", "day", "participant", "starts_at"),
        {"station": "station", **_PERSON},
        hidden=frozenset({"announce_at", "announced_at", "occurrence_id", "plan_key", "changed_by_id", "changed_at"}),
    ),
    TableShape(
        tables.absences,
        Said("缺勤", "absence"),
        ("participant", "first_day"),
        {**_PERSON, "substitute": "participant"},
        ("first_day", "last_day"),
    ),
)
#: By name, in the order in which rows refer to one another.
SHAPES: Mapping[str, TableShape] = {shape.name: shape for shape in _SHAPES}
ORDER: Mapping[str, int] = {name: position for position, name in enumerate(SHAPES)}
