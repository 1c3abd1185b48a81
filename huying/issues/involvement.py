"""What an event changes beside its issue's own rows: followers and supervisors, links and promises."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from definitions.model.reference import Reference
from engine import Outcome
from engine.change import FollowersJoined, Linked, PromiseEnded, PromiseMade, SupervisorNamed
from huying.database.tables import involvements, issue_links, promises


def write_involvement(connection: Connection, issue_id: int, outcome: Outcome, now: datetime) -> None:
    """Write what the changes of one event say, in the transaction of that event."""
    for change in outcome.changes:
        match change:
            case SupervisorNamed(parties=parties):
                _involve(connection, issue_id, parties, "supervisor")
            case FollowersJoined(parties=parties):
                _involve(connection, issue_id, parties, "follower")
            case Linked(link=link):
                row = {"issue_id": issue_id, "other_id": Reference.parse(link.issue).number, "kind": link.kind}
                _once(connection, issue_links, [row])
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


def _involve(connection: Connection, issue_id: int, parties: tuple[str, ...], kind: str) -> None:
    _once(connection, involvements, [{"issue_id": issue_id, "party": party, "kind": kind} for party in parties])


def _once(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for row in rows:
        connection.execute(make(table).values(**row).on_conflict_do_nothing())
