"""Who may read a file, write in it, and keep it: the person, the office, and the staff of the person's stations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from huying.access.viewer import Viewer
from huying.database.tables import participants
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.rights.right import may_everywhere

#: Writing entries for others; confirming them, answering objections, closing years.
ENTER, KEEP = "enter in files", "keep files"


@dataclass(frozen=True, slots=True)
class FileRight:
    """What somebody may do with a file: ``own``, it is theirs; ``enters``: write drafts; ``keeps``: confirm, correct, answer, close.

    Nobody keeps their own.
    """

    own: bool
    enters: bool
    keeps: bool


def right_to(connection: Connection, person: Viewer, participant_id: int, now: datetime) -> FileRight:
    """What this person may do with somebody's file; ``NotFound`` if they may not even read it."""
    known = select(participants.c.id).where(participants.c.id == participant_id)
    at = select(serving.c.station_id).where(serving.c.participant_id == participant_id)
    stations = {one for one in connection.execute(at).scalars() if one is not None}
    own = person.participant_id == participant_id
    sees = own or person.office or not person.stations.isdisjoint(stations)
    enters, keeps = _may(ENTER, person, stations, now), _may(KEEP, person, stations, now)
    if connection.execute(known).first() is None or not (sees or enters or keeps):
        raise no_file()
    return FileRight(own, own or enters or keeps, keeps and not own)


def _may(action: str, person: Viewer, stations: set[int], now: datetime) -> bool:
    if any(person.may(action, now, station) for station in stations):
        return True
    # whoever serves nowhere any more has a file too
    return may_everywhere(action, person.entitlement, now)


def no_file() -> NotFound:
    """There is none, as far as they may know."""
    return NotFound("没有这本档案，或者您无权查看。", "There is no such file, or you may not see it.")
