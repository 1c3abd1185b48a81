"""People as the kernel sees them: a port that the database, a test or a simulation fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from definitions.role import Role
from engine.state import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could hold a role; ``load`` is the number of open work items."""

    party: Party
    on_duty: bool = False
    load: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who does something: who they are, and every party that they may act for (themself, their departments).

    ``oversees`` says that the register lets them look after this issue without a task in it: they may add to it, and no more.
    """

    party: Party
    parties: frozenset[Party]
    oversees: bool = False


class Directory(Protocol):
    """Who there is at this moment. Answers must not change while one event is decided."""

    def candidates(self, role: Role, station: int) -> Sequence[Candidate]:
        """Everybody whom the role's source names, seen from a station."""
        ...

    def office(self) -> Sequence[Candidate]:
        """Those who look after an issue for which nobody else was found."""
        ...

    def known(self, party: Party) -> bool:
        """Whether a department of this reference exists and is in service."""
        ...
