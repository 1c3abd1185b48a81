"""Places for backups, and for houses that are made again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from huying.backups.restoration import Site
from huying.privacy.erased_list import ErasedList
from tests.huying.backups.site import Elsewhere


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups lie."""
    return tmp_path / "backups"


@pytest.fixture
def elsewhere(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """An empty folder and database."""
    home = tmp_path / "elsewhere"
    url = f"sqlite:///{home / 'huying.db'}" if database_kind == "sqlite" else request.getfixturevalue("postgres_url")
    made = Elsewhere(Site(home=home, database_url=url, erased=ErasedList(home / "keys" / "erased")))
    yield made
    for database in made.opened:
        database.close()
