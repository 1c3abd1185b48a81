"""Taking due timers under a lease: one statement, so one round trip, on either database.

A lease that ends later than any taken now was taken by a clock that has since been set back, and counts as ended; so does a wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, bindparam, literal_column, or_, select, update

from huying.database.statement import Statement
from huying.database.tables import timers
from huying.house.house import House

LEASE = timedelta(minutes=2)
#: The longest that a timer which cannot be fired waits for another attempt.
LONGEST_WAIT = timedelta(hours=1)
#: So far the clocks of several machines may differ without one taking what another holds.
_SKEW = timedelta(minutes=1)


class Claimed(NamedTuple):
    """A timer that is ours to fire; they sort as they are to be fired."""

    due_at: datetime
    issue_id: int
    number: int
    attempts: int


def _free() -> tuple[ColumnElement[bool], ...]:
    now, c = bindparam("now", type_=timers.c.due_at.type), timers.c
    longest_lease = bindparam("longest_lease", type_=timers.c.due_at.type)
    longest_wait = bindparam("longest_wait", type_=timers.c.due_at.type)
    return (
        c.due_at <= now,
        or_(c.leased_until.is_(None), c.leased_until <= now, c.leased_until > longest_lease),
        or_(c.retry_at.is_(None), c.retry_at <= now, c.retry_at > longest_wait),
    )


_ORDER = (timers.c.due_at, timers.c.issue_id, timers.c.number)
_GIVEN_BACK = (timers.c.due_at, timers.c.issue_id, timers.c.number, timers.c.attempts)
_until = bindparam("until", type_=timers.c.leased_until.type)
_limit = bindparam("most", type_=Integer())
_row: ColumnElement[int] = literal_column("timer.rowid", Integer())
_free_rows = select(_row).where(*_free()).order_by(*_ORDER).limit(_limit)
_free_keys = (
    select(timers.c.issue_id, timers.c.number)
    .where(*_free())
    .order_by(*_ORDER)
    .limit(_limit)
    .with_for_update(skip_locked=True)
    .cte("free")
)
_claim_by_row = Statement(
    update(timers).where(_row.in_(_free_rows)).values(leased_until=_until).returning(*_GIVEN_BACK)
)
_claim_by_key = Statement(
    update(timers)
    .where(and_(timers.c.issue_id == _free_keys.c.issue_id, timers.c.number == _free_keys.c.number))
    .values(leased_until=_until)
    .returning(*_GIVEN_BACK)
)
#: Ordered, or a planner that does not know the moment reads the whole table in the hope of an early hit.
_some_free = Statement(select(timers.c.number).where(*_free()).order_by(timers.c.due_at).limit(_limit))


def count_due(house: House, now: datetime, limit: int = 100) -> int:
    """How many timers wait to be fired, up to a limit."""
    with house.database.reading() as connection:
        return len(_some_free.rows(connection, {**_bounds(now), "most": limit}))


def claim(house: House, now: datetime, limit: int) -> list[Claimed]:
    """Up to ``limit`` due timers, the longest overdue first, held for ``LEASE``; those that others hold are passed over."""
    statement = _claim_by_row if house.database.sqlite else _claim_by_key
    with house.database.at_once() as connection:
        rows = statement.rows(connection, {**_bounds(now), "until": now + LEASE, "most": limit})
    return sorted(map(Claimed._make, rows))


def _bounds(now: datetime) -> Mapping[str, Any]:
    return {"now": now, "longest_lease": now + LEASE + _SKEW, "longest_wait": now + LONGEST_WAIT + _SKEW}
