"""The names that one issue's pages need, read together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from definitions.model.reference import Reference, organisation, participant
from huying.database.tenure import serving
from huying.register.names import names
from huying.shelf.store import Store


@dataclass(frozen=True, slots=True)
class People:
    """Names by reference, and the departments that each person serves in."""

    names: dict[str, str]
    departments_of: dict[str, frozenset[str]]

    def name(self, party: str) -> str:
        """The name of a party."""
        return self.names.get(party, party)


def people(connection: Connection, references: Iterable[str], language: str, files: Store | None = None) -> People:
    """Who these parties are, and what everything else is called; ``files`` is where files are kept."""
    wanted = set(references)
    parts = filter(None, map(Reference.read, wanted))
    persons = [named.number for named in parts if named.kind == "participant"]
    query = select(serving.c.participant_id, serving.c.organisation_id).where(
        serving.c.participant_id.in_(persons), serving.c.organisation_id.is_not(None)
    )
    belongs: dict[str, set[str]] = {}
    for person, department in connection.execute(query):
        belongs.setdefault(participant(person), set()).add(organisation(department))
    return People(
        names=names(connection, wanted, language, files),
        departments_of={party: frozenset(departments) for party, departments in belongs.items()},
    )
