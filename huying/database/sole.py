"""What only one of several processes is to do: whoever holds it goes on holding it until it ends or loses its database.

On PostgreSQL an advisory lock of a connection kept for it (a pooler in transaction mode would break it); on SQLite a locked file beside the database.
"""

from __future__ import annotations

import fcntl
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from huying.database.connections import Database

#: Who does not hold it asks again after so many seconds.
_ASK_EVERY = 2.0
_try = text("SELECT pg_try_advisory_lock(:key)")
_leave = text("SELECT pg_advisory_unlock(:key)")


class Sole:
    """One task of a house, by name; to be asked by one thread at a time."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._asked_at = float("-inf")
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def is_ours(self) -> bool:
        """Whether this process holds it; cheap."""
        if self._connection is not None:
            return self._still()
        if self._file is not None:
            return True
        if time.monotonic() - self._asked_at < _ASK_EVERY:
            return False
        self._asked_at = time.monotonic()
        return self._ask_file() if self._database.sqlite else self._ask_server()

    def give_up(self) -> None:
        """Let another process have it."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # said aloud: the server may notice only later that the session has ended
            with suppress(SQLAlchemyError):
                connection.execute(_leave, {"key": _key(self._name)})
            # whatever became of it, the lock ends with the session: the connection must not go back among the others
            connection.invalidate()
            connection.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _still(self) -> bool:
        assert self._connection is not None
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            # the lock went with the connection
            with suppress(SQLAlchemyError):
                self.give_up()
            self._connection = None
            return False
        return True

    def _ask_server(self) -> bool:
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(_try, {"key": _key(self._name)}).scalar_one():
            self._connection = connection
            return True
        connection.close()
        return False

    def _ask_file(self) -> bool:
        path = Path(f"{self._database.engine.url.database}.{self._name}.lock")
        file = path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True


def _key(name: str) -> int:
    """A number of 63 bits that other programs will hardly use."""
    return int.from_bytes(f"huying.{name}".encode().ljust(8, b".")[-8:]) >> 1
