"""What is noted of every request: its route, status and duration, as a figure, a span and a line of log; never its address, body or caller.

Who asks, and from where, is made known to the audit log alone.
"""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter

from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huying.audit.caller import Caller, calling
from huying.telemetry import figures, logs, tracing
from portal.frame.here import portal
from portal.frame.network import address_of

_log = logging.getLogger("huying.http")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
#: Asked every few seconds by machines; a line for each would say nothing, and a trace neither.
_QUIET = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: FastAPI's own telemetry notes whole addresses and the words of errors, and tokens are in addresses: ours takes its place.
OWN_ALONE: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
#: What answers no route of ours is called: its address may hold anything.
NOWHERE = "(none)"


class Watching:
    """Wraps the application; ``lines`` has each request logged."""

    def __init__(self, app: ASGIApp, lines: bool = False) -> None:
        self._app = app
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, begun, status = Headers(scope=scope), perf_counter(), 500
        request_id = _request_id(headers)

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).setdefault("X-Request-Id", request_id)
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        served = tracing.unwatched if scope["path"] in _QUIET else tracing.served
        with (
            logs.told() as facts,
            served(method, headers.get("traceparent"), http__request__method=method) as span,
            calling(_caller(scope, headers)),
        ):
            facts["request"] = request_id
            try:
                await self._app(scope, receive, answered)
            finally:
                route, took = route_of(scope), perf_counter() - begun
                span.name(f"{method} {route}")
                span.note(http__route=route, http__response__status_code=status, huying__request=request_id)
                figures.REQUESTS.labels(method, route, str(status)).inc()
                figures.REQUEST_SECONDS.labels(route).observe(took)
                if self._lines and route not in _QUIET:
                    facts |= {"method": method, "route": route, "status": status, "ms": round(took * 1000, 1)}
                    _log.info("request")


def _caller(scope: Scope, headers: Headers) -> Caller:
    """Who asks, as far as it is known before any door: from where, and with what."""
    connection = HTTPConnection(scope)
    return Caller(
        via="page",
        address=address_of(connection),
        agent=headers.get("user-agent", ""),
        clock=portal(connection).clock,
    )


def route_of(scope: Scope) -> str:
    """The template of the route that answered, such as ``/t/{token}``; an address itself may hold a token."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if not isinstance(path, str) or not path:
        return NOWHERE
    root = str(scope.get("root_path", ""))
    return path if not root or path.startswith(root) else f"{root}{path}"


def _request_id(headers: Headers) -> str:
    """The caller's own, if it is harmless, so that lines of several systems can be put together."""
    given = headers.get("x-request-id", "")
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
