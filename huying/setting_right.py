"""After the clock was set back: what waits for a moment that the wrong clock named is set free, so that nothing hangs until it comes again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update

from huying.house import House
from huying.tables import deliveries, outbox, timers
from huying.timer_claim import LEASE, LONGEST_WAIT

#: Moments so little ahead come from the clocks of other machines, and are soon over.
_SOON = timedelta(minutes=5)


def set_right(house: House, now: datetime) -> int:
    """Free leases, waits, effects and messages of a time that has not come yet; how many."""
    leased = or_(timers.c.leased_until > now + LEASE, timers.c.retry_at > now + LONGEST_WAIT)
    with house.database.writing() as connection:
        freed = connection.execute(update(timers).where(leased).values(leased_until=None, retry_at=None)).rowcount
        for table, waiting in ((outbox, ("pending",)), (deliveries, ("pending", "gathered"))):
            ahead = (table.c.status.in_(waiting), table.c.created_at > now + _SOON)
            freed += connection.execute(update(table).where(*ahead).values(available_at=now, created_at=now)).rowcount
    return freed
