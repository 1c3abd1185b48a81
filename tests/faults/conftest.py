"""The tools of the fault suite: one warm process, one mail server and one other system for all kinds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.faults.cluster import Cluster, cluster
from tests.faults.fault import Tools, equipped
from tests.faults.forks import Forks
from tests.faults.post import post, system
from tests.faults.report import Kind, write
from tests.postgres import postgres_programs

#: How many injections of each kind.
#: How many faults of each kind: beside all other tests, before a release, and when somebody looks for what is rare.
LENGTHS = {"suite": 40, "short": 100, "long": 1000}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The length, and where the report goes; the variables serve where the whole suite is run."""
    parser.addoption(
        "--faults", default=os.environ.get("FAULTS", "suite"), help="suite, short, long, or a number of injections"
    )
    parser.addoption("--faults-report", default=os.environ.get("FAULTS_REPORT"), help="files (.md, .json), by commas")


@pytest.fixture(scope="session")
def injections(request: pytest.FixtureRequest) -> int:
    """How many faults of each kind are injected."""
    asked = str(request.config.getoption("--faults", "suite"))
    return LENGTHS.get(asked) or int(asked)


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Tools]:
    """The tools; PostgreSQL is started when a kind asks for it."""
    folder = tmp_path_factory.mktemp("faults")
    forks = Forks(folder)
    with post() as mail, system() as other:
        yield equipped(folder, forks, mail, other, lambda: request.getfixturevalue("doomed_cluster"))
    forks.close()


@pytest.fixture(scope="session")
def doomed_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server that may be crashed."""
    programs = postgres_programs()
    if programs is None:
        missing("PostgreSQL")
    assert programs is not None
    with cluster(programs) as made:
        yield made


@pytest.fixture(scope="session")
def kinds(request: pytest.FixtureRequest) -> Iterator[list[Kind]]:
    """What was injected; the report is written at the end."""
    made: list[Kind] = []
    yield made
    for name in (request.config.getoption("--faults-report", None) or "").split(","):
        if name:
            write(Path(name), made)
