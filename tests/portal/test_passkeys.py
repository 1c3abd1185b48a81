"""Passkeys on pages, by visitors whose browser and device are software: added, shown, refused, removed."""

from __future__ import annotations

import logging
import re

import pyotp
import pytest
from sqlalchemy import select

from huying.access.rules import AccountRules
from huying.database.tables import deliveries
from huying.limits import limits_of
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import PASSPHRASE
from tests.portal.conftest import PortalTown
from tests.portal.test_account import _set_up as set_up_authenticator
from tests.portal.test_accounts import GOOD
from tests.portal.visitor import Visitor
from tests.soft_passkey import SoftPasskey

ORIGIN = "https://testserver"
_PAGE, _LOGIN = "/account/passkeys", "/login/passkey"


@pytest.fixture
def office(town: PortalTown) -> PortalTown:
    """The town at an address where browsers offer passkeys."""
    return _at(town, ORIGIN)


def _at(town: PortalTown, address: str, **more: object) -> PortalTown:
    config = PortalConfig(portal_url=address, prefect_api_url="http://127.0.0.1:9/api", **more)  # type: ignore[arg-type]
    town.app = create_app(town.house, config, town.clock)
    return town


def _asked(visitor: Visitor, page: str, form: str, challenge: str, **values: str) -> str:
    answer = visitor.http.post(challenge, data={**visitor.hidden(page, form), **values})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def _add(visitor: Visitor, device: SoftPasskey | None = None, name: str = "我的手机") -> tuple[SoftPasskey, str]:
    device = device or SoftPasskey()
    options = _asked(visitor, _PAGE, _PAGE, f"{_PAGE}/challenge", present=PASSPHRASE)
    page = visitor.send(_PAGE, _PAGE, {"credential": device.made(options, ORIGIN), "name": name})
    return device, page


def _sign_in(visitor: Visitor, device: SoftPasskey, status: int = 200, next: str = "/login") -> str:
    options = _asked(visitor, next, _LOGIN, f"{_LOGIN}/challenge")
    return visitor.send(next, _LOGIN, {"credential": device.shown(options, ORIGIN)}, status=status)


def test_somebody_adds_one_and_comes_in_with_it_alone(office: PortalTown, caplog: pytest.LogCaptureFixture) -> None:
    deputy, other = office.visitor("deputy"), office.visitor("deputy")
    device, page = _add(deputy)
    assert len(re.findall(r"<li>[a-z0-9]{4}(?:-[a-z0-9]{4}){3}</li>", page)) == 10
    assert "我的手机" in deputy.see(_PAGE)
    assert other.http.get("/tasks", follow_redirects=False).status_code == 303
    visitor = office.visitor()
    with caplog.at_level(logging.INFO, "huying.access"):
        _sign_in(visitor, device, next="/login?next=/account")
    assert visitor.path == "/account"
    assert f"what=signed-in person={office.people['deputy']} how=passkey" in caplog.messages[-1]
    assert "凭通行密钥登录" in visitor.see("/account")


def test_after_the_passphrase_it_is_asked_for(office: PortalTown) -> None:
    device, _ = _add(office.visitor("deputy"))
    visitor = office.visitor()
    page = visitor.log_in("deputy")
    assert visitor.path == "/login/code"
    assert "没有设置验证器" in page
    options = _asked(visitor, "/login/code", "/login/code/passkey", "/login/code/challenge")
    visitor.send("/login/code", "/login/code/passkey", {"credential": device.shown(options, ORIGIN)})
    assert visitor.path == "/tasks"
    assert "凭口令、通行密钥登录" in visitor.see("/account")


