"""What many tests need: real databases, a house with a sample city in it, a moment."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.city import furnish
from huying.database.connections import Database
from huying.house.house import House

#: A Monday morning in China, far from holidays.
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

# the command line speaks the reader's language; tests are readers of no particular one, on whatever machine
os.environ["LC_ALL"] = "C.UTF-8"

ON_CI = os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skip where a Debian package is not there; on CI it must be."""
    if ON_CI:
        pytest.fail(f"{what} must be installed on CI")
    pytest.skip(f"{what} is not installed on this machine")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(name="free_port")
def _free_port() -> int:
    return free_port()


@pytest.fixture
def now() -> datetime:
    """The moment at which a test begins."""
    return MORNING


def postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL (without a database) of a PostgreSQL server of our own, from Debian's package; it refuses to run as root."""
    programs = postgres_programs()
    if programs is None:
        missing("PostgreSQL")
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="huying-pg-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    port = free_port()
    data = folder / "data"
    subprocess.run(
        [*as_user, str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    start = [
        *as_user,
        str(programs / "pg_ctl"),
        "-D",
        str(data),
        "-o",
        options,
        "-w",
        "-l",
        str(folder / "log"),
        "start",
    ]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            check=False,
            capture_output=True,
            cwd=folder,
        )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> str:
    """An empty PostgreSQL database for one test."""
    name = f"t{abs(hash(request.node.nodeid))}_{free_port()}"
    admin = Database(f"{postgres_server}/postgres")
    with admin.reading() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.close()
    return f"{postgres_server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with its tables, of each kind: every test that asks for it runs on both."""
    url = f"sqlite:///{tmp_path}/huying.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = Database(url)
    made.migrate()
    yield made
    made.close()


@dataclass(frozen=True)
class Office:
    """A house with one station and the process of tests/definitions/office.yaml; ``city`` holds everybody's id by name."""

    house: House
    city: dict[str, int]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """The smallest office that works, on each kind of database."""
    return Office(*furnish(database, tmp_path / "files"))


@pytest.fixture
def sqlite_office(tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite alone, for tests that are not about the database."""
    database = Database(f"sqlite:///{tmp_path}/huying.db")
    yield Office(*furnish(database, tmp_path / "files"))
    database.close()
