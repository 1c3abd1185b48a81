"""The database: connections for reading and for writing, on SQLite and PostgreSQL alike, and its migrations.

A *reading* connection sees each statement on its own; a *writing* one is a transaction, which on SQLite takes the write lock at its beginning
(``BEGIN IMMEDIATE``), so decide before you write. Statements are SQLAlchemy Core: on the hot path the ORM costs more than the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

_MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


class Database:
    """One database, by URL; cheap to make, opened at first use. Close it when done."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = self._engine(parsed)
        # an engine of its own, so that no connection has to be switched over at each use
        self._reader = self._engine(parsed, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
        if self.sqlite:
            event.listen(self.engine, "begin", _begin_immediate)

    def _engine(self, url: URL, **options: Any) -> Engine:
        if self.sqlite:
            options["connect_args"] = {"check_same_thread": False, "timeout": 30}
        engine = create_engine(
            url,
            json_serializer=_dumps,
            json_deserializer=orjson.loads,
            pool_size=20,
            max_overflow=20,
            pool_pre_ping=not self.sqlite,
            **options,
        )
        if self.sqlite:
            event.listen(engine, "connect", _open_sqlite)
        return engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all that is written in it becomes true together, or nothing."""
        with self.engine.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables up to this program's version; harmless when they are."""
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
        self._reader.dispose()


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "busy_timeout = 30000",
        "foreign_keys = ON",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.connection.cursor().execute("BEGIN IMMEDIATE")
