"""Several Prefect servers, a server behind a password: what they are told, and that it holds."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.gateway.api import PrefectApi, PrefectAway
from flows.gateway.server import api_url, client_environment, ready, server_command, server_environment
from flows.gateway.servers import api_command, database_address, guarded, migrated, together
from tests.patience import within
from tests.ports import free_port
from tests.prefect_home import furnish

AUTH = "staff:correct:horse"


@pytest.fixture
def guarded_url(tmp_path: Path) -> Iterator[str]:
    """A server that asks for a password."""
    port = free_port()
    furnish(tmp_path)
    environment = guarded(server_environment(tmp_path, port, None), AUTH)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            server_command(port), env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + within(60)
        while not ready(api_url(port)):
            assert time.monotonic() < deadline, (tmp_path / "log").read_text("utf-8")
            time.sleep(0.1)
        yield api_url(port)
    finally:
        process.kill()
        process.wait()


def test_only_whoever_knows_the_password_gets_in_and_a_wrong_one_is_told_as_not_ready(guarded_url: str) -> None:
    async def flow_id(auth: str | None) -> str:
        async with PrefectApi(guarded_url, auth=auth) as api:
            assert await api.alive(), "balancers ask for health without a password"
            return await api.flow_id("work 办理")

    assert len(asyncio.run(flow_id(AUTH))) == 36
    for wrong in (None, "staff:guess"):
        with pytest.raises(PrefectAway, match="HUYING_PREFECT_AUTH"):
            asyncio.run(flow_id(wrong))


def test_servers_that_share_redis_leave_nothing_to_one_process(tmp_path: Path) -> None:
    from prefect.settings import Settings

    address = database_address("postgresql://u:p@db/prefect")
    told = together(migrated(server_environment(tmp_path, 4200, address)), "redis://redis:6379/0")
    assert told["PREFECT_API_DATABASE_CONNECTION_URL"] == "postgresql+asyncpg://u:p@db/prefect"
    assert told["PREFECT_API_DATABASE_MIGRATE_ON_START"] == "false"
    # each name is one that Prefect really reads: with all of them set, nothing is left in the memory of one server
    with pytest.MonkeyPatch.context() as environment:
        for name, value in told.items():
            environment.setenv(name, value)
        known = Settings().server
    in_use = (
        known.events.messaging_broker,
        known.events.messaging_cache,
        known.events.causal_ordering,
        known.concurrency.lease_storage,
        known.docket.url,
    )
    assert not [one for one in in_use if "memory" in one]
    assert not known.database.migrate_on_start
    assert not known.register_blocks_on_start
    assert api_command(4201, "0.0.0.0")[-5:] == ["--host", "0.0.0.0", "--port", "4201", "--no-services"]


def test_a_prefect_from_elsewhere_is_named_by_its_address(tmp_path: Path) -> None:
    assert client_environment(tmp_path, 4200)["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    url = "https://prefect.example/api"
    told = guarded(client_environment(tmp_path, 4200, url), AUTH)
    assert (told["PREFECT_API_URL"], told["PREFECT_API_AUTH_STRING"]) == (url, AUTH)
    assert guarded({}, None) == {}
