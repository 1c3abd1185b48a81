"""Who looks: a signed-in person, for whom they may act, and where they are staff. What of an issue they may see: ``issues/sight``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Integer, String, bindparam, select

from definitions.model.reference import organisation, participant
from engine import Actor
from huying.database.statement import Statement
from huying.database.tables import participants
from huying.database.tenure import Today
from huying.errors import NotFound
from huying.rights.entitlement import Entitlement, grants_of, serving_of
from huying.rights.right import may, rights_today


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person: who they are, for whom they may act, and of whose issues they look after: ``office``: of the whole house, else of those
    ``stations``, because they serve there or were granted to supervise them. ``entitlement`` is what their rights come from.
    """

    participant_id: int
    name: str
    language: str
    kind: str
    actor: Actor
    office: bool
    stations: frozenset[int]
    entitlement: Entitlement

    def may(self, action: str, now: datetime, station: int | None = None) -> bool:
        """Whether they may do something at a station; without one: anywhere at all."""
        return may(action, self.entitlement, now, station)

    @property
    def parties(self) -> frozenset[str]:
        """For whom they may act: themselves and their departments."""
        return self.actor.parties

    @property
    def staff(self) -> bool:
        """Whether this person looks after issues of others."""
        return self.office or bool(self.stations)


class AnyViewer(Protocol):
    """Whose list a condition speaks of: somebody, or blanks that are filled in for whoever asks."""

    @property
    def participant_id(self) -> Any: ...

    @property
    def office(self) -> bool: ...

    @property
    def stations(self) -> Any: ...

    @property
    def parties(self) -> Any: ...


_ME: Any = bindparam("me", type_=Integer())
_STATIONS: Any = bindparam("stations", type_=Integer(), expanding=True)
_PARTIES: Any = bindparam("parties", type_=String(), expanding=True)


@dataclass(frozen=True, slots=True)
class BlankViewer:
    """What a statement leaves blank for whoever asks; ``blanks_of`` fills it in."""

    office: bool
    participant_id: Any = _ME
    stations: Any = _STATIONS
    parties: Any = _PARTIES


def blanks_of(person: Viewer) -> dict[str, Any]:
    """What stands in the blanks for somebody."""
    return {"me": person.participant_id, "stations": sorted(person.stations), "parties": sorted(person.parties)}


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, in which language, and when: ``person`` is a participant's id.

    ``by_code``: they have shown number and code alone, and read no personal data. ``by_link``: they came by a link in a message, without a log-in.
    """

    person: int
    language: str
    now: datetime
    by_code: bool = False
    by_link: bool = False


#: Every page asks this, some several times.
_person = Statement(
    select(participants.c.name, participants.c.language, participants.c.kind, participants.c.active, Today()).where(
        participants.c.id == bindparam("person")
    )
)


def viewer(connection: Connection, participant_id: int) -> Viewer:
    """The person of this id; ``NotFound`` if there is none."""
    found = _person.rows(connection, {"person": participant_id})
    if not found:
        raise NotFound("没有这个人。", "There is no such person.")
    name, language, kind, active, today = found[0]
    # one question each for where somebody serves and what they were granted
    servings = serving_of(connection, participant_id)
    entitlement = Entitlement(participant_id, active, servings, grants_of(connection, participant_id))
    cared_for = [right.scope for right in rights_today("look after issues", entitlement, today)]
    own = participant(participant_id)
    return Viewer(
        participant_id=participant_id,
        name=name,
        language=language,
        kind=kind,
        actor=Actor(own, frozenset({own, *(organisation(one.organisation) for one in servings if one.organisation)})),
        office=any(scope.whole for scope in cared_for),
        stations=frozenset(station for scope in cared_for for station in scope.stations),
        entitlement=entitlement,
    )
