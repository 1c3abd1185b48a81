"""A small HTTP server on loopback, where a process without pages says that it is alive, whether it is ready, and its figures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from prometheus_client import CONTENT_TYPE_LATEST

Answer = tuple[int, str, bytes]


class Watchpost:
    """Answers at a port of loopback until it is stopped; ``ready`` is given what the caller wants left out."""

    def __init__(
        self, port: int, ready: Callable[[frozenset[str]], tuple[int, dict[str, Any]]], metrics: Callable[[], bytes]
    ) -> None:
        def answer(address: str) -> Answer:
            parts = urlsplit(address)
            if parts.path == "/livez":
                return 200, "application/json", b'{"alive":true}'
            if parts.path == "/readyz":
                status, body = ready(frozenset(parse_qs(parts.query).get("exclude", [])))
                return status, "application/json", orjson.dumps(body)
            if parts.path == "/metrics":
                return 200, CONTENT_TYPE_LATEST, metrics()
            return 404, "application/json", b'{"error":"not found"}'

        handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
        self._server = _Server(("127.0.0.1", port), handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, name="watchpost", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has gone: nothing to be told."""


class _Handler(BaseHTTPRequestHandler):
    answer: Callable[[str], Answer]
    timeout = 5

    def do_GET(self) -> None:
        """One answer."""
        status, kind, body = type(self).answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Who asks every few seconds fills no log."""
