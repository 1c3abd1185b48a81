"""Traces by OpenTelemetry: off unless the standard OTEL_* environment says where to send them.

The provider is our own and not the global one, so that no library adds spans whose names or attributes we do not know. A span never holds what
people wrote, who they are, an address with its parts, or the words of an error.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from engine.refusal import Refusal
from huying.settings import SettingError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OtelSpan
    from opentelemetry.trace import SpanKind, Tracer

_log = logging.getLogger("huying.telemetry")

Value = str | int | float | bool
#: How long the end of a process waits for what is still to be sent.
_FLUSH_MS = 2000


class Span(Protocol):
    """A stretch of work that is watched, for a ``with``."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def note(self, **attributes: Value | None) -> None:
        """Add attributes; those that are ``None`` are left out."""

    def name(self, name: str) -> None:
        """Call it otherwise, once more is known."""


class _Nothing:
    """What stands for a span while nothing is traced."""

    __slots__ = ()

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, kind: object, error: object, at: object) -> None:
        return None

    def note(self, **attributes: Value | None) -> None:
        return None

    def name(self, name: str) -> None:
        return None


_NOTHING = _Nothing()
_tracer: Tracer | None = None
_provider: TracerProvider | None = None


def wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the standard environment asks for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    return bool(environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"))


def start(part: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Begin to trace, if the environment asks for it; whether it does. ``SettingError`` for a protocol that we do not speak."""
    global _tracer, _provider
    if not wanted(environment):
        return False
    named = environment.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or environment.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if named not in (None, "", "http/protobuf"):
        raise SettingError(
            f"OTEL_EXPORTER_OTLP_PROTOCOL={named}", "只支持 http/protobuf。", "Only http/protobuf is spoken."
        )
    # loaded only when it is used: a quarter of a second
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = environment.get("OTEL_SERVICE_NAME") or f"huying-{part}"
    _provider = TracerProvider(resource=Resource.create({"service.name": name, "service.namespace": "huying"}))
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("huying")
    return True


def stop() -> None:
    """Send what is left, for a moment at most, and trace no more."""
    global _tracer, _provider
    provider, _tracer, _provider = _provider, None, None
    if provider is not None:
        provider.force_flush(_FLUSH_MS)
        provider.shutdown()


def on() -> bool:
    """Whether anything is traced."""
    return _tracer is not None


def span(name: str, **attributes: Value | None) -> Span:
    """A stretch of work within the one that is under way; attributes are named with ``__`` for a dot, and ``None`` is left out."""
    if _tracer is None:
        return _NOTHING
    return _Real(_tracer, name, None, None, attributes)


def served(name: str, parent: str | None, **attributes: Value | None) -> Span:
    """The same for a request that somebody else made, who may say to which trace it belongs."""
    if _tracer is None:
        return _NOTHING
    return _Real(_tracer, name, parent, "SERVER", attributes)


def unwatched(name: str, parent: str | None, **attributes: Value | None) -> Span:
    """No stretch at all, for what is not worth one."""
    return _NOTHING


def following(parent: str | None, name: str, **attributes: Value | None) -> Span:
    """The same for what goes on later, and elsewhere, with what a traceparent names; without one, a trace of its own."""
    if _tracer is None:
        return _NOTHING
    return _Real(_tracer, name, parent, "CONSUMER", attributes)


def moment() -> int:
    """The moment as traces know it: nanoseconds since 1970, by the machine's own clock, whatever moment the house believes it is."""
    return time.time_ns()


def took_place(parent: str | None, name: str, begun: int, **attributes: Value | None) -> None:
    """Note a stretch that began at a ``moment`` and is over now; nothing without a trace to which it belongs."""
    if _tracer is not None and parent is not None:
        _tracer.start_span(name, _context(parent), _kind("PRODUCER"), _said(attributes), start_time=begun).end()


def here() -> str | None:
    """The W3C traceparent of the stretch that is under way."""
    if _tracer is None:
        return None
    from opentelemetry.trace import get_current_span

    found = get_current_span().get_span_context()
    if not found.is_valid:
        return None
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


def trace_id() -> str | None:
    """The trace that is under way, for a line of log."""
    found = here()
    return found[3:35] if found else None


class _Real:
    """A span of OpenTelemetry; an error is noted by its type alone, since its words may be private."""

    __slots__ = ("_attributes", "_kind", "_name", "_parent", "_span", "_token", "_tracer")

    def __init__(
        self,
        tracer: Tracer,
        name: str,
        parent: str | None,
        kind: str | None,
        attributes: Mapping[str, Value | None],
    ) -> None:
        self._tracer, self._name, self._parent, self._kind = tracer, name, parent, kind
        self._attributes = attributes

    def __enter__(self) -> _Real:
        from opentelemetry.context import attach
        from opentelemetry.trace import set_span_in_context

        context = _context(self._parent) if self._kind is not None else None
        self._span: OtelSpan = self._tracer.start_span(
            self._name, context, _kind(self._kind or "INTERNAL"), _said(self._attributes)
        )
        self._token = attach(set_span_in_context(self._span))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        from opentelemetry.context import detach
        from opentelemetry.trace import Status, StatusCode

        if error is not None and not isinstance(error, Refusal):
            # to be refused is an answer, not an error
            self._span.set_attribute("error.type", type(error).__name__)
            self._span.set_status(Status(StatusCode.ERROR))
        detach(self._token)
        self._span.end()

    def note(self, **attributes: Value | None) -> None:
        """Add attributes."""
        self._span.set_attributes(_said(attributes))

    def name(self, name: str) -> None:
        """Call it otherwise."""
        self._span.update_name(name)


def _said(attributes: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name.replace("__", "."): value for name, value in attributes.items() if value is not None}


def _kind(name: str) -> SpanKind:
    from opentelemetry.trace import SpanKind

    return SpanKind[name]


def _context(parent: str | None) -> Context:
    """The context that a traceparent names; an empty one, for a trace of its own, if it is none."""
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    if parent is None:
        return Context()
    return TraceContextTextMapPropagator().extract({"traceparent": parent}, Context())


@contextmanager
def traced(part: str, environment: Mapping[str, str] = os.environ) -> Iterator[bool]:
    """Trace for the length of a ``with``."""
    on_now = start(part, environment)
    try:
        yield on_now
    finally:
        stop()
