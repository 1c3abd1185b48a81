"""Prefect's answers on their way through: streamed as they come, packed as they are; and what is said when none comes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.datastructures import Headers

from portal.app import create_app
from portal.console.server import Prefect
from portal.frame.config import PortalConfig
from tests.console.conftest import HERE, Watched
from tests.console.test_entry import PAGE
from tests.patience import within
from tests.portal.visitor import Visitor, plain


def test_a_packed_answer_stays_packed(watched: Watched) -> None:
    watched.shown()
    http = watched.visitor("office").http
    page = http.get("/prefect/", headers=PAGE).text
    script = next(part.split('"')[0] for part in page.split('src="')[1:])
    with http.stream("GET", script, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert len(b"".join(answer.iter_raw())) > 100
    with http.stream("GET", script, headers={"Accept-Encoding": "identity"}) as answer:
        assert "content-encoding" not in answer.headers


def _portal(watched: Watched, address: str, auth: str | None) -> Visitor:
    config = PortalConfig(portal_url="http://testserver", prefect_api_url=address, prefect_auth=auth, mailbox=None)
    visitor = Visitor(create_app(watched.house, config, watched.clock))
    visitor.log_in("office")
    return visitor


def test_a_prefect_that_is_away_is_said_in_words(watched: Watched, free_port: int) -> None:
    person = _portal(watched, f"http://127.0.0.1:{free_port}/api", None)
    page = person.http.get("/prefect/dashboard", headers=PAGE)
    assert page.status_code == 503
    assert "Prefect 暂时没有应答。事项照常办理" in plain(page.text)
    asked = person.http.post("/prefect/api/flow_runs/filter", json={}, headers=HERE)
    assert asked.status_code == 503
    assert asked.json()["detail"].startswith("Prefect 暂时没有应答")


def test_an_issue_is_acted_on_while_prefect_is_away(watched: Watched, free_port: int) -> None:
    issue = watched.shown()
    person = _portal(watched, f"http://127.0.0.1:{free_port}/api", None)
    body = {"state": {"type": "CANCELLING", "name": "Cancelling"}, "force": True}
    address = f"/prefect/api/flow_runs/{watched.run(issue)}/set_state"
    assert person.http.post(address, json=body, headers=HERE).status_code == 200
    assert [what for what, _, _ in watched.done(issue)] == ["cancel"]


def test_another_password_is_said_in_words_and_nobody_is_asked_for_one(watched: Watched) -> None:
    person = _portal(watched, watched.server.url, "huying:another-password")
    page = person.http.get("/prefect/dashboard", headers=PAGE)
    assert page.status_code == 503
    assert "HUYING_PREFECT_AUTH" in plain(page.text)
    asked = person.http.post("/prefect/api/flow_runs/filter", json={}, headers=HERE)
    assert (asked.status_code, asked.headers.get("www-authenticate")) == (503, None)
    assert "口令不是这里设置的" in person.http.get("/healthz").json()["parts"]["prefect"]["zh"]


def test_whoever_leaves_the_page_while_it_still_asks_leaves_no_fault_behind(watched: Watched) -> None:
    person = watched.visitor("office")
    cookies = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
    headers = {"host": "testserver", "cookie": cookies, **{name.lower(): value for name, value in HERE.items()}}
    path = b"/prefect/api/flow_runs/filter"
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "http_version": "1.1",
        "query_string": b"",
        "path": path.decode(),
        "raw_path": path,
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "server": ("testserver", 80),
    }
    answered: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answered.append(message)

    asyncio.run(watched.app(scope, receive, send))
    assert answered[0]["status"] == 400


def test_an_answer_that_prefect_breaks_off_is_half_for_whoever_asked_too_and_no_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever took half a script for the whole would keep it for a year."""
    told: list[Any] = []

    async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 1000\r\n\r\nhalf a ")
        await writer.drain()
        writer.close()

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(within(60))
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        told.append(message)

    async def ask() -> None:
        server = await asyncio.start_server(breaks_off, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            answer = await Prefect(f"http://127.0.0.1:{port}/api", None).passed("GET", "/assets/index.js", Headers())
            await answer({"type": "http", "method": "GET"}, receive, send)

    asyncio.run(ask())
    assert told[0]["status"] == 200
    assert b"".join(one["body"] for one in told[1:]) == b"half a "
    assert all(one["more_body"] for one in told[1:]), "the server cuts the connection of what was not finished"
    assert [record.levelno for record in caplog.records if record.exc_info] == []
    assert "中断" in caplog.text
