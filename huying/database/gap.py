"""The gap in running numbers since a house was restored from a backup: what was given meanwhile is forgotten here, and is not given again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select

from huying.database.day import day_of
from huying.database.statement import Statement
from huying.database.tables import restorations

_jumps = Statement(
    select(restorations.c.taken_at, restorations.c.restored_at, restorations.c.beyond)
    .where(restorations.c.beyond > 0)
    .order_by(restorations.c.id)
)


def left_out(connection: Connection, year: int, highest_by: Callable[[datetime], int]) -> int:
    """Up to which number a series was given, or may have been, when the house was restored last; 0 where it never was.

    ``year`` is that of the series, 0 if it goes on over years; ``highest_by`` says its highest number (0: none) of those that were given by a moment.
    """
    reached = 0
    for taken_at, restored_at, beyond in _jumps.rows(connection, {}):
        first, last = (day_of(moment, connection).year for moment in (taken_at, restored_at))
        if year == 0 or first <= year <= last:
            reached = max(reached, highest_by(restored_at)) + int(beyond)
    return reached
