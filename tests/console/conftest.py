"""A town with its portal before a real Prefect server that asks for a password, and shows the town's issues."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from flows.gateway.api import PrefectApi
from flows.house_ports import HousePorts
from flows.view.projector import Projector
from huying.database import tables as t
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE, at_station
from notifications import Mailbox, Transports
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.flows.conftest import Server, started
from tests.huying.town import sqlite_town
from tests.patience import within
from tests.portal.conftest import PortalTown

AUTH = "huying:a-password-of-the-house"
#: By what a browser says where its page comes from.
HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Watched(PortalTown):
    """The town, and where its issues are shown."""

    server: Server = None  # type: ignore[assignment]

    def show(self) -> None:
        """Do what the dispatcher does with the view."""
        transports = Transports(mail=Mailbox(self.mailbox), allow_private=True)
        ports = HousePorts(self.house, transports, "http://testserver", clock=self.clock)

        async def all_of_them() -> None:
            async with PrefectApi(self.server.url, timeout=within(10), auth=AUTH) as api:
                projector = Projector(api, ports)
                while await projector.catch_up():
                    pass

        asyncio.run(all_of_them())

    def shown(self, **values: str) -> int:
        """A new issue that Prefect shows; its id."""
        issue = self.report(**values)
        self.show()
        return issue

    def run(self, issue: int) -> str:
        """The run that shows it."""
        with self.house.database.reading() as connection:
            return str(connection.execute(select(t.issues.c.run_id).where(t.issues.c.id == issue)).scalar_one())

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What Prefect says to whoever knows the password."""
        user, _, password = AUTH.partition(":")
        address = f"{self.server.url}{path}"
        answer = httpx.request(method, address, json=body, auth=(user, password), timeout=within(20))
        assert answer.status_code < 300, answer.text
        return answer.json()

    def state(self, issue: int) -> tuple[str, str]:
        """What the issue's run says."""
        state = self.ask("GET", f"/flow_runs/{self.run(issue)}")["state"]
        return state["type"], state["name"]

    def done(self, issue: int) -> list[tuple[str, int | None, str | None]]:
        """What happened to an issue since it was reported: what, who, through what."""
        columns = t.history.c.kind, t.history.c.actor_id, t.history.c.via
        query = select(*columns).where(t.history.c.issue_id == issue).order_by(t.history.c.sequence)
        with self.house.database.reading() as connection:
            return [tuple(row) for row in connection.execute(query)][1:]


@pytest.fixture(scope="session")
def guarded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that asks for a password."""
    with started(tmp_path_factory.mktemp("prefect"), AUTH) as one:
        yield one


@pytest.fixture
def watched(guarded_server: Server, tmp_path: Path) -> Iterator[Watched]:
    """The town, with "clerk2" made a system administrator, "far-clerk" a supervisor of their station, and "lighting" one of the whole house."""
    made = sqlite_town(tmp_path)
    with made.house.database.writing() as connection:
        far = connection.execute(select(t.stations.c.id).where(t.stations.c.code == "YF")).scalar_one()
        for login, role, scope in (
            ("clerk2", "system", HOUSE),
            ("far-clerk", "supervisor", at_station(far)),
            ("lighting", "supervisor", HOUSE),
        ):
            wish = NewGrant(made.people[login], role, scope, made.clock.now.date(), None, "for the test")
            give(connection, wish, made.clock.now, None)
    config = PortalConfig(
        portal_url="http://testserver",
        prefect_api_url=guarded_server.url,
        prefect_auth=AUTH,
        mailbox=tmp_path / "mailbox",
    )
    app = create_app(made.house, config, made.clock)
    yield Watched(
        made.house, made.clock, made.people, made.departments, app, tmp_path / "mailbox", server=guarded_server
    )
    made.house.database.close()
