"""What an event changes beside its issue's own rows: followers and supervisors, links and promises, and at which station all of it stands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from definitions.model.reference import Reference
from engine import Outcome
from engine.change import (
    FollowersJoined,
    FollowersLeft,
    Linked,
    PromiseEnded,
    PromiseMade,
    Relocated,
    SupervisorNamed,
    Unlinked,
)
from huying.database.tables import deliveries, incidents, involvements, issue_links, issues, promises

#: The changes of which these tables are made.
INVOLVING = frozenset(
    {SupervisorNamed, FollowersJoined, FollowersLeft, Linked, Unlinked, PromiseMade, PromiseEnded, Relocated}
)
#: Messages that staff of a station still have to see to: told by phone by nobody yet.
_UNTOLD = "untold"


def write_involvement(connection: Connection, issue_id: int, outcome: Outcome, now: datetime) -> None:
    """Write what the changes of one event say, in the transaction of that event."""
    for change in outcome.changes:
        match change:
            case SupervisorNamed(parties=parties):
                _involve(connection, issue_id, parties, "supervisor")
            case FollowersJoined(parties=parties):
                _involve(connection, issue_id, parties, "follower")
            case FollowersLeft(parties=parties):
                mine = involvements.c.issue_id == issue_id, involvements.c.kind == "follower"
                connection.execute(delete(involvements).where(*mine, involvements.c.party.in_(parties)))
            case Linked(link=link):
                row = {"issue_id": issue_id, "other_id": Reference.parse(link.issue).number, "kind": link.kind}
                _once(connection, issue_links, [row])
            case Unlinked(link=link):
                other = Reference.parse(link.issue).number
                these = issue_links.c.issue_id == issue_id, issue_links.c.other_id == other
                connection.execute(delete(issue_links).where(*these, issue_links.c.kind == link.kind))
            case Relocated(station=station):
                _moved(connection, issue_id, station)
            case PromiseMade(promise=made):
                row = {
                    "issue_id": issue_id,
                    "number": made.number,
                    "party": made.by,
                    "what": made.what,
                    "due_on": date.fromisoformat(made.due_on),
                    "status": made.status,
                    "made_at": now,
                }
                connection.execute(insert(promises), row)
            case PromiseEnded():
                connection.execute(
                    update(promises)
                    .where(promises.c.issue_id == issue_id, promises.c.number == change.promise)
                    .values(status=change.status, ended_at=now)
                )


def _moved(connection: Connection, issue_id: int, station: int) -> None:
    """What staff look for by their station is at the new one: the issue, what could not be carried out in it, and whom to tell by phone.

    Apart from what each event writes, so that it touches none of the indexes by station.
    """
    connection.execute(update(issues).where(issues.c.id == issue_id).values(station_id=station))
    mine = incidents.c.issue_id == issue_id, incidents.c.status != "closed"
    connection.execute(update(incidents).where(*mine).values(station_id=station))
    waiting = deliveries.c.issue_id == issue_id, deliveries.c.status == _UNTOLD
    connection.execute(update(deliveries).where(*waiting).values(station_id=station))


def _involve(connection: Connection, issue_id: int, parties: tuple[str, ...], kind: str) -> None:
    _once(connection, involvements, [{"issue_id": issue_id, "party": party, "kind": kind} for party in parties])


def _once(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for row in rows:
        connection.execute(make(table).values(**row).on_conflict_do_nothing())
