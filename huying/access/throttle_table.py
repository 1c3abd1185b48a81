"""Counts of ``limits`` in a table of ours: shared by several processes without a program beside the database.

A hit is one statement, on a connection of its own, so that it stands whatever becomes of the request.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import floor

from limits.storage import SlidingWindowCounterSupport, Storage
from limits.storage.base import TimestampedSlidingWindow
from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from huying.database.connections import Database
from huying.database.tables import throttle as table


class ThrottleTable(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """A storage for the strategies of ``limits``; ``clock`` gives the present moment (aware)."""

    STORAGE_SCHEME = ["huying"]  # noqa: RUF012

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._insert = sqlite.insert if database.sqlite else postgresql.insert

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong is the database's."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; the count begins anew once the ``expiry`` (in seconds) that its first hit named is over."""
        now = self._clock()
        row = self._insert(table).values(key=key, hits=amount, ends_at=now + timedelta(seconds=expiry))
        over = table.c.ends_at <= now
        counted = row.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "hits": case((over, row.excluded.hits), else_=table.c.hits + row.excluded.hits),
                "ends_at": case((over, row.excluded.ends_at), else_=table.c.ends_at),
            },
        ).returning(table.c.hits)
        with self._database.at_once() as connection:
            return int(connection.execute(counted).scalar_one())

    def get(self, key: str) -> int:
        """The count; 0 when it is over."""
        wanted = select(table.c.hits).where(table.c.key == key, table.c.ends_at > self._clock())
        with self._database.reading() as connection:
            return connection.execute(wanted).scalar() or 0

    def get_expiry(self, key: str) -> float:
        """When the count begins anew, in seconds since 1970; now, if there is none."""
        with self._database.reading() as connection:
            found = connection.execute(select(table.c.ends_at).where(table.c.key == key)).scalar()
        return (found or self._clock()).timestamp()

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count, unless that were more than ``limit`` in the last ``expiry`` seconds, of which the slot before counts by its overlap."""
        before, left, so_far, _ = self.get_sliding_window(key, expiry)
        weight = before * left / expiry
        if floor(weight + so_far) + amount > limit:
            return False
        _, current = self.sliding_window_keys(key, expiry, self._now())
        if floor(weight + self.incr(current, 2 * expiry, amount)) > limit:
            # somebody else was quicker
            self.incr(current, 2 * expiry, -amount)
            return False
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """The count of the slot before with the seconds that it still overlaps, and of this slot with those until it is forgotten."""
        now = self._now()
        previous, current = self.sliding_window_keys(key, expiry, now)
        wanted = select(table.c.key, table.c.hits).where(
            table.c.key.in_((previous, current)), table.c.ends_at > self._clock()
        )
        with self._database.reading() as connection:
            found: dict[str, int] = {row.key: row.hits for row in connection.execute(wanted)}
        left = expiry - now % expiry
        return found.get(previous, 0), left, found.get(current, 0), left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget both slots."""
        for one in self.sliding_window_keys(key, expiry, self._now()):
            self.clear(one)

    def check(self) -> bool:
        """Whether the database answers."""
        self.get("")
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        with self._database.at_once() as connection:
            return connection.execute(delete(table)).rowcount

    def clear(self, key: str) -> None:
        """Forget a count."""
        with self._database.at_once() as connection:
            connection.execute(delete(table).where(table.c.key == key))

    def _now(self) -> float:
        return self._clock().timestamp()
