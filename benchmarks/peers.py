"""Four actions of an issue on ours, on SpiffWorkflow and on DBOS, beside raw SQL, all on the same kind of database and in the same run.

    scripts/bootstrap benchmarks; python -m benchmarks.peers [--issues 100] [--rounds 3] [--at-once 1] [--on sqlite|postgresql]

The engines take turns, round by round, so that a slow moment of the machine meets all of them. What each does for its time:

  raw SQL         reads a state of 2 kB, writes it back with a line of history: one transaction. No process, nothing is checked.
  Huying          the definition's guards and forms are checked, who may act is looked up, the next people are found (by duty and load), tasks,
                  deadlines, history with a chain of hashes, a request key and the messages to be sent are written: one transaction.
  SpiffWorkflow   runs the next user task of a BPMN process. State is its JSON (with the whole process in it), read and written each time;
                  the line of history is ours. It assigns nobody, checks nobody's right, has no deadlines here and sends nothing.
  DBOS            wakes a durable function by a message; the message, its receipt and the step are each on record (three transactions). Line of
                  history as above. It assigns nobody, checks nothing and sends nothing to people; it would run on after a crash by itself.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cluster import cluster, create_database, occupied
from benchmarks.contenders import ACTIONS, Contender, Dbos, Floor, Huying, Spiff

CONTENDERS: tuple[type[Contender], ...] = (Floor, Huying, Spiff, Dbos)


@dataclass
class Taken:
    """What one contender took, in seconds, and the bytes of an issue."""

    opening: list[float] = field(default_factory=list)
    acting: list[float] = field(default_factory=list)
    spans: list[tuple[int, float]] = field(default_factory=list)
    size: float = 0.0

    @property
    def rate(self) -> float:
        """Actions a second: the median of the rounds."""
        return statistics.median(actions / seconds for actions, seconds in self.spans)


def main() -> None:
    """Run all of it and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=100, help="in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=1, help="issues that are worked on at the same time, by threads")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), action="append")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    for kind in options.on or ("sqlite", "postgresql"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            server = stack.enter_context(cluster()) if kind == "postgresql" else None
            taken = race(server, folder, options.issues, options.rounds, options.at_once)
        report(kind, options.issues * options.rounds, options.at_once, taken)


def race(server: str | None, folder: Path, issues: int, rounds: int, at_once: int) -> dict[str, Taken]:
    """All contenders in turn, round by round; what each took."""
    urls = {one.name: _database(server, folder, one.__name__.lower()) for one in CONTENDERS}
    racing = [one(urls[one.name], folder) for one in CONTENDERS]
    taken = {one.name: Taken() for one in racing}
    before: dict[str, int] = {}
    for number in range(rounds):
        for one in racing:
            with _running(one):
                if number == 0:
                    _warm(one)
                    before[one.name] = _size(one)
                _round(one, range(number * issues, (number + 1) * issues), at_once, taken[one.name])
    for one in racing:
        with _running(one):
            finished = one.closed() - 1
        assert finished == issues * rounds, f"{one.name}: {finished} issues came to their end"
        taken[one.name].size = (_size(one) - before[one.name]) / finished
    return taken


@contextmanager
def _running(one: Contender) -> Iterator[None]:
    one.begin()
    try:
        yield
    finally:
        one.end()


def _warm(one: Contender) -> None:
    """One issue, untimed: what is made at first use is made now."""
    issue = one.open(-1)
    for action in ACTIONS:
        one.act(issue, action)


def _round(one: Contender, numbers: range, at_once: int, taken: Taken) -> None:
    def play(number: int) -> float:
        begun = time.perf_counter()
        issue = one.open(number)
        taken.opening.append(time.perf_counter() - begun)
        started = time.perf_counter()
        for action in ACTIONS:
            begun = time.perf_counter()
            one.act(issue, action)
            taken.acting.append(time.perf_counter() - begun)
        return time.perf_counter() - started

    if at_once == 1:
        taken.spans.append((len(numbers) * len(ACTIONS), sum(map(play, numbers))))
        return
    with ThreadPoolExecutor(at_once) as pool:
        begun = time.perf_counter()
        list(pool.map(play, numbers))
        # with opening, which nothing can be set apart from here
        taken.spans.append((len(numbers) * len(ACTIONS), time.perf_counter() - begun))


def _database(server: str | None, folder: Path, name: str) -> str:
    return f"sqlite:///{folder}/{name}.db" if server is None else create_database(server, name)


def _size(one: Contender) -> int:
    """Bytes on disk, what was deleted cleared away."""
    if not one.url.startswith("sqlite"):
        return occupied(one.url)
    import sqlite3

    file = one.url.removeprefix("sqlite:///")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        connection = sqlite3.connect(file)
        connection.execute("VACUUM INTO ?", (str(copy),))
        connection.close()
        return copy.stat().st_size


def report(kind: str, issues: int, at_once: int, taken: dict[str, Taken]) -> None:
    """A table of it; ratios say how many times as fast ours is."""
    ours = taken[Huying.name]
    title = "SQLite" if kind == "sqlite" else "PostgreSQL"
    print(f"\n{title}, {issues} issues, four actions each, {at_once} at once")
    print(f"  {'':<16} {'actions/s':>9} {'median':>9} {'p95':>9} {'open':>9} {'ours is':>8} {'an issue':>9}")
    for name, one in taken.items():
        median, p95 = statistics.median(one.acting), statistics.quantiles(one.acting, n=20)[-1]
        times = "" if one is ours else f"{ours.rate / one.rate:7.2f}x"
        opening = statistics.median(one.opening)
        figures = f"{one.rate:9.0f} {median * 1e3:6.2f} ms {p95 * 1e3:6.2f} ms {opening * 1e3:6.2f} ms"
        print(f"  {name:<16} {figures} {times:>8} {one.size / 1024:6.1f} kB")


if __name__ == "__main__":
    main()
