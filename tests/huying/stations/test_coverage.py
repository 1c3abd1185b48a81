"""Coverage: what is lacking where, told from the register as it is; sums hold at every level, and the standard says what is demanded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select, update

from huying.database import tables as t
from huying.database.connections import Database
from huying.demo.sample import fill
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.register.changes import Change, Stamp, apply
from huying.register.haves import nine
from huying.register.shapes import Values
from huying.register.standard import Standard, WrongStandard, standard_on, standards, write_standard
from huying.stations.coverage import AreaCoverage, CoverageSum, coverage
from huying.stations.sheet import lacks_sheet
from tests.template import Template

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
_SAMPLE = Template("register", lambda database, _folder: fill(database, NOW))


@pytest.fixture
def template() -> Template[Any]:
    return _SAMPLE


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


def change(house: House, *changes: Change) -> None:
    with house.database.writing() as connection:
        apply(connection, changes, Stamp("page", NOW))


def station(house: House, code: str) -> int:
    with house.database.reading() as connection:
        return int(connection.execute(select(t.stations.c.id).where(t.stations.c.code == code)).scalar_one())


def demand(house: House, **values: Any) -> None:
    with house.database.writing() as connection:
        write_standard(connection, Standard(since=TODAY, **values), By(None, NOW))


def seen(house: House, area: str = "", **more: Any) -> AreaCoverage:
    return coverage(house, "zh", NOW, area, **more)


def test_an_area_is_without_a_station_until_one_opens_and_again_once_it_closes(house: House) -> None:
    change(house, Change("area", ("990299",), {"name_zh": "新江区", "level": "district", "parent": "990200"}))
    assert [(one.name, one.above, one.level) for one in seen(house).areas if one.code == "990299"] == [
        ("新江区", "鹭江市", "区")
    ]
    change(house, Change("station", ("XJ",), {"name_zh": "新江站", "kind": "area", "area": "990299"}))
    assert "990299" not in [one.code for one in seen(house).areas]
    change(house, Change("station", ("XJ",), {"active": False, "closed": TODAY}))
    assert "990299" in [one.code for one in seen(house).areas]


def test_a_station_further_down_does_not_cover_the_area_above_it(house: House) -> None:
    change(
        house,
        Change("area", ("990299",), {"name_zh": "新江区", "level": "district", "parent": "990200"}),
        Change("area", ("990299001",), {"name_zh": "江口街道", "level": "street", "parent": "990299"}),
        Change("station", ("JK",), {"name_zh": "江口站", "kind": "area", "area": "990299001"}),
    )
    assert [one.code for one in seen(house, "990299").areas] == ["990299"]
    assert seen(house, "990299").whole == CoverageSum(
        "990299", "新江区", True, needed=2, covered=1, stations=1, dormant=1, teams=1
    )


def test_an_area_that_is_no_more_needs_no_station(house: House) -> None:
    values: Values = {"name_zh": "旧区", "level": "district", "parent": "990200", "until": date(2026, 3, 1)}
    change(house, Change("area", ("990298",), values))
    assert "990298" not in [one.code for one in seen(house).areas]


def test_a_team_lacks_a_level_until_a_deputy_of_it_joins_at_the_station_or_at_one_of_its_points(house: House) -> None:
    change(
        house,
        Change("area", ("990299001",), {"name_zh": "江口街道", "level": "street", "parent": "990201"}),
        Change("station", ("JK",), {"name_zh": "江口站", "kind": "area", "area": "990299001"}),
        Change("station", ("JK1",), {"name_zh": "江口点", "kind": "point", "area": "990299001", "parent": "JK"}),
    )

    def missing() -> list[str]:
        return [key for one in seen(house).teams if one.code == "JK" for key, _ in one.levels]

    assert missing() == ["national", "provincial", "city", "district"]
    span = {"since": date(2026, 1, 1), "until": date(2030, 12, 31)}
    for level, where in (("city", "JK"), ("national", "JK1")):
        login = f"new-{level}"
        change(
            house,
            Change("participant", (login,), {"name": f"新代表{level}", "kind": "deputy"}),
            Change("mandate", (login, level, span["since"]), {"until": span["until"]}),
            Change("membership", (login, where, None, "deputy", span["since"]), {}),
        )
    assert missing() == ["provincial", "district"]
    demand(house, deputy_levels=("city", "national"))
    assert missing() == []


def test_a_deputy_in_office_who_serves_nowhere_is_in_no_team(house: House) -> None:
    span = {"since": date(2026, 1, 1), "until": date(2030, 12, 31)}
    change(
        house,
        Change("participant", ("lone",), {"name": "独行", "kind": "deputy"}),
        Change("mandate", ("lone", "city", span["since"]), {"until": span["until"], "delegation": "haiwan"}),
        Change("participant", ("former",), {"name": "前任", "kind": "deputy"}),
        Change("mandate", ("former", "city", date(2021, 1, 1)), {"until": date(2025, 12, 31)}),
    )
    assert [(one.login, one.level, one.delegation) for one in seen(house).deputies if one.login in ("lone", "former")]
    assert [one.login for one in seen(house).deputies if one.login in ("lone", "former")] == ["lone"]
    change(house, Change("membership", ("lone", "XG", None, "deputy", span["since"]), {}))
    assert "lone" not in [one.login for one in seen(house).deputies]


def test_a_station_is_dormant_when_nothing_happened_for_as_long_as_the_standard_says(house: House) -> None:
    number = station(house, "XG")

    def dormant() -> dict[str, date | None]:
        return {one.code: one.last for one in seen(house).dormant}

    with house.database.writing() as connection:
        connection.execute(
            update(t.dated_duties).where(t.dated_duties.c.station_id == number).values(status="cancelled")
        )
        someone = connection.execute(select(t.participants.c.id).limit(1)).scalar_one()
        held = {"station_id": number, "participant_id": someone, "status": "planned"}
        connection.execute(insert(t.dated_duties), {**held, "day": TODAY - timedelta(days=60)})
        connection.execute(insert(t.dated_duties), {**held, "day": TODAY + timedelta(days=5)})
    assert "XG" not in dormant()
    demand(house, dormant_days=30)
    assert dormant()["XG"] == TODAY - timedelta(days=60)
    change(house, Change("station", ("NEW",), {"name_zh": "新站", "kind": "area", "area": "990201", "opened": TODAY}))
    assert "NEW" not in dormant()


def test_sums_of_the_parts_and_of_the_areas_own_are_the_sum_of_the_whole_at_every_level(house: House) -> None:
    with house.database.writing() as connection:
        apply(connection, nine(), Stamp("page", NOW))
    change(house, *(Change("station_have", ("XG", code), {"has": True}) for code in _nine_codes()))
    numbers = ("needed", "covered", "stations", "complete", "dormant", "teams", "mixed")
    tried = 0
    waiting = [""]
    while waiting:
        code = waiting.pop()
        found = seen(house, code)
        own = _own(house, code, found)
        for name in numbers:
            below = sum(getattr(part, name) for part in found.parts)
            assert below + own[name] == getattr(found.whole, name), (code, name)
        assert found.whole.complete == (1 if code in ("", "990200", "990201", "990201001") else 0)
        waiting += [part.code for part in found.parts]
        tried += 1
    assert tried > 10


def _nine_codes() -> list[str]:
    return [str(change.key[1]) for change in nine() if isinstance(change.key, tuple)]


def _own(house: House, code: str, found: AreaCoverage) -> dict[str, int]:
    """What belongs to an area itself, and to none of its parts, counted by another way."""
    with house.database.reading() as connection:
        # everything lies in one city, and without a choice its parts are shown
        which = t.areas.c.code == code if code else t.areas.c.parent_id.is_(None)
        area = connection.execute(select(t.areas).where(which)).one()
        mine = select(t.stations).where(t.stations.c.area_id == area.id, t.stations.c.active)
        there = connection.execute(mine).all()
        teams = [one for one in there if one.kind == "area" and one.parent_id is None] * (
            area.level in ("street", "town")
        )
        complete = 0
        for one in there:
            haves = connection.execute(select(t.station_haves.c.has).where(t.station_haves.c.station_id == one.id))
            complete += sum(haves.scalars()) == 9
    codes = {one.code for one in there}
    needs = area.level in ("district", "street", "neighbourhood", "village", "town")
    return {
        "needed": int(needs),
        "covered": int(needs and bool(there)),
        "stations": len(there),
        "complete": complete,
        "dormant": sum(one.code in codes for one in found.dormant),
        "teams": len(teams),
        "mixed": len(teams) - sum(one.code in {team.code for team in teams} for one in found.teams),
    }


def test_whoever_is_bounded_to_stations_is_told_of_these_alone(house: House) -> None:
    found = seen(house, only={station(house, "XG")})
    assert (found.areas, found.deputies) == ((), ())
    assert found.whole.stations == 1
    assert found.whole.needed == 0
    assert [part.name for part in found.parts] == ["海湾区"]
    assert {one.code for one in (*found.teams, *found.dormant)} <= {"XG"}


def test_an_area_that_there_is_not_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        seen(house, "nowhere")


def test_what_was_demanded_before_stays_what_it_was(house: House) -> None:
    with house.database.writing() as connection:
        apply(connection, nine(), Stamp("page", NOW))
        assert standard_on(connection, TODAY) == Standard()
        write_standard(
            connection, Standard(since=date(2026, 1, 1), haves=("place", "sign"), note="六有"), By(None, NOW)
        )
        write_standard(connection, Standard(since=date(2026, 7, 1), dormant_days=30), By(None, NOW))
        assert standard_on(connection, date(2025, 12, 31)) == Standard()
        assert standard_on(connection, date(2026, 6, 30)).haves == ("place", "sign")
        assert standard_on(connection, date(2026, 7, 1)).dormant_days == 30
        assert [one.since for one in standards(connection)] == [date(2026, 7, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(
    "values",
    [{"dormant_days": 0}, {"remind_days": -1}, {"haves": ("unknown",)}, {"deputy_levels": ("king",)}, {"since": None}],
)
def test_a_standard_that_cannot_be_is_refused(house: House, values: dict[str, Any]) -> None:
    with house.database.writing() as connection, pytest.raises(WrongStandard):
        write_standard(connection, Standard(**{"since": TODAY, **values}), By(None, NOW))


def test_the_sheet_has_a_line_for_each_lack(house: House, tmp_path: Path) -> None:
    found = seen(house)
    path = tmp_path / "coverage.xlsx"
    path.write_bytes(lacks_sheet(found, "zh"))
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert len(rows) - 1 == len(found.areas) + len(found.teams) + len(found.dormant) + len(found.deputies)
    assert rows[0][:3] == ("缺什么", "代码", "名称")
