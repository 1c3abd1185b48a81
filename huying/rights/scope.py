"""Where something holds: in the whole house, in an area with all below it, or at a station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from definitions.model.reference import Reference, reference

ScopeKind = Literal["house", "area", "station"]
_KINDS: dict[str, ScopeKind] = {"house": "house", "area": "area", "station": "station"}


@dataclass(frozen=True, slots=True)
class Scope:
    """``number`` is the id of the area or station. ``areas`` and ``stations`` are all that lie in it, the area itself among them.

    Only the kind and the number are kept (``str``); what lies in an area is found when it is read, since the register changes.
    """

    kind: ScopeKind = "house"
    number: int | None = None
    areas: frozenset[int] = frozenset()
    stations: frozenset[int] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether it is the whole house."""
        return self.kind == "house"

    def covers(self, station: int) -> bool:
        """Whether a station lies in it."""
        return self.whole or station in self.stations

    def covers_area(self, area: int) -> bool:
        """Whether an area lies in it, with all that is below."""
        return self.whole or area in self.areas

    def holds(self, other: Scope) -> bool:
        """Whether all of another scope lies in it."""
        if self.whole or other.whole:
            return self.whole
        return self.covers_area(other.number or 0) if other.kind == "area" else self.covers(other.number or 0)

    def __str__(self) -> str:
        return self.kind if self.number is None else reference(self.kind, self.number)


#: The whole house.
HOUSE = Scope()


def at_station(number: int) -> Scope:
    """One station alone."""
    return Scope("station", number, stations=frozenset({number}))


def read_scope(text: str) -> Scope | None:
    """What ``str`` of a scope wrote; ``None`` if nothing can be meant by it. What lies in an area is not known by the text."""
    if text in ("", "house"):
        return HOUSE
    found = Reference.read(text)
    if found is None or not found.numbered or found.kind not in ("area", "station") or len(found.key) > 9:
        return None
    return at_station(found.number) if found.kind == "station" else Scope(_KINDS[found.kind], found.number)
