"""The town with its portal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from huying.limits import limits_of
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import Town, sqlite_town
from tests.portal.visitor import Visitor

#: All visitors of a test share one address, and a test may report as much in a moment as a street in a week; what bounds do is tried by the attacks.
MANY = limits_of("report=1000/hour; upload=1000/hour; upload-megabytes=1000/day; code=1000/hour")


@dataclass
class PortalTown(Town):
    """A town, and the application that it is visited by."""

    app: FastAPI = None  # type: ignore[assignment]
    mailbox: Path = Path()

    def visitor(self, login: str | None = None, language: str = "zh-CN") -> Visitor:
        """A new browser, signed in if a login is named."""
        visitor = Visitor(self.app, language)
        if login:
            visitor.log_in(login)
        return visitor


@pytest.fixture
def town(tmp_path: Path) -> Iterator[PortalTown]:
    """A fresh town on SQLite, and its portal."""
    made = sqlite_town(tmp_path)
    mailbox = tmp_path / "mailbox"
    config = PortalConfig(
        portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=mailbox, limits=MANY
    )
    app = create_app(made.house, config, made.clock)
    yield PortalTown(made.house, made.clock, made.people, made.departments, app, mailbox)
    made.house.database.close()
