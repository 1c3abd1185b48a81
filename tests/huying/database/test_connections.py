"""A start that meets another process on its database waits for it, and then says in words who it is."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from huying.cli import main
from huying.database import connections, holders
from huying.database.connections import Database
from huying.database.patience import Patience
from huying.database.schema import migrations
from huying.settings import SettingError
from tests.faults.forks import ROOT
from tests.patience import within
from tests.template import command_server

#: In which states of its file a start can meet another process, as statements of that other one.
FRESH = ("BEGIN EXCLUSIVE",)
SWITCHING = ("CREATE TABLE one (x)", "BEGIN", "SELECT * FROM one")
WRITING = ("PRAGMA journal_mode = WAL", "BEGIN IMMEDIATE", "CREATE TABLE one (x)")
RECOVERING = ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", "CREATE TABLE one (x)", "BEGIN IMMEDIATE")
STATES = pytest.mark.parametrize(
    "state", [FRESH, SWITCHING, WRITING, RECOVERING], ids=["fresh", "switching", "writing", "recovering"]
)
BRIEFLY = Patience(others=0.05, silence=0.05, work=0.05)
#: What comes in a moment comes, whatever else the machine does.
PATIENTLY = Patience(others=within(30), silence=within(10))


#: Another process, with nothing but the file: it leaves when its input ends.
_ANOTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement).fetchall()
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
connection.close()
"""


@dataclass
class Another:
    """A process that is in the way until it is told to leave."""

    process: subprocess.Popen[bytes]
    left: bool = False

    @property
    def pid(self) -> int:
        return self.process.pid

    def leave(self) -> None:
        """Let others have the file; it may be told twice."""
        self.left = True
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()


@contextmanager
def another(path: Path, state: tuple[str, ...]) -> Iterator[Another]:
    """A process that keeps the file until it is told to leave, or the body is left."""
    told = [sys.executable, "-S", "-c", _ANOTHER, str(path), *state]
    with subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        made = Another(process)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"held\n"
            yield made
        finally:
            made.leave()


@contextmanager
def opened(url: str, patience: Patience | None = None) -> Iterator[Database]:
    """A database as a process that starts opens it."""
    database = Database(url, patience)
    try:
        yield database
    finally:
        database.close()


def refusal(url: str) -> str:
    """What a start is told that waits for a moment only."""
    with opened(url, BRIEFLY) as database, pytest.raises(SettingError) as told:
        database.migrate()
    return str(told.value)


@contextmanager
def later(deed: Callable[[], None]) -> Iterator[None]:
    """Something that happens a moment after the body has begun."""
    timer = threading.Timer(0.3, deed)
    timer.start()
    yield
    timer.join()


@STATES
def test_a_start_waits_for_another_process(tmp_path: Path, state: tuple[str, ...]) -> None:
    path = tmp_path / "huying.db"
    with another(path, state) as other, later(other.leave), opened(f"sqlite:///{path}", PATIENTLY) as database:
        database.migrate()
        assert other.left


@STATES
def test_a_start_that_waited_long_enough_is_told_in_both_languages_whom_it_waited_for(
    tmp_path: Path, state: tuple[str, ...]
) -> None:
    path = tmp_path / "huying.db"
    with another(path, state) as other:
        words = refusal(f"sqlite:///{path}")
    assert f"数据库 {path} 被其他程序占用，等了 0.05 秒" in words
    assert "kept by another program for more than 0.05 seconds" in words
    assert f"占用者：进程 {other.pid} python" in words
    assert f"It is process {other.pid} python" in words
    assert "locked" not in words


def test_a_write_that_waited_long_enough_fails_as_a_statement_does_and_in_words(tmp_path: Path) -> None:
    path = tmp_path / "huying.db"
    with another(path, WRITING) as other, opened(f"sqlite:///{path}", BRIEFLY) as database:
        words = f"占用者：进程 {other.pid} .* It is process {other.pid} "
        with pytest.raises(DBAPIError, match=words), database.writing():
            pass


def test_a_command_says_so_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.setattr(connections, "Patience", lambda: BRIEFLY)
    path = tmp_path / "huying.db"
    for began in (False, True):
        with opened(f"sqlite:///{path}") as database:
            if began:
                database.migrate()
        with another(path, WRITING):
            assert main(["publish", "tests/definitions/office.yaml"]) == 1
        error = capsys.readouterr().err
        assert "被其他程序占用" in error
        assert "kept by another program" in error
        assert "Traceback" not in error


def test_where_the_machine_does_not_tell_who_it_is_nobody_is_named(tmp_path: Path) -> None:
    path = tmp_path / "huying.db"
    with another(path, FRESH) as other:
        assert [one.pid for one in holders.of_file(path)] == [other.pid]
        assert holders.of_file(path, locks=tmp_path / "none") == []
    assert holders.said([], path) == (
        f"占用者不明，可用 fuser {path} 查看。",
        f"Which one is not known; fuser {path} may tell.",
    )


