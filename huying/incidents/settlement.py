"""Ending incidents by what has become of their cause: fixed only once it has succeeded.

What an event of the issue itself ends is ended with that (``following``); here is what happens beside the issues.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from huying.database.tables import deliveries, history, incidents, outbox, timers
from huying.house.house import House

#: So many are ended in one turn.
_BATCH = 500
_OUTCOMES: Mapping[str, str] = {
    **dict.fromkeys(("done", "accepted", "delivered", "unknown", "merged"), "fixed"),
    "skipped": "skipped",
}
_unsettled = select(incidents).where(incidents.c.status != "closed")
_effects = (
    _unsettled.add_columns(outbox.c.status.label("became"))
    .outerjoin(outbox, outbox.c.id == incidents.c.what_id)
    # what was cleaned away long ago bothers nobody any more
    .where(incidents.c.what == "effect", outbox.c.status.is_(None) | outbox.c.status.in_(("done", "skipped")))
)
_messages = (
    _unsettled.add_columns(deliveries.c.status.label("became"))
    .outerjoin(deliveries, deliveries.c.id == incidents.c.what_id)
    .where(
        incidents.c.what == "delivery",
        deliveries.c.status.is_(None)
        | deliveries.c.status.in_(("accepted", "delivered", "unknown", "merged", "skipped")),
    )
)
_timers = _unsettled.outerjoin(
    timers, (timers.c.issue_id == incidents.c.issue_id) & (timers.c.number == incidents.c.what_id)
).where(incidents.c.what == "timer", timers.c.number.is_(None))


def count_over(house: House) -> int:
    """1 when an incident is over; cheap."""
    with house.database.reading() as connection:
        return int(next(_over(connection), None) is not None)


def settle(house: House, now: datetime) -> int:
    """Close the incidents that are over; how many."""
    with house.database.reading() as connection:
        over = dict(_over(connection))
    if over:
        with house.database.writing() as connection:
            for number, how in over.items():
                still = incidents.c.id == number, incidents.c.status != "closed"
                ended = {"status": "closed", "outcome": how, "closed_at": now, "changed_at": now}
                connection.execute(update(incidents).where(*still).values(ended))
    return len(over)


def _over(connection: Connection) -> Iterator[tuple[int, str]]:
    for query in (_effects, _messages):
        for row in connection.execute(query.limit(_BATCH)).all():
            yield row.id, _OUTCOMES.get(row.became or "", "superseded")
    for row in connection.execute(_timers.limit(_BATCH)).all():
        yield row.id, "fixed" if _fired(connection, row) else "superseded"


def _fired(connection: Connection, row: Row[Any]) -> bool:
    """Whether a timer that is gone has fired; else the issue had no use for it any more."""
    query = select(history.c.event).where(history.c.issue_id == row.issue_id, history.c.kind == "fire")
    return any(event.timer == row.what_id for event in connection.execute(query).scalars())
