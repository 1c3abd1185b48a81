"""The register answers the kernel: on one connection, at one moment, the same to the same question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection

from definitions.calendars.calendar import Calendar
from definitions.model.reference import Reference, organisation, participant, refers_to
from engine import Candidate, Search
from engine.directory import OtherIssue, TakingStation
from huying.access.parties import people
from huying.register.books import HouseBooks
from huying.register.directory import references, searches
from huying.register.directory.absence import who_is_there
from huying.register.directory.candidates import Circumstances, FoundCandidate, Seat, Seats
from huying.shelf.store import Store

_OFFICE = searches.SearchShape("office")


class RegisterDirectory:
    """Answers the kernel's questions from the register; ``files`` is the folder of attachments, ``issue`` the one that is decided.

    ``holds``: what is asked about other issues stays so until the transaction ends.
    """

    def __init__(
        self,
        connection: Connection,
        calendar: Calendar,
        now: datetime,
        *,
        files: Store | None = None,
        issue: int | None = None,
        holds: bool = False,
    ) -> None:
        self._connection = connection
        self._local = now.astimezone(calendar.zone)
        self._files = files
        self._issue = issue
        self.books = HouseBooks(connection, issue, holds=holds)
        self._answers: dict[Search, Sequence[Candidate]] = {}
        self._vacant: dict[str, bool] = {}
        self._known: dict[str, bool] = {}
        #: Who was found to be there, and in service.
        self._present: set[int] = set()

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """Everybody whom the search fits, at the nearest place that has somebody; who is away is replaced by their substitute."""
        known = self._answers.get(search)
        if known is None:
            looked = self._departments(search) if search.source == "departments for" else self._people(search)
            known = self._answers[search] = self._found(search, looked)
        return known

    def office(self) -> Sequence[Candidate]:
        """The members of the office that looks after the whole house; if all of them are away, still they: somebody must be asked."""
        rows = searches.people(_OFFICE).rows(self._connection, {"today": self._local.date()})
        everybody = [Seats(participant(person)) for person in dict.fromkeys(row[0] for row in rows)]
        return self._found(None, self._there(rows) or everybody)

    def stand_ins(self, party: str) -> Sequence[str]:
        """Those who act for a person who is away today; nobody for one who is there, and for departments."""
        named = Reference.parse(party)
        if named.kind != "participant" or named.number in self._present:
            return ()
        there = who_is_there(self._connection, named.number, self._local.date())
        return (participant(there),) if there is not None and there != named.number else ()

    def members(self, department: str) -> Sequence[str]:
        """The persons in service who belong to a department."""
        return tuple(participant(person) for person in people(self._connection, department))

    def vacant(self, party: str) -> bool:
        """Whether a person is not in service any more, or nobody serves in a department."""
        if party not in self._vacant:
            department = refers_to(party, "organisation")
            self._vacant[party] = not self.known(party) or (department and not self.members(party))
        return self._vacant[party]

    def known(self, reference: str) -> bool:
        """Whether what the reference refers to exists and is in service."""
        known = self._known.get(reference)
        if known is None:
            known = self._known[reference] = references.known(self._connection, self._files, reference)
        return known

    def issue(self, reference: str) -> OtherIssue | None:
        """Another issue, as its state says."""
        named = Reference.read(reference)
        state = references.issue_state(self._connection, named.key) if named and named.kind == "issue" else None
        if state is None or state.facts is None:
            return None
        facts = state.facts
        return OtherIssue(
            number=facts.number, open=state.status == "open", caller=facts.parent, survivor=state.survivor
        )

    def station(self, named: str) -> TakingStation | None:
        """The station of this reference or code, if it takes issues in."""
        return references.taking_station(self._connection, named)

    def resolve(self, kind: str, text: str) -> str | None:
        """The reference of what people call by a number, a code or a login."""
        return references.resolve(self._connection, kind, text)

    def _people(self, search: Search) -> list[Seats]:
        values = {**searches.values_of(search), "today": self._local.date()}
        rows = searches.people(searches.shape_of(search)).rows(self._connection, values)
        for distance in dict.fromkeys(row[2] for row in rows):
            there = self._there(row for row in rows if row[2] == distance)
            if there:
                return there
        return []

    def _departments(self, search: Search) -> list[Seats]:
        if search.competence is None:
            # nothing was named that it should be for, and every department would be no answer
            return []
        statement = searches.departments(area=search.area is not None, level=search.level is not None)
        rows = statement.rows(self._connection, searches.values_of(search))
        return [Seats(organisation(row[0])) for row in takewhile(lambda row: row[2] == rows[0][2], rows)]

    def _there(self, rows: Iterable[Sequence[Any]]) -> list[Seats]:
        """Those who are there, or stand in, each once, with all the seats that they fill."""
        seats: dict[int, list[Seat]] = {}
        for person, station, _, is_away in rows:
            there = who_is_there(self._connection, person, self._local.date()) if is_away else person
            if not is_away:
                self._present.add(person)
                self._known[participant(person)] = True
            if there is not None:
                seats.setdefault(there, []).append((person, station))
        return [Seats(participant(person), tuple(filled)) for person, filled in sorted(seats.items())]

    def _found(self, search: Search | None, parties: list[Seats]) -> Sequence[Candidate]:
        circumstances = Circumstances(self._connection, search, parties, self._local, self._issue)
        return tuple(FoundCandidate(found, circumstances) for found in parties)
