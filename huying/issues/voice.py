"""Who may note what the reporter of an issue says to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection, select

from definitions.model.reference import participant
from engine import Actor, Process
from engine.directory import Directory
from engine.draft import Draft
from engine.evolve import EMPTY
from engine.refusal import NotAllowed
from engine.rules import voice
from engine.rules.roles import found_for
from engine.state import Facts, State
from huying.access.viewer import viewer
from huying.database.tables import issues
from huying.house.house import House
from huying.issues.record import Record, record
from huying.issues.sight import sight
from huying.register.directory import RegisterDirectory


@dataclass(frozen=True, slots=True)
class WorkPlace:
    """A station at which a matter would be taken."""

    id: int
    code: str
    industry: str | None


def reporter_heard_by(house: House, issue_id: int, person: int, now: datetime) -> int:
    """The reporter of an issue, for somebody who may note what they say; ``NotFound`` or ``NotAllowed`` for anybody else."""
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, "zh")
        sight(connection, viewer(connection, person), found)
        if not may_note(house, connection, found, person, now):
            raise NotAllowed
        return found.reporter_id


def may_take_at(process: Process, directory: Directory, place: WorkPlace, actor: Actor, now: datetime) -> bool:
    """Whether somebody may take a matter of a process at a station for residents, before there is one."""
    return bool(process.definition.taken_by) and voice.may_take(
        _unopened(process, directory, place, now), actor.parties
    )


def serves_in(process: Process, directory: Directory, place: WorkPlace, actor: Actor, now: datetime) -> frozenset[str]:
    """The roles of a process that find somebody at a station by where they serve."""
    draft = _unopened(process, directory, place, now)
    serving = (key for key, role in process.definition.roles.items() if role.serving)
    return frozenset(key for key in serving if not actor.parties.isdisjoint(found_for(draft, key)))


def _unopened(process: Process, directory: Directory, place: WorkPlace, now: datetime) -> Draft:
    nobody = participant(0)
    facts = Facts(
        number="", station=place.id, reporter=nobody, opened_at=now, station_code=place.code, industry=place.industry
    )
    return Draft(process, replace(EMPTY, facts=facts), now, directory)


def may_note(house: House, connection: Connection, found: Record, person: int, now: datetime) -> bool:
    """Whether somebody may take such issues for residents, by the roles that the definition names; not of a matter that they raised themselves."""
    if not found.definition.taken_by or person == found.reporter_id:
        return False
    directory = RegisterDirectory(connection, found.process.calendar, now, files=house.store, issue=found.id)
    draft = Draft(found.process, found.state, now, directory)
    return voice.may_take(draft, viewer(connection, person).actor.parties)


def was_taken_by(house: House, issue_id: int, person: int) -> bool:
    """Whether somebody entered an issue for its reporter."""
    with house.database.reading() as connection:
        state: State | None = connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar()
    return bool(state and state.facts and state.facts.taken_by == participant(person))
