"""The points at which a process is killed: its transaction boundaries, and what a deed names between them."""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from huying.database.connections import Database

#: Before a transaction begins, when its writes are done, and when it is committed but nobody was told.
BOUNDARIES = ("begin", "commit", "committed")


@dataclass
class Points:
    """Counts what is passed, and ends the process with SIGKILL at the ``nth`` passing of ``target``."""

    target: str = ""
    nth: int = 1
    passed: Counter[str] = field(default_factory=Counter)

    def reach(self, name: str) -> None:
        """Pass a point, or die there."""
        self.passed[name] += 1
        if name == self.target and self.passed[name] == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, database: Database) -> None:
        """Name the boundaries of a database's transactions."""
        engine = database.engine
        event.listen(engine, "begin", lambda _: self.reach("begin"), insert=True)
        event.listen(engine, "commit", lambda _: self.reach("commit"))
        dialect: Any = engine.dialect
        commit = dialect.do_commit

        def committed(connection: Any) -> None:
            commit(connection)
            self.reach("committed")

        dialect.do_commit = committed
        database.watchers.append(self.reach)

    def limit(self, database: Database, pages: int) -> None:
        """Let a SQLite database grow by so many pages only: then its disk is full."""

        def opened(connection: Any, _record: Any) -> None:
            [count] = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {count + pages}")

        for engine in database.engines:
            event.listen(engine, "connect", opened)
