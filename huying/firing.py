"""Firing timers whose moment has come: claimed in batches under a lease, so that a crash loses none and nobody fires one twice.

Firing is an event like any other: a timer that ended, or was fired by somebody else, is refused by the kernel and changes nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, or_, select, update

from engine.event import Fire
from engine.refusal import Refusal
from huying.deciding import change
from huying.house import House
from huying.tables import timers

LEASE = timedelta(minutes=2)
_log = logging.getLogger("huying.firing")


def count_due(house: House, now: datetime, limit: int = 100) -> int:
    """How many timers wait to be fired, up to a limit."""
    with house.database.reading() as connection:
        return len(connection.execute(select(timers.c.number).where(*_ready(now)).limit(limit)).all())


def fire_due(house: House, now: datetime, limit: int = 100) -> int:
    """Fire timers in the order of their moments; how many fired."""
    fired = 0
    for issue_id, number in _claim(house, now, limit):
        try:
            change(house, issue_id, Fire(number), actor_id=None, request_id=None, now=now)
            fired += 1
        except Refusal:
            continue
        # one issue that cannot go on must not keep the others waiting; its lease ends, and it is tried again
        except Exception:
            _log.exception("issue %s, timer %s", issue_id, number)
    return fired


def _ready(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (timers.c.due_at <= now, or_(timers.c.leased_until.is_(None), timers.c.leased_until <= now))


_lease = (
    update(timers)
    .where(timers.c.issue_id == bindparam("of_issue"), timers.c.number == bindparam("of_number"))
    .values(leased_until=bindparam("until"))
)


def _claim(house: House, now: datetime, limit: int) -> list[tuple[int, int]]:
    query = (
        select(timers.c.issue_id, timers.c.number)
        .where(*_ready(now))
        .order_by(timers.c.due_at, timers.c.issue_id, timers.c.number)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with house.database.writing() as connection:
        found = [(int(row.issue_id), int(row.number)) for row in connection.execute(query)]
        if found:
            leases = [{"of_issue": issue, "of_number": number, "until": now + LEASE} for issue, number in found]
            connection.execute(_lease, leases)
    return found
