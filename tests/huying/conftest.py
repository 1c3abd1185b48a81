"""The town for the tests of the read side."""

from __future__ import annotations

from pathlib import Path

import pytest

from huying.database.connections import Database
from tests.huying.town import Town, found_town


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    """A fresh town, on each kind of database."""
    return found_town(database, tmp_path)
