"""The subscriptions in service, kept in memory: an action must not pay for them when there are none.

A process looks for changes at most once a second, so a new subscription is heard within a moment, and by every process.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select

from huying.database.connections import Database
from huying.database.tables import event_subscriptions as subscriptions

#: How long, in seconds, a process goes on without looking for changes.
_FRESH = 1.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What one subscription wants to hear of; empty sets mean everything."""

    id: int
    definitions: frozenset[str]
    happenings: frozenset[str]
    station_id: int | None

    def wants_issue(self, definition: str, station_id: int) -> bool:
        """Whether an issue of this definition and station is theirs to hear of."""
        return (not self.definitions or definition in self.definitions) and self.station_id in (None, station_id)

    def wants(self, kind: str) -> bool:
        """Whether they hear of happenings of this kind."""
        return not self.happenings or kind in self.happenings


class Known:
    """The wishes of all subscriptions in service."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._wishes: Sequence[Wish] = ()
        self._looked_at = float("-inf")

    def wishes(self) -> Sequence[Wish]:
        """Those known now."""
        if time.monotonic() - self._looked_at < _FRESH:
            return self._wishes
        with self._lock:
            if time.monotonic() - self._looked_at >= _FRESH:
                self._wishes = self._read()
                self._looked_at = time.monotonic()
        return self._wishes

    def forget(self) -> None:
        """Look for changes at once."""
        self._looked_at = float("-inf")

    def _read(self) -> Sequence[Wish]:
        columns = (subscriptions.c[name] for name in ("id", "definitions", "happenings", "station_id"))
        query = select(*columns).where(subscriptions.c.active).order_by(subscriptions.c.id)
        with self._database.reading() as connection:
            return tuple(
                Wish(number, frozenset(definitions), frozenset(happenings), station)
                for number, definitions, happenings, station in connection.execute(query)
            )
