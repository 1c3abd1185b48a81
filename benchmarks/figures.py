"""Figures over a million issues: a district's month, all levels, a deputy's year; beside bare SQL, and what keeping them costs an action.

    python -m benchmarks.figures [--issues 1000000] [--actions 200] [--url postgresql://USER@HOST/EMPTY_DATABASE]

A city of six districts and 442 stations, three years of issues. Rows are made in bulk, with everything that figures read. The times are the
best of several runs in a warm process, in milliseconds. *Bare* is the same question written by hand for the driver, without rates, words or rights.
An action is timed with the columns and tallies kept, and (the indexes dropped, nothing reckoned) without them, turn by turn.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text

from benchmarks.metropolis import Metropolis, metropolis
from huying.database import tables as t
from huying.database.connections import Database
from huying.figures.question import DaySpan, FigureQuestion
from huying.figures.table import table
from huying.house.by import By
from huying.house.house import House
from huying.issues import store
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.issues.tally import ForFigures

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
_FIRST = date(2024, 1, 1)
_DAYS = (NOW.date() - _FIRST).days
_BATCH, _RUNS = 5_000, 5
_KINDS = ("lighting", "roads", "cleaning", "utilities", "housing", "welfare", "other")
_INDEXES = {
    name: [one.name for one in index.columns]
    for index in t.issues.indexes
    if (name := str(index.name)).startswith("ix_issue_figures")
}


def _rows(city: Metropolis, count: int, first: int, version: int, reporter: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    for number in range(first, first + count):
        station = chance.choice(city.stations)
        opened = _FIRST + timedelta(days=chance.randrange(_DAYS))
        at = datetime(opened.year, opened.month, opened.day, 2, tzinfo=UTC)
        closed = opened + timedelta(days=chance.randrange(1, 60))
        is_open = closed > NOW.date()
        finish = opened + timedelta(days=chance.randrange(20, 80))
        verdict = chance.choice(("satisfied", "satisfied", "basically", "dissatisfied", None))
        yield {
            "id": number, "number": f"N-{number}", "follow_code": "c", "definition_version_id": version,
            "reporter_id": reporter, "station_id": station, "answerable_id": city.deputies[station],
            "subject": "路灯不亮", "channel": chance.choice(("web", "phone", "counter", "visit", "reception")),
            "status": "open" if is_open else "closed", "stage": "coordination", "version": 3, "state": {},
            "last_hash": "", "opened_at": at, "changed_at": at, "calendar": "china v0", "shown_version": 3,
            "provisional": False, "kind": chance.choice(_KINDS), "step": "handle" if is_open else None,
            "closed_at": None if is_open else at + (closed - opened), "opened_on": opened,
            "closed_on": None if is_open else closed,
            "outcome": None if is_open else chance.choice(("solved", "solved", "solved", "answered", "excluded", "merged")),
            "verdict": None if is_open else verdict, "grade": None, "finish_at": at + (finish - opened),
            "finish_on": finish, "finished_late": not is_open and closed > finish, "department_id": chance.choice(city.departments),
        }  # fmt: skip


def _fill(city: Metropolis, count: int, key: str = "contact-station") -> None:
    database = city.house.database
    with database.reading() as connection:
        query = select(t.definition_versions.c.id).where(t.definition_versions.c.key == key)
        version = int(connection.execute(query).scalar_one())
    made, chance, number = _rows(city, count, 1, version, city.office), random.Random(2), 0
    while batch := [row for _, row in zip(range(_BATCH), made, strict=False)]:
        counted = [
            {"issue_id": row["id"], "sequence": 3, "position": 0, "what": what, "value": "", "nth": 1, "on_day": day}
            for row in batch
            if chance.random() < 0.2
            for what, day in ((chance.choice(("urged", "returned", "extended", "verdict")), row["opened_on"]),)
        ]
        with database.writing() as connection:
            connection.execute(insert(t.issues), batch)
            connection.execute(insert(t.tallies), counted)
        number += len(batch)
    if not database.sqlite:
        with database.writing() as connection:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence('issue', 'id'), (SELECT max(id) FROM issue))")
            )
    with database.reading() as connection:
        connection.execute(text("ANALYZE" if database.sqlite else "VACUUM ANALYZE issue"))


def _best(what: Callable[[], object]) -> float:
    what()
    taken: list[float] = []
    for _ in range(_RUNS):
        begin = time.perf_counter()
        what()
        taken.append((time.perf_counter() - begin) * 1000)
    return min(taken)


#: Each question by hand: every moment that the figures of the city have is read once, too, with as many sums.
_SUMS = """
SELECT {key}, count(*), sum(CASE WHEN outcome = 'solved' THEN 1 ELSE 0 END), sum(CASE WHEN outcome = 'answered' THEN 1 ELSE 0 END),
 sum(CASE WHEN verdict IS NOT NULL THEN 1 ELSE 0 END), sum(CASE WHEN verdict IN ('satisfied', 'basically') THEN 1 ELSE 0 END),
 sum(CASE WHEN closed_at >= finish_at THEN 1 ELSE 0 END)
