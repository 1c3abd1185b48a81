"""After the clock was set back: what waits for a moment that the wrong clock named is set free, so that nothing hangs until it comes again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, literal, or_, select, update

from definitions.model.retry import LONGEST_WAIT as LONGEST_EFFECT
from huying.database.tables import deliveries, event_deliveries, event_subscriptions, outbox, timers
from huying.delivery.sender import LEASE as HELD
from huying.delivery.sender import SENDING
from huying.house.house import House
from huying.outbox.claims import LEASE as EFFECT_HELD
from huying.timers.claims import LEASE, LONGEST_WAIT

#: Moments so little ahead come from the clocks of other machines, and are soon over.
_SOON = timedelta(minutes=5)
#: No effect waits longer for another attempt, no message longer for another attempt or for an office to open (a long vacation).
EFFECT, RETRY, VACATION = LONGEST_EFFECT * 1.25 + timedelta(minutes=3), timedelta(hours=13), timedelta(days=40)
#: No event waits longer for another attempt, no subscription that failed rests longer.
EVENT, REST = timedelta(hours=31), timedelta(minutes=45)


def set_right(house: House, now: datetime) -> int:
    """Free leases, waits, effects and messages of a time that has not come yet; how many."""
    leased = or_(timers.c.leased_until > now + LEASE, timers.c.retry_at > now + LONGEST_WAIT)
    with house.database.writing() as connection:
        freed = connection.execute(update(timers).where(leased).values(leased_until=None, retry_at=None)).rowcount
        # what was never tried to its end does not wait for another attempt: it is held by somebody, and not for long
        held = and_(outbox.c.error.is_(None), outbox.c.available_at > now + EFFECT_HELD + _SOON)
        too_far = or_(_ahead(outbox, now, EFFECT), held)
        freed += connection.execute(
            update(outbox).where(outbox.c.status == "pending", too_far).values(**_at(outbox, now))
        ).rowcount
        waiting = deliveries.c.status.in_(("pending", "gathered"))
        too_far = or_(
            _ahead(deliveries, now, VACATION),
            and_(deliveries.c.attempts > 0, deliveries.c.available_at > now + RETRY),
            deliveries.c.id.in_(_held_too_long(connection, now)),
        )
        freed += connection.execute(update(deliveries).where(waiting, too_far).values(**_at(deliveries, now))).rowcount
        freed += connection.execute(
            update(event_deliveries)
            .where(event_deliveries.c.status == "pending", _ahead(event_deliveries, now, EVENT))
            .values(**_at(event_deliveries, now))
        ).rowcount
        resting = event_subscriptions.c.not_before > now + REST
        freed += connection.execute(update(event_subscriptions).where(resting).values(not_before=None)).rowcount
    return freed


def _held_too_long(connection: Connection, now: datetime) -> list[int]:
    """The messages that somebody has claimed until too far ahead. Why one waits is sealed, and is compared here: there are few."""
    late = deliveries.c.status == "pending", deliveries.c.available_at > now + HELD + _SOON
    query = select(deliveries.c.id, deliveries.c.reason).where(*late, deliveries.c.reason.is_not(None))
    return [number for number, reason in connection.execute(query) if reason == SENDING]


def _ahead(table: Table, now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Rows written, or waiting longer than any does, under a clock that was ahead."""
    return or_(table.c.created_at > now + _SOON, table.c.available_at > now + longest)


def _at(table: Table, now: datetime) -> dict[str, Any]:
    """To be taken now; what was written in the future was written now."""
    written = case((table.c.created_at > now, literal(now, table.c.created_at.type)), else_=table.c.created_at)
    return {"available_at": now, "created_at": written}
