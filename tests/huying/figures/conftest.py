"""Streets in which issues have lived."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Any

import pytest

from huying.database.connections import Database
from huying.house.house import House
from tests.huying.figures.streets import STREETS, Streets
from tests.template import Template


@pytest.fixture
def template(request: pytest.FixtureRequest, template: Template[Any]) -> Template[Any]:
    """What is in the database."""
    return STREETS if "streets" in request.fixturenames else template


@pytest.fixture
def streets(copied: tuple[Database, Streets], tmp_path: Path) -> Streets:
    """Fresh streets, on each kind of database."""
    found = copy(copied[1])
    found.house = House(copied[0], tmp_path / "files")
    return found
