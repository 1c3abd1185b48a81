"""The day it is in the house, as its database reads it; rehearsals and tests make it believe another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from huying.errors import NotFound

#: Where days begin and end as long as the house has said nothing else.
HOUSE_ZONE = ZoneInfo("Asia/Shanghai")


def zone_of(connection: Connection) -> ZoneInfo:
    """Where the days of the house begin and end whose database this is."""
    day: Day = connection.get_execution_options()["day"]
    return day.zone


def day_of(moment: datetime, connection: Connection) -> date:
    """The day of the house on which a moment lies."""
    return moment.astimezone(zone_of(connection)).date()


class Day:
    """Today, for the connections of one database: the clock's, unless it was told another."""

    def __init__(self) -> None:
        self._told: date | None = None
        self._ever_told = False
        self._zone = HOUSE_ZONE
        self._find: Callable[[], ZoneInfo] | None = None
        self._looking = Lock()

    def follow(self, find: Callable[[], ZoneInfo]) -> None:
        """Have days begin and end where ``find`` says; it is asked at each use, and may itself ask this database."""
        self._find = find

    @property
    def zone(self) -> ZoneInfo:
        """Where days begin and end; what was last known, while that is being looked up or cannot be."""
        if self._find is not None and self._looking.acquire(blocking=False):
            try:
                self._zone = self._find()
            except (DBAPIError, NotFound):
                # before the first migration there is no office, and a server may be away
                pass
            finally:
                self._looking.release()
        return self._zone

    def of(self, moment: datetime) -> date:
        """The day on which a moment lies."""
        return moment.astimezone(self.zone).date()

    def believe(self, day: date | None) -> None:
        """Take a day for today; ``None``: the clock's again."""
        self._told = day
        self._ever_told = self._ever_told or day is not None

    def today(self) -> date:
        """The day it is."""
        return self._told or datetime.now(self.zone).date()

    @contextmanager
    def believing(self, connection: Connection, day: date) -> Iterator[None]:
        """Have one connection take a day for today, as long as this lasts: to see what will be."""
        if connection.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection
            raw.create_function("huying_today", 0, day.isoformat, deterministic=True)
            try:
                yield
            finally:
                self.teach(raw)
            return
        tell = text("SELECT set_config('huying.today', :day, true)")
        connection.execute(tell, {"day": day.isoformat()})
        try:
            yield
        finally:
            connection.execute(tell, {"day": self._told.isoformat() if self._told else ""})

    def teach(self, connection: sqlite3.Connection) -> None:
        """Have a connection of SQLite know the day: it has no clock of its own that knows zones."""
        connection.create_function("huying_today", 0, lambda: self.today().isoformat(), deterministic=True)

    def tell(self, connection: Any, *_: Any) -> None:
        """Have a connection of PostgreSQL know it, if it is not the server's; said at each use, for others may have used it since."""
        zone = self.zone
        self._ever_told = self._ever_told or zone != HOUSE_ZONE
        if not self._ever_told:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('huying.today', %s, false), set_config('huying.zone', %s, false)",
                (self._told.isoformat() if self._told else "", zone.key),
            )
        if not connection.autocommit:
            connection.commit()