def test_what_is_not_another_process_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "huying.db"
    path.write_bytes(b"no database at all" * 100)
    with opened(f"sqlite:///{path}") as database, pytest.raises(SettingError, match="file is not a database"):
        database.migrate()


@contextmanager
def starting(url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The server of this database, at another port, as it is when it has just been started; it is ready when its input ends."""
    told = [sys.executable, "-m", "tests.huying.database.starting_server", str(port), str(make_url(url).port)]
    with subprocess.Popen(told, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"listening\n"
        try:
            yield process
        finally:
            process.kill()


def _at(url: str, port: int) -> str:
    """The same database, at another port."""
    return make_url(url).set(port=port).render_as_string(hide_password=False)


def test_a_start_waits_for_a_server_that_is_starting_up(postgres_url: str, free_port: int) -> None:
    said: list[bytes] = []
    with starting(postgres_url, free_port) as server:

        def become_ready() -> None:
            assert server.stdin is not None
            assert server.stdout is not None
            said.append(server.stdout.readline())
            server.stdin.close()

        with later(become_ready), opened(_at(postgres_url, free_port), PATIENTLY) as database:
            database.migrate()
    assert said == [b"refused\n"]


def test_a_start_waits_for_a_server_that_is_away_for_a_moment(postgres_url: str, free_port: int) -> None:
    with ExitStack() as stack:

        def come() -> None:
            server = stack.enter_context(starting(postgres_url, free_port))
            assert server.stdin is not None
            server.stdin.close()

        with later(come), opened(_at(postgres_url, free_port), PATIENTLY) as database:
            database.migrate()


def test_a_server_that_starts_up_for_too_long_is_told_in_words(postgres_url: str, free_port: int) -> None:
    with starting(postgres_url, free_port):
        words = refusal(_at(postgres_url, free_port))
    assert re.search(r"数据库连不上.*cannot be reached.*starting up", words)


def test_a_server_that_is_away_for_too_long_is_told_in_words(free_port: int) -> None:
    words = refusal(f"postgresql://somebody@127.0.0.1:{free_port}/huying")
    assert re.search(r"数据库连不上.*cannot be reached.*refused", words)


@pytest.mark.parametrize("wrong", ["no_such_database", "postgres?user=nobody"])
def test_what_a_server_refuses_for_good_is_not_waited_for(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setattr("huying.database.patience.time.sleep", lambda _seconds: pytest.fail("it waited"))
    with opened(f"{postgres_server}/{wrong}") as database, pytest.raises(SettingError, match="cannot be reached"):
        database.migrate()


def test_a_start_waits_for_another_one_that_makes_the_tables_and_then_says_who_it_is(postgres_url: str) -> None:
    with opened(postgres_url) as other, opened(postgres_url, BRIEFLY) as database, other.engine.begin() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({connections._MIGRATING})"))
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with pytest.raises(SettingError, match=f"占用者：进程 {pid} huying.* It is process {pid} huying"):
            database.migrate()
        with later(connection.rollback), opened(postgres_url) as patient:
            patient.migrate()


def test_what_one_does_alone_is_waited_for_and_then_said_who_does_it(postgres_url: str) -> None:
    with opened(postgres_url) as other, opened(postgres_url, BRIEFLY) as database:
        with (
            other.alone("prepare"),
            pytest.raises(SettingError, match=r"占用者：进程 .* huying"),
            database.alone("prepare"),
        ):
            pass
        with database.alone("prepare"):
            pass


def test_a_table_that_somebody_keeps_is_not_waited_for_without_end(postgres_url: str) -> None:
    with opened(postgres_url) as old, old.engine.begin() as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
    with opened(postgres_url) as other, opened(postgres_url, BRIEFLY) as database, other.engine.begin() as connection:
        connection.execute(text("LOCK TABLE alembic_version IN SHARE MODE"))
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with pytest.raises(
            SettingError, match=f"数据库没有升级成.*占用者：进程 {pid} huying.*unchanged.* process {pid} huying"
        ):
            database.migrate()


def test_a_database_without_an_encoding_is_refused_in_words(postgres_server: str) -> None:
    name = "huying_without_encoding"
    command_server(postgres_server, f"DROP DATABASE IF EXISTS {name}")
    command_server(
        postgres_server, f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    database = Database(f"{postgres_server}/{name}")
    try:
        with pytest.raises(SettingError, match="createdb -E UTF8") as refused:
            database.migrate()
        assert "存不了中文" in refused.value.words.zh
    finally:
        database.close()
        command_server(postgres_server, f"DROP DATABASE {name}")
