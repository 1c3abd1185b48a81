"""The people of a rehearsal: whoever a role looks for is there, under a number of their own; and who they are when they act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from definitions.model.field import Field
from definitions.model.reference import reference, refers_to
from definitions.model.role import REPORTER
from engine.books.books import UNWRITTEN, Books
from engine.change import Entered, Filled, ItemOpened, MadeAnswerable, RoleGiven, SupervisorNamed
from engine.directory import Actor, Candidate, OtherIssue, Search, TakingStation
from engine.outcome import Outcome
from engine.process import Process
from engine.state import Party, WorkItem

_OFFICE = "office"


class Cast:
    """Made-up parties by role, and the directory that finds them."""

    def __init__(self, process: Process, books: Books = UNWRITTEN) -> None:
        self._process = process
        self._numbers: dict[str, int] = {}
        self._data: dict[str, Any] = {}
        self._roles: dict[str, set[Party]] = defaultdict(set)
        self.directory = _Everybody(self, books)
        self._roles[REPORTER].add(self.party(REPORTER))
        self._roles[_OFFICE].add(self.party(_OFFICE))

    def party(self, label: str, kind: str = "participant") -> Party:
        """The party that a label stands for; the same label is the same party."""
        if refers_to(label, "participant", "organisation"):
            return label
        return reference(kind, self._numbers.setdefault(label, len(self._numbers) + 1))

    def answers(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The answers of a form with references where the scenario has labels or codes."""
        return {name: self._answer(name, value) for name, value in given.items()}

    def _answer(self, name: str, value: Any) -> Any:
        field = self._process.definition.data.get(name)
        if field is None or value is None:
            return value
        if field.type == "table" and isinstance(value, list | tuple):
            return [{key: self._cell(field, key, cell) for key, cell in row.items()} for row in value]
        if isinstance(value, list | tuple) and field.type in ("departments", "people", "files"):
            return [self._answer_one(field.type, one) for one in value]
        return self._answer_one(field.type, value)

    def _cell(self, table: Field, key: str, cell: Any) -> Any:
        column = table.columns.get(key)
        return self._answer_one(column.type, cell) if column is not None and cell is not None else cell

    def _answer_one(self, kind: str, value: Any) -> Any:
        match kind:
            case "department" | "departments":
                return self.party(str(value), "organisation")
            case "person" | "people":
                return self.party(str(value))
            case "issue":
                return reference("issue", 2)
            case "area" | "station":
                return reference(kind, 1) if not str(value).startswith(kind) else value
            case "file" | "files":
                return reference("file", "0" * 64)
            case _:
                return value

    def somebody(self, label: str) -> Party:
        """Whom a scenario names after ``to``: a role that somebody holds, a department (``department 1`` or a code), or a person."""
        held = self._roles.get(label)
        if held:
            return sorted(held)[0]
        department = label.startswith("department") or label.isupper()
        return self.party(label, "organisation" if department else "participant")

    def parties_of(self, role: str) -> frozenset[Party]:
        """Everybody who has held a role so far; for any other word, the party that it names."""
        held = {*self._roles.get(role, ()), *self._named(role)}
        return frozenset(held) if held else frozenset({self.somebody(role)})

    def _named(self, role: str) -> tuple[Party, ...]:
        """Those whom a field names, for a role that reads one."""
        spec = self._process.definition.roles.get(role)
        value = self._data.get(spec.departments or spec.people or "") if spec else None
        return (value,) if isinstance(value, str) else tuple(value or ())

    def actor(self, role: str, item: WorkItem | None) -> Actor | None:
        """The person who acts: staff, or one of those who have the item, as a member of their department."""
        if role == "staff":
            return Actor(self.party("staff"), frozenset({self.party("staff")}), oversees=True, manages=True)
        parties = self.parties_of(role)
        mine = [
            party
            for party in ((item.delegate, item.offered, item.owner, *item.candidates) if item else ())
            if party in parties
        ]
        party = next(iter(mine), None) or (item.candidates[0] if item and item.role == role else sorted(parties)[0])
        if refers_to(party, "organisation"):
            person = self.party(f"member of {party}")
            return Actor(person, frozenset({person, party}))
        return Actor(party, frozenset({party}))

    def meet(self, outcome: Outcome) -> None:
        """Remember who holds which role by now."""
        for change in outcome.changes:
            match change:
                case Filled(values=values):
                    self._data.update(values)
                case ItemOpened(item=item):
                    self._roles[item.role].update(item.candidates)
                case RoleGiven(role=role, parties=parties):
                    self._roles[role].update(parties)
                case SupervisorNamed(parties=parties):
                    self._roles["supervisors"].update(parties)
                case MadeAnswerable(party=party):
                    self._roles["answerable"].add(party)

    def entered(self, outcome: Outcome) -> set[str]:
        """The steps that an event led into."""
        return {change.visit.step for change in outcome.changes if isinstance(change, Entered)}

    def found(self, search: Search) -> Party:
        """Whoever a search finds: one for each source, place, function and level."""
        kind = "organisation" if search.source == "departments for" else "participant"
        parts = (search.source, search.place, search.function, search.level, search.industry, search.competence)
        found = self.party(" ".join(str(part) for part in parts if part), kind)
        self._roles[search.role].add(found)
        return found


class _Everybody:
    """A register in which every search finds somebody, and everything that is named exists."""

    def __init__(self, cast: Cast, books: Books) -> None:
        self._cast = cast
        self.books = books

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """One made-up party."""
        return (Candidate(party=self._cast.found(search), on_duty=True),)

    def office(self) -> Sequence[Candidate]:
        """The office."""
        return (Candidate(party=self._cast.party(_OFFICE)),)

    def stand_ins(self, party: Party) -> Sequence[Party]:
        """Nobody is away."""
        return ()

    def members(self, department: Party) -> Sequence[Party]:
        """The one made-up member."""
        return (self._cast.party(f"member of {department}"),)

    def vacant(self, party: Party) -> bool:
        """Everybody stays."""
        return False

    def known(self, reference: str) -> bool:
        """Everything exists."""
        return True

    def issue(self, reference: Party) -> OtherIssue | None:
        """Every other issue is open, and nobody waits for it."""
        return OtherIssue(number=reference)

    def station(self, named: str) -> TakingStation | None:
        """A station beside that of the issue."""
        return TakingStation(number=2, code="S2")

    def resolve(self, kind: str, text: str) -> str | None:
        """A text that is a reference already."""
        return text if refers_to(text, kind) else reference(kind, 1)
