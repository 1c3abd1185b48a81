"""The day it is in the house, as its database reads it; rehearsals and tests make it believe another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

#: Where the days of the house begin and end.
HOUSE_ZONE = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The day of the house on which a moment lies."""
    return moment.astimezone(HOUSE_ZONE).date()


class Day:
    """Today, for the connections of one database: the clock's, unless it was told another."""

    def __init__(self) -> None:
        self._told: date | None = None
        self._ever_told = False

    def believe(self, day: date | None) -> None:
        """Take a day for today; ``None``: the clock's again."""
        self._told = day
        self._ever_told = self._ever_told or day is not None

    def today(self) -> date:
        """The day it is."""
        return self._told or datetime.now(HOUSE_ZONE).date()

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
        if not self._ever_told:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('huying.today', %s, false)", (self._told.isoformat() if self._told else "",)
            )
        if not connection.autocommit:
            connection.commit()
