"""Registers that the office opens to the public: which there are and which columns can ever be read is data; all are closed at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from definitions.model.reference import reference
from definitions.text import Said
from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.tables import public_registers
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House

_c = public_registers.c


@dataclass(frozen=True, slots=True)
class PublicColumn:
    """A column that can be public: its key stands in open data; ``open``: it is ticked when the register is opened for the first time."""

    key: str
    title: Said
    open: bool


@dataclass(frozen=True, slots=True)
class PublicRegister:
    """A register that can be public: ``source`` says where its rows come from, ``processes`` whose issues, ``consent`` the field without which
    no title is shown.
    """

    key: str
    title: Said
    source: str
    columns: tuple[PublicColumn, ...]
    processes: tuple[str, ...] = ()
    consent: str = ""


@dataclass(frozen=True, slots=True)
class OpenedRegister:
    """A register that everybody may read, with the columns that the office has chosen, and since when it is so."""

    register: PublicRegister
    columns: tuple[PublicColumn, ...]
    since: datetime


@cache
def public_registers_known() -> Mapping[str, PublicRegister]:
    """The registers of ``registers.yaml``, by key."""
    return {
        key: PublicRegister(
            key=key,
            title=_said(one["title"]),
            source=one["of"],
            columns=tuple(
                PublicColumn(name, _said(column["title"]), column["open"]) for name, column in one["columns"].items()
            ),
            processes=tuple(one.get("processes", ())),
            consent=one.get("consent", ""),
        )
        for key, one in _written()["registers"].items()
    }


def licence() -> Said:
    """What may be done with open data."""
    return _said(_written()["licence"])


def opened_registers(house: House) -> tuple[OpenedRegister, ...]:
    """What the office has opened, in the order of the file."""
    with house.database.reading() as connection:
        rows = {row.key: row for row in connection.execute(select(public_registers))}
    found = []
    for key, register in public_registers_known().items():
        chosen = tuple(one for one in register.columns if key in rows and one.key in rows[key].columns)
        if chosen:
            found.append(OpenedRegister(register, chosen, rows[key].changed_at))
    return tuple(found)


def opened_register(house: House, key: str) -> OpenedRegister:
    """One that is open; ``NotFound`` alike for one that is closed and one that is none."""
    found = next((one for one in opened_registers(house) if one.register.key == key), None)
    if found is None:
        raise NotFound("没有公开的这份台账。", "There is no such public register.")
    return found


def open_register(house: House, key: str, columns: Sequence[str], by: By) -> None:
    """Open a register with these columns, or change them; ``Invalid`` without any."""
    known = _known(key)
    chosen = [one.key for one in known.columns if one.key in columns]
    if not chosen:
        raise Invalid({key: {"zh": "请至少选一列。", "en": "Choose one column at least."}})
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    row = {"key": key, "columns": chosen, "changed_at": by.now, "changed_by_id": by.somebody}
    with house.database.writing() as connection:
        statement = make(public_registers).values(**row)
        connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))
        note(connection, _told(key, by, chosen))


def close_register(house: House, key: str, by: By) -> None:
    """Close it: nobody reads it any more."""
    _known(key)
    with house.database.writing() as connection:
        connection.execute(delete(public_registers).where(_c.key == key))
        note(connection, _told(key, by, []))


def _known(key: str) -> PublicRegister:
    found = public_registers_known().get(key)
    if found is None:
        raise NotFound("没有这份台账。", "There is no such register.")
    return found


def _told(key: str, by: By, columns: list[str]) -> AuditNote:
    told = reference("public-register", key)
    return AuditNote(what="public-register", object=told, by=by.person, at=by.now, detail={"columns": columns})


@cache
def _written() -> Mapping[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / "registers.yaml").read_text(encoding="utf-8")))


def _said(text: Mapping[str, str]) -> Said:
    return Said(text["zh"], text["en"])
