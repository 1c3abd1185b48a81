"""Opening an incident, in the transaction that gives something up, and telling the staff of the station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from huying.database.tables import incidents, issues, participants, stations
from huying.database.tenure import serving
from huying.messages.notices import write_notice
from huying.messages.recipients import office_people
from huying.words.mask import mask
from huying.words.names import named

What = Literal["effect", "delivery", "timer"]
OCCASION = "incident"
#: So many incidents of a station within an hour are told one by one; the page has them all.
TOLD_SINGLY = 5
_HOUR = timedelta(hours=1)
#: Whom incidents of a station concern.
_FUNCTIONS = ("clerk", "head")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What was given up: ``what_id`` is the effect, the message, or the number of the timer; ``kind`` that of the effect."""

    what: What
    what_id: int
    kind: str
    reason: str
    attempts: int
    issue_id: int | None = None
    visit: int | None = None
    step: str = ""


def open_incident(connection: Connection, failed: Failed, now: datetime) -> None:
    """Note what failed; one that is open already, because it was tried again, is open again with the new reason."""
    c = incidents.c
    same = (
        c.what == failed.what,
        c.what_id == failed.what_id,
        c.issue_id == (failed.issue_id or 0),
        c.status != "closed",
    )
    said = {"reason": mask(failed.reason)[:500], "attempts": failed.attempts, "status": "open", "changed_at": now}
    if connection.execute(update(incidents).where(*same).values(said)).rowcount:
        return
    issue = connection.execute(
        select(issues.c.number, issues.c.subject, issues.c.station_id).where(issues.c.id == failed.issue_id)
    ).one_or_none()
    station = issue.station_id if issue else 0
    row = {
        "what": failed.what,
        "what_id": failed.what_id,
        "issue_id": failed.issue_id or 0,
        "station_id": station,
        "visit": failed.visit,
        "kind": failed.kind,
        "step": failed.step,
        "opened_at": now,
        **said,
    }
    number = int(connection.execute(insert(incidents).returning(c.id), row).scalar_one())
    _tell(connection, number, station, issue, said["reason"], now)


def _tell(connection: Connection, number: int, station: int, issue: Any, reason: Any, now: datetime) -> None:
    """Tell the station's staff, or else the office; of many within an hour only the first ones."""
    recent = select(func.count()).where(incidents.c.station_id == station, incidents.c.opened_at > now - _HOUR)
    if connection.execute(recent).scalar_one() > TOLD_SINGLY:
        return
    place = connection.execute(select(stations).where(stations.c.id == station)).one_or_none()

    def words(language: str) -> dict[str, Any]:
        return {
            "issue": f"{issue.number} {issue.subject}" if issue else None,
            "station": named(place, language) if place else None,
            "note": reason or None,
        }

    for person in _staff(connection, station) or office_people(connection):
        write_notice(connection, OCCASION, f"incident.{number}", person, words, now)


def _staff(connection: Connection, station: int) -> Sequence[int]:
    query = (
        select(participants.c.id)
        .join(serving, serving.c.participant_id == participants.c.id)
        .where(serving.c.station_id == station, serving.c.function.in_(_FUNCTIONS), participants.c.active)
    )
    return connection.execute(query.distinct().order_by(participants.c.id)).scalars().all()
