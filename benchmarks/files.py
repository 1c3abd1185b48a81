"""Making the lines of yearly files anew, and reading one file, beside bare SQL writing the same lines, in the same run.

    python -m benchmarks.files [--issues 50000] [--url postgresql://USER@HOST/EMPTY_DATABASE]

One issue is lived through by the engine; its rows are copied under other numbers. Every portion of a rebuild is a range of issues in a transaction of
its own, so that it takes as long for each issue of a million as for each of some ten thousand; what grows is told by two sizes.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import func, select, text, update
from sqlalchemy.engine import make_url

from benchmarks.city import NOW, furnish
from huying.access.parties import actor
from huying.database.connections import Database
from huying.database.tables import file_lines, issues
from huying.files.entries import entries
from huying.files.entry import FilePeriod
from huying.files.upkeep import rebuild
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue

_DATE = "date"
#: The first of the deputies among whom lines are dealt out to be read, and how many issues each has.
_FIRST, _EACH = 1_000_000, 300


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=50_000)
    parser.add_argument("--url")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(options.url or f"sqlite:///{folder}/files.db")
        house, city = furnish(database, Path(folder))
        _live(house, city)
        for size in (options.issues // 2, options.issues):
            _copies(house, size)
            _measure(house, size)


def _live(house: House, city: dict[str, int]) -> None:
    """One issue, from the report to the verdict."""
    report = Report(definition="office", station="XG", reporter=city["resident"], values={"subject": "路灯不亮"})
    issue = open_issue(house, report, request_id="one", now=NOW).issue_id
    lead, assist = f"organisation:{city['water']}", [f"organisation:{city['power']}"]
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("clerk", "accept", {}),
        ("deputy", "send", {"lead": lead, "assist": assist}),
        ("water_handler", "reply", {"reply": "已修好"}),
        ("power_handler", "reply", {"reply": "配合完成"}),
        ("resident", "yes", {}),
    )
    for number, (who, action, values) in enumerate(steps, 1):
        with house.database.reading() as connection:
            state = connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar_one()
            parties = actor(connection, city[who]).parties
        item = next(one.number for one in state.items if not one.done and not parties.isdisjoint(one.candidates))
        act(house, issue, item, action, values, By(city[who], NOW + timedelta(minutes=number), f"step-{number}"))


def _copies(house: House, size: int) -> None:
    """So many issues, with the history of the first."""
    with house.database.writing() as connection:
        last = connection.execute(select(func.max(issues.c.id))).scalar_one()
        names = [column.name for column in issues.columns if column.name not in ("id", "number", "filed_version")]
        told = ("sequence", "at", "actor_id", "kind", "event", "changes", "via", "previous_hash", "hash")
        numbers = f"WITH RECURSIVE n(i) AS (SELECT {last + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {size}) "
        copied = f"{numbers}INSERT INTO issue (id, number, {', '.join(names)})"
        head = "INSERT INTO issue (id, number, " + ", ".join(names) + ") "
        query = f"SELECT i, 'B-' || i, {', '.join(names)} FROM issue, n WHERE id = 1"
        connection.execute(text(copied + " " + query if house.database.sqlite else numbers + head + query))
        history = f"INSERT INTO history (issue_id, {', '.join(told)}) SELECT i, {', '.join(told)} FROM history, n WHERE issue_id = 1"
        connection.execute(text(numbers + history))
        connection.execute(text("ANALYZE"))


def _measure(house: House, size: int) -> None:
    began, busy = time.perf_counter(), time.process_time()
    lines = sum(one.lines for one in rebuild(house))
    ours, spent = time.perf_counter() - began, time.process_time() - busy
    with house.database.reading() as connection:
        rows = [tuple(row) for row in connection.execute(select(file_lines))]
    assert lines == len(rows)
    bare = _bare(house, rows)
    with house.database.writing() as connection:
        # one deputy has some nine hundred entries a year, and not all of them
        connection.execute(update(file_lines).values(participant_id=_FIRST + file_lines.c.issue_id // _EACH))
    began = time.perf_counter()
    found = entries(house, _FIRST, FilePeriod.of_year(2026))
    read = time.perf_counter() - began
    told = (
        f"{size} issues, {lines} lines: {lines / ours:,.0f} a second",
        f"{lines / spent:,.0f} a second of our processor time",
        f"bare SQL writing them {lines / bare:,.0f}",
        f"one file of {len(found)} entries in {read:.2f} s",
    )
    print("; ".join(told), flush=True)


def _bare(house: House, rows: list[tuple[Any, ...]]) -> float:
    """How long the driver alone takes to write these rows into a table like ours."""
    url = house.database.engine.url
    names = [column.name for column in file_lines.columns]
    create = f"CREATE TABLE bare ({', '.join(f'{name} {_kind(name)}' for name in names)})"
    index = ("CREATE INDEX bare_of ON bare (participant_id, day)", "CREATE INDEX bare_issue ON bare (issue_id)")
    if house.database.sqlite:
        made = sqlite3.connect(str(url.database) + ".bare")
        put = f"INSERT INTO bare VALUES ({', '.join('?' * len(names))})"
        rows = [tuple(str(one) if hasattr(one, "isoformat") else one for one in row) for row in rows]
        made.execute("DROP TABLE IF EXISTS bare")
        for statement in (create, *index):
            made.execute(statement)
        began = time.perf_counter()
        made.executemany(put, rows)
        made.commit()
        return time.perf_counter() - began
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as held:
        held.execute("DROP TABLE IF EXISTS bare")
        for statement in (create, *index):
            held.execute(statement.encode())
        began = time.perf_counter()
        with held.cursor() as cursor:
            cursor.executemany(f"INSERT INTO bare VALUES ({', '.join(['%s'] * len(names))})".encode(), rows)
        held.commit()
        return time.perf_counter() - began


def _kind(name: str) -> str:
    if name == "key":
        return "text PRIMARY KEY"
    if name in ("day", "at"):
        return {"day": _DATE, "at": "timestamptz"}[name]
    return {"kind": "text", "rule": "text", "points": "float"}.get(name, "bigint")


if __name__ == "__main__":
    main()
