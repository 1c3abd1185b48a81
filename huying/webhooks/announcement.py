"""Writing what subscriptions are to be told, in the transaction of the change itself: what is committed is told, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from engine import Outcome, Process, State
from huying.database.statement import Statement
from huying.database.tables import event_deliveries
from huying.house.house import House
from huying.telemetry import tracing
from huying.webhooks.happenings import happenings

_insert = Statement(
    insert(event_deliveries),
    (
        "subscription_id",
        "issue_id",
        "sequence",
        "position",
        "kind",
        "payload",
        "status",
        "attempts",
        "available_at",
        "created_at",
        "trace",
    ),
)

Row = dict[str, Any]


def to_announce(
    house: House, process: Process, before: State, outcome: Outcome, at: datetime, now: datetime
) -> Sequence[Row]:
    """The rows for all who want to hear of this; best made before the transaction begins. ``at``: the event's moment, ``now``: the clock's."""
    wishes = house.subscriptions.wishes()
    facts = outcome.state.facts
    if not wishes or facts is None:
        return ()
    asking = [wish for wish in wishes if wish.wants_issue(process.definition.id, facts.station)]
    if not asking:
        return ()
    base = {
        "sequence": outcome.state.version,
        "status": "pending",
        "attempts": 0,
        "available_at": now,
        "created_at": now,
        "trace": tracing.here(),
    }
    return [
        {
            **base,
            "subscription_id": wish.id,
            "position": position,
            "kind": kind,
            "payload": payload,
        }
        for position, payload in enumerate(happenings(process, before, outcome, at))
        for kind in (payload["type"].removeprefix("issue."),)
        for wish in asking
        if wish.wants(kind)
    ]


def announce(connection: Connection, issue_id: int, rows: Sequence[Row]) -> None:
    """Write them; an issue that is just being opened has its number only now."""
    if rows:
        _insert.put_many(connection, [{"issue_id": issue_id, **row} for row in rows])
