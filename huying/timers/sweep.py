"""Firing timers whose moment has come: claimed in batches under a lease, so that a crash loses none and nobody fires one twice.

Firing is an event like any other: a timer that ended, or was fired by somebody else, is refused by the kernel and changes nothing. Of one
issue they fire in the order of their moments, whoever claimed which. One that fails waits, ever longer, and those after it wait with it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from engine.event import Fire
from engine.refusal import Refusal
from huying.database.statement import Statement
from huying.database.tables import issues, timers
from huying.house.by import By
from huying.house.house import House
from huying.incidents.opening import Failed, open_incident
from huying.incidents.reason import reason_of
from huying.issues.decision import change
from huying.timers.claims import LONGEST_WAIT, Claimed, claim, count_due

__all__ = ["LATE", "Failing", "Swept", "claim", "count_due", "failing", "fire", "fire_due", "sweep"]

#: Later than so, a timer fires as one that a downtime held up.
LATE = timedelta(minutes=30)
#: After so many failures a timer no longer keeps the later ones of its issue waiting.
HOLDS_BACK = 5
_FIRST_WAIT = timedelta(seconds=30)
_log = logging.getLogger("huying.firing")


@dataclass(frozen=True, slots=True)
class Failing:
    """A timer that could not be fired: of which issue, how often it was tried, and why it failed last."""

    number: str
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class Swept:
    """What became of a batch: how many fired; ``claimed`` is 0 when none was due."""

    claimed: int
    fired: int
    failures: tuple[Failing, ...] = ()


def fire_due(house: House, now: datetime, limit: int = 100) -> int:
    """Fire a batch of timers in the order of their moments; how many fired."""
    return sweep(house, now, limit).fired


def sweep(house: House, now: datetime, limit: int = 100, late_after: timedelta = LATE) -> Swept:
    """Claim a batch and fire it."""
    claimed = claim(house, now, limit)
    return fire(house, claimed, now, late_after) if claimed else Swept(0, 0)


def fire(house: House, claimed: Sequence[Claimed], now: datetime, late_after: timedelta = LATE) -> Swept:
    """Fire what was claimed, each timer in a transaction of its own; what is more than ``late_after`` overdue fires as late."""
    fired, failures = 0, list[Failing]()
    waiting: dict[int, datetime] = {}
    for timer in _with_earlier(house, claimed, now, waiting):
        if timer.issue_id in waiting:
            _put_off(house, timer, now, waiting[timer.issue_id])
            continue
        reason = _fire_one(house, timer, now, late=now - timer.due_at > late_after)
        if reason is None:
            fired += 1
            continue
        again_at = now + min(_FIRST_WAIT * 2 ** min(timer.attempts, 20), LONGEST_WAIT)
        failure = _put_off(house, timer, now, again_at, reason)
        if failure is not None:
            failures.append(failure)
            if failure.attempts < HOLDS_BACK:
                waiting[timer.issue_id] = again_at
    return Swept(len(claimed), fired, tuple(failures))


def failing(house: House, limit: int = 100) -> list[Failing]:
    """The timers that failed when they were tried last, the longest overdue first."""
    columns = (issues.c.number, timers.c.attempts, timers.c.error)
    query = select(*columns).join(issues, issues.c.id == timers.c.issue_id).where(timers.c.error.is_not(None))
    with house.database.reading() as connection:
        return [Failing(*row) for row in connection.execute(query.order_by(timers.c.due_at).limit(limit))]


_of_issues = select(timers.c.due_at, timers.c.issue_id, timers.c.number, timers.c.attempts, timers.c.retry_at).where(
    timers.c.issue_id.in_(bindparam("ids", expanding=True)), timers.c.due_at <= bindparam("now")
)


def _with_earlier(
    house: House, claimed: Sequence[Claimed], now: datetime, waiting: dict[int, datetime]
) -> list[Claimed]:
    """What was claimed, and the earlier due timers of the same issues, which others hold or which wait after a failure.

    Whoever fires those first does no harm. For issues whose earlier timer waits, the moment till when goes into ``waiting``.
    """
    last = {timer.issue_id: timer for timer in sorted(claimed)}
    ours = {(timer.issue_id, timer.number) for timer in claimed}
    with house.database.reading() as connection:
        rows = connection.execute(_of_issues, {"ids": list(last), "now": now}).all()
    earlier = []
    for due_at, issue_id, number, attempts, retry_at in rows:
        timer = Claimed(due_at, issue_id, number, attempts)
        if (issue_id, number) in ours or timer > last[issue_id]:
            continue
        if retry_at is None or not now < retry_at <= now + LONGEST_WAIT:
            earlier.append(timer)
        elif attempts < HOLDS_BACK:
            waiting[issue_id] = max(retry_at, waiting.get(issue_id, retry_at))
    return sorted([*claimed, *earlier])


def _fire_one(house: House, timer: Claimed, now: datetime, *, late: bool) -> str | None:
    """Fire one timer; why it did not fire, or ``None``."""
    try:
        change(house, timer.issue_id, Fire(timer.number), By(None, now, late=late))
    except Refusal as refusal:
        return refusal.message["zh"]
    # one issue that cannot go on must not keep the others waiting; it is tried again, ever later
    except Exception as error:
        _log.exception("issue %s, timer %s, attempt %s", timer.issue_id, timer.number, timer.attempts + 1)
        return reason_of(error)
    return None


_give_back = Statement(
    update(timers)
    .where(timers.c.issue_id == bindparam("of_issue"), timers.c.number == bindparam("of_number"))
    .values(
        leased_until=bindparam("nobody", type_=timers.c.leased_until.type),
        retry_at=bindparam("again_at", type_=timers.c.retry_at.type),
        attempts=bindparam("tried"),
        error=bindparam("because"),
    )
)


def _put_off(
    house: House, timer: Claimed, now: datetime, again_at: datetime, reason: str | None = None
) -> Failing | None:
    """Give a timer back, to be taken again later; ``None`` when it is gone, because it ended or was fired by somebody else.

    Without a ``reason`` it has not failed, and only waits for an earlier one.
    """
    attempts = timer.attempts + (reason is not None)
    row = {"of_issue": timer.issue_id, "of_number": timer.number, "nobody": None}
    with house.database.writing() as connection:
        there = _give_back.run(connection, {**row, "again_at": again_at, "tried": attempts, "because": reason})
        query = select(issues.c.number).where(issues.c.id == timer.issue_id)
        number = str(connection.execute(query).scalar_one())
        if there and reason is not None and attempts >= HOLDS_BACK:
            failed = Failed(
                what="timer",
                what_id=timer.number,
                kind="timer",
                reason=reason,
                attempts=attempts,
                issue_id=timer.issue_id,
            )
            open_incident(connection, failed, now)
    return Failing(number, attempts, reason or "") if there else None
