"""Finding one's station: by words, by area, by position."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from huying.database import tables as t
from huying.register.faults import WrongRegister
from huying.register.imports import import_register
from huying.register.nearby import MOST, station_line, stations_near, stations_sought
from huying.register.office import emergencies, way_names
from huying.register.reader import read_register
from tests.huying.town import Town

_HERE = (24.4475, 118.0752)


def _areas(count: int) -> list[dict[str, object]]:
    city: list[dict[str, object]] = [{"code": "88", "name": {"zh": "远海市", "en": "Yuanhai"}, "level": "city"}]
    return city + [
        {
            "code": f"88{number:04}",
            "name": {"zh": f"第{number}街道", "en": f"Street {number}"},
            "level": "street",
            "parent": "88",
        }
        for number in range(count)
    ]


def _stations(count: int) -> list[dict[str, object]]:
    return [
        {
            "code": f"S{number:04}",
            "name": {"zh": f"第{number}活动站", "en": f"Room {number}"},
            "kind": "area",
            "area": f"88{number:04}",
            "latitude": _HERE[0] + number / 100,
            "longitude": _HERE[1],
        }
        for number in range(count)
    ]


@pytest.fixture
def many(town: Town) -> Town:
    """442 more stations, each a good kilometre further than the one before."""
    data = {"areas": _areas(442), "stations": _stations(442)}
    import_register(town.house.database, data, datetime(2026, 11, 1, tzinfo=UTC), "correct horse")
    return town


def test_the_nearest_ones_come_first_with_how_far_they_are(many: Town) -> None:
    found = stations_near(many.house, _HERE[0] + 0.0301, _HERE[1], "zh")
    assert [one.code for one in found] == ["S0003", "S0004", "S0002", "S0005", "S0001"]
    assert found[0].metres == pytest.approx(11, abs=1)
    assert found[1].metres == pytest.approx(1101, abs=2)


def test_a_station_of_no_known_position_is_not_near_anything(town: Town) -> None:
    assert stations_near(town.house, *_HERE, "zh") == ()


def test_every_word_stands_in_its_name_code_area_or_the_area_above(many: Town) -> None:
    assert [one.code for one in stations_sought(many.house, "第37活动站", "zh")] == ["S0037"]
    assert [one.code for one in stations_sought(many.house, "远海 第41街道", "zh")] == ["S0041"]
    assert [one.code for one in stations_sought(many.house, "s0440", "zh")] == ["S0440"]
    assert [one.code for one in stations_sought(many.house, "street 440", "en")] == ["S0440"]
    assert stations_sought(many.house, "100%_", "zh") == ()
    assert len(stations_sought(many.house, "", "zh")) == MOST


def test_one_by_its_code(many: Town) -> None:
    found = station_line(many.house, "S0007", "en")
    assert found is not None
    assert (found.name, found.area, found.above) == ("Room 7", "Street 7", "Yuanhai")
    assert station_line(many.house, "nowhere", "en") is None


def test_a_position_beyond_the_earth_is_refused() -> None:
    wrong = [{**_stations(1)[0], "latitude": 118.0, "longitude": 24.0}]
    with pytest.raises(WrongRegister, match=r"stations\[0\].latitude"):
        read_register({"areas": _areas(1), "stations": wrong}, [])


def test_emergency_numbers_and_ways_in_are_lists_of_the_register(town: Town) -> None:
    assert emergencies(town.house, "zh") == ()
    rows = [
        {"list": "emergencies", "code": "119", "name_zh": "火警", "name_en": "Fire", "position": 1},
        {"list": "emergencies", "code": "110", "name_zh": "报警", "name_en": "Police", "position": 0},
        {"list": "ways", "code": "follow", "name_zh": "查进度", "name_en": "Follow", "position": 0},
    ]
    with town.house.database.writing() as connection:
        connection.execute(insert(t.codes), rows)
    assert [(one.number, one.name) for one in emergencies(town.house, "en")] == [("110", "Police"), ("119", "Fire")]
    assert way_names(town.house, "zh") == {"follow": "查进度"}
