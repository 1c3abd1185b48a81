"""The town as strangers find it: with the bounds that hold in an office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from huying.house.house import House
from huying.limits import limits_of
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.attacks.stranger import Stranger
from tests.huying.town import sqlite_town
from tests.portal.conftest import PortalTown

CONFIG = PortalConfig(
    portal_url="http://testserver",
    prefect_api_url="http://127.0.0.1:9/api",
    trusted_proxies=(ip_network("10.9.9.9"),),
    office_networks=(ip_network("10.1.0.0/16"),),
)


class GuardedTown(PortalTown):
    """A town whose visitors come from addresses of their own."""

    def stranger(self, address: str = "203.0.113.7") -> Stranger:
        """Somebody at this address."""
        return Stranger(self.app, address)

    def another_portal(self) -> GuardedTown:
        """A second portal process of the same house."""
        again = GuardedTown(House(self.house.database, self.house.files), self.clock, self.people, self.departments)
        again.app = create_app(again.house, CONFIG, self.clock)
        return again

    def bounded(self, text: str) -> GuardedTown:
        """The same with other bounds."""
        self.app = create_app(self.house, replace(CONFIG, limits=limits_of(text)), self.clock)
        return self


@pytest.fixture
def town(tmp_path: Path) -> Iterator[GuardedTown]:
    """A fresh town with a portal that brakes."""
    made = sqlite_town(tmp_path)
    yield GuardedTown(made.house, made.clock, made.people, made.departments, create_app(made.house, CONFIG, made.clock))
    made.house.database.close()
