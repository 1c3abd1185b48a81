"""A start that meets another process on its database waits for it, and then says so in words."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from huying.database.connections import Database
from huying.settings import SettingError

#: In which states of its file a start can meet another process, as statements of that other one.
FRESH = ("BEGIN EXCLUSIVE",)
SWITCHING = ("CREATE TABLE one (x)", "BEGIN", "SELECT * FROM one")
WRITING = ("PRAGMA journal_mode = WAL", "BEGIN IMMEDIATE", "CREATE TABLE one (x)")
RECOVERING = ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", "CREATE TABLE one (x)", "BEGIN IMMEDIATE")
STATES = pytest.mark.parametrize(
    "state", [FRESH, SWITCHING, WRITING, RECOVERING], ids=["fresh", "switching", "writing", "recovering"]
)


def _hold(path: Path, state: tuple[str, ...], held: threading.Event, release: threading.Event) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in state:
            connection.execute(statement).fetchall()
        held.set()
        release.wait(60)
        connection.execute("ROLLBACK")


@contextmanager
def another(path: Path, state: tuple[str, ...]) -> Iterator[threading.Event]:
    """Another process that is in the way until the event is set, or the body is left."""
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(path, state, held, release))
    process.start()
    assert held.wait(60)
    try:
        yield release  # type: ignore[misc]
    finally:
        release.set()
        process.join(60)


@STATES
def test_a_start_waits_for_another_process(tmp_path: Path, state: tuple[str, ...]) -> None:
    path = tmp_path / "huying.db"
    with another(path, state) as release:
        leaving = threading.Timer(0.3, release.set)
        leaving.start()
        database = Database(f"sqlite:///{path}")
        database.migrate()
        assert release.is_set()
        leaving.join()
    database.close()


@STATES
def test_a_start_that_waited_long_enough_is_told_in_words(tmp_path: Path, state: tuple[str, ...]) -> None:
    path = tmp_path / "huying.db"
    database = Database(f"sqlite:///{path}", patience=0.05)
    with another(path, state), pytest.raises(SettingError, match="数据库"):
        database.migrate()
    database.close()


def test_a_write_that_waited_long_enough_fails_as_every_other_statement_does(tmp_path: Path) -> None:
    path = tmp_path / "huying.db"
    database = Database(f"sqlite:///{path}", patience=0.05)
    with another(path, WRITING), pytest.raises(DBAPIError), database.writing():
        pass
    database.close()
