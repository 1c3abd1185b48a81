"""What encryption, evidence and the keyed chain cost an action together: two houses in turns, one with all of it, one with none.

    python -m benchmarks.protection [--issues 100] [--url postgresql://USER@HOST/EMPTY_DATABASE --other postgresql://…/ANOTHER]

One writer, five actions an issue. The house without keeps what people write open, chains its histories by SHA-256 without a key, and notes no row for
evidence. Aim: at least 0.85 of the actions without.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import inspect, text

from benchmarks.actions import item_of, opened_issue
from benchmarks.city import NOW, furnish
from benchmarks.seal import unsealed
from definitions.model.reference import organisation
from huying.database.connections import Database
from huying.house.by import By
from huying.house.house import House
from huying.issues import store
from huying.issues.deeds import act
from huying.keys.ring import Ring, new_keys


def _unkeyed(number: str, row: Mapping[str, Any], key: bytes) -> str:
    """The hash that a history had before there was a key: the same text, by SHA-256."""
    with patch.object(hmac, "digest", lambda _, told, __: hashlib.sha256(told).digest()):
        return _KEYED(number, row, key)


_KEYED = store.entry_hash


@contextmanager
def _bare() -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(unsealed())
        stack.enter_context(patch.object(store, "entry_hash", _unkeyed))
        yield


def main() -> None:
    """Print what an action takes both ways, by the processor and by the clock, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=100)
    parser.add_argument("--url", default="")
    parser.add_argument("--other", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        urls = options.url or f"sqlite:///{folder}/whole.db", options.other or f"sqlite:///{folder}/bare.db"
        databases = [Database(url, ring=Ring(new_keys(NOW.date()))) for url in urls]
        for database in databases:
            database.migrate()
        whole, bare = (furnish(one, Path(folder) / f"files-{number}") for number, one in enumerate(databases))
        _without_evidence(databases[1])
        taken: dict[str, list[tuple[float, float]]] = {"whole": [], "bare": []}
        for number in range(options.issues):
            first, second = _story(*whole, number), _bare_story(*bare, number)
            for _ in range(5):
                taken["whole"].append(next(first))
                taken["bare"].append(next(second))
        _report(taken, databases[0].sqlite)
        for database in databases:
            database.close()


def _without_evidence(database: Database) -> None:
    """Let nothing be noted for evidence."""
    with database.engine.begin() as connection:
        if database.sqlite:
            found = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'evidence_%'")
            for name in connection.execute(found).scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            return
        for table in inspect(connection).get_table_names():
            found = text(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = cast(:of AS regclass) AND tgname LIKE 'evidence_%'"
            )
            for name in connection.execute(found, {"of": f'"{table}"'}).scalars().all():
                connection.exec_driver_sql(f'DROP TRIGGER {name} ON "{table}"')


def _story(house: House, city: dict[str, int], number: int) -> Iterator[tuple[float, float]]:
    """The processor's and the clock's seconds of each of the five actions."""
    issue = opened_issue(house, city, number)
    water, power = organisation(city["water"]), organisation(city["power"])
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("clerk", "accept", {}),
        ("deputy", "send", {"lead": water, "assist": [power]}),
        ("water_handler", "reply", {"reply": "已修好"}),
        ("power_handler", "reply", {"reply": "配合完成"}),
        ("resident", "yes", {}),
    ]
    for who, action, values in steps:
        item = item_of(house, issue, city[who])
        spent, begun = time.process_time(), time.perf_counter()
        act(house, issue, item, action, values, By(city[who], NOW, f"{number}-{who}"))
        yield time.process_time() - spent, time.perf_counter() - begun


def _bare_story(house: House, city: dict[str, int], number: int) -> Iterator[tuple[float, float]]:
    with _bare():
        one = _story(house, city, number)
        found = next(one)
    for _ in range(4):
        yield found
        with _bare():
            found = next(one)
    yield found


def _report(taken: dict[str, list[tuple[float, float]]], sqlite: bool) -> None:
    print(f"{'SQLite' if sqlite else 'PostgreSQL'}, {len(taken['whole'])} actions each, in turns")
    for which, name in enumerate(("processor", "clock")):
        whole, bare = (statistics.median(one[which] for one in taken[way]) * 1000 for way in ("whole", "bare"))
        print(f"  {name:<10} with all of it {whole:.2f} ms, without {bare:.2f} ms: {bare / whole:.2f} of the actions")


if __name__ == "__main__":
    os.environ.pop("HUYING_KEYS", None)
    main()
