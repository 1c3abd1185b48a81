"""What the office says of itself: its name, and on the first page the numbers for an emergency, and the ways in.

These are lists of codes in the register: ``emergencies`` (the code is the number to call) and ``ways`` (a process's key, or a page of the portal);
and so is ``reasons``: for what somebody may look at personal data.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from definitions.text import Said
from huying.database.tables import organisations
from huying.house.house import House
from huying.register.view import code_names
from huying.words.names import named

EMERGENCIES, WAYS, REASONS = "emergencies", "ways", "reasons"


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """A number to call, and who answers there."""

    number: str
    name: str


def emergencies(house: House, language: str) -> tuple[EmergencyLine, ...]:
    """The numbers in the order of the register; none unless it names some."""
    return tuple(EmergencyLine(number, name) for number, name in code_names(house, EMERGENCIES, language).items())


def way_names(house: House, language: str) -> dict[str, str]:
    """What each way in is called, by its key, in the order of the register."""
    return dict(code_names(house, WAYS, language))


def reason_names(house: House) -> dict[str, Said]:
    """For what somebody may look at personal data, in the order of the register; none unless it names some."""
    english = code_names(house, REASONS, "en")
    return {code: Said(zh, english[code]) for code, zh in code_names(house, REASONS, "zh").items()}


def office_name(house: House, language: str) -> str:
    """What the office is called that looks after the whole house: as it says itself, else as the register does, else the product's own name."""
    if said := house.offices.now().called(language):
        return said
    query = select(organisations).where(organisations.c.kind == "office", organisations.c.active)
    with house.database.reading() as connection:
        row = connection.execute(query.order_by(organisations.c.id).limit(1)).one_or_none()
    return (named(row, language) or row.name_zh) if row else Said("呼应", "Huying").of(language)
