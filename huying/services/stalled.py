"""What hangs: work that waits longer than any rule of the house lets it, so that somebody has to look why. Read only.

A running house has none of it for longer than a few minutes; after a downtime, look again when it has caught up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from definitions.model.step import OutsideStep
from huying.database.tables import deliveries, issues, outbox, timers
from huying.house.house import House
from huying.messages.digests import LONGEST
from huying.timers.claims import LEASE, LONGEST_WAIT
from huying.timers.correction import EFFECT, RETRY, VACATION

#: What was to happen so long ago should have happened.
OVERDUE = timedelta(minutes=10)


def lingering(house: House, now: datetime) -> list[str]:
    """Everything that hangs, in words; each line names the issue."""
    with house.database.reading() as connection:
        return [
            *_effects(connection, now),
            *_timers(connection, now),
            *_messages(connection, now),
            *_visits(house, connection),
        ]


def _effects(connection: Connection, now: datetime) -> Iterator[str]:
    columns = (issues.c.number, outbox.c.kind, outbox.c.available_at, outbox.c.error)
    query = select(*columns).join(issues, issues.c.id == outbox.c.issue_id).where(outbox.c.status == "pending")
    for row in connection.execute(query.where(_not_between(outbox.c.available_at, now, EFFECT)).order_by(outbox.c.id)):
        yield _line(
            row.number, f"事项 {row.kind} 未办", f"effect {row.kind} is not carried out", row.available_at, row.error
        )


def _timers(connection: Connection, now: datetime) -> Iterator[str]:
    query: Select[Any] = select(issues.c.number, timers).join(issues, issues.c.id == timers.c.issue_id)
    held = or_(timers.c.leased_until > now + LEASE + OVERDUE, timers.c.retry_at > now + LONGEST_WAIT + OVERDUE)
    late = and_(timers.c.due_at < now - OVERDUE, or_(timers.c.retry_at.is_(None), timers.c.retry_at < now - OVERDUE))
    for row in connection.execute(query.where(or_(held, late)).order_by(timers.c.due_at)):
        until = row.leased_until or row.retry_at or row.due_at
        yield _line(row.number, f"定时 {row.number_1} 未触发", f"timer {row.number_1} has not fired", until, row.error)


def _messages(connection: Connection, now: datetime) -> Iterator[str]:
    d = deliveries.c
    longest = or_(_not_between(d.available_at, now, VACATION), and_(d.attempts > 0, d.available_at > now + RETRY))
    gathered = and_(d.status == "gathered", d.available_at < now - LONGEST - OVERDUE)
    query = select(issues.c.number, d.id, d.available_at, d.reason).outerjoin(issues, issues.c.id == d.issue_id)
    waiting = and_(d.status == "pending", longest)
    for row in connection.execute(query.where(or_(waiting, gathered)).order_by(d.id)):
        yield _line(
            row.number or "-", f"消息 {row.id} 未发", f"message {row.id} is not sent", row.available_at, row.reason
        )


def _visits(house: House, connection: Connection) -> Iterator[str]:
    """Automatic steps for which nothing is under way: no effect waits or was given up, and no issue was called."""
    rows = connection.execute(
        select(issues.c.id, issues.c.number, issues.c.definition_version_id, issues.c.state).where(
            issues.c.status == "open"
        )
    ).all()
    for row in rows:
        steps = house.processes.process(row.definition_version_id).definition.steps
        for visit in row.state.visits:
            if not isinstance(steps[visit.step], OutsideStep) or visit.called or visit.incident:
                continue
            query = select(outbox.c.payload).where(outbox.c.issue_id == row.id, outbox.c.status != "done")
            if visit.number not in {effect.visit for effect in connection.execute(query).scalars()}:
                yield f"{row.number}: 步骤 {visit.step} 无人在办。 Nothing is under way for step {visit.step}."


def _not_between(moment: Any, now: datetime, longest: timedelta) -> Any:
    """Before what is overdue, or beyond what anything waits for."""
    return or_(moment < now - OVERDUE, moment > now + longest + OVERDUE)


def _line(number: str, zh: str, en: str, moment: datetime, error: str | None) -> str:
    when = moment.isoformat(timespec="seconds")
    return f"{number}: {zh}（{when}）。 The {en} ({when}){f': {error}' if error else '.'}"
