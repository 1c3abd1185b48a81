"""Sending what subscriptions are to be told: claimed in batches under a lease, posted at the same time, each outcome recorded.

At least once, always with the same key. Every receiver gets its share of a batch, so that none waits for another one; one that cannot be reached
rests, ever longer, and then one event goes before all others. So a long outage costs a few attempts, and loses nothing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Row, exists, or_, select, update

from huying.database.tables import event_deliveries as deliveries
from huying.database.tables import event_subscriptions as subscriptions
from huying.database.tables import issues
from huying.house.house import House
from huying.house.office import OfficeProfile
from huying.telemetry import figures, tracing
from huying.webhooks.patience import is_hopeless, next_attempt, rest
from huying.webhooks.stop import tell_keepers
from notifications import GONE, EventPost, PostAnswer, post_events

#: Longer than the slowest attempt; all of a batch are under way at the same time.
LEASE = timedelta(minutes=1)
#: As many as there are threads to send on.
BATCH = 64


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a batch; ``failures`` are (subscription, issue, reason), without private data. ``claimed`` is 0 when nothing waited."""

    claimed: int
    accepted: int
    failures: tuple[tuple[str, str, str], ...] = ()


class _From(NamedTuple):
    """Whence events are sent."""

    portal_url: str
    office: OfficeProfile


def has_waiting(house: House, now: datetime) -> bool:
    """Whether an event waits for a receiver that may be sent to; cheap."""
    if house.offices.now().held:
        return False
    with house.database.reading() as connection:
        return bool(_ready(connection, now, limit=1))


def post_waiting(house: House, portal_url: str, now: datetime, *, allow_private: bool) -> Posted:
    """Send one batch."""
    claimed = _claim(house, now)
    if not claimed:
        return Posted(0, 0)
    sender = _From(portal_url, house.offices.now())
    posts = [_post(row, receiver, sender, now) for row, receiver in claimed]
    begun = tracing.moment()
    answers = post_events(posts, allow_private=allow_private)
    for (row, receiver), answer in zip(claimed, answers, strict=True):
        figures.EVENTS_POSTED.labels(answer.result.status).inc()
        said = {"huying__happening": row.kind, "huying__subscription": receiver.id}
        tracing.took_place(row.trace, "webhook", begun, **said, huying__outcome=answer.result.status)
    with house.database.writing() as connection:
        for receiver in {receiver.id: receiver for _, receiver in claimed}.values():
            theirs = [(row, answer) for (row, to), answer in zip(claimed, answers, strict=True) if to.id == receiver.id]
            _record(connection, receiver, theirs, now)
    failures = tuple(
        (receiver.name, row.number or "", answer.result.reason)
        for (row, receiver), answer in zip(claimed, answers, strict=True)
        if answer.result.status != "accepted"
    )
    return Posted(len(claimed), len(claimed) - len(failures), failures)


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return deliveries.c.status == "pending", deliveries.c.available_at <= now


def _ready(connection: Connection, now: datetime, limit: int = BATCH) -> Sequence[Row[Any]]:
    """The receivers that may be sent to and have something waiting, those first that waited longest."""
    theirs = exists().where(deliveries.c.subscription_id == subscriptions.c.id, *_waits(now))
    rested = or_(subscriptions.c.not_before.is_(None), subscriptions.c.not_before <= now)
    query = select(subscriptions).where(subscriptions.c.active, rested, theirs).order_by(subscriptions.c.id)
    return connection.execute(query.limit(limit)).all()


