"""The demonstration of a whole city: the numbers of a report come out of issues that the engine has lived through."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from definitions.loader import library
from huying.database import tables as t
from huying.database.connections import Database
from huying.demo.province.lives import Lives
from huying.demo.province.plan import plan
from huying.demo.province.population import register
from huying.demo.sample import PASSPHRASE, base
from huying.house.calendars import publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.verification import verify
from huying.processes.publication import Edition, publish_all
from huying.register.imports import import_register
from huying.register.lines import RegisterFile

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
_IMPRINT = Imprint("tests", NOW, "")


def test_its_places_are_as_many_as_the_report_tells() -> None:
    city = RegisterFile.model_validate(register(plan(), base()))
    levels = Counter(area.level for area in city.areas)
    assert levels["district"] == 6
    assert levels["street"] + levels["town"] == 38
    below = {area.code for area in city.areas if area.level in ("neighbourhood", "village")}
    stations = [one for one in city.stations if one.area in below or one.kind == "industry"]
    assert len(stations) == 442
    assert sum(one.area in below for one in stations) == len(below) == 437
    of_industries = {login for one in stations if one.kind == "industry" for login in one.deputies}
    assert len(of_industries) > 100, "deputies of all levels in the stations of industries"
    levels_of = {one.login: one.level for one in city.people}
    district = next(one for one in city.stations if one.code == "Q1")
    assert {levels_of[login] for login in district.deputies} == {"national", "provincial", "city", "district"}


def test_its_courses_add_up_to_what_the_report_tells() -> None:
    becomes = Counter[str]()
    for course in plan().courses:
        becomes[course.becomes] += course.issues
    assert becomes.total() == 4038
    assert becomes["solved"] == 3275


def test_each_course_comes_to_the_end_that_it_names(database: Database, tmp_path: Path) -> None:
    house = _house(database, tmp_path)
    whole = plan()
    few = [course.model_copy(update={"issues": 3}) for course in whole.courses]
    Lives(house, whole, NOW, tuple(few)).live(lambda _: None)
    with database.reading() as connection:
        ends = Counter(connection.execute(select(t.issues.c.resolution)).scalars())
        pending = select(func.count()).select_from(t.outbox).where(t.outbox.c.status == "pending")
        told = select(func.count()).select_from(t.deliveries)
        assert connection.execute(pending).scalar_one() == 0, "nothing is left to be carried out"
        assert connection.execute(told).scalar_one() == 0, "nobody is written to about what was settled years ago"
        assert connection.execute(select(func.count()).select_from(t.file_entries)).scalar_one() > 0
    wanted = Counter[str]()
    for course in few:
        wanted[course.becomes] += course.issues
    classes = {"solved": "solved", "declined": "excluded", None: "open"}
    assert _grouped(ends, classes) == wanted
    assert not verify(house).faults


def _grouped(ends: Counter[str | None], classes: dict[str | None, str]) -> Counter[str]:
    grouped = Counter[str]()
    for end, many in ends.items():
        grouped[classes.get(end, "answered")] += many
    return grouped


def _house(database: Database, folder: Path) -> House:
    house = House(database, folder / "files")
    publish_shipped(house.calendars, database, _IMPRINT)
    editions = [Edition(path.read_bytes(), str(path)) for path in library()]
    publish_all(house, editions, _IMPRINT, unconnected=True)
    import_register(database, register(plan(), base()), NOW, PASSPHRASE)
    return house
