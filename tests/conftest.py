"""What many tests need: real databases, a house with a sample city in it, a moment."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from benchmarks.city import furnish
from huying.access import passphrase
from huying.database.connections import Database
from huying.house.house import House
from huying.keys.ring import new_keys
from tests import examples
from tests.marks import is_fast, is_left_out, mark
from tests.ports import free_port
from tests.postgres import SharedServer, postgres_programs
from tests.prefect_home import SHARED
from tests.template import TABLES, Template, command_server, drop, filled

#: A Monday morning in China, far from holidays.
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

# the command line speaks the reader's language; tests are readers of no particular one, on whatever machine
os.environ["LC_ALL"] = "C.UTF-8"
# all databases of a run are sealed by one ring, in whatever process they are opened
os.environ.setdefault("HUYING_KEYS", new_keys(date(2026, 3, 1)).written())
#: Argon2 as weak as it can be, and as it is.
_CHEAP, _REAL = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)), passphrase.hasher
_numbers = count(1)

ON_CI = os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skip where a Debian package is not there; on CI it must be."""
    if ON_CI:
        pytest.fail(f"{what} must be installed on CI")
    pytest.skip(f"{what} is not installed on this machine")


@pytest.fixture(name="free_port")
def _free_port() -> int:
    return free_port()


@pytest.fixture
def now() -> datetime:
    """The moment at which a test begins."""
    return MORNING


examples.register()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no rooms in which nothing is wanted."""
    return True if is_left_out(collection_path, config.option.markexpr) else None


def pytest_collection_finish() -> None:
    """Let what was collected, some millions of objects that stay to the end, not be looked through for garbage again and again."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say of each test what it is called by."""
    mark(items, report=bool(config.getoption("--faults-report", None)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say by which seed the tests were put in order: the line that says so at the beginning is left out where little is printed."""
    seed = getattr(config.option, "randomly_seed", None)
    if isinstance(seed, int):
        terminalreporter.write_line(f"--randomly-seed={seed}")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers of a run share."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="huying-run-")
        # PostgreSQL's own user looks into it
        os.chmod(folder, 0o755)
        os.environ[SHARED] = folder


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what the workers shared."""
    if not hasattr(config, "workerinput"):
        folder, programs = Path(os.environ.pop(SHARED)), postgres_programs()
        if programs is not None:
            SharedServer(folder, programs).stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL (without a database) of a PostgreSQL server of the run."""
    programs = postgres_programs()
    if programs is None:
        missing("PostgreSQL")
    assert programs is not None
    return SharedServer(Path(os.environ[SHARED]), programs).url(free_port())


@pytest.fixture(autouse=True)
def _as_fast_as_it_says(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test be called fast that opens a database."""
    if is_fast(request.node):
        monkeypatch.setattr(Database, "__init__", _refuse)


def _refuse(_self: Database, url: str, *_: object) -> None:
    raise AssertionError(
        f"a test that is marked fast opens a database; say in tests/marks.py by what it is known: {url}"
    )


@pytest.fixture(scope="session", autouse=True)
def _cheap_log_ins() -> Iterator[None]:
    """Have passphrases hashed at next to no cost in this process; a test that asks for ``real_hasher`` pays the price."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "hasher", lambda: _CHEAP)
        yield


@pytest.fixture
def real_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases as they are hashed outside of tests."""
    monkeypatch.setattr(passphrase, "hasher", _REAL)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty PostgreSQL database for one test."""
    name = _new_name()
    command_server(postgres_server, f"CREATE DATABASE {name}")
    return f"{postgres_server}/{name}"


def _new_name() -> str:
    """A name that no other database of the server bears, whichever process made it."""
    return f"test_{os.getpid()}_{next(_numbers)}"


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Template[Any]:
    """What is in ``database`` at the beginning; a room whose tests have people in it says so by a fixture of this name."""
    return OFFICE if "office" in request.fixturenames else TABLES


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture
def copied(
    database_kind: str, template: Template[Any], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Database, Any]]:
    """A copy of the template as a database of one test, and what is known of it."""
    if database_kind == "sqlite":
        made, known = filled(template, tmp_path / "huying.db")
        yield made, known
        made.close()
        return
    server, name = request.getfixturevalue("postgres_server"), _new_name()
    known = template.on_postgresql(server, name)
    made = Database(f"{server}/{name}")
    yield made, known
    made.close()
    drop(server, name)


@pytest.fixture
def database(copied: tuple[Database, Any]) -> Database:
    """A database with its tables, of each kind: every test that asks for it runs on both."""
    return copied[0]


@dataclass(frozen=True)
class Office:
    """A house with one station and the process of tests/definitions/office.yaml; ``city`` holds everybody's id by name."""

    house: House
    city: dict[str, int]


#: What an office has in its database.
OFFICE = Template("office", lambda database, folder: furnish(database, folder)[1])


@pytest.fixture
def office(copied: tuple[Database, dict[str, int]], tmp_path: Path) -> Office:
    """The smallest office that works, on each kind of database."""
    database, city = copied
    return Office(House(database, tmp_path / "files"), city)


@pytest.fixture
def sqlite_office(tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite alone, for tests that are not about the database."""
    database, city = filled(OFFICE, tmp_path / "huying.db")
    yield Office(House(database, tmp_path / "files"), city)
    database.close()