FROM issue WHERE {day} AND coalesce(outcome, '') NOT IN ('merged', 'cancelled') AND channel <> 'process' AND {where} GROUP BY {key}
"""
_MOMENTS = (
    "opened_on BETWEEN :begin AND :end",
    "closed_on BETWEEN :begin AND :end",
    "finish_on BETWEEN :begin AND :end",
    "opened_on <= :end AND (closed_on IS NULL OR closed_on > :end)",
)
_STATIONS = "station_id IN (SELECT id FROM station)"
_DISTRICT = "station_id IN (SELECT s.id FROM station s JOIN area a ON a.id = s.area_id JOIN area d ON d.id = a.parent_id WHERE d.code = '350201')"


def _bare(database: Database, span: DaySpan, key: str, where: str) -> Callable[[], object]:
    query = text(" UNION ALL ".join(_SUMS.format(key=key, day=day, where=where) for day in _MOMENTS))

    def run() -> Sequence[Any]:
        with database.reading() as connection:
            given = (
                {"begin": span.begin.isoformat(), "end": span.end.isoformat()}
                if database.sqlite
                else {"begin": span.begin, "end": span.end}
            )
            return connection.execute(query, given).all()

    return run


def _questions(city: Metropolis) -> Iterator[tuple[str, FigureQuestion, str, str]]:
    month, year = DaySpan.parse("2026-10"), DaySpan.parse("2026")
    deputy = city.deputies[city.stations[7]]
    yield "a district's month", FigureQuestion(span=month, area="350201"), "1", _DISTRICT
    yield (
        "a district's month by station",
        FigureQuestion(span=month, area="350201", by=("station",)),
        "station_id",
        _DISTRICT,
    )
    yield "all levels, a month", FigureQuestion(span=month, by=("levels",)), "station_id", _STATIONS
    yield "all levels, a year", FigureQuestion(span=year, by=("levels",)), "station_id", _STATIONS
    yield (
        "districts by channel, a month",
        FigureQuestion(span=month, by=("district", "channel")),
        "station_id",
        _STATIONS,
    )
    yield "a deputy's year", FigureQuestion(span=year, deputy=deputy), "1", f"answerable_id = {deputy}"


def _actions(city: Metropolis, name: str, number: int) -> float:
    """Milliseconds of one action, the middle of so many: reports that are opened and taken up."""
    house, taken = city.house, list[float]()
    for count in range(number):
        station = city.stations[count % len(city.stations)]
        values = {"subject": "路灯不亮", "category": "lighting", "place": "光明路 8 号", "phone": "13800000000"}
        report = Report(
            definition="contact-station",
            station=city.codes[station],
            reporter=NewReporter(name="李明"),
            values=values,
        )
        issue = open_issue(house, report, request_id=f"{name}-{count}", now=NOW).issue_id
        begin = time.perf_counter()
        act(house, issue, _item(house, issue), "accept", {"kind": "request"}, By(city.clerks[station], NOW))
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def _item(house: House, issue: int) -> int:
    query = select(t.work_items.c.number).where(t.work_items.c.issue_id == issue, t.work_items.c.status == "open")
    with house.database.reading() as connection:
        return int(connection.execute(query.limit(1)).scalar_one())


def _nothing(*_: object) -> ForFigures:
    return ForFigures(NOW.date(), {}, ())


def _cost(city: Metropolis, number: int) -> tuple[float, float]:
    """An action with figures, and without: in turns, so that both meet the same machine."""
    kept, with_, without = vars(store)["reckoned"], list[float](), list[float]()
    for turn in range(4):
        with_.append(_actions(city, f"with-{turn}", number // 4))
        _indexed(city.house.database, there=False)
        vars(store)["reckoned"] = _nothing
        without.append(_actions(city, f"without-{turn}", number // 4))
        vars(store)["reckoned"] = kept
        if turn < 3:
            _indexed(city.house.database, there=True)
    return min(with_), min(without)


def _indexed(database: Database, *, there: bool) -> None:
    with database.writing() as connection:
        for name, columns in _INDEXES.items():
            made = f"CREATE INDEX {name} ON issue ({', '.join(map(str, columns))})"
            connection.execute(text(made if there else f"DROP INDEX {name}"))


def measure(city: Metropolis, wanted: argparse.Namespace) -> None:
    """Fill the city, and print what its figures take."""
    begin = time.perf_counter()
    _fill(city, wanted.issues)
    print(f"{wanted.issues:,} issues made in {time.perf_counter() - begin:.0f} s")
    print(f"{'':32}{'figures':>10}{'bare SQL':>10}{'ratio':>8}")
    for name, question, key, where in _questions(city):
        ours = _best(lambda asked=question: table(city.house, None, asked, "zh", NOW))  # type: ignore[misc]
        bare = _best(_bare(city.house.database, question.span, key, where))
        print(f"{name:32}{ours:10.1f}{bare:10.1f}{ours / bare:8.2f}")
    if wanted.actions:
        kept, without = _cost(city, wanted.actions)
        print(f"{'an action, kept / without':32}{kept:10.2f}{without:10.2f}{kept / without:8.2f}")


def main() -> None:
    """Read the arguments, settle the city, measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--issues", type=int, default=1_000_000)
    parser.add_argument("--actions", type=int, default=200)
    parser.add_argument("--url")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(wanted.url or f"sqlite:///{folder}/figures.db")
        print("PostgreSQL" if wanted.url else "SQLite")
        measure(metropolis(database, Path(folder) / "files", NOW), wanted)
        database.close()


if __name__ == "__main__":
    main()
