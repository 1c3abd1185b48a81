"""Effects per second of 1, 2 and 4 dispatchers on one PostgreSQL, with Prefect and without.

    python -m benchmarks.dispatchers --url postgresql://USER@HOST/ADMIN_DATABASE [--issues 1500] [--counts 1,2,4]

Each measurement has a database of its own, made on that server and dropped again. The issues are raised first, while no dispatcher runs; then all
dispatchers start, and the seconds count from the first effect that is carried out to the last. The floor is one process that carries the same
effects out and does nothing else. All share the cores of this machine with PostgreSQL, Prefect's server and the mail server.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from benchmarks.rig import Rig, clock, rig, wait_until
from huying.database import tables as t
from huying.effects.carriers import carry_many
from huying.outbox.claims import claim_effects


def main() -> None:
    """Measure each number of dispatchers, and print rates and ratios to one of them and to the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--issues", type=int, default=1500)
    parser.add_argument("--counts", default="1,2,4")
    options = parser.parse_args()
    with (
        _database(options.url, "floor") as url,
        tempfile.TemporaryDirectory() as folder,
        rig(Path(folder), url) as made,
    ):
        floor = _floor(made, options.issues)
    print(f"PostgreSQL, {options.issues} issues, two effects each; effects per second")
    print(f"  {'carried out and nothing else (floor)':<40}{floor:>8.0f}")
    for prefect in (False, True):
        rates = {int(count): _rate(options, int(count), prefect) for count in options.counts.split(",")}
        one = rates[min(rates)]
        for count, rate in rates.items():
            name = f"{count} dispatcher(s) {'with' if prefect else 'without'} Prefect"
            print(f"  {name:<40}{rate:>8.0f}   {rate / one:>5.2f} of one   {rate / floor:>5.2f} of the floor")


def _rate(options: argparse.Namespace, count: int, prefect: bool) -> float:
    name = f"d{count}{'p' if prefect else ''}"
    with _database(options.url, name) as url, tempfile.TemporaryDirectory() as folder, rig(Path(folder), url) as made:
        if prefect:
            made.start_prefect()
        for number in range(options.issues):
            made.open(number)
        _hold(made)
        for number in range(count):
            made.start_dispatcher(f"dispatcher{number}")
        return _carried_out(made)


def _hold(made: Rig) -> None:
    """Nobody may take an effect before all dispatchers are there."""
    with made.house.database.writing() as connection:
        connection.execute(t.outbox.update().values(status="held"))


def _carried_out(made: Rig) -> float:
    with made.house.database.writing() as connection:
        connection.execute(t.outbox.update().values(status="pending"))
    begun = time.monotonic()
    wait_until(lambda: not made.count("effects"), 900, "the effects")
    took = time.monotonic() - begun
    with made.house.database.reading() as connection:
        done, tries = connection.execute(select(func.count(), func.max(t.outbox.c.attempts))).one()
    if tries > 1:
        raise SystemExit("an effect was claimed twice")
    return float(done) / took


def _floor(made: Rig, issues: int) -> float:
    for number in range(issues):
        made.open(number)
    begun, done = time.monotonic(), 0
    while effects := claim_effects(made.house, clock(), 500):
        for at in range(0, len(effects), 50):
            carry_many(made.house, effects[at : at + 50], clock())
        done += len(effects)
    return done / (time.monotonic() - begun)


@contextmanager
def _database(server: str, name: str) -> Iterator[str]:
    """A database of its own."""
    admin = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    own = f"huying_bench_{name}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {own}")
    try:
        yield make_url(server).set(database=own).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")


if __name__ == "__main__":
    main()
