"""Who may do what, and why: pages of a person, a station, a right; grants given and ended; what cannot be is said at its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from huying.database import tables as t
from huying.database.day import HOUSE_ZONE
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from tests.huying.town import MORNING
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

TODAY = MORNING.astimezone(HOUSE_ZONE).date()


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """The first administrator."""
    town.people["admin"] = made_administrator(town.house)
    return town.visitor("admin")


def _page(town: PortalTown, login: str) -> str:
    return f"/rights/people/{town.people[login]}"


def _give(town: PortalTown, visitor: Visitor, login: str, values: Mapping[str, str], status: int = 200) -> str:
    page = _page(town, login)
    entries = {"role": "supervisor", "scope": "house", "since": TODAY.isoformat(), "reason": "督办片区", **values}
    return visitor.send(page, f"{page}/grants", entries, status=status)


def _given(town: PortalTown, login: str) -> int:
    of = select(t.grants.c.id).where(t.grants.c.participant_id == town.people[login]).order_by(t.grants.c.id.desc())
    with town.house.database.reading() as connection:
        return int(connection.execute(of.limit(1)).scalar_one())


def test_a_person_is_looked_up_and_every_right_says_because_of_what(town: PortalTown, administrator: Visitor) -> None:
    found = administrator.see("/rights?q=陈晓")
    assert _page(town, "clerk") in found
    page = plain(administrator.see(_page(town, "clerk")))
    assert "任职：星光站工作人员" in page
    assert "照管事项 星光站 任职：星光站工作人员" in page
    assert "管理外部系统 没有相应的任职或授权；需要：系统管理员。" in page


def test_what_is_missing_is_the_nearest_condition(town: PortalTown, administrator: Visitor) -> None:
    page = _page(town, "deputy")
    tomorrow = TODAY + timedelta(days=1)
    _give(town, administrator, "deputy", {"role": "system", "since": tomorrow.isoformat()})
    assert "“授权：系统管理员”从 11月24日（周二） 起生效。" in plain(administrator.see(page))
    _give(town, administrator, "deputy", {"role": "registrar", "scope": _station(town, "XG")})
    shown = plain(administrator.see(page))
    assert "“授权：名册管理员”只在星光站有效，这一项要全机构的授权。" in shown
    assert "范围不对：“授权：名册管理员”只在星光站有效。" in plain(administrator.see(f"{page}?station=YF"))
    with town.house.database.writing() as connection:
        who = t.participants.c.id == town.people["deputy"]
        connection.execute(update(t.participants).where(who).values(active=False))
    assert "账号已停用。" in plain(administrator.see(page))


def _station(town: PortalTown, code: str) -> str:
    with town.house.database.reading() as connection:
        return f"station:{connection.execute(select(t.stations.c.id).where(t.stations.c.code == code)).scalar_one()}"


def test_a_grant_is_given_with_a_reason_and_opens_what_it_is_for_until_it_is_ended(
    town: PortalTown, administrator: Visitor
) -> None:
    far = town.visitor("far-clerk")
    far.see("/connections", 403)
    shown = plain(_give(town, administrator, "far-clerk", {"role": "system", "reason": "接替冯硕"}))
    assert "系统管理员 · 全机构 生效中" in shown
    assert "冯硕 · 接替冯硕" in shown
    far.see("/connections")
    page = _page(town, "far-clerk")
    end = f"{page}/grants/{_given(town, 'far-clerk')}/end"
    assert "请写明收回的理由" in administrator.send(page, end, {"end_reason": " "}, status=422)
    assert "系统管理员 · 全机构 已结束" in plain(administrator.send(page, end, {"end_reason": "调离"}))
    far.see("/connections", 403)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"role": ""}, "请选择一种权限"),
        ({"scope": "moon"}, "请选择全机构、区域或站点"),
        ({"scope": "station:99"}, "没有这个站点或区域"),
        ({"until": "2026-11-22"}, "截止日期早于开始日期"),
        ({"since": "明天"}, "请写成 2026-12-01 这样的日期"),
        ({"reason": ""}, "请写明理由"),
        ({"role": "publisher", "scope": "area:1"}, "只能在全机构授予"),
    ],
)
def test_what_cannot_be_granted_is_said_at_its_field(
    town: PortalTown, administrator: Visitor, values: dict[str, str], words: str
) -> None:
    assert words in _give(town, administrator, "clerk", values, status=422)


def test_the_last_administrator_cannot_end_their_own_grant(town: PortalTown, administrator: Visitor) -> None:
    page = _page(town, "admin")
    end = f"{page}/grants/{_given(town, 'admin')}/end"
    assert "这是最后一位“系统管理员”" in administrator.send(page, end, {"end_reason": "退休"}, status=422)
    administrator.see("/rights")


def test_a_registrar_gives_no_more_than_can_be_bounded(town: PortalTown, administrator: Visitor) -> None:
    _give(town, administrator, "clerk", {"role": "registrar"})
    clerk = town.visitor("clerk")
    _give(town, clerk, "deputy", {"role": "supervisor"})
    assert "没有“授予、收回权限”的权限" in _give(town, clerk, "deputy", {"role": "system"}, status=403)


def test_who_may_do_something_and_which_addresses_ask_for_it(town: PortalTown, administrator: Visitor) -> None:
    page = plain(administrator.see("/rights/actions/keep connections"))
    assert "冯硕 全机构 授权：系统管理员" in page
    assert "GET /connections" in page
    administrator.see("/rights/actions/rule the world", 404)


def test_who_may_do_what_at_a_station(town: PortalTown, administrator: Visitor) -> None:
    page = plain(administrator.see("/rights/stations/XG"))
    cared_for = page.split("照管事项")[1].split("处理出错")[0]
    assert "陈晓 星光站" in cared_for
    assert "周主任 全机构" in cared_for
    assert "郑远" not in cared_for
    administrator.see("/rights/stations/NIX", 404)


def test_grants_that_end_soon_and_accounts_that_nobody_uses_are_listed(
    town: PortalTown, administrator: Visitor
) -> None:
    with town.house.database.writing() as connection:
        for login, days in (("clerk", 14), ("deputy", 15)):
            until = TODAY + timedelta(days=days)
            wish = NewGrant(town.people[login], "supervisor", HOUSE, TODAY, until, "代理")
            give(connection, wish, MORNING, town.people["admin"])
    page = plain(administrator.see("/rights"))
    soon = page.split("14 天内到期的授权")[1].split("有授权，但")[0]
    assert "陈晓" in soon
    assert "王芳" not in soon
    assert "陈晓 从未登录" in page.split("有授权，但")[1]


def test_all_rights_are_a_sheet_for_the_yearly_review(town: PortalTown, administrator: Visitor) -> None:
    _give(town, administrator, "clerk", {"reason": "=HYPERLINK(1)"})
    answer = administrator.http.get("/rights/sheet")
    assert answer.status_code == 200
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:4] == ("姓名", "可以办理", "范围", "因为")
    assert ("陈晓", "照管事项", "全机构", "授权：督办人") in [row[:4] for row in rows]
    assert "=HYPERLINK(1)" in [row[7] for row in rows]


def test_everybody_sees_their_own_rights_and_no_others(town: PortalTown, administrator: Visitor) -> None:
    assert "照管事项 星光站" in plain(town.visitor("clerk").see("/my/rights"))
    for address in ("/rights", _page(town, "clerk"), "/rights/sheet", "/rights/stations/XG"):
        town.visitor("clerk").see(address, 403)


def test_whoever_stands_in_inherits_no_grants(town: PortalTown, administrator: Visitor) -> None:
    with town.house.database.writing() as connection:
        away = {"participant_id": town.people["admin"], "substitute_id": town.people["clerk"], "first_day": TODAY}
        connection.execute(t.absences.insert(), away)
    town.visitor("clerk").see("/connections", 403)


def test_in_english_too(town: PortalTown, administrator: Visitor) -> None:
    page = plain(town.visitor("admin", "en").see(f"{_page(town, 'clerk')}?lang=en"))
    assert "serves: clerk of Starlight" in page
    assert "look after issues" in page


def test_why_the_house_granted_something_is_said_in_one_language(town: PortalTown, administrator: Visitor) -> None:
    chinese = plain(administrator.see(_page(town, "admin")))
    assert "建立本系统时的管理员" in chinese
    assert "administrator from the beginning" not in chinese
    administrator.http.cookies.set("huying_language", "en")
    english = plain(administrator.see(_page(town, "admin")))
    assert "administrator from the beginning" in english
    assert "建立本系统时的管理员" not in english


def test_a_colleague_who_may_not_reads_who_may_and_others_do_not(town: PortalTown, administrator: Visitor) -> None:
    assert "目前还没有人有这项权限" in plain(administrator.see("/audit", 403))
    with town.house.database.writing() as connection:
        give(connection, NewGrant(town.people["clerk"], "privacy", HOUSE, TODAY, None, "本机构指定"), MORNING, None)
    assert "陈晓 授权：个人信息保护负责人" in plain(administrator.see("/audit", 403))
    assert "陈晓" not in plain(town.visitor("deputy").see("/audit", 403))
