"""Claiming due timers among a million open ones, beside bare SQL doing the same, in the same run.

    python -m benchmarks.sweep [--timers 1000000] [--due 0.01] [--url postgresql://USER@HOST/EMPTY_DATABASE]

Both claim in batches of 100, in turns, from the same table; what was claimed is deleted after each turn, outside of what is timed, as firing
would. On PostgreSQL one, two and four processes then claim all that is due at once, ours and the floor in turns.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.city import NOW, furnish
from huying.database.connections import Database
from huying.house.house import House
from huying.issues.opening import Report, open_issue
from huying.timers.claims import LEASE, claim, count_due

BATCH = 100
PER_ISSUE = 4
IDLE = 300
LONG_AGO = NOW - timedelta(days=30)
Key = tuple[int, int]


class Bare(Protocol):
    """A bare driver, claiming as little as will do."""

    def claim(self, now: datetime) -> list[Key]:
        """Hold a batch of due timers."""

    def idle(self, now: datetime) -> bool:
        """Whether anything is due."""

    def run(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        """A statement, for each row if there are any, committed."""


class BareSqlite:
    """Python's own driver."""

    place = "?"
    _claim = (
        "UPDATE timer SET leased_until = ? WHERE rowid IN (SELECT rowid FROM timer WHERE due_at <= ?"
        " AND (leased_until IS NULL OR leased_until <= ?) ORDER BY due_at LIMIT ?) RETURNING issue_id, number"
    )

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}")

    def claim(self, now: datetime) -> list[Key]:
        """One statement, its own transaction."""
        at, until = _text(now), _text(now + LEASE)
        return self._connection.execute(self._claim, (until, at, at, BATCH)).fetchall()

    def idle(self, now: datetime) -> bool:
        """One look at the index."""
        return (
            self._connection.execute(
                "SELECT 1 FROM timer WHERE due_at <= ? ORDER BY due_at LIMIT 1", (_text(now),)
            ).fetchone()
            is not None
        )

    def run(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        """In a transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(statement, rows) if rows else self._connection.execute(statement)
        self._connection.execute("COMMIT")


class BarePostgres:
    """Psycopg, one statement a transaction."""

    place = "%s"
    _claim = (
        "UPDATE timer SET leased_until = %s FROM (SELECT issue_id, number FROM timer WHERE due_at <= %s"
        " AND (leased_until IS NULL OR leased_until <= %s) ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED) free"
        " WHERE timer.issue_id = free.issue_id AND timer.number = free.number RETURNING timer.issue_id, timer.number"
    )

    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, autocommit=True)

    def claim(self, now: datetime) -> list[Key]:
        """One round trip."""
        return self._connection.execute(self._claim, (now + LEASE, now, now, BATCH)).fetchall()

    def idle(self, now: datetime) -> bool:
        """One look at the index."""
        found = self._connection.execute("SELECT 1 FROM timer WHERE due_at <= %s ORDER BY due_at LIMIT 1", (now,))
        return found.fetchone() is not None

    def run(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        """Each on its own."""
        cursor = self._connection.cursor()
        cursor.executemany(statement, rows) if rows else cursor.execute(statement)


def _text(moment: datetime) -> str:
    return moment.isoformat(" ", "microseconds")


def _bare(url: str) -> BareSqlite | BarePostgres:
    parsed = make_url(url)
    return BareSqlite(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else BarePostgres(url)


def main() -> None:
    """Fill the table, and print what each took and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timers", type=int, default=1_000_000)
    parser.add_argument("--due", type=float, default=0.01)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/sweep.db"
        database = Database(url)
        house, city = furnish(database, Path(folder))
        open_issue(
            house,
            Report(definition="office", station="XG", reporter=city["resident"], values={"subject": "x"}),
            request_id="first",
            now=NOW,
        )
        due = int(options.timers * options.due)
        bare = _bare(url)
        _fill(bare, options.timers, database.sqlite)
        print(f"{'SQLite' if database.sqlite else 'PostgreSQL'}, {options.timers:,} open timers, {due:,} due")
        _idle(house, bare)
        _claiming(house, bare, due)
        if not database.sqlite:
            for sweepers in (1, 2, 4):
                _at_once(url, bare, sweepers, due)
        database.close()


def _fill(bare: BareSqlite | BarePostgres, timers: int, sqlite: bool) -> None:
    """Issues like the first one, and their timers, all of them due in the future."""
    issues = timers // PER_ISSUE
    names = "definition_version_id, station_id, reporter_id, channel, status, stage, version, last_hash, opened_at, changed_at"
    series = (
        "(WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c)"
        if sqlite
        else "(SELECT n FROM generate_series({first}, {last}) n)"
    )
    of = series.format(first=2, last=issues)
    bare.run("DELETE FROM timer")
    bare.run(
        f"INSERT INTO issue (id, number, follow_code, subject, state, shown_version, {names})"
        f" SELECT s.n, 'XG-' || s.n, 'x', 'x', '{{}}', 1, {names} FROM issue, {of} s WHERE issue.id = 1"
    )
    later = (
        "strftime('%Y-%m-%d %H:%M:%f000+00:00', '2027-01-01', '+' || ((s.n * 7 + t.n * 1009) % 500000) || ' minutes')"
        if sqlite
        else "timestamptz '2027-01-01' + ((s.n * 7 + t.n * 1009) % 500000) * interval '1 minute'"
    )
    all_issues, each = series.format(first=1, last=issues), series.format(first=1, last=PER_ISSUE)
    bare.run(
        f"INSERT INTO timer (issue_id, number, due_at, attempts) SELECT s.n, t.n, {later}, 0 FROM {all_issues} s, {each} t"
    )
    bare.run("ANALYZE")


def _make_due(bare: BareSqlite | BarePostgres, due: int, number: int) -> None:
    """New timers that are due, of as many issues."""
    sqlite = isinstance(bare, BareSqlite)
    rows = []
    for issue in range(1, due + 1):
        moment = LONG_AGO + timedelta(seconds=issue * 7919 % 1_000_000)
        rows.append((issue, number, _text(moment) if sqlite else moment))
    place = bare.place
    bare.run(f"INSERT INTO timer (issue_id, number, due_at, attempts) VALUES ({place}, {place}, {place}, 0)", rows)
    bare.run("ANALYZE timer" if sqlite else "VACUUM ANALYZE timer")


def _idle(house: House, bare: Bare) -> None:
    ours, floor = list[float](), list[float]()
    for _ in range(IDLE):
        ours.append(_timed(lambda: count_due(house, NOW)))
        floor.append(_timed(lambda: bare.idle(NOW)))
    _say("nothing due", ours, floor)


def _claiming(house: House, bare: BareSqlite | BarePostgres, due: int) -> None:
    _make_due(bare, due, PER_ISSUE + 1)
    ours, floor = list[float](), list[float]()
    held: list[Key] = []
    place = bare.place
    gone = f"DELETE FROM timer WHERE issue_id = {place} AND number = {place}"

    def by_us() -> None:
        held[:] = [(timer.issue_id, timer.number) for timer in claim(house, NOW, BATCH)]

    def by_floor() -> None:
        held[:] = bare.claim(NOW)

    for turn in range(due // BATCH):
        way, kept = ((by_us, ours), (by_floor, floor))[turn % 2]
        kept.append(_timed(way))
        assert len(held) == BATCH
        bare.run(gone, held)
    _say(f"claiming {BATCH}", ours, floor)


def _at_once(url: str, bare: BarePostgres | BareSqlite, sweepers: int, due: int) -> None:
    """Several processes claim all that is due; what a batch took, and how many timers were claimed a second in all."""
    rates: dict[str, list[float]] = {"ours": [], "floor": []}
    number = 10 * sweepers
    with ProcessPoolExecutor(sweepers) as pool:
        for turn in range(6):
            way = ("ours", "floor")[turn % 2]
            number += 1
            _make_due(bare, due, number)
            list(pool.map(_warm, [url] * sweepers))
            begun = time.perf_counter()
            counts = list(pool.map(_sweep, [(url, way)] * sweepers))
            rates[way].append(sum(counts) / (time.perf_counter() - begun))
            assert sum(counts) == due, counts
            bare.run("DELETE FROM timer WHERE due_at <= %s", [(NOW,)])
    ours, floor = (statistics.median(rates[way]) for way in ("ours", "floor"))
    print(
        f"  {sweepers} sweeper{'s' if sweepers > 1 else ' '}      ours {ours:8,.0f}/s   bare {floor:8,.0f}/s   ratio {ours / floor:.2f}"
    )


_open: dict[str, tuple[House, BareSqlite | BarePostgres]] = {}


def _warm(url: str) -> None:
    """Connect, before anything is timed."""
    if url not in _open:
        _open[url] = (House(Database(url), Path()), _bare(url))
    count_due(_open[url][0], LONG_AGO)


def _sweep(job: tuple[str, str]) -> int:
    url, way = job
    _warm(url)
    house, bare = _open[url]
    claimed = 0
    while found := (len(claim(house, NOW, BATCH)) if way == "ours" else len(bare.claim(NOW))):
        claimed += found
    return claimed


def _timed(way: Callable[[], object]) -> float:
    begun = time.perf_counter()
    way()
    return time.perf_counter() - begun


def _say(what: str, ours: list[float], floor: list[float]) -> None:
    mine, least = statistics.median(ours) * 1000, statistics.median(floor) * 1000
    print(
        f"  {what:<14} ours {mine:7.3f} ms   bare {least:7.3f} ms   ratio {least / mine:.2f}   (median of bare / median of ours)"
    )


if __name__ == "__main__":
    main()
