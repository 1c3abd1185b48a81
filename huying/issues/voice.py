"""Who may note what the reporter of an issue says to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from engine.draft import Draft
from engine.refusal import NotAllowed
from engine.rules import voice
from huying.access.viewer import viewer
from huying.house.house import House
from huying.issues.record import Record, record
from huying.issues.sight import sight
from huying.register.directory import RegisterDirectory


def reporter_heard_by(house: House, issue_id: int, person: int, now: datetime) -> int:
    """The reporter of an issue, for somebody who may note what they say; ``NotFound`` or ``NotAllowed`` for anybody else."""
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, "zh")
        sight(connection, viewer(connection, person), found)
        if not may_note(house, connection, found, person, now):
            raise NotAllowed
        return found.reporter_id


def may_note(house: House, connection: Connection, found: Record, person: int, now: datetime) -> bool:
    """Whether somebody may take such issues for residents, by the roles that the definition names; not of a matter that they raised themselves."""
    if not found.definition.taken_by or person == found.reporter_id:
        return False
    directory = RegisterDirectory(connection, found.process.calendar, now, files=house.files, issue=found.id)
    draft = Draft(found.process, found.state, now, directory)
    return voice.may_take(draft, viewer(connection, person).actor.parties)
