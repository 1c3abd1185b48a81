"""Accounts on pages: somebody is invited, sets a passphrase on a slip's address, and comes in; others may not do that for them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from huying.access import accounts
from huying.access.rules import AccountRules
from huying.database.tables import credential_links, participants, stations
from huying.rights.grants import NewGrant, give
from huying.rights.scope import at_station
from tests.huying.town import MORNING, PASSPHRASE
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

GOOD = "three hens refuse to lay"


@pytest.fixture
def admin(town: PortalTown) -> Visitor:
    """The first administrator, signed in."""
    made = accounts.first_administrator(town.house, MORNING)
    visitor = town.visitor()
    page, values = f"/account/set/{made.token}", {"passphrase": GOOD, "again": GOOD, "name": "温如玉", "login": "wen"}
    visitor.send(page, page, values)
    return visitor


def _slip(town: PortalTown, admin: Visitor, login: str) -> str:
    """The page of the address on a slip for somebody."""
    values = {"field.people": str(town.people[login]), "how": "slip"}
    page = admin.send("/accounts", "/accounts/links", values)
    found = re.search(r"http://testserver(/account/set/[\w-]+)", page)
    assert found
    return found[1]


def test_the_first_administrator_comes_in_by_the_printed_address(town: PortalTown, admin: Visitor) -> None:
    page = plain(admin.see("/accounts"))
    assert "温如玉" in page
    assert "王芳" in page
    town.visitor().send("/login", "/login", {"login": "wen", "passphrase": GOOD})


def test_a_slip_bears_all_that_is_needed_and_lets_its_person_in(town: PortalTown, admin: Visitor) -> None:
    values = {"field.people": str(town.people["deputy"]), "how": "slip"}
    slip = admin.send("/accounts", "/accounts/links", values)
    for said in ("王芳", "deputy", "人大常委会办公室", "签收人", "11月24日", "<svg"):
        assert said in slip
    page = _slip(town, admin, "deputy")
    visitor = town.visitor()
    assert "王芳" in visitor.see(page)
    assert visitor.see(page)
    visitor.send(page, page, {"passphrase": GOOD, "again": GOOD})
    assert visitor.path == "/tasks"
    for opened in (visitor, town.visitor()):
        assert "已经用过" in opened.see(page, status=410)


def test_what_is_wrong_with_a_passphrase_stands_beside_it(town: PortalTown, admin: Visitor) -> None:
    page = _slip(town, admin, "deputy")
    visitor = town.visitor()
    for passphrase, again, said in (
        ("short", "short", "至少要 15 个"),
        (GOOD, GOOD + ".", "两次输入的不一样"),
        ("星光站王芳星光站王芳20261130", "星光站王芳星光站王芳20261130", "大家知道"),
    ):
        answer = visitor.send(page, page, {"passphrase": passphrase, "again": again}, status=422)
        assert said in answer
        assert passphrase not in answer
    visitor.send(page, page, {"passphrase": GOOD, "again": GOOD})


def test_a_link_of_somebody_else_says_so_and_changes_who_is_signed_in(town: PortalTown, admin: Visitor) -> None:
    page = _slip(town, admin, "deputy")
    clerk = town.visitor("clerk")
    assert "现在登录的是陈晓" in clerk.see(page)
    clerk.send(page, page, {"passphrase": GOOD, "again": GOOD})
    assert "王芳" in clerk.see("/tasks")


def test_a_strict_house_says_what_it_asks_for(town: PortalTown) -> None:
    made = accounts.first_administrator(town.house, MORNING)
    config = town.app.state.portal.config
    object.__setattr__(config, "accounts", AccountRules(strict=True))
    page, visitor = f"/account/set/{made.token}", town.visitor()
    assert "三种" in visitor.see(page)
    assert "三种" in visitor.send(page, page, {"passphrase": GOOD, "again": GOOD}, status=422)
    strong = GOOD.title() + ","
    visitor.send(page, page, {"passphrase": strong, "again": strong})


def test_several_are_told_at_once_and_each_refusal_has_its_reason(town: PortalTown, admin: Visitor) -> None:
    values = {"field.people": [str(town.people["deputy"]), "999"], "how": "message"}
    page = plain(admin.send("/accounts", "/accounts/links", values))
    assert "王芳没有登记邮箱，请打印单子交给本人" in page
    assert "没有这个人" in page


def test_a_link_can_be_taken_back(town: PortalTown, admin: Visitor) -> None:
    with town.house.database.writing() as connection:
        nobody = update(participants).where(participants.c.login == "deputy").values(passphrase_hash=None)
        connection.execute(nobody)
    page = _slip(town, admin, "deputy")
    assert "已邀请，未登录" in admin.see("/accounts")
    deputy = town.people["deputy"]
    hidden = admin.hidden("/accounts", "/accounts/links")
    assert admin.http.post(f"/accounts/{deputy}/revoke", data=hidden).status_code == 200
    assert "作废" in town.visitor().see(page, status=410)


def test_whoever_is_disabled_cannot_log_in(town: PortalTown, admin: Visitor) -> None:
    deputy = town.visitor("deputy")
    hidden = admin.hidden("/accounts", "/accounts/links")
    admin.http.post(f"/accounts/{town.people['deputy']}/disable", data=hidden)
    assert deputy.http.get("/tasks", follow_redirects=False).status_code == 303
    assert "用户名或口令不对" in deputy.send(
        "/login", "/login", {"login": "deputy", "passphrase": PASSPHRASE}, status=401
    )
    admin.http.post(f"/accounts/{town.people['deputy']}/enable", data=hidden)
    deputy.log_in("deputy")


@pytest.mark.parametrize("login", ["clerk", "deputy", "office"])
def test_accounts_are_cared_for_by_administrators_alone(town: PortalTown, login: str) -> None:
    visitor = town.visitor(login)
    visitor.see("/accounts", status=403)
    hidden = visitor.hidden("/report/street-matters", "/report/street-matters")
    for address in ("/accounts/links", f"/accounts/{town.people['deputy']}/disable"):
        answer = visitor.http.post(address, data={**hidden, "field.people": "4", "how": "slip"})
        assert answer.status_code == 403
        assert "account/set" not in answer.text


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "..%2F..", "ä"])
def test_an_address_that_is_no_link_is_not_found(town: PortalTown, token: str) -> None:
    assert town.visitor().http.get(f"/account/set/{token}").status_code == 404


@pytest.fixture
def bounded(town: PortalTown) -> Visitor:
    """A clerk who keeps the register of their own station alone, signed in."""
    with town.house.database.writing() as connection:
        station = connection.execute(select(stations.c.id).where(stations.c.code == "XG")).scalar_one()
        wish = NewGrant(town.people["clerk"], "registrar", at_station(station), MORNING.date(), None, "本站名册")
        give(connection, wish, MORNING, None)
    return town.visitor("clerk")


def test_a_registrar_of_one_station_sees_and_invites_its_people_alone(town: PortalTown, bounded: Visitor) -> None:
    page = plain(bounded.see("/accounts"))
    assert "何静" in page
    for elsewhere in ("郑远", "赵亮", "周主任", "吴人"):
        assert elsewhere not in page
    assert "何静" in bounded.send(
        "/accounts", "/accounts/links", {"field.people": str(town.people["clerk2"]), "how": "slip"}
    )
    far = {"field.people": str(town.people["far-clerk"]), "how": "slip"}
    refused = plain(bounded.send("/accounts", "/accounts/links", far))
    assert "不在您管理的范围内" in refused
    assert "郑远" not in refused
    with town.house.database.reading() as connection:
        made = connection.execute(select(credential_links.c.participant_id)).scalars().all()
    assert made == [town.people["clerk2"]]


@pytest.mark.parametrize("deed", ["disable", "enable", "revoke", "second-factor"])
def test_no_address_reaches_people_of_elsewhere(town: PortalTown, bounded: Visitor, deed: str) -> None:
    hidden = bounded.hidden("/accounts", "/accounts/links")
    answer = bounded.http.post(f"/accounts/{town.people['far-clerk']}/{deed}", data=hidden)
    assert answer.status_code == 409
    assert "不在您管理的范围内" in answer.text
