"""The people of a simulation: as many as assumed behind every role, each with a queue and working hours, and the directory that finds them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from definitions.model.duration import Unit
from definitions.model.reference import organisation, participant, reference, refers_to
from definitions.trials.assumptions import Assumptions
from engine.books.books import UNWRITTEN, Books
from engine.directory import Actor, Candidate, OtherIssue, Search, TakingStation
from engine.state import Party

#: How many there are of a role of which nothing is assumed.
USUALLY = 3
#: Working time in longer units: an office's day has seven hours.
OFFICE_DAY = timedelta(hours=7)
WORKING: Mapping[Unit, timedelta] = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "working hours": timedelta(hours=1),
    "days": OFFICE_DAY,
    "working days": OFFICE_DAY,
    "calendar days": OFFICE_DAY,
    "weeks": 5 * OFFICE_DAY,
    "months": 21 * OFFICE_DAY,
    "quarters": 62 * OFFICE_DAY,
    "years": 248 * OFFICE_DAY,
}


@dataclass(slots=True, eq=False)
class Worker:
    """Somebody who does one task after the other; ``role`` is the first for which they were found, ``worked`` their working time."""

    actor: Actor
    role: str
    queue: deque[tuple[int, int]] = field(default_factory=deque)
    busy: bool = False
    worked: timedelta = timedelta()
    longest: int = 0
    given_at: datetime | None = None

    @property
    def load(self) -> int:
        """The tasks in hand."""
        return len(self.queue) + self.busy


class Office:
    """A register with as many people as assumed; the same search finds the same people."""

    def __init__(self, assumptions: Assumptions) -> None:
        self._assumed = assumptions
        self.books: Books = UNWRITTEN
        self._found: dict[tuple[object, ...], tuple[Worker, ...]] = {}
        self._by_party: dict[Party, tuple[Worker, ...]] = {}
        self._count = 0
        self.departments = tuple(organisation(n) for n in range(1, assumptions.departments + 1))
        for department in self.departments:
            self._by_party[department] = self._hired("handlers", assumptions.handlers, department)
        self._officers = self._hired("office", assumptions.people.get("office", USUALLY))

    @property
    def workers(self) -> Sequence[Worker]:
        """Everybody who was found so far, departments' handlers included."""
        return tuple({id(one): one for many in self._by_party.values() for one in many}.values())

    def working_for(self, party: Party) -> Sequence[Worker]:
        """Those who do what a party is asked to; nobody of the office for a citizen."""
        return self._by_party.get(party, ())

    def _hired(self, role: str, number: int, department: Party | None = None) -> tuple[Worker, ...]:
        made = []
        for _ in range(number):
            self._count += 1
            party = participant(self._count)
            worker = Worker(Actor(party, frozenset({party, department} if department else {party})), role)
            self._by_party[party] = (worker,)
            made.append(worker)
        return tuple(made)

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """Those behind a role, all on duty; departments for a competence."""
        if search.source == "departments for":
            return [Candidate(party=department) for department in self.departments]
        key = (search.source, search.place, search.function, search.industry, search.competence, search.level)
        if key not in self._found:
            number = self._assumed.people.get(search.role, USUALLY)
            self._found[key] = self._hired(search.role, number)
        return [
            Candidate(party=one.actor.party, on_duty=True, load=one.load, given_at=one.given_at, level=search.level)
            for one in self._found[key]
        ]

    def office(self) -> Sequence[Candidate]:
        """The office."""
        return [Candidate(party=one.actor.party, load=one.load) for one in self._officers]

    def stand_ins(self, party: Party) -> Sequence[Party]:
        """Nobody is away."""
        return ()

    def members(self, department: Party) -> Sequence[Party]:
        """Its handlers."""
        return [one.actor.party for one in self.working_for(department)]

    def vacant(self, party: Party) -> bool:
        """Everybody stays."""
        return False

    def known(self, reference: str) -> bool:
        """Whether it is one of the departments, or of another kind."""
        return not refers_to(reference, "organisation") or reference in self.departments

    def issue(self, reference: Party) -> OtherIssue | None:
        """Every other issue is open, and nobody waits for it."""
        return OtherIssue(number=reference)

    def station(self, named: str) -> TakingStation | None:
        """A station beside that of the issue."""
        return TakingStation(number=2, code="S2")

    def resolve(self, kind: str, text: str) -> str | None:
        """A text that is a reference already."""
        return text if refers_to(text, kind) else reference(kind, 1)

    def by_role(self) -> Mapping[str, Sequence[Worker]]:
        """The workers by the role for which they were found first."""
        roles: dict[str, list[Worker]] = {}
        for worker in self.workers:
            roles.setdefault(worker.role, []).append(worker)
        return roles
