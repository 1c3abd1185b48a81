"""Search among many made issues: is the right one among the first three, and how long does it take.

    python -m benchmarks.search [--issues 200000] [--sqlite] [--url postgresql://USER@HOST/EMPTY_DATABASE]

The questions stand in ``queries.yaml``, written down before anything was measured. Each is asked as somebody who may ask it: by the office, or, for
what is private, by the clerk or the deputy who works on the issue. Without ``--sqlite`` or ``--url`` both databases are measured, one after the
other.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.cluster import cluster, create_database
from benchmarks.lives import Crowd, Crowds
from benchmarks.matters import Matter
from benchmarks.metropolis import Metropolis, metropolis
from huying.database.connections import Database
from huying.issues.record import number_of
from huying.issues.sight import sight_of
from huying.search.upkeep import keep_up
from huying.search.view import Asker, search

#: A working day in the year of the calendar.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
_QUERIES = Path(__file__).resolve().parent / "queries.yaml"
#: What only those may ask who work on the issue.
_PRIVATE = ("phone", "name", "initials")


@dataclass(frozen=True, slots=True)
class Query:
    """A question, of which kind it is, who asks it, and the issue that it is about."""

    kind: str
    typed: str
    asker: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a question: the place of the right issue among those found (from 1; 0: not found), and seconds."""

    query: Query
    place: int
    seconds: float
    #: Of the processor, without what the database's own processes took.
    ours: float


def wanted() -> Sequence[Mapping[str, Any]]:
    """The matters that are looked for, with the questions about them."""
    found: Sequence[Mapping[str, Any]] = yaml.safe_load(_QUERIES.read_text("utf-8"))
    return found


def peopled(database: Database, folder: Path, issues: int) -> tuple[Metropolis, Crowd]:
    """A city with so many issues, those that are looked for among them."""
    city = metropolis(database, folder, NOW)
    named = [
        (
            Matter("other", one["subject"], one["place"], one["details"], one["reporter"], one["phone"]),
            city.towns[one["town"]],
        )
        for one in wanted()
    ]
    return city, Crowds(city, NOW).fill(issues, max(len(named), issues // 20), named=named)


def queries(city: Metropolis, crowd: Crowd) -> Iterator[Query]:
    """All questions, as they are typed."""
    for one, issue in zip(wanted(), crowd.named, strict=True):
        number = number_of(city.house, issue)
        code, _, tail = number.split("-")
        for kind, asked in one["asked"].items():
            typed = asked.format(whole=number, tail=f"{code} {tail}")
            asker = _working(city, issue, city.towns[one["town"]]) if kind in _PRIVATE else city.office
            yield Query(kind, typed, asker, issue)


def _working(city: Metropolis, issue: int, station: int) -> int:
    """Who works on an issue: the clerk, or the deputy of its station."""
    people = (city.clerks[station], city.deputies[station])
    return next(one for one in people if (seen := sight_of(city.house, issue, one)) and seen.private)


def answered(city: Metropolis, query: Query) -> Answered:
    """Ask one question."""
    begun, own = time.perf_counter(), time.process_time()
    found = search(city.house, Asker(query.asker, "zh", NOW), query.typed)
    seconds, ours = time.perf_counter() - begun, time.process_time() - own
    ids = [line.line.id for line in found.lines]
    return Answered(query, ids.index(query.wanted) + 1 if query.wanted in ids else 0, seconds, ours)


def main() -> None:
    """Ask everything, and print what was found and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=200_000)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--url")
    options = parser.parse_args()
    if not options.url:
        with tempfile.TemporaryDirectory() as folder:
            _measured(f"sqlite:///{folder}/search.db", Path(folder), options.issues)
    if options.url:
        with tempfile.TemporaryDirectory() as folder:
            _measured(options.url, Path(folder), options.issues)
    elif not options.sqlite:
        with cluster() as server, tempfile.TemporaryDirectory() as folder:
            _measured(create_database(server, "search"), Path(folder), options.issues)


def _measured(url: str, folder: Path, issues: int) -> None:
    database = Database(url)
    begun = time.perf_counter()
    city, crowd = peopled(database, folder, issues)
    made = time.perf_counter()
    while keep_up(city.house, 2000):
        pass
    read = time.perf_counter()
    if not database.sqlite:
        with database.at_once() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    print(f"{'SQLite' if database.sqlite else 'PostgreSQL'}, {issues} issues")
    print(
        f"  made in {made - begun:.0f} s; read for the search in {read - made:.0f} s, {issues / (read - made):.0f} a second"
    )
    asked = list(queries(city, crowd))
    for query in asked:
        answered(city, query)
    _report([answered(city, query) for _ in range(3) for query in asked])
    database.close()


def _report(found: Sequence[Answered]) -> None:
    once = found[: len(found) // 3]
    right = sum(0 < one.place <= 3 for one in once)
    print(f"  right among the first three: {right} of {len(once)}")
    for one in once:
        if not 0 < one.place <= 3:
            print(f"    {one.query.kind:<9} {one.query.typed}  place {one.place or '-'}")
    for what, measured in (
        ("by the clock", [one.seconds for one in found]),
        ("processor", [one.ours for one in found]),
    ):
        times = sorted(1000 * seconds for seconds in measured)
        p95 = times[int(len(times) * 0.95)]
        print(f"  {what:<13} median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, longest {times[-1]:.1f} ms")
    kinds = dict.fromkeys(one.query.kind for one in found)
    for kind in kinds:
        of_kind = [one.seconds * 1000 for one in found if one.query.kind == kind]
        print(f"    {kind:<9} median {statistics.median(of_kind):6.1f} ms, longest {max(of_kind):6.1f} ms")


if __name__ == "__main__":
    main()
