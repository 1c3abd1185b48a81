"""The log of a town begins with its tests."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from huying.audit.record import settle
from huying.database.tables import audit
from tests.huying.town import Town


@pytest.fixture(autouse=True)
def blank_log(town: Town) -> None:
    """What settling the town has noted is not what a test is about."""
    settle()
    with town.house.database.writing() as connection:
        connection.execute(delete(audit))
