"""The town for the tests of the read side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huying.database.connections import Database
from tests.huying.town import TOWN, Census, Town, town_in
from tests.template import Template


@pytest.fixture
def template(request: pytest.FixtureRequest, template: Template[Any]) -> Template[Any]:
    """What is in the database."""
    return TOWN if "town" in request.fixturenames else template


@pytest.fixture
def town(copied: tuple[Database, Census], tmp_path: Path) -> Town:
    """A fresh town, on each kind of database."""
    return town_in(copied, tmp_path)
