"""Departments and code lists as the register's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from huying.database.tables import (
    areas,
    codes,
    memberships,
    organisation_codes,
    organisations,
    register_changes,
)
from huying.errors import NotFound
from huying.house.house import House
from huying.register.forms import LISTS
from huying.register.views.log import RegisterLogLine, log_of
from huying.register.views.station import SpellLine, spells
from huying.words.names import named


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department or office in the list; ``competences`` come with the key of their row."""

    id: int
    code: str
    name: str
    office: bool
    area: str
    calendar: str
    active: bool
    competences: tuple[tuple[str, str], ...]
    people: tuple[SpellLine, ...]


@dataclass(frozen=True, slots=True)
class CodeEntryLine:
    """An entry of a code list; ``row`` is the key of its row."""

    row: str
    code: str
    name_zh: str
    name_en: str
    active: bool


def registered_departments(house: House, language: str, today: date) -> tuple[DepartmentLine, ...]:
    """All of them by code, each with what it is competent for and who serves there."""
    o = organisations.c
    query = (
        select(organisations, named(o, language).label("name"), named(areas.c, language).label("area"))
        .outerjoin(areas, areas.c.id == o.area_id)
        .order_by(o.active.desc(), o.kind.desc(), o.code)
    )
    borne = (
        select(organisation_codes, named(codes.c, language).label("name"))
        .outerjoin(codes, (codes.c.list == organisation_codes.c.list) & (codes.c.code == organisation_codes.c.code))
        .order_by(codes.c.position, organisation_codes.c.code)
    )
    with house.database.reading() as connection:
        competences: dict[int, list[tuple[str, str]]] = {}
        for row in connection.execute(borne):
            key = f"{row.organisation_id} {row.list} {row.code}"
            competences.setdefault(row.organisation_id, []).append((key, row.name or row.code))
        return tuple(
            DepartmentLine(
                row.id,
                row.code,
                row.name,
                row.kind == "office",
                row.area or "",
                row.calendar or "",
                row.active,
                tuple(competences.get(row.id, ())),
                spells(connection, memberships.c.organisation_id == row.id, language, today),
            )
            for row in connection.execute(query).all()
        )


def registered_department(
    house: House, code: str, language: str, today: date
) -> tuple[DepartmentLine, tuple[RegisterLogLine, ...]]:
    """One of them, with its log; ``NotFound`` if there is none."""
    found = next((one for one in registered_departments(house, language, today) if one.code == code), None)
    if found is None:
        raise NotFound(f"没有代码为“{code}”的单位。", f"There is no department with the code “{code}”.")
    return found, log_of(house, language, register_changes.c.organisation_id == found.id, most=30)


def listed_codes(house: House, language: str) -> tuple[tuple[str, str, tuple[CodeEntryLine, ...]], ...]:
    """All code lists: name, title, and entries in their order; those that the product knows come first, also while they are empty."""
    found: dict[str, list[CodeEntryLine]] = {key: [] for key in LISTS if key != "languages"}
    query = select(codes).order_by(codes.c.list, codes.c.position, codes.c.code)
    with house.database.reading() as connection:
        for row in connection.execute(query):
            line = CodeEntryLine(f"{row.list} {row.code}", row.code, row.name_zh, row.name_en, row.active)
            found.setdefault(row.list, []).append(line)
    return tuple((key, LISTS[key].of(language) if key in LISTS else key, tuple(lines)) for key, lines in found.items())
