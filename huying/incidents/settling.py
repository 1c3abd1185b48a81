"""Ending incidents by what has become of their cause: fixed only once it has succeeded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from huying.house import House
from huying.tables import deliveries, incidents, issues, outbox, timers

#: So many are looked at in one turn.
_BATCH = 500


def settle(house: House, now: datetime) -> int:
    """Look at what is open or tried again, and close what is over; how many."""
    with house.database.reading() as connection:
        query = select(incidents).where(incidents.c.status != "closed").order_by(incidents.c.changed_at).limit(_BATCH)
        over = {row.id: how for row in connection.execute(query).all() if (how := _outcome(connection, row))}
    if over:
        with house.database.writing() as connection:
            for number, how in over.items():
                still = incidents.c.id == number, incidents.c.status != "closed"
                ended = {"status": "closed", "outcome": how, "closed_at": now, "changed_at": now}
                connection.execute(update(incidents).where(*still).values(ended))
    return len(over)


def _outcome(connection: Connection, row: object) -> str | None:
    what: str = row.what  # type: ignore[attr-defined]
    return {"effect": _effect, "delivery": _delivery, "timer": _timer}[what](connection, row)


def _effect(connection: Connection, row: object) -> str | None:
    query = select(outbox.c.status).where(outbox.c.id == row.what_id)  # type: ignore[attr-defined]
    status = connection.execute(query).scalar_one_or_none()
    if status == "done":
        return "fixed"
    if status == "skipped":
        return "skipped"
    if row.visit is None:  # type: ignore[attr-defined]
        # what was cleaned away long ago bothers nobody any more
        return "superseded" if status is None else None
    state = connection.execute(select(issues.c.state).where(issues.c.id == row.issue_id)).scalar_one()  # type: ignore[attr-defined]
    waiting = any(visit["number"] == row.visit for visit in state["visits"])  # type: ignore[attr-defined]
    return None if waiting else "superseded"


def _delivery(connection: Connection, row: object) -> str | None:
    query = select(deliveries.c.status).where(deliveries.c.id == row.what_id)  # type: ignore[attr-defined]
    status = connection.execute(query).scalar_one_or_none()
    return "fixed" if status in ("accepted", "merged") else "superseded" if status is None else None


def _timer(connection: Connection, row: object) -> str | None:
    of = timers.c.issue_id == row.issue_id, timers.c.number == row.what_id  # type: ignore[attr-defined]
    there = connection.execute(select(timers.c.error).where(*of)).one_or_none()
    # gone: it fired, or the issue has moved on
    return "fixed" if there is None else None
