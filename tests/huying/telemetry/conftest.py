"""A town that is watched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.house_ports import HousePorts
from huying.chores.events import EVENTS
from huying.chores.messages import MESSAGES
from huying.telemetry import tracing
from notifications import Mailbox, Transports
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.telemetry.collector import Collector, collector
from tests.huying.town import sqlite_town
from tests.portal.conftest import PortalTown


@pytest.fixture
def town(tmp_path: Path) -> Iterator[PortalTown]:
    """A fresh town and its portal, which logs each request."""
    made = sqlite_town(tmp_path)
    config = PortalConfig(
        portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None, log_requests=True
    )
    app = create_app(made.house, config, made.clock)
    yield PortalTown(made.house, made.clock, made.people, made.departments, app, tmp_path / "mailbox")
    made.house.database.close()


@pytest.fixture
def ports(town: PortalTown) -> HousePorts:
    """The house as the dispatcher works on it, on the town's clock."""
    transports = Transports(mail=Mailbox(town.mailbox), allow_private=True)
    return HousePorts(town.house, transports, "http://testserver", clock=town.clock)


@pytest.fixture
def dispatch(ports: HousePorts) -> Callable[[], None]:
    """Does what a dispatcher does, until nothing waits."""

    def until_quiet() -> None:
        while effects := ports.claim_effects(100):
            for effect in effects:
                ports.perform(effect)
        while ports.due(MESSAGES):
            ports.carry_on(MESSAGES)
        while ports.due(EVENTS):
            ports.carry_on(EVENTS)

    return until_quiet


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Tracing switched on as the standard environment does it, and where it leads."""
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    with collector() as made:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
        assert tracing.start("portal")
        try:
            yield made
        finally:
            tracing.stop()
