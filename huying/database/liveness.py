"""Whether a pooled connection of PostgreSQL still leads to a server: asked only of one that has not just been used, for it is a round trip."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

#: Who used it within so many seconds knows that it is alive: no server ends and starts again in less.
_KNOWN_ALIVE = 0.25
_USED = "used_at"


def ask_before_use(engine: Engine) -> None:
    """Have the pool of an engine give no connection that is dead, and make a new one in its place."""

    def used(_connection: object, record: Any) -> None:
        record.info[_USED] = time.monotonic()

    def ask(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get(_USED, float("-inf")) < _KNOWN_ALIVE:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "connect", used)
    event.listen(engine, "checkin", used)
    event.listen(engine, "checkout", ask)
