"""What stations have, by page: a clerk hands in with a photo, the office accepts or returns, and each sees what is theirs to see."""

from __future__ import annotations

import pytest

from huying.register.changes import Stamp, apply
from huying.register.haves import nine
from tests.huying.town import PIXEL, administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

SIGN = "/register/stations/XG/haves/sign"


@pytest.fixture(autouse=True)
def _listed(town: PortalTown) -> None:
    with town.house.database.writing() as connection:
        apply(connection, nine(), Stamp("page", town.clock()))


def hand_in(town: PortalTown, *, photo: bool = False) -> Visitor:
    clerk = town.visitor("clerk")
    files = [("files", ("牌子.png", PIXEL, "image/png"))] if photo else []
    clerk.send(SIGN, SIGN, {"extent": "met", "evidence": "大门口"}, files=files)
    return clerk


def test_from_the_register_to_the_check_and_back(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    assert f'href="{SIGN}#enter"' in clerk.see("/register/stations/XG")
    clerk = hand_in(town, photo=True)
    assert "待核定" in plain(clerk.see("/register/stations/XG"))
    assert "没有待核定的填报" not in plain(clerk.see("/register/haves"))
    office = town.visitor("office")
    desk = office.see("/register/haves")
    assert "星光站 · 有牌子" in plain(desk)
    number = desk.partition('action="/register/haves/')[2].partition('"')[0]
    office.send("/register/haves", f"/register/haves/{number}", {"do": "accept"})
    page = plain(clerk.see("/register/stations/XG"))
    assert "周主任 有效期至 2027-11-23" in page or "周主任" in page
    assert "周主任核定" in plain(clerk.see(SIGN))
    assert "没有待核定的填报" in plain(office.see("/register/haves"))


def test_a_photo_is_seen_by_those_who_see_the_station_and_by_nobody_else(town: PortalTown) -> None:
    clerk = hand_in(town, photo=True)
    address = clerk.see(SIGN).partition(f'href="{SIGN}/files/')[2].partition('"')[0]
    assert clerk.http.get(f"{SIGN}/files/{address}").headers["content-type"] == "image/png"
    assert town.visitor("office").http.get(f"{SIGN}/files/{address}").status_code == 200
    for login in ("far-clerk", "deputy", "stranger"):
        assert town.visitor(login).http.get(f"{SIGN}/files/{address}").status_code in (403, 404)
    clerk.see(f"{SIGN}/files/{'0' * 64}", 404)


def test_what_is_missing_is_said_at_its_field_and_what_was_entered_stays(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    page = clerk.send(SIGN, SIGN, {"extent": "met", "until": "2027-01-31"}, status=422)
    assert "请写明依据" in plain(page)
    assert 'href="#f-evidence"' in page
    assert 'value="2027-01-31"' in page
    assert "请选具备" in plain(clerk.send(SIGN, SIGN, {"evidence": "有"}, status=422))
    wrong = clerk.send(SIGN, SIGN, {"extent": "met", "until": "明年"}, status=422)
    assert "日期写成" in plain(wrong)


def test_a_return_needs_a_reason_and_stands_at_the_stations_desk(town: PortalTown) -> None:
    clerk = hand_in(town)
    office = town.visitor("office")
    desk = office.see("/register/haves")
    number = desk.partition('action="/register/haves/')[2].partition('"')[0]
    address = f"/register/haves/{number}"
    assert "退回要写明要补什么" in plain(office.send("/register/haves", address, {"do": "return"}, status=422))
    office.send("/register/haves", address, {"do": "return", "remark": "照片看不清"})
    assert "被退回：照片看不清" in plain(clerk.see("/register/haves"))


def test_nobody_else_hands_in_or_checks(town: PortalTown) -> None:
    clerk = hand_in(town)
    form = clerk.hidden(SIGN, SIGN)
    assert clerk.http.post("/register/haves/1", data={**form, "do": "accept"}).status_code == 403
    town.visitor("far-clerk").see(SIGN, 404)
    for login in ("deputy", "lighting", "stranger"):
        town.visitor(login).see("/register/haves", 403)
        town.visitor(login).see(SIGN, 403)


def test_a_dormant_stations_staff_are_asked_from_the_page_of_coverage(town: PortalTown) -> None:
    administrator(town.house)
    keeper = town.visitor("admin")
    assert "提醒站点" in plain(keeper.see("/register/coverage"))
    page = plain(keeper.send("/register/coverage", "/register/coverage/remind", {"station": "XG"}))
    assert "已提醒站长和工作人员" in page
