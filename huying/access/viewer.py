"""Who looks: a signed-in person, for whom they may act, and where they are staff. What of an issue they may see: ``issues/sight``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from definitions.model.reference import organisation, participant
from engine import Actor
from huying.database.tables import organisations, participants
from huying.database.tenure import serving
from huying.errors import NotFound

_STAFF = ("clerk", "head")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person: who they are, for whom they may act, whether they serve in the office, at which stations they are staff."""

    participant_id: int
    name: str
    language: str
    kind: str
    actor: Actor
    office: bool
    stations: frozenset[int]

    @property
    def staff(self) -> bool:
        """Whether this person looks after issues of others."""
        return self.office or bool(self.stations)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, in which language, and when: ``person`` is a participant's id.

    ``by_code``: they have shown number and code alone, and read no personal data.
    """

    person: int
    language: str
    now: datetime
    by_code: bool = False


def viewer(connection: Connection, participant_id: int) -> Viewer:
    """The person of this id; ``NotFound`` if there is none."""
    person = connection.execute(select(participants).where(participants.c.id == participant_id)).one_or_none()
    if person is None:
        raise NotFound("没有这个人。", "There is no such person.")
    own, organised = participant(participant_id), organisations.c.kind
    # every page asks this, some several times: one question for all that somebody belongs to
    belongs = connection.execute(
        select(serving.c.station_id, serving.c.organisation_id, serving.c.function, organised)
        .outerjoin(organisations, organisations.c.id == serving.c.organisation_id)
        .where(serving.c.participant_id == participant_id)
    ).all()
    parties = frozenset({own, *(organisation(row.organisation_id) for row in belongs if row.organisation_id)})
    return Viewer(
        participant_id=participant_id,
        name=person.name,
        language=person.language,
        kind=person.kind,
        actor=Actor(own, parties),
        office=any(row.kind == "office" for row in belongs),
        stations=frozenset(row.station_id for row in belongs if row.station_id and row.function in _STAFF),
    )
