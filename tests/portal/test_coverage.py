"""Coverage by page: what is lacking stands beside the way to mend it; staff see their own stations alone; the standard is written in versions."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from huying.register.changes import Change, Stamp, apply
from huying.register.haves import nine
from tests.huying.town import administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain


@pytest.fixture
def keeper(town: PortalTown) -> Visitor:
    """Who keeps the register of the whole house."""
    administrator(town.house)
    return town.visitor("admin")


def change(town: PortalTown, *changes: Change) -> None:
    with town.house.database.writing() as connection:
        apply(connection, changes, Stamp("page", town.clock()))


def test_an_area_without_a_station_has_one_two_taps_later(town: PortalTown, keeper: Visitor) -> None:
    change(town, Change("area", ("350299",), {"name_zh": "新江区", "level": "district"}))
    page = keeper.see("/register/coverage")
    assert "没有站点的区域 新江区 区" in plain(page)
    remedy = "/register/row/station?area=350299&amp;kind=area"
    assert remedy in page
    form = {"code": "XJ", "name_zh": "新江站", "kind": "area", "area": "350299"}
    keeper.send(
        "/register/row/station?area=350299&kind=area&back=/register/coverage",
        "/register/row/station",
        {f"field.{word}": text for word, text in form.items()},
    )
    assert keeper.path == "/register/coverage"
    assert "新江区 区" not in plain(keeper.see("/register/coverage"))


def test_a_deputy_in_no_team_is_put_into_one(town: PortalTown, keeper: Visitor) -> None:
    change(town, Change("participant", ("lone",), {"name": "独行", "kind": "deputy"}))
    enter = {"participant": "lone", "level": "city", "since": "2026-01-01", "until": "2030-12-31"}
    keeper.send("/register/row/mandate", "/register/row/mandate", {f"field.{w}": v for w, v in enter.items()})
    page = keeper.see("/register/coverage")
    assert "独行 市人大代表" in plain(page)
    address = "/register/row/membership?participant=lone&function=deputy&level=city&since=2026-11-23"
    assert address.replace("&", "&amp;") in page
    form = keeper.see(f"{address}&back=/register/coverage")
    assert 'value="lone"' in form
    joined = {"participant": "lone", "station": "XG", "function": "deputy", "level": "city", "since": "2026-11-23"}
    keeper.send(address, "/register/row/membership", {f"field.{w}": v for w, v in joined.items()})
    assert "独行 市人大代表" not in plain(keeper.see("/register/coverage"))


def test_staff_see_their_own_stations_and_no_deputies_and_change_no_standard(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    page = plain(clerk.see("/register/coverage"))
    assert "未编组的代表" not in page
    assert "没有站点的区域" not in page
    assert "远方站" not in page
    clerk.see("/register/standard", 403)
    for who in ("deputy", "lighting", "stranger"):
        town.visitor(who).see("/register/coverage", 403)
        town.visitor(who).see("/register/coverage.xlsx", 403)


def test_the_standard_is_written_anew_and_what_was_stays(town: PortalTown, keeper: Visitor) -> None:
    with town.house.database.writing() as connection:
        apply(connection, nine(), Stamp("page", town.clock()))
    entered = {
        "field.since": "2026-11-01",
        "field.haves": ["place", "sign"],
        "field.area_levels": "district",
        "field.team_levels": [],
        "field.deputy_levels": ["city", "district"],
        "field.dormant_days": "30",
        "field.valid_months": "6",
        "field.remind_days": "14",
        "field.note": "先按两有试行",
    }
    wrong = keeper.send(
        "/register/standard", "/register/standard", {**entered, "field.dormant_days": "三十"}, status=422
    )
    assert "请填 1 到 3660 的整数" in plain(wrong)
    assert "先按两有试行" in wrong
    page = plain(keeper.send("/register/standard", "/register/standard", entered))
    assert "2026-11-01 起" in page
    assert "先按两有试行" in page
    register = keeper.see("/register")
    assert 'title="有牌子"' in register
    assert 'title="有档案"' not in register
    assert "30 天没有活动" in plain(keeper.see("/register/coverage"))


def test_the_lacks_are_taken_out_as_a_sheet(town: PortalTown, keeper: Visitor) -> None:
    change(town, Change("area", ("350299",), {"name_zh": "新江区", "level": "district"}))
    answer = keeper.http.get("/register/coverage.xlsx")
    assert answer.status_code == 200
    cells = [cell.value for row in load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows() for cell in row]
    assert "新江区" in cells


def test_an_unknown_area_is_not_found(keeper: Visitor) -> None:
    keeper.see("/register/coverage?area=nowhere", 404)