def _claim(house: House, now: datetime) -> list[tuple[Row[*tuple[Any, ...]], Row[Any]]]:
    """Events with their receivers: of each a fair share, of one that failed last time a single one."""
    if house.offices.now().held:
        return []
    with house.database.reading() as connection:
        receivers = _ready(connection, now)
    if not receivers:
        return []
    share = max(1, BATCH // len(receivers))
    columns = [
        deliveries.c[name]
        for name in ("id", "issue_id", "sequence", "position", "kind", "payload", "attempts", "created_at")
    ]
    claimed: list[tuple[Row[*tuple[Any, ...]], Row[Any]]] = []
    with house.database.writing() as connection:
        for receiver in receivers:
            query = (
                select(*columns, deliveries.c.trace, issues.c.number)
                .select_from(deliveries.outerjoin(issues, issues.c.id == deliveries.c.issue_id))
                .where(deliveries.c.subscription_id == receiver.id, *_waits(now))
                .order_by(deliveries.c.available_at, deliveries.c.id)
                .limit(1 if receiver.failures else share)
                .with_for_update(skip_locked=True, of=deliveries)
            )
            claimed += [(row, receiver) for row in connection.execute(query)]
        numbers = [row.id for row, _ in claimed]
        connection.execute(update(deliveries).where(deliveries.c.id.in_(numbers)).values(available_at=now + LEASE))
    return claimed


def key_of(subscription: int, row: Any, office: OfficeProfile) -> str:
    """The ``webhook-id`` of an event: the same at every attempt, and when it is sent again by hand."""
    about = f"{row.issue_id}_{row.sequence}_{row.position}" if row.issue_id is not None else f"trial_{row.id}"
    return f"msg_{subscription}_{about}{office.epoch(row.created_at)}"


def _post(row: Row[*tuple[Any, ...]], receiver: Row[Any], at: _From, now: datetime) -> EventPost:
    said = dict(row.payload)
    if row.number:
        said["data"] = {**said["data"], "link": f"{at.portal_url}/issues/{row.number}"}
    until = receiver.old_secret_until
    old = (receiver.old_secret,) if receiver.old_secret and until is not None and now < until else ()
    return EventPost(
        key=key_of(receiver.id, row, at.office),
        url=receiver.url,
        secrets=(receiver.secret, *old),
        body=orjson.dumps(said),
        timestamp=int(now.timestamp()),
    )


def _record(
    connection: Connection, receiver: Row[Any], theirs: Sequence[tuple[Row[Any], PostAnswer]], now: datetime
) -> None:
    """What became of each event, and how the receiver stands after it."""
    for row, answer in theirs:
        changed = update(deliveries).where(deliveries.c.id == row.id, deliveries.c.status == "pending")
        connection.execute(changed.values(**_outcome(row, answer, now)))
    standing, gone = _standing(receiver, [answer for _, answer in theirs], now)
    connection.execute(update(subscriptions).where(subscriptions.c.id == receiver.id).values(**standing))
    since = standing["failing_since"]
    if gone or (since is not None and is_hopeless(since, now)):
        tell_keepers(connection, receiver, theirs[-1][1].result.reason, gone=gone, now=now)


def _outcome(row: Row[Any], answer: PostAnswer, now: datetime) -> dict[str, Any]:
    attempts = row.attempts + 1
    if answer.result.status == "accepted":
        return {"status": "accepted", "attempts": attempts, "ended_at": now, "reason": None}
    again = next_attempt(attempts, now, random.random())
    return {
        "status": "failed" if again is None else "pending",
        "attempts": attempts,
        "available_at": again or now,
        "ended_at": now if again is None else None,
        "reason": answer.result.reason,
    }


def _standing(receiver: Row[Any], answers: Sequence[PostAnswer], now: datetime) -> tuple[dict[str, Any], bool]:
    """How a receiver stands: well if it took anything; at rest if it could not be reached; ``gone`` if it wants to hear no more."""
    gone = any(answer.status == GONE for answer in answers)
    if any(answer.result.status == "accepted" for answer in answers):
        return {"failures": 0, "failing_since": None, "not_before": None}, gone
    failures, not_before = receiver.failures, None
    if any(answer.result.status == "temporary" for answer in answers):
        failures += 1
        not_before = rest(failures, now, random.random())
    return {"failures": failures, "failing_since": receiver.failing_since or now, "not_before": not_before}, gone
