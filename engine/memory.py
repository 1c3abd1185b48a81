"""A register in memory: the kernel's directory for tests, rehearsals and simulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from definitions.role import Role
from engine.directory import Candidate


@dataclass
class MemoryDirectory:
    """Candidates by the role's source, such as ``staff of station``; departments that exist; the office."""

    people: Mapping[str, Sequence[Candidate]] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()
    officers: Sequence[Candidate] = (Candidate(party="participant:1"),)

    def candidates(self, role: Role, station: int) -> Sequence[Candidate]:
        """Those filed under the role's source."""
        return self.people.get(f"{role.sources[0]} {role.place}", ())

    def office(self) -> Sequence[Candidate]:
        """The officers."""
        return self.officers

    def known(self, party: str) -> bool:
        """Whether it is one of the departments."""
        return party in self.departments
