"""A register in memory: the kernel's directory for tests, rehearsals and simulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from definitions.model.reference import participant, refers_to
from engine.books.books import UNWRITTEN, Books
from engine.directory import Candidate, OtherIssue, Search, TakingStation


@dataclass
class MemoryDirectory:
    """Candidates by source and place, such as ``staff of station`` (or with the level: ``deputies of district, city``); what exists; the office."""

    people: Mapping[str, Sequence[Candidate]] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()
    officers: Sequence[Candidate] = (Candidate(party=participant(1)),)
    away: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    belonging: Mapping[str, Sequence[str]] = field(default_factory=dict)
    issues: Mapping[str, OtherIssue] = field(default_factory=dict)
    stations: Mapping[str, TakingStation] = field(default_factory=dict)
    books: Books = UNWRITTEN
    vacancies: frozenset[str] = frozenset()

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """Those filed under source, place and level; without such an entry, under source and place alone."""
        place = f"{search.source} {search.place or search.competence}"
        if search.level is None:
            return self.people.get(place, ())
        return self.people.get(f"{place}, {search.level}", ())

    def office(self) -> Sequence[Candidate]:
        """The officers."""
        return self.officers

    def stand_ins(self, party: str) -> Sequence[str]:
        """Those named for who is away."""
        return self.away.get(party, ())

    def members(self, department: str) -> Sequence[str]:
        """Those named as belonging to it."""
        return self.belonging.get(department, ())

    def vacant(self, party: str) -> bool:
        """Whether it is one of the vacancies."""
        return party in self.vacancies

    def known(self, reference: str) -> bool:
        """Whether it is one of the departments, or of another kind."""
        return reference in self.departments or not refers_to(reference, "organisation")

    def issue(self, reference: str) -> OtherIssue | None:
        """The issue that is filed, else an open one that nobody called."""
        return self.issues.get(reference, OtherIssue(number=reference))

    def station(self, named: str) -> TakingStation | None:
        """One of the stations."""
        return self.stations.get(named)

    def resolve(self, kind: str, text: str) -> str | None:
        """The issue of this number."""
        return self.numbers.get(text)
