"""The server as the supervisor starts it."""

import urllib.request
from pathlib import Path
from typing import Any

from flows.gateway.server import api_url, ready, server_environment, ui_url


def test_the_page_is_served_beside_the_api_and_calls_it_on_its_own_origin(server: Any) -> None:
    assert ready(server.url)
    with urllib.request.urlopen(f"{ui_url(server.port)}/ui-settings") as answer:
        assert b'"api_url":"/api"' in answer.read()
    with urllib.request.urlopen(ui_url(server.port)) as answer:
        assert b"<html" in answer.read()


def test_a_port_where_nobody_listens_is_not_ready() -> None:
    assert not ready(api_url(1), timeout=0.5)


def test_a_database_address_replaces_the_file_in_the_home() -> None:
    home = Path("data")
    assert "prefect.db" in server_environment(home, 4200, None)["PREFECT_API_DATABASE_CONNECTION_URL"]
    url = "postgresql+asyncpg://prefect@127.0.0.1/prefect"
    assert server_environment(home, 4200, url)["PREFECT_API_DATABASE_CONNECTION_URL"] == url
