"""What choosers offer: names in the reader's language, in an order in which people find them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select, update

from huying.database.connections import Database
from huying.database.tables import participants, stations
from huying.demo.sample import fill
from huying.house.house import House
from huying.register.imports import import_register
from huying.register.view import area_tree, code_names, colleagues, departments, people, people_at, station_names
from tests.template import Template

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


_SAMPLE = Template("register", lambda database, _folder: fill(database, NOW))


@pytest.fixture
def template(request: pytest.FixtureRequest, template: Template[Any]) -> Template[Any]:
    """What is in the database: the sample city, where a house is asked for."""
    return _SAMPLE if "house" in request.fixturenames else template


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


def _person(house: House, login: str) -> int:
    with house.database.reading() as connection:
        return int(connection.execute(select(participants.c.id).where(participants.c.login == login)).scalar_one())


def _station(house: House, code: str) -> int:
    with house.database.reading() as connection:
        return int(connection.execute(select(stations.c.id).where(stations.c.code == code)).scalar_one())


def test_areas_are_listed_as_a_tree(house: House) -> None:
    tree = area_tree(house, "zh")
    assert [(line.name, line.depth) for line in tree[:4]] == [
        ("鹭江市", 0),
        ("海湾区", 1),
        ("仙港街道", 2),
        ("望海社区", 3),
    ]
    assert tree[1].parent == tree[0].reference
    assert area_tree(house, "en")[1].name == "Haiwan District"


def test_the_people_of_a_station_each_once(house: House) -> None:
    at = people_at(house, _station(house, "XG"), "zh")
    assert {line.name for line in at} >= {"林小雨", "赵平", "陈海生"}
    assert len({line.reference for line in at}) == len(at)


def test_whoever_serves_somewhere_can_be_chosen_and_residents_cannot(house: House) -> None:
    with house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.login == "guoyi").values(active=False))
    names = {line.name: line.serves for line in people(house, "zh")}
    assert "鹭江供电公司" in names["雷明"]
    assert "张小满" not in names
    assert "郭颐" not in names


def test_colleagues_are_those_of_the_station_and_of_ones_own_department(house: House) -> None:
    found = {line.name for line in colleagues(house, _person(house, "leiming"), _station(house, "XG"), "zh")}
    assert {"Bao Lin 包霖", "林小雨"} <= found
    assert "雷明" not in found
    assert "丁恺" not in found


def test_codes_have_names_in_the_order_of_their_list(house: House) -> None:
    assert list(code_names(house, "industries", "zh").items())[:3] == [
        ("agriculture", "农业"),
        ("construction", "建筑"),
        ("law", "法律"),
    ]
    assert code_names(house, "levels", "en")["street"] == "Subdistrict"
    assert code_names(house, "nothing", "zh") == {}
    assert code_names(house, "industries", "en")["law"] == "Law"


def test_stations_and_departments_are_named_by_reference(house: House) -> None:
    assert "市民政局" in departments(house, "zh").values()
    assert station_names(house, "zh")[f"station:{_station(house, 'XG')}"] == "仙港街道代表活动站"


def test_an_empty_register_offers_nothing(database: Database, tmp_path: Path) -> None:
    import_register(database, yaml.safe_load("areas: []"), NOW, "x")
    house = House(database, tmp_path)
    assert (area_tree(house, "zh"), people(house, "zh"), dict(station_names(house, "zh"))) == ((), (), {})
