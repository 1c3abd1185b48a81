"""A portal of a large city to look at pages with: 442 stations, 5,000 open issues, names as long as offices have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from benchmarks.lives import Crowd, Crowds
from benchmarks.metropolis import PASSPHRASE, Metropolis, metropolis
from benchmarks.pages import NOW
from huying.database.connections import Database
from huying.search.upkeep import keep_up
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.portal.visitor import Visitor

OPEN = 5_000


@dataclass(frozen=True)
class CrowdedPortal:
    """The city, its issues, and the application that it is visited by; everybody's passphrase is that of the benchmarks."""

    city: Metropolis
    crowd: Crowd
    app: FastAPI

    def visitor(self, login: str | None = None) -> Visitor:
        """A new browser, signed in if a login is named."""
        visitor = Visitor(self.app)
        if login:
            visitor.send("/login", "/login", {"login": login, "passphrase": PASSPHRASE})
        return visitor


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrowdedPortal]:
    """The large city, made once for the tests of a file: they look at it, and change nothing that others count."""
    folder = tmp_path_factory.mktemp("crowded")
    database = Database(f"sqlite:///{folder / 'city.db'}")
    city = metropolis(database, folder, NOW)
    crowd = Crowds(city, NOW).fill(OPEN + OPEN // 5, OPEN, whole=OPEN)
    while keep_up(city.house, 2_000):
        pass
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
    yield CrowdedPortal(city, crowd, create_app(city.house, config, lambda: NOW))
    database.close()