def test_a_recovery_code_lets_in_whoever_has_lost_the_device(office: PortalTown) -> None:
    _, page = _add(office.visitor("deputy"))
    code = re.findall(r"<li>([a-z0-9-]{19})</li>", page)[0]
    visitor = office.visitor()
    visitor.log_in("deputy")
    visitor.send("/login/code", "/login/code", {"code": code})
    assert visitor.path == "/tasks"
    body = {"login": "deputy", "passphrase": PASSPHRASE, "code": re.findall(r"<li>([a-z0-9-]{19})</li>", page)[1]}
    assert office.visitor().http.post("/api/v1/sessions", json=body).status_code == 201


def test_authenticator_and_passkey_are_each_enough(office: PortalTown) -> None:
    deputy = office.visitor("deputy")
    secret, _ = set_up_authenticator(office, deputy)
    device, page = _add(deputy)
    assert "已添加" in page
    office.clock.move(minutes=1)
    visitor = office.visitor()
    assert "使用通行密钥" in visitor.log_in("deputy")
    visitor.send("/login/code", "/login/code", {"code": pyotp.TOTP(secret).at(office.clock.now)})
    assert visitor.path == "/tasks"
    _sign_in(office.visitor(), device)


def test_an_office_that_asks_for_a_second_factor_takes_a_passkey(office: PortalTown) -> None:
    object.__setattr__(office.app.state.portal.config, "accounts", AccountRules(second_factor_for=frozenset({"staff"})))
    visitor, device = office.visitor(), SoftPasskey()
    assert "用这台设备：通行密钥" in visitor.log_in("clerk")
    page = "/login/enrolment"
    options = _asked(visitor, page, f"{page}/passkey", f"{page}/challenge")
    assert "恢复码" in visitor.send(page, f"{page}/passkey", {"credential": device.made(options, ORIGIN)})
    assert "1 个通行密钥" in visitor.see("/account")
    assert told_owner(office, "clerk") == ["passkey-added"]
    key = re.search(r"/account/passkeys/(\d+)/remove", visitor.see(_PAGE))
    assert key
    refused = visitor.send(_PAGE, key[0], {"present": PASSPHRASE}, status=422)
    assert "这是最后一个" in refused
    other = office.visitor()
    other.log_in("clerk")
    assert other.path == "/login/code"
    _sign_in(office.visitor(), device)


def test_the_passphrase_is_asked_for_before_one_is_added_or_removed(office: PortalTown) -> None:
    visitor = office.visitor("deputy")
    hidden = visitor.hidden(_PAGE, _PAGE)
    wrong = visitor.http.post(f"{_PAGE}/challenge", data={**hidden, "present": "something else"})
    assert (wrong.status_code, wrong.json()) == (401, {"message": "口令或验证码不对，没有改动。"})
    device, _ = _add(visitor)
    key = re.search(r"/account/passkeys/\d+/remove", visitor.see(_PAGE))
    assert key
    assert "没有改动" in visitor.send(_PAGE, key[0], {"present": "something else"}, status=422)
    _sign_in(office.visitor(), device)
    assert "已删除" in visitor.send(_PAGE, key[0], {"present": PASSPHRASE})
    assert "已经删除" in _sign_in(office.visitor(), device, status=401)
    assert office.visitor("deputy").path == "/tasks"


def test_a_code_of_the_authenticator_confirms_as_well(office: PortalTown) -> None:
    visitor = office.visitor("deputy")
    secret, _ = set_up_authenticator(office, visitor)
    office.clock.move(minutes=1)
    code = pyotp.TOTP(secret).at(office.clock.now)
    _asked(visitor, _PAGE, _PAGE, f"{_PAGE}/challenge", present=f"{code[:3]} {code[3:]}")
    again = visitor.http.post(f"{_PAGE}/challenge", data={**visitor.hidden(_PAGE, _PAGE), "present": code})
    assert again.status_code == 401


