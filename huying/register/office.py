"""What the office says of itself on the first page: the numbers for an emergency, and the ways in.

Both are lists of codes in the register: ``emergencies`` (the code is the number to call) and ``ways`` (a process's key, or a page of the portal).
"""

from __future__ import annotations

from dataclasses import dataclass

from huying.house.house import House
from huying.register.view import code_names

EMERGENCIES, WAYS = "emergencies", "ways"


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
