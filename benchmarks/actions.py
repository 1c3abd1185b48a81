"""Committed actions per second through the use-case layer, beside raw SQL doing the same writes, in the same run.

    python -m benchmarks.actions [--issues 300] [--url postgresql://USER@HOST/EMPTY_DATABASE]

One writer, one process, both in turns: a disk that rests between two commits answers more slowly, so each action of ours is followed by its twin.
 Each issue is accepted, sent to two departments, answered by both and confirmed: five actions. The floor replays on a
twin of the database the very writing statements that the use cases sent (recorded at the driver), through the bare driver, one commit an action.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import set_json_dumps
from sqlalchemy import Connection, select
from sqlalchemy.engine import Dialect, make_url

from benchmarks.city import NOW, furnish
from definitions.model.reference import organisation
from engine import State
from engine.codec import encode
from huying.access.parties import actor
from huying.database.connections import Database
from huying.database.statement import Parameters, Statement
from huying.database.tables import issues
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue

Sent = tuple[str, Any]


class Recorder:
    """Keeps the writing statements of each action as the driver gets them."""

    def __init__(self, dialect: Dialect) -> None:
        self._kept: list[tuple[Statement, Sequence[Parameters]]] = []
        self._dialect = dialect

    def __enter__(self) -> Recorder:
        self._run, self._put_many = Statement.run, Statement.put_many
        recorder = self

        def run(statement: Statement, connection: Connection, values: Parameters) -> int:
            recorder.keep(statement, [values])
            return recorder._run(statement, connection, values)

        def put_many(statement: Statement, connection: Connection, rows: Sequence[Parameters]) -> None:
            recorder.keep(statement, rows)
            recorder._put_many(statement, connection, rows)

        Statement.run, Statement.put_many = run, put_many  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *_: object) -> None:
        Statement.run, Statement.put_many = self._run, self._put_many  # type: ignore[method-assign]

    def keep(self, statement: Statement, rows: Sequence[Parameters]) -> None:
        """Note what goes to the driver; its form is made later, outside of what is timed."""
        if rows:
            self._kept.append((statement, rows))

    def take(self) -> list[Sent]:
        """What was sent since the last call."""
        sent = [statement.sent(self._dialect, rows) for statement, rows in self._kept]
        self._kept.clear()
        return sent


def main() -> None:
    """Run both, and print what they took and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=300)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/ours.db"
        database = Database(url)
        house, city = furnish(database, Path(folder))
        opened = [opened_issue(house, city, number) for number in range(options.issues)]
        database.close()
        twin = _twin(url)
        ours: list[float] = []
        floor: list[float] = []
        with Recorder(database.engine.dialect) as recorder:
            for number, issue in enumerate(opened):
                for took in _story(house, city, issue, number):
                    ours.append(took)
                    floor.append(_replay(twin, recorder.take()))
        twin.close()
        database.close()
    _report(ours, floor, database.sqlite)


def opened_issue(house: House, city: dict[str, int], number: int) -> int:
    """An issue to begin with."""
    values = {"subject": f"路灯不亮 {number}"}
    receipt = open_issue(
        house,
        Report(definition="office", station="XG", reporter=city["resident"], values=values),
        request_id=f"o{number}",
        now=NOW,
    )
    return receipt.issue_id


def _story(house: House, city: dict[str, int], issue_id: int, number: int) -> Iterator[float]:
    """The seconds that each of the five actions took."""
    water, power = organisation(city["water"]), organisation(city["power"])
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("clerk", "accept", {}),
        ("deputy", "send", {"lead": water, "assist": [power]}),
        ("water_handler", "reply", {"reply": "已修好"}),
        ("power_handler", "reply", {"reply": "配合完成"}),
        ("resident", "yes", {}),
    ]
    for who, action, values in steps:
        item = item_of(house, issue_id, city[who])
        begun = time.perf_counter()
        act(house, issue_id, item, action, values, By(city[who], NOW, f"{number}-{who}"))
        yield time.perf_counter() - begun


def item_of(house: House, issue_id: int, person: int) -> int:
    """The open task that somebody has in an issue."""
    with house.database.reading() as connection:
        state: State = connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        parties = actor(connection, person).parties
    return next(item.number for item in state.items if not item.done and not parties.isdisjoint(item.candidates))


def _twin(url: str) -> Any:
    """A connection of the bare driver to a copy of the database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        source, copy = sqlite3.connect(str(parsed.database)), f"{parsed.database}.twin"
        copied = sqlite3.connect(copy, isolation_level=None)
        source.backup(copied)
        source.close()
        copied.execute("PRAGMA journal_mode = WAL")
        copied.execute("PRAGMA synchronous = FULL")
        copied.execute("PRAGMA foreign_keys = ON")
        return copied
    name = parsed.database
    admin = parsed.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_twin TEMPLATE {name}")
    twin = psycopg.connect(parsed.set(database=f"{name}_twin").render_as_string(hide_password=False), autocommit=True)
    set_json_dumps(encode, twin)
    return twin


def _replay(connection: Any, statements: Sequence[Sent]) -> float:
    """The seconds that the statements of one action take, with their commit."""
    cursor = connection.cursor()
    begun = time.perf_counter()
    cursor.execute("BEGIN IMMEDIATE" if isinstance(connection, sqlite3.Connection) else "BEGIN")
    for statement, parameters in statements:
        (cursor.executemany if isinstance(parameters, list) else cursor.execute)(statement, parameters)
    cursor.execute("COMMIT")
    return time.perf_counter() - begun


def _report(ours: list[float], floor: list[float], sqlite: bool) -> None:
    print(f"{'SQLite' if sqlite else 'PostgreSQL'}, {len(ours)} actions, one writer")
    for name, taken in (("use-case layer", ours), ("raw SQL (floor)", floor)):
        median = statistics.median(taken) * 1000
        print(f"  {name:<16} {len(taken) / sum(taken):8.0f} actions/s   median {median:.2f} ms")
    print(
        f"  ratio            {statistics.median(floor) / statistics.median(ours):8.2f}   (median of floor / median of ours)"
    )


if __name__ == "__main__":
    main()
