"""The recipes for Caddy and nginx, before a real portal: encrypted, under one name, with patience that ends, and in words."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.acceptance.fleet import needs
from tests.deploy.front import FRONTS, NAME, Front, echoing, served
from tests.huying.town import sqlite_town
from tests.patience import within
from tests.ports import free_port

pytestmark = pytest.mark.timeout(300)
BOTH = pytest.mark.parametrize("front", list(FRONTS), indirect=True)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[int]:
    """The port of a portal of the office's own address."""
    town, port = sqlite_town(tmp_path), free_port()
    config = PortalConfig(portal_url=f"https://{NAME}", prefect_api_url="http://127.0.0.1:9/api", secure_cookies=True)
    with served(echoing(create_app(town.house, config, town.clock)), port):
        yield port
    town.house.database.close()


@pytest.fixture
def front(request: Any, tmp_path: Path, portal: int) -> Iterator[Front]:
    """One of the fronts before it, whose patience is a second."""
    needs(request.param)
    folder = tmp_path / "front"
    folder.mkdir()
    make: Any = FRONTS[request.param]
    with make(folder, portal, hurry=True) as made:
        yield made


@BOTH
def test_pages_arrive_encrypted_with_the_headers_that_protect_them(front: Front) -> None:
    with front.client() as browser:
        page = browser.get("/")
    assert page.status_code == 200
    assert "我要反映" in page.text
    assert page.headers.get_list("strict-transport-security") == ["max-age=31536000"]
    assert page.headers.get_list("content-security-policy", split_commas=False) != []
    assert "caddy" not in page.headers.get("server", "").lower()
    assert "/" not in page.headers.get("server", ""), "no version is told"
    plain = httpx.get(f"http://127.0.0.1:{front.plain_port}/report?x=1", headers={"Host": NAME})
    assert plain.status_code in (301, 308)
    assert plain.headers["location"].startswith(f"https://{NAME}")
    assert plain.headers["location"].endswith("/report?x=1")


@BOTH
def test_other_names_are_not_answered(front: Front) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        front.connect("evil.example").close()
    # one of them hangs up without a word
    with front.client() as browser, contextlib.suppress(httpx.RemoteProtocolError):
        assert browser.get("/", headers={"Host": "evil.example"}).status_code in (400, 421)


@BOTH
@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/livez", "/readyz", "/metrics/", "/%6detrics"])
def test_what_is_for_machines_is_hidden(front: Front, path: str) -> None:
    with front.client() as browser:
        answer = browser.get(path)
    assert answer.status_code == 404
    assert "huying_" not in answer.text


@BOTH
def test_what_the_browser_says_of_its_address_is_overwritten(front: Front) -> None:
    lie = {"X-Forwarded-For": "6.6.6.6, 7.7.7.7", "X-Real-IP": "6.6.6.6", "Forwarded": "for=6.6.6.6"}
    with front.client() as browser:
        reached = browser.get("/echo", headers=lie).json()
    said = [value for name, value in reached if name == "x-forwarded-for"]
    assert said == ["127.0.0.1"]
    assert "6.6.6.6" not in str(reached)
    assert ["host", NAME] in reached or ["host", f"{NAME}:{front.port}"] in reached
    assert ["x-forwarded-proto", "https"] in reached


@BOTH
@pytest.mark.parametrize("megabytes", [24, 60])
def test_what_is_too_large_is_refused_in_words(front: Front, megabytes: int) -> None:
    with front.client() as browser:
        answer = browser.post("/report/street-matters", content=bytes(megabytes * 1_000_000))
    assert answer.status_code == 413
    assert "最多 10 MB" in answer.text
    assert "at most 10 MB" in answer.text


@BOTH
@pytest.mark.parametrize(
    "half",
    [
        b"GET / HTTP/1.1\r\nHost: huying.example\r\nX-Half:",
        b"POST /login HTTP/1.1\r\nHost: huying.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 1000\r\n\r\nlogin=",
    ],
)
def test_a_request_that_is_sent_by_halves_is_ended(front: Front, half: bytes) -> None:
    with front.connect() as connection:
        connection.sendall(half)
        connection.settimeout(within(20))
        begun, said = time.monotonic(), b""
        try:
            while more := connection.recv(65536):
                said += more
        except (ConnectionError, ssl.SSLError):
            pass
        except TimeoutError:
            pytest.fail("it is still waited for")
    assert time.monotonic() - begun < within(15)
    assert b"<html" not in said, "the portal has not answered half a request"


@pytest.mark.parametrize("name", list(FRONTS))
def test_while_the_portal_is_away_that_is_said_in_words(name: str, tmp_path: Path) -> None:
    needs(name)
    make: Any = FRONTS[name]
    with make(tmp_path, free_port(), hurry=False) as front, front.client() as browser:
        answer = browser.get("/")
    assert answer.status_code == 503
    assert "重新启动" in answer.text
    assert "starting" in answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
