"""Calling another system over real HTTP: what it answers in time, what is too much, and that no call lasts longer than it may."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from huying.connections.calls import CallFailed, ExternalSystem, call


class Other(BaseHTTPRequestHandler):
    """Answers as its path says; a ``drip`` sends a byte now and then until it is stopped, so that no single read lasts long."""

    over: threading.Event

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/drip":
            self.send_response(200)
            self.send_header("content-length", "100000")
            self.end_headers()
            while not self.over.wait(0.1):
                self.wfile.write(b" ")
            return
        said = {"/object": b'{"count": 3}', "/list": b"[1]", "/words": b"hello", "/none": b"", "/long": b" " * 300_000}
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("location", "/object")
        self.send_header("content-length", str(len(said.get(self.path, b""))))
        self.end_headers()
        self.wfile.write(said.get(self.path, b""))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def _other() -> Iterator[ExternalSystem]:
    kind: type[Other] = type("OneOther", (Other,), {"over": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield ExternalSystem("other", f"http://127.0.0.1:{server.server_port}", None, 1)
    finally:
        kind.over.set()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("path", "answer"), [("object", {"count": 3}), ("list", {"answer": [1]}), ("none", {})], ids=str
)
def test_what_it_answers_is_an_object(path: str, answer: dict[str, Any], now: datetime) -> None:
    with _other() as to:
        assert call(to, path, {"a": 1}, "key", now) == answer


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("words", "no JSON"),
        ("long", "too long"),
        ("away", "HTTP 302"),
        ("https://elsewhere.example/x", "leads away"),
        ("http://127.0.0.1:1@elsewhere.example/x", "leads away"),
        ("drip", "1 秒内没有答复"),
    ],
)
def test_anything_else_is_a_failure_that_says_why(path: str, why: str, now: datetime) -> None:
    with _other() as to, pytest.raises(CallFailed, match=why):
        call(to, path, {}, "key", now)


def test_nobody_there_is_a_failure(now: datetime) -> None:
    with pytest.raises(CallFailed, match="nobody"):
        call(ExternalSystem("nobody", "http://127.0.0.1:9", None, 1), "x", {}, "key", now)
