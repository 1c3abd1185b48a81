"""Parties: references to people and departments, and the set of them for which a person may act."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from definitions.model.reference import Reference, organisation, participant
from definitions.text import Said
from engine import Actor
from huying.database.statement import Statement
from huying.database.tables import organisations, participants
from huying.database.tenure import serving
from huying.words.names import named

_organisations_of = Statement(
    select(serving.c.organisation_id).where(
        serving.c.participant_id == bindparam("person"), serving.c.organisation_id.is_not(None)
    )
)


def actor(connection: Connection, person: int) -> Actor:
    """A person with the departments for which they may act."""
    found = _organisations_of.rows(connection, {"person": person})
    return Actor(participant(person), own_parties(person, (number for (number,) in found)))


def own_parties(person: int, departments: Iterable[int]) -> frozenset[str]:
    """Every party for which a member of these departments may act."""
    return frozenset({participant(person), *map(organisation, departments)})


_person = Statement(
    select(participants.c.id).where(participants.c.id == bindparam("number"), participants.c.active.is_(True))
)
_members = Statement(
    select(participants.c.id)
    .join(serving, serving.c.participant_id == participants.c.id)
    .where(serving.c.organisation_id == bindparam("number"), participants.c.active.is_(True))
    .distinct()
    .order_by(participants.c.id)
)


def people(connection: Connection, party: str) -> tuple[int, ...]:
    """The persons behind a party: the person, or the members of the department, in service."""
    named = Reference.parse(party)
    query = _person if named.kind == "participant" else _members
    return tuple(number for (number,) in query.rows(connection, {"number": named.number}))


def names(connection: Connection, references: set[str], language: str = "zh") -> dict[str, str]:
    """The names of parties by reference, in a language where they have several."""
    by_kind: dict[str, list[int]] = {"participant": [], "organisation": []}
    for party in map(Reference.parse, references):
        by_kind[party.kind].append(party.number)
    found: dict[str, str] = {}
    if by_kind["participant"]:
        rows = connection.execute(_PERSONS, {"numbers": by_kind["participant"]})
        unnamed = UNNAMED.of(language)
        found |= {participant(number): unnamed if text == NO_NAME else text for number, text in rows}
    if by_kind["organisation"]:
        rows = connection.execute(_organisations(language), {"numbers": by_kind["organisation"]})
        found |= {organisation(number): text for number, text in rows}
    return found


#: What stands in the register for a resident who has not said their name, and how they are called.
NO_NAME, UNNAMED = "—", Said("未留姓名", "name not given")
_NUMBERS: Any = bindparam("numbers", expanding=True)
_PERSONS = select(participants.c.id, participants.c.name).where(participants.c.id.in_(_NUMBERS))


@cache
def _organisations(language: str) -> Select[Any]:
    return select(organisations.c.id, named(organisations.c, language)).where(organisations.c.id.in_(_NUMBERS))
