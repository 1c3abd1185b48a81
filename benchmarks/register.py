"""An office of a province moves in: 10,000 people and 2,000 stations from a workbook, beside a bare reading of the file and bare inserts.

    python -m benchmarks.register [--people 10000] [--stations 2000] [--undo] [--url postgresql://USER@HOST/EMPTY_DATABASE]

Prints the seconds of each part, of the floor that ran in the same minute, and how much memory this process has taken at most.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
from sqlalchemy import create_engine, func, insert, select, text

from huying.database.connections import Database
from huying.database.tables import memberships, participants, register_changes, station_haves, stations
from huying.house.by import By
from huying.house.house import House
from huying.register.nouns import NINE_HAVES, Area, Have, Lines, ListedCode, Mandate, Membership, Person, Station
from huying.register.workbook.draft import SheetDraft
from huying.register.workbook.imports import offer, offered, write
from huying.register.workbook.reader import lists
from huying.register.workbook.template import BookStamp, export
from huying.register.workbook.undo import undo_import
from models import metadata

_SURNAMES, _NAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
_DAY = date(2022, 1, 10)
_TERM = (date(2022, 1, 10), date(2027, 1, 9))


def province(people: int, places: int) -> Lines:
    """A register of this size: four out of ten people are deputies, everybody serves somewhere."""
    areas = [Area("9902", "鹭江市", "city")]
    areas += [Area(f"9902{n:02}", f"第{n}区", "district", parent="9902") for n in range(1, 7)]
    areas += [
        Area(f"9902{n % 6 + 1:02}{n:03}", f"第{n}街道", "street", parent=f"9902{n % 6 + 1:02}") for n in range(1, 39)
    ]
    streets = [area.code for area in areas if area.level == "street"]
    at = [Station(f"Z{n:04}", f"第{n}联络站", "area", streets[n % 38], address=f"港口路{n}号") for n in range(places)]
    everybody = [_person(n) for n in range(people)]
    deputies = [one for one in everybody if one.kind == "deputy"]
    return {
        "codes": tuple(ListedCode("haves", code, *names, n) for n, (code, names) in enumerate(NINE_HAVES.items())),
        "areas": tuple(areas),
        "people": tuple(everybody),
        "mandates": tuple(Mandate(one.login, "district", *_TERM) for one in deputies),
        "stations": tuple(at),
        "haves": tuple(
            Have(one.code, have, (n + k) % 7 > 0) for n, one in enumerate(at) for k, have in enumerate(NINE_HAVES)
        ),
        "memberships": tuple(_membership(one, at[n % places].code) for n, one in enumerate(everybody)),
    }


def _person(n: int) -> Person:
    name = _SURNAMES[n % 20] + _NAMES[n // 20 % 20] + _NAMES[n // 400 % 20]
    return Person(f"p{n:05}", name, "deputy" if n % 10 < 4 else "staff", phone=f"139{n:08}", unit=f"第{n % 97}单位")


def _membership(person: Person, place: str) -> Membership:
    deputy = person.kind == "deputy"
    return Membership(person.login, place, "deputy" if deputy else "clerk", _DAY, level="district" if deputy else None)


@contextmanager
def _timed(words: str, told: dict[str, float]) -> Iterator[None]:
    begun, spent = time.perf_counter(), _processor()
    yield
    told[words] = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{words:36}{told[words]:8.1f} s {_processor() - spent:8.1f} s of a processor {most:6.0f} MB at most",
        flush=True,
    )


def _processor() -> float:
    """Seconds of this process and of those that it has waited for, which other programs on the machine do not lengthen."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _floor(content: bytes, rows: dict[str, int], folder: Path) -> None:
    """What nobody can do without: the file read by its library, and as many rows inserted without a question."""
    book = openpyxl.load_workbook(BytesIO(content))
    count = sum(1 for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) if any(row))
    assert count > sum(rows.values()) / 3
    engine = create_engine(f"sqlite:///{folder / 'floor.db'}")
    metadata.create_all(engine)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        people = [{"name": "某人", "login": f"q{n}", "kind": "staff", "created_at": now} for n in range(rows["people"])]
        connection.execute(insert(participants), people)
        log = [
            {"deed_id": 1, "of_table": "x", "row_key": str(n), "after": {"name": "某人", "login": f"q{n}"}}
            for n in range(sum(rows.values()))
        ]
        connection.execute(insert(register_changes), log)
        connection.execute(
            insert(memberships),
            [{"participant_id": n, "station_id": 1, "function": "clerk"} for n in range(rows["memberships"])],
        )
        haves = [{"station_id": n // 9, "have": str(n % 9), "has": True} for n in range(rows["haves"])]
        connection.execute(insert(station_haves), haves)


def _counted(house: House) -> dict[str, int]:
    with house.database.reading() as connection:
        tables = (participants, stations, memberships, station_haves)
        return {one.name: connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables}


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--stations", type=int, default=2_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--undo", action="store_true", help="take it back afterwards")
    options = parser.parse_args()
    lines = province(options.people, options.stations)
    content = export(lists(lines, (), {}, SheetDraft()), lines, BookStamp(_DAY, ""), private=True)
    print(f"{options.people} people, {options.stations} stations, {len(content) / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        _run(content, {kind: len(found) for kind, found in lines.items()}, Path(folder), options)


def _run(content: bytes, rows: dict[str, int], folder: Path, options: argparse.Namespace) -> None:
    told: dict[str, float] = {}
    database = Database(options.url or f"sqlite:///{folder / 'house.db'}")
    database.migrate()
    house, by = House(database, folder), By(None, datetime.now(UTC))
    empty = _counted(house)
    number = 0

    def take() -> None:
        nonlocal number
        number = offer(house, "province.xlsx", content, by)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("opened, read, compared", take),
        ("written with its log", lambda: write(house, number, by)),
    ]
    for words, step in steps:
        with _timed(words, told):
            step()
    assert not offered(house, number, by.now).preview.errors
    whole = sum(told.values())
    print(_counted(house))
    if options.undo:
        with _timed("taken back", told):
            undo_import(house, number, by)
        assert _counted(house) == empty
    with _timed("floor: openpyxl alone, bare inserts", told):
        _floor(content, rows, folder)
    floor = told["floor: openpyxl alone, bare inserts"]
    print(f"import {whole:.1f} s, {whole / floor:.1f} times the floor of {floor:.1f} s")
    database.close()


if __name__ == "__main__":
    main()
