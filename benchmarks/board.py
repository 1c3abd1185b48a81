"""The board of deadlines over many open issues: its one statement, the whole of it, and the lists that it leads to.

    python -m benchmarks.board [--open 100000] [--closed 200000] [--stations 500] [--url postgresql://USER@HOST/EMPTY_DATABASE]

The rows are made with states as large as real ones, so that whoever reads rows instead of the index pays for it. The figures are the medians of
several runs in a warm process, in milliseconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from benchmarks.city import NOW, furnish
from huying.access.viewer import viewer
from huying.database import tables as t
from huying.database.connections import Database
from huying.figures.board import _counts, _seen, board
from huying.house.house import House
from huying.issues.urgency import URGENCIES, conditions
from huying.issues.views.filter import Filter
from huying.issues.views.list import issue_list

_BATCH = 5_000
_RUNS = 7
_PROCESS = "office"
_of_process = Filter(definition=_PROCESS, due="overdue", cared_for=True)
_of_station = Filter(station="S7", due="overdue", cared_for=True)
_of_district = Filter(region="d7", due="long-overdue", cared_for=True)


def _rows(
    count: int, status: str, first: int, stations: list[int], version: int, person: int
) -> Iterator[dict[str, Any]]:
    chance = random.Random(f"{status}-{count}")
    state = {"data": {"description": "路灯不亮，夜间行人不便。" * 60}, "padding": "x" * 1500}
    for number in range(first, first + count):
        due = NOW + timedelta(days=chance.uniform(-8, 40))
        stands = chance.random() < 0.05
        yield {
            "number": f"N-{number}", "follow_code": "c", "definition_version_id": version, "reporter_id": person,
            "station_id": chance.choice(stations), "subject": "路灯不亮", "channel": "web", "status": status,
            "stage": "coordination", "version": 3, "state": state, "last_hash": "", "opened_at": NOW, "changed_at": NOW,
            "due_at": None if stands else due, "paused_at": NOW if stands else None, "calendar": "china v0",
            "provisional": chance.random() < 0.02, "shown_version": 3,
        }  # fmt: skip


def _fill(database: Database, wanted: argparse.Namespace, people: dict[str, int]) -> None:
    with database.writing() as connection:
        version = connection.execute(select(t.definition_versions.c.id)).scalars().first()
        area = connection.execute(select(t.areas.c.id)).scalars().first()
        districts = [_area(connection, f"d{n}", area) for n in range(20)]
        stations = [
            connection.execute(
                insert(t.stations).returning(t.stations.c.id),
                {
                    "code": f"S{n}",
                    "name_zh": f"站{n}",
                    "name_en": f"S{n}",
                    "kind": "area",
                    "area_id": districts[n % 20],
                },
            ).scalar_one()
            for n in range(wanted.stations)
        ]
    rows = [("closed", wanted.closed, 0), ("open", wanted.open, wanted.closed)]
    for status, count, first in rows:
        made = _rows(count, status, first, stations, int(version or 0), people["resident"])
        while batch := [row for _, row in zip(range(_BATCH), made, strict=False)]:
            with database.writing() as connection:
                connection.execute(insert(t.issues), batch)
    _tidy(database)


def _area(connection: Connection, code: str, parent: int | None) -> int:
    row = {"code": code, "name_zh": code, "name_en": code, "level": "district", "parent_id": parent}
    return int(connection.execute(insert(t.areas).returning(t.areas.c.id), row).scalar_one())


def _tidy(database: Database) -> None:
    """What PostgreSQL's autovacuum does by itself within minutes."""
    if not database.sqlite:
        with database.reading() as connection:
            connection.execute(text("VACUUM ANALYZE issue"))


def _median(what: Callable[[], object]) -> float:
    what()
    taken: list[float] = []
    for _ in range(_RUNS):
        begin = time.perf_counter()
        what()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def _measure(house: House, clerk: int, other: int) -> dict[str, float]:
    def statement() -> object:
        with house.database.reading() as connection:
            person = viewer(connection, clerk)
            return _counts(connection, conditions(house, NOW), _seen(person, None))

    found = {
        "the one statement": _median(statement),
        "the whole board": _median(lambda: board(house, clerk, "zh", NOW)),
        "of one process": _median(lambda: board(house, clerk, "zh", NOW, _PROCESS)),
        "of three stations": _median(lambda: board(house, other, "zh", NOW)),
        "list: of one process": _median(lambda: issue_list(house, clerk, _of_process, "zh", NOW)),
        "list: of one station": _median(lambda: issue_list(house, clerk, _of_station, "zh", NOW)),
        "list: of one district": _median(lambda: issue_list(house, clerk, _of_district, "zh", NOW)),
        "list: of three stations": _median(lambda: issue_list(house, other, Filter(due="long-overdue"), "zh", NOW)),
    }
    for urgency in URGENCIES:
        wanted = Filter(due=urgency, cared_for=True)
        found[f"list: {urgency}"] = _median(lambda wanted=wanted: issue_list(house, clerk, wanted, "zh", NOW))  # type: ignore[misc]
    return found


def main() -> None:
    """Fill a database, and print what reading it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--closed", type=int, default=200_000)
    parser.add_argument("--stations", type=int, default=500)
    parser.add_argument("--url", default=None)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(wanted.url or f"sqlite:///{folder}/board.db")
        house, people = furnish(database, Path(folder) / "files")
        with database.writing() as connection:
            office = {"code": "O", "name_zh": "办公室", "name_en": "Office", "kind": "office", "active": True}
            number = connection.execute(insert(t.organisations).returning(t.organisations.c.id), office).scalar_one()
            serves = {"participant_id": people["clerk"], "organisation_id": number, "function": "clerk"}
            connection.execute(insert(t.memberships), serves)
        _fill(database, wanted, people)
        with database.writing() as connection:
            few = connection.execute(select(t.stations.c.id).where(t.stations.c.code.in_(["S1", "S2", "S3"]))).scalars()
            staff = [{"participant_id": people["deputy"], "station_id": one, "function": "clerk"} for one in few]
            connection.execute(insert(t.memberships), staff)
        print(f"{wanted.open} open and {wanted.closed} closed issues, {wanted.stations} stations")
        for name, milliseconds in _measure(house, people["clerk"], people["deputy"]).items():
            print(f"{name:24} {milliseconds:8.1f} ms")
        database.close()


if __name__ == "__main__":
    main()
