"""The register by page: entered, changed, ended and taken back by hand, with its log; refusals at the field; and who may."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import insert, select

from huying.database.tables import grants, memberships, register_deeds, stations
from huying.house.house import House
from tests.huying.town import MORNING, administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

PAGES = ("/register", "/register/people", "/register/departments", "/register/codes", "/register/log")


@pytest.fixture
def keeper(town: PortalTown) -> Visitor:
    """Who keeps the register of the whole house."""
    administrator(town.house)
    return town.visitor("admin")


def enter(keeper: Visitor, of: str, values: dict[str, str], status: int = 200, where: str = "") -> str:
    """Fill in the form of a new row."""
    fields = {f"field.{word}": text for word, text in values.items()}
    return plain(keeper.send(where or f"/register/row/{of}", f"/register/row/{of}", fields, status=status))


def ids(house: House) -> dict[str, int]:
    with house.database.reading() as connection:
        return {row.code: row.id for row in connection.execute(select(stations))}


def test_a_point_is_entered_with_its_deputy_and_stands_in_the_log(town: PortalTown, keeper: Visitor) -> None:
    said = enter(
        keeper, "station", {"code": "P1", "name_zh": "渔港点", "kind": "point", "parent": "XG", "area": "350203"}
    )
    assert "渔港点" in plain(keeper.see("/register/stations/P1")), said
    enter(keeper, "participant", {"login": "chen", "name": "陈海生", "kind": "deputy", "phone": "13800000001"})
    refused = enter(keeper, "membership", {"participant": "chen", "station": "P1", "function": "deputy"}, status=422)
    assert "代表要先有任期" in refused
    enter(keeper, "mandate", {"participant": "陈海生", "level": "city", "since": "2026-01-01", "until": "2030-12-31"})
    enter(
        keeper,
        "membership",
        {"participant": "chen", "station": "P1", "function": "deputy", "since": "2026-01-01"},
    )
    page = plain(keeper.see("/register/stations/P1"))
    assert "陈海生 代表 · 市人大代表" in page
    assert "冯硕 · 网页" in page
    assert "陈海生 代表 · 市人大代表 未开始" in plain(keeper.see("/register/stations/P1?on=2025-12-31"))
    assert "138****01" in plain(keeper.see("/register/people?q=陈海生"))


def test_a_membership_is_ended_today_and_it_is_taken_back(town: PortalTown, keeper: Visitor) -> None:
    with town.house.database.reading() as connection:
        member = connection.execute(
            select(memberships).where(memberships.c.participant_id == town.people["clerk2"])
        ).first()
    assert member is not None
    address = f"/register/row/membership?key={member.id}"
    keeper.send(address, "/register/row/membership", {"do": "end", "why": "调离"})
    with town.house.database.reading() as connection:
        until = connection.execute(select(memberships.c.until).where(memberships.c.id == member.id)).scalar_one()
        deed = connection.execute(select(register_deeds).order_by(register_deeds.c.id.desc())).first()
    assert deed is not None
    assert (until, deed.why) == (town.house.day_of(town.clock()), "调离")
    log = f"/register/log/{deed.id}"
    assert "1 条会恢复原样" in plain(keeper.see(log))
    keeper.send(log, f"{log}/undo", {"why": "弄错了"})
    with town.house.database.reading() as connection:
        again = connection.execute(select(memberships.c.until).where(memberships.c.id == member.id)).scalar_one()
    assert again is None
    assert "这次变更已经撤销" in plain(keeper.see(log))


def test_wrong_dates_are_said_at_their_field_and_what_was_entered_stays(town: PortalTown, keeper: Visitor) -> None:
    values = {"participant": "clerk", "first_day": "2026-03-09", "last_day": "2026-03-08", "substitute": "clerk2"}
    fields = {f"field.{word}": text for word, text in values.items()}
    page = keeper.send("/register/row/absence", "/register/row/absence", fields, status=422)
    assert "早于起期" in plain(page)
    assert 'href="#f-last_day"' in page
    assert 'value="2026-03-08"' in page
    said = enter(keeper, "absence", {"participant": "nobody", "first_day": "2026-02-30"}, status=422)
    assert "没有代码或名称为“nobody”的人员" in said
    assert "“2026-02-30”读不懂" in said


def test_the_nine_are_entered_by_one_tap_and_each_is_confirmed(town: PortalTown, keeper: Visitor) -> None:
    keeper.send("/register/codes", "/register/nine")
    assert "有牌子" in plain(keeper.see("/register/codes"))
    enter(
        keeper,
        "station_have",
        {
            "station": "XG",
            "have": "sign",
            "has": "yes",
            "evidence": "照片",
            "confirmed_by": "clerk",
            "until": "2026-01-01",
        },
    )
    assert "到期待复核" in plain(keeper.see("/register/stations/XG"))


def test_staff_read_their_own_station_and_nobody_elses_and_change_nothing(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    listed = plain(clerk.see("/register"))
    assert "星光站" in listed
    assert "远方站" not in listed
    assert "新设站点" not in listed
    clerk.see("/register/stations/XG")
    other = next(code for code in ids(town.house) if code != "XG")
    clerk.see(f"/register/stations/{other}", 404)
    for page in PAGES[1:]:
        clerk.see(page, 403)
    clerk.see("/register/row/station", 403)
    for who in ("deputy", "lighting", "stranger"):
        for page in PAGES:
            town.visitor(who).see(page, 403)


def test_a_registrar_of_one_station_changes_that_one_alone(town: PortalTown) -> None:
    numbers = ids(town.house)
    with town.house.database.writing() as connection:
        row = {
            "participant_id": town.people["clerk"],
            "role": "registrar",
            "station_id": numbers["XG"],
            "since": date(2026, 1, 1),
            "reason": "本站名册",
            "made_at": MORNING,
        }
        connection.execute(insert(grants), row)
    clerk = town.visitor("clerk")
    mine = {"participant": "clerk2", "station": "XG", "function": "liaison"}
    enter(clerk, "membership", mine)
    other = next(code for code in numbers if code != "XG")
    enter(clerk, "membership", {**mine, "station": other}, status=403)
    enter(clerk, "membership", {"participant": "clerk2", "organisation": "cg", "function": "handler"}, status=403)
    enter(clerk, "code", {"list": "haves", "code": "x", "name_zh": "有"}, status=403)
    enter(clerk, "organisation", {"code": "x", "name_zh": "局", "kind": "department"}, status=403)
    # whoever may change an address could take what its owner may do
    administrator(town.house)
    enter(clerk, "address", {"participant": "admin", "channel": "mail", "target": "x@example.org"}, status=403)
    clerk.see("/register/log", 403)


@pytest.mark.parametrize(
    ("channel", "target", "wrong"),
    [
        ("wecom", "zhang.san", "张三"),
        ("sms", "+86 138-0000-0000", "电话"),
        ("dingtalk", "manager4220", "a b"),
        ("feishu", "ou_7d8a6e", "“x”"),
    ],
)
def test_somebody_is_reached_by_more_than_mail(
    town: PortalTown, keeper: Visitor, channel: str, target: str, wrong: str
) -> None:
    refused = enter(keeper, "address", {"participant": "clerk", "channel": channel, "target": wrong}, status=422)
    assert "请核对" in refused
    enter(keeper, "address", {"participant": "clerk", "channel": channel, "target": target})
    assert target in keeper.see(f"/register/people/{town.people['clerk']}")


@pytest.mark.parametrize(
    "address", ["/register/row/secrets", "/register/row/station?key=999", "/register/row/duty?key=x"]
)
def test_what_is_not_in_the_register_is_not_found(keeper: Visitor, address: str) -> None:
    keeper.see(address, 404)


def test_the_way_back_leads_to_no_other_site(keeper: Visitor) -> None:
    assert "example.org" not in keeper.see("/register/row/station?back=//example.org/register")


@pytest.mark.parametrize("of", ["station", "participant", "area", "organisation"])
def test_exactly_what_is_asked_for_when_it_is_missing_is_not_marked_as_optional(keeper: Visitor, of: str) -> None:
    page = keeper.see(f"/register/row/{of}")
    labels = dict(re.findall(r'<label for="f-([a-z_]+)">(.*?)</label>', page, re.DOTALL))
    optional = {word for word, label in labels.items() if 'class="opt"' in label}
    choices = {
        word for word in labels if '<option value="no"' in page.partition(f'id="f-{word}"')[2].partition("</select>")[0]
    }
    answer = keeper.send(f"/register/row/{of}", f"/register/row/{of}", {}, status=422)
    missing = set(re.findall(r'href="#f-([a-z_]+)"', answer))
    assert missing
    assert missing == set(labels) - optional - choices
