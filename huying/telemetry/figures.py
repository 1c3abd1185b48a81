"""Figures that a process counts itself, for Prometheus; what the database knows is in ``database_figures``.

Labels are keys of definitions and of the program, never anything that people wrote.
"""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

#: All figures of this process; its own registry, so that no library adds to it.
REGISTRY = CollectorRegistry()

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

ACTIONS = Counter(
    "huying_actions",
    "Events that happened to issues, by kind and definition.",
    ("kind", "definition"),
    registry=REGISTRY,
)
REFUSALS = Counter(
    "huying_refusals", "Events that were refused, by kind and code of the refusal.", ("kind", "code"), registry=REGISTRY
)
CHANGES = Histogram(
    "huying_change_seconds", "From reading an issue to the commit of its change.", buckets=_FAST, registry=REGISTRY
)
TRANSITIONS = Histogram("huying_transition_seconds", "The kernel's decision alone.", buckets=_FAST, registry=REGISTRY)
EFFECTS = Counter(
    "huying_effects", "Effects carried out, by kind and outcome (done, failed).", ("kind", "outcome"), registry=REGISTRY
)
MESSAGES = Counter(
    "huying_messages", "Attempts to send messages to people, by channel and outcome.", ("channel", "outcome"),
    registry=REGISTRY,
)  # fmt: skip
EVENTS_POSTED = Counter(
    "huying_webhook_attempts", "Attempts to tell subscriptions, by outcome (accepted, temporary, permanent).",
    ("outcome",), registry=REGISTRY,
)  # fmt: skip
TIMERS_FIRED = Counter("huying_timers_fired", "Timers that this process fired.", registry=REGISTRY)
REQUESTS = Counter(
    "huying_http_requests", "Requests by method, route and status.", ("method", "route", "status"), registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "huying_http_request_seconds", "How long requests took, by route.", ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0), registry=REGISTRY,
)  # fmt: skip
THROTTLED = Counter(
    "huying_throttled",
    "Requests that were refused because they came too often, by bound.",
    ("bound",),
    registry=REGISTRY,
)
_STARTED = Gauge("huying_start_time_seconds", "When this process began, in seconds since 1970.", registry=REGISTRY)
_BUILD = Gauge(
    "huying_build_info", "Always 1; the labels say what runs here.", ("version", "python", "part"), registry=REGISTRY
)

#: What is counted as the happening of an event, beside the kinds that the kernel knows.
OPEN = "open"


def begin(part: str) -> None:
    """Say which part of the house this process is."""
    _BUILD.clear()
    _BUILD.labels(release(), platform.python_version(), part).set(1)
    _STARTED.set_to_current_time()


def release() -> str:
    """The version of this program; it runs from a checkout too, where nothing is installed."""
    try:
        return version("huying")
    except PackageNotFoundError:
        return "checkout"


def happened(kind: str, definition: str, begun: float) -> None:
    """Count an event that was written; ``begun`` is a reading of ``perf_counter``."""
    ACTIONS.labels(kind, definition).inc()
    CHANGES.observe(perf_counter() - begun)


def refused(kind: str, code: str) -> None:
    """Count an event that was refused."""
    REFUSALS.labels(kind, code).inc()


def decided(begun: float) -> None:
    """Count a decision of the kernel, which began at a reading of ``perf_counter``."""
    TRANSITIONS.observe(perf_counter() - begun)
