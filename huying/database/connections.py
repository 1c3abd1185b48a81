"""The database: connections for reading and for writing, on SQLite and PostgreSQL alike, and its migrations.

A *reading* connection sees each statement on its own; a *writing* one is a transaction, which on SQLite takes the write lock at its beginning
(``BEGIN IMMEDIATE``), so decide before you write. Statements are SQLAlchemy Core: on the hot path the ORM costs more than the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson
import psycopg
from alembic import command
from psycopg import errors, pq
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from engine.codec import encode
from huying.database import holders
from huying.database.bundle import settle
from huying.database.data_keys import OpenKeys
from huying.database.day import Day
from huying.database.liveness import ask_before_use
from huying.database.patience import Patience, asked
from huying.database.schema import assure_known, known_versions, migrations, newest, version_of
from huying.database.words import Held, Words, unreachable, why, words_of_held
from huying.keys import place
from huying.keys.ring import Ring
from huying.settings import SettingError
from models.kept import attach_keys
from models.sealed import attach

#: The lock under which tables are changed, on PostgreSQL: any number that nobody else uses.
_MIGRATING = 7_227_391

#: A server that says in so many seconds neither yes nor no does not answer; meanwhile all threads of this process stand still.
_PING_WITHIN = 2

#: SQLite says that another process is in the way; the high bits only say at what.
_IN_THE_WAY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL)

_Result = TypeVar("_Result")
#: A change that is ready to be written, in a transaction that belongs to whoever calls it.
Writing = Callable[[Connection], None]


class _Taken(Exception):
    """Another session has the lock."""


class Database:
    """One database, by URL; cheap to make, opened at first use. Close it when done.

    What has to wait for others waits within the bounds of ``patience``. What is private is sealed and opened by the ``ring``; without one it is
    that of the variable HUYING_KEYS, or else private columns can be neither read nor written.
    """

    def __init__(self, url: str, patience: Patience | None = None, ring: Ring | None = None) -> None:
        parsed = _known(url)
        self.ring = ring or place.standing()
        self.day = Day()
        self._patience = patience or Patience()
        #: Told as a bundled transaction comes to ``begin``, to ``commit`` and to ``committed``.
        self.watchers: list[Callable[[str], object]] = []
        #: What is still to be written is written before the connections are given back.
        self._last: list[Callable[[], object]] = []
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.keys = OpenKeys(self)
        self.engine = self._engine(parsed)
        # an engine of its own, so that no connection has to be switched over at each use
        self._reader = self._engine(parsed, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
        if self.sqlite:
            event.listen(self.engine, "begin", self.begin_immediate)

    def _engine(self, url: URL, **options: Any) -> Engine:
        if self.sqlite:
            options["connect_args"] = {"check_same_thread": False, "timeout": self._patience.others}
        else:
            # by this name others see whom they wait for
            options["connect_args"] = {"fallback_application_name": "huying"}
        engine = create_engine(
            url,
            # an error's words end in logs, and parameters are what people wrote
            hide_parameters=True,
            execution_options={"day": self.day, "last": self._last},
            json_serializer=lambda value: encode(value).decode(),
            json_deserializer=orjson.loads,
            pool_size=20,
            max_overflow=20,
            **options,
        )
        attach(engine.dialect, self.ring)
        attach_keys(engine.dialect, self.keys)
        if not self.sqlite:
            # before what SQLAlchemy itself asks a first connection, in whose answers it would stumble over bytes
            event.listen(engine, "connect", _assure_text, insert=True)
            ask_before_use(engine)
            event.listen(engine, "checkout", self.day.tell)
            event.listen(engine, "before_cursor_execute", settle)
        else:
            # before what SQLAlchemy itself asks a first connection
            event.listen(engine, "connect", self._open_sqlite, insert=True)
        return engine

    def _open_sqlite(self, connection: sqlite3.Connection, _record: Any) -> None:
        self.day.teach(connection)
        try:
            self._asked(partial(_set_up, connection, round(self._patience.others * 1000)))
        except sqlite3.Error as error:
            connection.close()
            raise self._held(error, None) or error from None

    def begin_immediate(self, connection: Connection) -> None:
        """Begin a transaction of SQLite with the write lock, waiting for others within our patience."""
        begin = "BEGIN IMMEDIATE"
        try:
            self._asked(partial(connection.connection.cursor().execute, begin))
        except sqlite3.Error as error:
            # as SQLAlchemy does it with what it carries out itself
            raise self._held(error, begin) or DBAPIError.instance(begin, None, error, sqlite3.Error) from error

    def _asked(self, step: Callable[[], _Result]) -> _Result:
        """Do a first step of a connection, and again while others are in the way.

        SQLite itself waits at most steps, but refuses at once where two processes would wait for each other: when it switches to WAL, and
        in some moments of recovering what a killed process left. A server of PostgreSQL refuses while it starts up.
        """
        return asked(step, self._worth, "数据库。 Waiting for the database.")

    def _worth(self, error: Exception) -> float:
        """How many seconds this refusal is worth."""
        if self.sqlite:
            return self._patience.others if _in_the_way(error) else 0.0
        if not isinstance(error, DBAPIError):
            return 0.0
        return {pq.Ping.REJECT: self._patience.others, pq.Ping.NO_RESPONSE: self._patience.silence}.get(
            self._ping(), 0.0
        )

    def _ping(self) -> pq.Ping:
        """Whether the server of PostgreSQL takes connections; no name or password is needed to be told."""
        _, parameters = self.engine.dialect.create_connect_args(self.engine.url)
        where = {name: parameters[name] for name in ("host", "hostaddr", "port", "sslmode") if name in parameters}
        return pq.Ping(pq.PGconn.ping(make_conninfo(**where, connect_timeout=_PING_WITHIN).encode()))

    def _held(self, error: Exception, statement: str | None) -> Held | None:
        """The words if it was another process that kept a file of SQLite from us."""
        if not _in_the_way(error):
            return None
        path = Path(str(self.engine.url.database)).absolute()
        words = words_of_held(f" {path} ", self._patience.others, holders.said(holders.of_file(path), path))
        return Held(words, statement, error)

    @property
    def engines(self) -> tuple[Engine, Engine]:
        """What makes the connections: those that write, and those that read."""
        return self.engine, self._reader

    def tell(self, boundary: str) -> None:
        """Tell who watches that a transaction has come so far."""
        for watcher in self.watchers:
            watcher(boundary)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def at_one_moment(self) -> Iterator[Connection]:
        """A connection for queries that all see the database as of one moment, while others write on."""
        begin = "BEGIN" if self.sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._reader.connect() as connection:
            connection.exec_driver_sql(begin)
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def at_once(self) -> AbstractContextManager[Connection]:
        """A connection on which each statement is a transaction of its own: for a change that is one statement, and so one round trip."""
        return self.reading()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all that is written in it becomes true together, or nothing."""
        with self.engine.begin() as connection:
            yield connection

    def is_outdated(self) -> bool:
        """Whether there is a house whose tables are those of an earlier program."""
        found, config = self.found_version(), migrations()
        if found is None or found == newest(config):
            return False
        with self.reading() as connection:
            assure_known(config, version_of(connection))
        return True

    def migrate(self) -> None:
        """Bring the tables up to this program's version, in one transaction: all of it, or nothing; harmless when they are.

        Of several processes that start at once one does it, and the others wait. ``SettingError`` if the database was made by a newer
        program, or if it cannot be brought up to date now.
        """
        config = migrations()
        if self.found_version() == newest(config):
            return
        try:
            with self.engine.begin() as connection:
                if not self.sqlite:
                    self._take(connection, "xact_lock", _MIGRATING)
                    # whoever waits for a table keeps all others from it: not for long
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(self._patience.others * 1000)}")
                assure_known(config, version_of(connection))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except DBAPIError as error:
            zh, en = self._reason(error)
            raise SettingError(
                "",
                f"数据库没有升级成，数据未改动；{zh}",
                f"The database was not brought up to date, and is unchanged. {en}",
            ) from None

    def _take(self, connection: Connection, kind: str, key: int) -> None:
        """Take an advisory lock of PostgreSQL; ``SettingError`` if it is not to be had."""
        statement = text(f"SELECT pg_try_advisory_{kind}(:key)")

        def take() -> None:
            if not connection.execute(statement, {"key": key}).scalar_one():
                raise _Taken

        def worth(error: Exception) -> float:
            return self._patience.work if isinstance(error, _Taken) else 0.0

        try:
            asked(take, worth, "另一个进程准备数据库。 Waiting for another process that makes the database ready.")
        except _Taken:
            who = holders.said(holders.of_key(connection, key))
            raise SettingError("", *words_of_held("", self._patience.work, who)) from None

    def _reason(self, error: DBAPIError) -> Words:
        """Why it failed, and who is to blame if that is known."""
        if isinstance(error, Held):
            return error.words
        if isinstance(error.orig, errors.LockNotAvailable):
            with self._reached() as connection:
                who = holders.said(holders.of_tables(connection))
            return words_of_held("", self._patience.others, who)
        return "请排除故障后重新启动。", f"({why(error)})"

    def assure_known(self) -> None:
        """``SettingError`` when a newer program has meanwhile changed the tables, which this one would misread; cheap."""
        with self.reading() as connection:
            version = version_of(connection)
        if version not in known_versions():
            assure_known(migrations(), version)

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Let nobody else do this work on the database meanwhile: on PostgreSQL they wait; on SQLite a data folder has one supervisor anyway."""
        if self.sqlite:
            yield
            return
        with self._reached() as connection:
            key = connection.execute(text("SELECT hashtext(:what)"), {"what": f"huying {what}"}).scalar_one()
            self._take(connection, "lock", key)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})

    @contextmanager
    def _reached(self) -> Iterator[Connection]:
        """The first connection; ``SettingError`` in words if there is no database to be reached."""
        try:
            connection = self._asked(self._connected)
        except DBAPIError as error:
            raise unreachable(error) from None
        with connection:
            yield connection

    def _connected(self) -> Connection:
        try:
            return self._reader.connect()
        except DBAPIError:
            if self.sqlite or self._ping() != pq.Ping.OK:
                raise
        # it has come up in between; or it refuses us, and then says so again
        return self._reader.connect()

    def found_version(self) -> str | None:
        """The version of the tables; ``SettingError`` if they cannot be read: SQLite opens its files at the first statement only."""
        with self._reached() as connection:
            try:
                return self._asked(partial(version_of, connection))
            except DBAPIError as error:
                raise unreachable(self._held(error, None) or error) from None

    def close(self) -> None:
        """Give the connections back."""
        for write in self._last:
            write()
        self.engine.dispose()
        self._reader.dispose()


def _known(url: str) -> URL:
    """The address of a SQLite file or of a PostgreSQL database; ``SettingError``, which does not repeat a password, for any other."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is not None and parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed is None or parsed.drivername != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise SettingError(
            "HUYING_DATABASE_URL",
            "应为 sqlite:////文件路径 或 postgresql://用户:口令@主机/库名。",
            "This is sqlite:////path/of/a/file or postgresql://user:password@host/database.",
        )
    folder = Path(str(parsed.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            "HUYING_DATABASE_URL",
            f"不能建立文件夹 {folder}（{error.strerror}）。",
            f"This folder cannot be made: {folder} ({error.strerror}).",
        ) from None
    return parsed


def _assure_text(connection: psycopg.Connection[Any], _record: object) -> None:
    """``SettingError`` if the database keeps bytes of no encoding: Chinese would come back unreadable."""
    if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
        name = connection.info.dbname
        connection.close()
        raise SettingError(
            "HUYING_DATABASE_URL",
            f"数据库“{name}”没有字符编码（SQL_ASCII），存不了中文。请另建一个：createdb -E UTF8 -T template0 --locale=C.UTF-8 新库名，再把地址改成它",
            f"The database “{name}” has no encoding (SQL_ASCII) and cannot hold Chinese. Create another one: createdb -E UTF8 -T template0 "
            "--locale=C.UTF-8 NAME, and give its address",
        )


def _set_up(connection: sqlite3.Connection, patience: int) -> None:
    """The first statements of a connection to SQLite; ``patience`` in milliseconds is for those that follow."""
    connection.isolation_level = None
    for pragma in (
        # what is refused here is asked again by us, and must not wait twice
        "busy_timeout = 0",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"busy_timeout = {patience}",
        "foreign_keys = ON",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _in_the_way(error: Exception) -> bool:
    """Whether SQLite refused because of another process that will be done; what has waited already is not asked again."""
    found = error.orig if isinstance(error, DBAPIError) and not isinstance(error, Held) else error
    return isinstance(found, sqlite3.Error) and (getattr(found, "sqlite_errorcode", 0) & 0xFF) in _IN_THE_WAY
