"""Committed actions per second through the use-case layer, beside raw SQL doing the same writes, in the same run.

    python -m benchmarks.actions [--issues 300] [--url postgresql://USER@HOST/EMPTY_DATABASE]

One writer, one process. Each issue is accepted, sent to two departments, answered by both and confirmed: five actions. The floor replays on a
twin of the database the very writing statements that the use cases sent (recorded at the driver), through the bare driver, one commit an action.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from benchmarks.city import NOW, furnish
from engine.codec import state as decode_state
from huying.acting import act
from huying.database import Database
from huying.house import House
from huying.opening import open_issue
from huying.parties import actor
from huying.tables import issues

Statement = tuple[str, Any, bool]


class Recorder:
    """Keeps the writing statements of each action as the driver got them."""

    def __init__(self, database: Database) -> None:
        self.actions: list[list[Statement]] = []
        event.listen(database.engine, "before_cursor_execute", self._keep)

    def _keep(self, _c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if self.actions and statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.actions[-1].append((statement, parameters, many))


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
        opened = [_open(house, city, number) for number in range(options.issues)]
        database.close()
        twin = _twin(url)
        recorder = Recorder(database)
        ours = [took for number, issue in enumerate(opened) for took in _story(house, city, issue, number, recorder)]
        floor = _replay(twin, recorder.actions)
        database.close()
    _report(ours, floor, database.sqlite)


def _open(house: House, city: dict[str, int], number: int) -> int:
    values = {"subject": f"路灯不亮 {number}"}
    receipt = open_issue(
        house, definition="office", station="XG", reporter=city["resident"], values=values, request_id=f"o{number}", now=NOW
    )
    return receipt.issue_id


def _story(house: House, city: dict[str, int], issue_id: int, number: int, recorder: Recorder) -> list[float]:
    """The seconds that each of the five actions took."""
    water, power = f"organisation:{city['water']}", f"organisation:{city['power']}"
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("clerk", "accept", {}),
        ("deputy", "send", {"lead": water, "assist": [power]}),
        ("water_handler", "reply", {"reply": "已修好"}),
        ("power_handler", "reply", {"reply": "配合完成"}),
        ("resident", "yes", {}),
    ]
    taken: list[float] = []
    for who, action, values in steps:
        item = _item_of(house, issue_id, city[who])
        recorder.actions.append([])
        begun = time.perf_counter()
        act(house, issue_id, item, action, values, actor_id=city[who], request_id=f"{number}-{who}", now=NOW)
        taken.append(time.perf_counter() - begun)
    return taken


def _item_of(house: House, issue_id: int, person: int) -> int:
    with house.database.reading() as connection:
        state = decode_state(connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one())
        parties = actor(connection, person).parties
    return next(item.number for item in state.items if not item.done and not parties.isdisjoint(item.candidates))


def _twin(url: str) -> Any:
    """A connection of the bare driver to a copy of the database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        source, copy = sqlite3.connect(str(parsed.database)), f"{parsed.database}.twin"
        twin = sqlite3.connect(copy, isolation_level=None)
        source.backup(twin)
        source.close()
        twin.execute("PRAGMA journal_mode = WAL")
        twin.execute("PRAGMA synchronous = FULL")
        twin.execute("PRAGMA foreign_keys = ON")
        return twin
    name = parsed.database
    admin = parsed.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_twin TEMPLATE {name}")
    return psycopg.connect(parsed.set(database=f"{name}_twin").render_as_string(hide_password=False), autocommit=True)


def _replay(connection: Any, actions: Sequence[Sequence[Statement]]) -> list[float]:
    """The seconds that the statements of each action take, with their commit."""
    cursor = connection.cursor()
    begin = "BEGIN IMMEDIATE" if isinstance(connection, sqlite3.Connection) else "BEGIN"
    taken: list[float] = []
    for statements in actions:
        begun = time.perf_counter()
        cursor.execute(begin)
        for statement, parameters, many in statements:
            (cursor.executemany if many else cursor.execute)(statement, parameters)
        cursor.execute("COMMIT")
        taken.append(time.perf_counter() - begun)
    connection.close()
    return taken


def _report(ours: list[float], floor: list[float], sqlite: bool) -> None:
    print(f"{'SQLite' if sqlite else 'PostgreSQL'}, {len(ours)} actions, one writer")
    for name, taken in (("use-case layer", ours), ("raw SQL (floor)", floor)):
        median = statistics.median(taken) * 1000
        print(f"  {name:<16} {len(taken) / sum(taken):8.0f} actions/s   median {median:.2f} ms")
    print(f"  ratio            {statistics.median(floor) / statistics.median(ours):8.2f}   (median of floor / median of ours)")


if __name__ == "__main__":
    main()
