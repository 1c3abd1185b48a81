"""The town for the tests of the read side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.huying.views.town import Town, found_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A fresh town on SQLite."""
    made = found_town(tmp_path)
    yield made
    made.house.database.close()
