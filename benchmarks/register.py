"""An office of a province moves in: 10,000 people and 2,000 stations from a workbook, beside a bare reading of the file and bare inserts.

    python -m benchmarks.register [--sizes 1000 10000] [--postgresql]

For each size a register is brought in, changed by a second workbook, and that one taken back, until every row of every table is as it was.
Prints the seconds of each part, of the floor that ran in the same minute, and how much memory the process has taken at most: at the end as a
ratio of both sizes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import cast

import openpyxl
from msgspec.structs import replace
from sqlalchemy import create_engine, insert, text

from benchmarks.cluster import cluster, create_database
from huying.database.connections import Database
from huying.database.tables import (
    audit,
    memberships,
    participants,
    register_changes,
    register_deeds,
    register_imports,
    station_haves,
)
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
_ENDED = date(2026, 6, 30)
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


def changed_province(lines: Lines) -> Lines:
    """The register a year later: every third phone another, every tenth person moved, some stations renamed or without a have, new people."""
    people, places = cast("Sequence[Person]", lines["people"]), cast("Sequence[Station]", lines["stations"])
    fresh = [_person(n) for n in range(len(people), len(people) + max(50, len(people) // 20))]
    serve, haves = cast("Sequence[Membership]", lines["memberships"]), cast("Sequence[Have]", lines["haves"])
    return {
        **lines,
        "people": (*(replace(one, phone=f"138{n:08}") if n % 3 == 0 else one for n, one in enumerate(people)), *fresh),
        "mandates": (
            *lines["mandates"],
            *(Mandate(one.login, "district", *_TERM) for one in fresh if one.kind == "deputy"),
        ),
        "stations": tuple(replace(one, address=f"新港路{n}号") if n % 3 == 0 else one for n, one in enumerate(places)),
        "haves": tuple(replace(one, has=not one.has) if n % 7 == 0 else one for n, one in enumerate(haves)),
        "memberships": (
            *(replace(one, until=_ENDED) if n % 10 == 0 else one for n, one in enumerate(serve)),
            *(_membership(one, places[n % len(places)].code) for n, one in enumerate(fresh)),
        ),
    }


def workbook_of(lines: Lines) -> bytes:
    """A register as an office hands it in."""
    return export(lists(lines, (), {}, SheetDraft()), lines, BookStamp(_DAY, ""), private=True)


@contextmanager
def _timed(words: str, told: dict[str, float]) -> Iterator[None]:
    begun, spent = time.perf_counter(), _processor()
    yield
    told[words] = time.perf_counter() - begun
    print(
        f"  {words:36}{told[words]:8.1f} s {_processor() - spent:8.1f} s of a processor {_most():6.0f} MB at most",
        flush=True,
    )


def _most() -> float:
    """The most memory that this process has taken so far, in MB."""
    # not ru_maxrss, in which the memory of the process that started this one counts
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) / 1024


def _processor() -> float:
    """Seconds of this process and of those that it has waited for, which other programs on the machine do not lengthen."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _floor(content: bytes, rows: dict[str, int], path: Path) -> None:
    """What nobody can do without: the file read by its library, and as many rows inserted without a question."""
    book = openpyxl.load_workbook(BytesIO(content))
    count = sum(1 for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) if any(row))
    assert count > sum(rows.values()) / 3
    engine = create_engine(f"sqlite:///{path}")
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


def _rows(house: House) -> dict[str, list[str]]:
    """Every row of every table as a digest, but for the log and the files."""
    kept = {register_deeds.name, register_changes.name, register_imports.name, audit.name}
    with house.database.reading() as connection:
        return {
            table.name: sorted(
                sha256(repr(tuple(row)).encode()).hexdigest() for row in connection.execute(table.select())
            )
            for table in metadata.sorted_tables
            if table.name not in kept
        }


def main() -> None:
    """Run it: each size in a process of its own, so that the memory of one says nothing about the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1_000, 10_000], help="people; a fifth as many stations"
    )
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own instead of SQLite")
    parser.add_argument("--one", nargs=3, metavar=("FOLDER", "PEOPLE", "URL"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _one(Path(options.one[0]), int(options.one[1]), options.one[2])
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(cluster()) if options.postgresql else None
        most = []
        for count in options.sizes:
            lines = province(count, count // 5)
            (folder / "first.xlsx").write_bytes(workbook_of(lines))
            (folder / "second.xlsx").write_bytes(workbook_of(changed_province(lines)))
            database = create_database(server, f"huying_{count}") if server else f"sqlite:///{folder / f'{count}.db'}"
            command = [sys.executable, "-m", "benchmarks.register", "--one", str(folder), str(count), database]
            subprocess.run(command, check=True)
            most.append(float((folder / "most").read_text()))
    if len(most) > 1:
        rows, memory = options.sizes[-1] / options.sizes[0], most[-1] / most[0]
        print(f"{rows:.0f} times the people, {memory:.2f} times the memory: {most[0]:.0f} MB and {most[-1]:.0f} MB")


def _one(folder: Path, people: int, url: str) -> None:
    told: dict[str, float] = {}
    database = Database(url)
    database.migrate()
    house, by = House(database, folder), By(None, datetime.now(UTC))
    files = [(folder / name).read_bytes() for name in ("first.xlsx", "second.xlsx")]
    print(
        f"{people} people, {people // 5} stations, {len(files[0]) / 1e6:.1f} MB; {_most():.0f} MB before anything is read"
    )

    def imported(words: str, content: bytes) -> int:
        with _timed(f"{words}: opened, read, compared", told):
            number = offer(house, "province.xlsx", content, by)
        assert not offered(house, number, by.now).preview.errors
        with _timed(f"{words}: written with its log", told):
            write(house, number, by)
        return number

    imported("first", files[0])
    first, before = sum(told.values()), _rows(house)
    again = imported("changed", files[1])
    with _timed("changed: taken back", told):
        undo_import(house, again, by)
    (folder / "most").write_text(str(_most()))
    after = _rows(house)
    assert after == before, [name for name in before if before[name] != after[name]]
    print(f"  every one of {sum(map(len, before.values()))} rows in {len(before)} tables is as it was")
    with _timed("floor: openpyxl alone, bare inserts", told):
        _floor(
            files[0], {"people": people, "memberships": people, "haves": people * 9 // 5}, folder / f"floor{people}.db"
        )
    floor = told["floor: openpyxl alone, bare inserts"]
    print(f"  first import {first:.1f} s, {first / floor:.1f} times the floor of {floor:.1f} s")
    database.close()


if __name__ == "__main__":
    main()