def test_whoever_sits_at_a_screen_left_alone_cannot_guess_the_passphrase(office: PortalTown) -> None:
    visitor = office.visitor("deputy")
    hidden = visitor.hidden(_PAGE, _PAGE)
    said = [visitor.http.post(f"{_PAGE}/challenge", data={**hidden, "present": f"guess {one}"}) for one in range(11)]
    assert [answer.status_code for answer in said] == [401] * 10 + [429]
    assert int(said[-1].headers["retry-after"]) > 0
    assert "次数太多" in said[-1].json()["message"]
    page = "/account/authenticator"
    data = {**visitor.hidden(page, page), "present": PASSPHRASE, "code": "000000"}
    assert visitor.http.post(page, data=data).status_code == 429


def test_nobody_removes_what_is_not_theirs(office: PortalTown) -> None:
    device, _ = _add(office.visitor("deputy"))
    key = re.search(r"/account/passkeys/\d+/remove", office.visitor("deputy").see("/login") or "")
    assert key is None
    clerk = office.visitor("clerk")
    hidden = clerk.hidden(_PAGE, _PAGE)
    clerk.http.post("/account/passkeys/1/remove", data={**hidden, "present": PASSPHRASE})
    _sign_in(office.visitor(), device)


def told_owner(town: PortalTown, login: str) -> list[str]:
    """What the owner of an account was told of their second factor, in order; nothing in it opens anything."""
    factor = deliveries.c.occasion.like("passkey-%") | deliveries.c.occasion.like("second-factor-%")
    mine = deliveries.c.participant_id == town.people[login]
    query = select(deliveries.c.occasion, deliveries.c.text).where(factor, mine).order_by(deliveries.c.id)
    with town.house.database.reading() as connection:
        rows = connection.execute(query).all()
    assert all("不用做什么；如果不是" in row.text and "2026年" in row.text for row in rows)
    return [row.occasion for row in rows]


def test_the_owner_is_told_of_each_passkey_that_comes_or_goes(office: PortalTown) -> None:
    deputy = office.visitor("deputy")
    _add(deputy)
    assert told_owner(office, "deputy") == ["passkey-added"]
    key = re.search(r"/account/passkeys/\d+/remove", deputy.see(_PAGE))
    assert key
    deputy.send(_PAGE, key[0], {"present": "something else"}, status=422)
    assert told_owner(office, "deputy") == ["passkey-added"]
    office.clock.move(minutes=1)
    deputy.send(_PAGE, key[0], {"present": PASSPHRASE})
    assert told_owner(office, "deputy") == ["passkey-added", "passkey-removed"]
    assert told_owner(office, "clerk") == []


def test_the_owner_is_told_of_an_authenticator_set_up_and_taken_off(office: PortalTown) -> None:
    deputy = office.visitor("deputy")
    set_up_authenticator(office, deputy)
    hidden = deputy.hidden("/account", "/account/authenticator/recovery")
    deputy.http.post("/account/authenticator/off", data={**hidden, "present": PASSPHRASE})
    assert told_owner(office, "deputy") == ["second-factor-set", "second-factor-taken-off"]


def test_whoever_may_reset_an_account_takes_all_of_them_off(office: PortalTown) -> None:
    from huying.access import accounts

    device, _ = _add(office.visitor("deputy"))
    admin, made = office.visitor(), accounts.first_administrator(office.house, office.clock.now)
    page = f"/account/set/{made.token}"
    admin.send(page, page, {"passphrase": GOOD, "again": GOOD})
    assert "取消第二重验证" in admin.see("/accounts")
    admin.http.post(
        f"/accounts/{office.people['deputy']}/second-factor", data=admin.hidden("/accounts", "/accounts/links")
    )
    assert "已经删除" in _sign_in(office.visitor(), device, status=401)
    assert office.visitor("deputy").path == "/tasks"
    assert told_owner(office, "deputy") == ["passkey-added", "second-factor-taken-off"]


def test_whoever_is_disabled_does_not_come_in(office: PortalTown) -> None:
    from huying.access import accounts
    from huying.house.by import By

    device, _ = _add(office.visitor("deputy"))
    accounts.disable(office.house, office.people["deputy"], By(None, office.clock.now))
    visitor = office.visitor()
    assert "已停用" in _sign_in(visitor, device, status=401)
    visitor.see("/account")
    assert visitor.path == "/login"


