"""What it costs to be watched: actions per second without any of it, as shipped with traces off, and with traces on.

    python -m benchmarks.telemetry [--issues 200]

The same actions on issues of one database, in pairs, so that both meet the same disk: *without* has the calls for figures, spans and facts
of log replaced by nothing; *off* is what everybody has; *on* sends spans to a collector on this machine, in the same process. Beside it, what the
calls of one action cost by themselves.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.actions import _story, opened_issue
from benchmarks.city import furnish
from huying.database.connections import Database
from huying.house.house import House
from huying.telemetry import figures, logs, tracing

_CALLS = 200_000


def main() -> None:
    """Run both comparisons, and print what they took and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=200, help="for each way of each comparison")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _collector() as url:
        database = Database(f"sqlite:///{folder}/ours.db")
        house, city = furnish(database, Path(folder))
        for first, way in enumerate(("off", "on")):
            _compare(house, city, _ways(url), way, options.issues, first * options.issues * 2)
        database.close()
    print(f"  an action's calls while traces are off: {_cost_of_calls() * 1e6:.1f} µs")


def _compare(
    house: House, city: dict[str, int], ways: dict[str, Callable[[], Any]], way: str, pairs: int, first: int
) -> None:
    """Pairs of issues, one each way, first the one and then the other; the ratio is the median of those of the same action of a pair."""
    taken: dict[str, list[float]] = {"without": [], way: []}
    for pair in range(pairs):
        for turn in range(2):
            chosen = ("without", way)[(pair + turn) % 2]
            number = first + pair * 2 + turn
            issue = opened_issue(house, city, number)
            with ways[chosen]():
                taken[chosen] += list(_story(house, city, issue, number))
    ratios = [with_it / bare for bare, with_it in zip(taken["without"], taken[way], strict=True)]
    bare, with_it = (statistics.median(seconds) * 1000 for seconds in taken.values())
    print(f"SQLite, {len(ratios)} pairs of actions, one writer: {way} / without")
    print(f"  median {with_it:.3f} ms / {bare:.3f} ms   ratio {statistics.median(ratios):.3f}")


def _ways(url: str) -> dict[str, Callable[[], Any]]:
    return {"without": _without, "off": _off, "on": lambda: _on(url)}


@contextmanager
def _off() -> Iterator[None]:
    yield


@contextmanager
def _without() -> Iterator[None]:
    nothing = tracing._NOTHING
    with (
        patch.object(tracing, "span", lambda name, **_: nothing),
        patch.object(tracing, "here", lambda: None),
        patch.object(figures, "happened", lambda *_: None),
        patch.object(figures, "decided", lambda *_: None),
        patch.object(logs, "about", lambda *_: None),
    ):
        yield


@contextmanager
def _on(url: str) -> Iterator[None]:
    if not tracing.on() and tracing._provider is None:
        os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
        tracing.start("benchmark")
        _kept.append((tracing._tracer, tracing._provider))
    tracing._tracer, tracing._provider = _kept[0]
    try:
        yield
    finally:
        # kept for the next turn, as a process keeps it
        tracing._tracer = None


_kept: list[Any] = []


@contextmanager
def _collector() -> Iterator[str]:
    """Takes whatever it is sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        tracing.stop()
        server.shutdown()
        server.server_close()


def _cost_of_calls() -> float:
    """The seconds that one action's calls take: two spans, their notes, two figures, a fact of log."""
    begun = time.perf_counter()
    for _ in range(_CALLS):
        with tracing.span("change", huying__event="act") as span:
            logs.about("XG-2026-00001")
            span.note(huying__issue="XG-2026-00001", huying__definition="office")
            with tracing.span("kernel", huying__issue="XG-2026-00001"):
                figures.decided(begun)
            tracing.here()
        figures.happened("act", "office", begun)
    return (time.perf_counter() - begun) / _CALLS


if __name__ == "__main__":
    main()
