"""Somebody with a browser of their own, that keeps cookies and runs no scripts."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI

with warnings.catch_warnings():
    # Starlette's client prefers httpx2, which nothing else here needs yet
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient as TestClient

from tests.huying.town import PASSPHRASE


@cache
def _loop() -> BlockingPortal:
    """The event loop of all visitors of this process: one for each request, with threads of its own, takes as long as a short answer."""
    made: Future[BlockingPortal] = Future()

    async def run() -> None:
        async with BlockingPortal() as portal:
            made.set_result(portal)
            await portal.sleep_until_stopped()

    threading.Thread(target=anyio.run, args=(run,), daemon=True).start()
    return made.result()


Files = Sequence[tuple[str, tuple[str, bytes, str]]]


class Visitor:
    """Opens pages, and fills in the forms that are on them."""

    def __init__(self, app: FastAPI, language: str = "zh-CN", address: str = "testclient") -> None:
        said = {"Accept-Language": language}
        self.http = TestClient(app, raise_server_exceptions=False, headers=said, client=(address, 50000))
        self.http.portal = _loop()
        self.path = "/"

    def see(self, address: str, status: int = 200) -> str:
        """The page at an address."""
        answer = self.http.get(address)
        assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[:3000]}"
        self.path = answer.url.path
        return str(answer.text)

    def hidden(self, page: str, address: str) -> dict[str, str]:
        """The hidden entries of the form for an address on a page."""
        text = self.see(page)
        form = re.search(rf'<form[^>]*action="{re.escape(address)}".*?</form>', text, re.DOTALL)
        assert form, f"no form for {address} at {page}\n{text}"
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))

    def send(
        self, page: str, address: str, values: Mapping[str, Any] | None = None, files: Files = (), status: int = 200
    ) -> str:
        """Fill in a form of a page, and send it."""
        data = {**self.hidden(page, address), **(values or {})}
        answer = self.http.post(address, data=data, files=list(files) or None)
        assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[:3000]}"
        self.path = answer.url.path
        return str(answer.text)

    def log_in(self, login: str, status: int = 200) -> str:
        """Log in by the page."""
        return self.send("/login", "/login", {"login": login, "passphrase": PASSPHRASE}, status=status)


def plain(html: str) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()