def test_another_browser_cannot_answer(office: PortalTown) -> None:
    device, _ = _add(office.visitor("deputy"))
    options = _asked(office.visitor(), "/login", _LOGIN, f"{_LOGIN}/challenge")
    thief = office.visitor()
    text = {"credential": device.shown(options, ORIGIN)}
    assert "已过期" in thief.send("/login", _LOGIN, text, status=401)


def test_failures_are_counted_by_address_and_by_account(office: PortalTown) -> None:
    _add(office.visitor("deputy"))
    guesser = office.visitor()
    for _ in range(30):
        guesser.send("/login", _LOGIN, {"credential": "{}"}, status=401)
    guesser.send("/login", _LOGIN, {"credential": "{}"}, status=429)
    elsewhere = Visitor(office.app, address="10.1.1.1")
    for _ in range(2):
        elsewhere.log_in("deputy")
        for _ in range(4):
            elsewhere.send("/login/code", "/login/code/passkey", {"credential": "{}"}, status=401)
        page = elsewhere.send("/login/code", "/login/code/passkey", {"credential": "{}"}, status=401)
        assert "重新开始" in page
    elsewhere.log_in("deputy")
    elsewhere.send("/login/code", "/login/code/passkey", {"credential": "{}"}, status=429)


def test_questions_are_bounded_by_address(town: PortalTown) -> None:
    _at(town, ORIGIN, limits=limits_of("passkey=3/hour"))
    visitor = town.visitor()
    hidden = visitor.hidden("/login", _LOGIN)
    said = [visitor.http.post(f"{_LOGIN}/challenge", data=hidden) for _ in range(4)]
    assert [answer.status_code for answer in said] == [200, 200, 200, 429]


@pytest.mark.parametrize("address", ["/login/code", "/login/enrolment"])
def test_whoever_has_shown_no_passphrase_begins_with_it(office: PortalTown, address: str) -> None:
    visitor = office.visitor()
    hidden = visitor.hidden("/login", "/login")
    said = visitor.http.post(f"{address}/challenge", data=hidden)
    assert (said.status_code, said.json()) == (401, {"message": "请先登录。"})
    to = visitor.http.post(f"{address}/passkey", data={**hidden, "credential": "{}"}, follow_redirects=False)
    assert to.headers["location"] == "/login"


@pytest.mark.parametrize("address", ["http://192.168.1.7:8080", "http://127.0.0.1:8080", "http://huying.example"])
def test_where_browsers_offer_none_the_page_says_so_and_offers_an_authenticator(town: PortalTown, address: str) -> None:
    _at(town, address, allowed_hosts=("testserver",))
    visitor = town.visitor("deputy")
    page = visitor.see(_PAGE)
    assert "这个网址用不了通行密钥" in page
    assert 'href="/account/authenticator"' in page
    assert "passkey.js" in page
    assert "通行密钥" not in town.visitor().see("/login")
    hidden = visitor.hidden("/account", "/logout")
    refused = visitor.http.post(f"{_PAGE}/challenge", data={**hidden, "present": PASSPHRASE})
    assert (refused.status_code, "用不了通行密钥" in refused.json()["message"]) == (404, True)
    assert visitor.http.post(_PAGE, data={**hidden, "credential": "{}"}).status_code == 404


def test_without_scripts_the_page_says_what_to_do_instead(office: PortalTown) -> None:
    page = office.visitor("deputy").see(_PAGE)
    form = re.search(r'<form[^>]*data-passkey="create"[^>]*>', page)
    assert form
    assert form[0].endswith(" hidden>")
    assert re.search(r"<div data-passkey-none>.*/account/authenticator", page, re.DOTALL)
    assert re.search(r'<form[^>]*action="/login/passkey"[^>]* hidden>', office.visitor().see("/login"))
