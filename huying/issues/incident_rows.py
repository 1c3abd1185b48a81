"""Incidents in step with their issue: an event that retries, skips or ends what failed says so in the transaction that writes it.

Written in the order issue, cause, incident, as everybody does who writes these, so that nobody waits for one another in a circle.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from definitions.model.reference import Reference
from definitions.model.step import OutsideStep
from engine import Process, State
from engine.event import Event, Result, Skip, Supply, TryAgain
from engine.refusal import Gone, Unavailable
from huying.database.tables import deliveries, incidents, outbox, timers

_OPEN = incidents.c.status != "closed"


def follow(
    connection: Connection,
    process: Process,
    issue_id: int,
    states: tuple[State, State],
    said: tuple[Event, int | None],
    now: datetime,
) -> None:
    """Bring incidents to where an event (itself, by whom) has led their issue, from one state to another.

    ``Gone`` where there is none of what it names, ``Unavailable`` where that is being tried again already.
    """
    event, by = said
    if isinstance(event, TryAgain | Skip) and event.thing:
        _of_thing(connection, issue_id, event, by, now)
    elif isinstance(event, TryAgain):
        _of_visit(connection, issue_id, event.visit, now)
    before, after = states
    left = [visit.number for visit in before.visits if after.visit(visit.number) is None and _calls(process, visit)]
    if left:
        _leave(connection, issue_id, left, said, now)


def free(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Have the cause of an incident tried again at once, its attempts counted afresh; ``Unavailable`` if that has been done already."""
    again: dict[str, Any] = {"attempts": 0, "available_at": now, "status": "pending"}
    if row.what == "effect":
        mine = outbox.c.id == row.what_id, outbox.c.status == "failed"
        connection.execute(update(outbox).where(*mine).values(**again, error=None))
    elif row.what == "delivery":
        mine = deliveries.c.id == row.what_id, deliveries.c.status.in_(("failed", "undelivered"))
        connection.execute(update(deliveries).where(*mine).values(**again, ended_at=None))
    else:
        mine = timers.c.issue_id == row.issue_id, timers.c.number == row.what_id
        connection.execute(update(timers).where(*mine).values(retry_at=None, leased_until=None, attempts=0))
    still = incidents.c.id == row.id, incidents.c.status == "open"
    asked = update(incidents).where(*still).values(status="retrying", changed_at=now)
    if connection.execute(asked).rowcount != 1:
        raise Unavailable("正在重试，请等结果。", "It is being tried again; please wait for what comes of it.")


def end(
    connection: Connection, row: Row[Any], outcome: str, now: datetime, by: int | None = None, note: str | None = None
) -> None:
    """An incident is over: fixed, supplied, skipped or superseded. Unless it was fixed, its cause is not tried any more."""
    if outcome != "fixed":
        _leave_out(connection, row, now)
    ended = {"status": "closed", "outcome": outcome, "closed_at": now, "changed_at": now}
    if by is not None:
        ended |= {"closed_by_id": by, "note": (note or "")[:500] or None}
    connection.execute(update(incidents).where(incidents.c.id == row.id, _OPEN).values(**ended))


def _calls(process: Process, visit: Any) -> bool:
    return isinstance(process.definition.steps[visit.step], OutsideStep)


def _of_thing(connection: Connection, issue_id: int, event: TryAgain | Skip, by: int | None, now: datetime) -> None:
    named = Reference.read(event.thing)
    if named is None:
        raise Gone
    what = named.kind
    same = incidents.c.what == what, incidents.c.issue_id == issue_id, _OPEN
    known = named.number if named.numbered else 0
    row = connection.execute(select(incidents).where(*same, incidents.c.what_id == known)).one_or_none()
    if row is None or row.visit is not None or (what == "timer" and isinstance(event, Skip) and event.timer != known):
        raise Gone
    if isinstance(event, Skip):
        end(connection, row, "skipped", now, by, event.reason)
    else:
        free(connection, row, now)


def _of_visit(connection: Connection, issue_id: int, visit: int, now: datetime) -> None:
    """The effect that was given up is carried out again, with its own key: it is not a new one, which might do again what the first has done."""
    query = select(outbox.c.id, outbox.c.payload).where(outbox.c.issue_id == issue_id, outbox.c.status == "failed")
    given_up = [row.id for row in connection.execute(query) if row.payload.visit == visit]
    if not given_up:
        raise Gone
    again = {"status": "pending", "attempts": 0, "available_at": now, "error": None}
    connection.execute(update(outbox).where(outbox.c.id == max(given_up)).values(**again))
    mine = incidents.c.what == "effect", incidents.c.what_id == max(given_up), _OPEN
    connection.execute(update(incidents).where(*mine).values(status="retrying", changed_at=now))


def _leave(
    connection: Connection, issue_id: int, left: list[int], said: tuple[Event, int | None], now: datetime
) -> None:
    """The issue has gone on from what it waited for."""
    event, by = said
    query = select(incidents).where(incidents.c.issue_id == issue_id, incidents.c.visit.in_(left), _OPEN)
    for row in connection.execute(query).all():
        outcome = _outcome(event, row.visit)
        person = by if outcome in ("skipped", "supplied") else None
        end(connection, row, outcome, now, person, getattr(event, "reason", None))


def _outcome(event: Event, visit: int) -> str:
    """What became of the incident of a visit that an event has ended."""
    match event:
        case Result(visit=of, failed=None) if of == visit:
            return "fixed"
        case Skip(visit=of) if of == visit:
            return "skipped"
        case Supply(visit=of) if of == visit:
            return "supplied"
        case _:
            return "superseded"


def _leave_out(connection: Connection, row: Row[Any], now: datetime) -> None:
    waiting = ("pending", "failed")
    if row.what == "effect":
        mine = outbox.c.id == row.what_id, outbox.c.status.in_(waiting)
        connection.execute(update(outbox).where(*mine).values(status="skipped", done_at=now))
    elif row.what == "delivery":
        unsent = deliveries.c.id == row.what_id, deliveries.c.status.in_(waiting)
        connection.execute(update(deliveries).where(*unsent).values(status="skipped", ended_at=now))
