"""The connections to providers: shared by all threads, without proxies, log-ins or certificates of the environment, without redirects.

Each single wait has its end, and so has a whole attempt: who answers byte by byte holds nobody up for ever.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from notifications.channels.plugin import TIMEOUT

_MOST, _KEPT, _KEPT_SECONDS = 128, 64, 20.0
_end: ContextVar[float] = ContextVar("notifications_end")


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """Whatever this thread waits for on the wire ends when the time is up."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


@lru_cache(maxsize=1)
def wire() -> httpx.Client:
    """The client that all messages share; 64 threads send at once."""
    for name in ("httpx", "httpcore"):
        # below this level they log whole addresses, in which tokens stand
        logging.getLogger(name).setLevel(logging.WARNING)
    # what one account is told is not told to the next
    none = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.Client(
        follow_redirects=False, trust_env=False, timeout=TIMEOUT, cookies=none, transport=_EndingTransport()
    )


class _EndingTransport(httpx.HTTPTransport):
    """httpx's own over connections that end."""

    def __init__(self) -> None:
        # the authorities that this machine trusts, among which may be one of the office's own
        trusted = ssl.create_default_context()
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted,
            max_connections=_MOST,
            max_keepalive_connections=_KEPT,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=_EndingBackend(),
        )


def _left(timeout: float | None) -> float:
    left = _end.get(float("inf")) - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, TIMEOUT if timeout is None else timeout)


class _EndingBackend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = super().connect_tcp(host, port, _left(timeout), local_address, socket_options)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        return _EndingStream(found)


class _EndingStream(httpcore.NetworkStream):
    def __init__(self, under: httpcore.NetworkStream) -> None:
        self._under = under

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._under.read(max_bytes, _left(timeout))
        except TimeoutError:
            raise httpcore.ReadTimeout from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._under.write(buffer, _left(timeout))
        except TimeoutError:
            raise httpcore.WriteTimeout from None

    def close(self) -> None:
        self._under.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            return _EndingStream(self._under.start_tls(ssl_context, server_hostname, _left(timeout)))
        except TimeoutError:
            raise httpcore.ConnectTimeout from None

    def get_extra_info(self, info: str) -> Any:
        return self._under.get_extra_info(info)
