"""Mail that comes back: the address is marked, the station sees it, and the message goes to the next rung."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from huying.database.tables import deliveries
from huying.delivery.receipts import not_received
from huying.words.mask import mask

_d = deliveries.c
#: What came back once does not come back again.
_OVER = ("accepted", "delivered", "unknown", "pending")


def bounced(connection: Connection, delivery: int, reason: str, now: datetime, *, hard: bool) -> bool:
    """The message ``delivery`` came back, for good (``hard``: there is no such address) or perhaps not; in the caller's transaction.

    The address is gone, or suspended after the third within two weeks; the next rung is written, or an incident opened for the station.
    ``False`` where there is no such message, or that is known already.
    """
    row = connection.execute(select(deliveries).where(_d.id == delivery).with_for_update()).one_or_none()
    if row is None or row.status not in _OVER:
        return False
    said = mask(" ".join(reason.split()))[:1000]
    changed = {"status": "undelivered", "reason": said, "ended_at": now, "wait_until": None}
    connection.execute(update(deliveries).where(_d.id == delivery).values(**changed))
    not_received(connection, row, said, now, gone=hard)
    return True
