"""One's own account on pages: the second factor at the log-in, log-ins listed and ended, the passphrase changed."""

from __future__ import annotations

import re

import pyotp
import pytest
from sqlalchemy import select

from huying.access.rules import AccountRules
from huying.database.tables import deliveries
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import PASSPHRASE
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

GOOD = "three hens refuse to lay"


def _secret(page: str) -> str:
    found = re.search(r'name="secret" value="(\w+)"', page)
    assert found
    return found[1]


def _set_up(town: PortalTown, visitor: Visitor) -> tuple[str, list[str]]:
    page = "/account/authenticator"
    secret = _secret(visitor.see(page))
    hidden = {**visitor.hidden(page, page), "secret": secret}
    code = pyotp.TOTP(secret).at(town.clock.now)
    answer = visitor.http.post(page, data={**hidden, "code": code, "present": PASSPHRASE})
    assert answer.status_code == 200
    return secret, re.findall(r"<li>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</li>", answer.text)


def test_the_code_stands_between_passphrase_and_house(town: PortalTown) -> None:
    secret, codes = _set_up(town, town.visitor("deputy"))
    assert len(codes) == 10
    town.clock.move(minutes=1)
    visitor = town.visitor()
    page = visitor.log_in("deputy")
    assert visitor.path == "/login/code"
    assert "验证器" in page
    assert visitor.http.get("/tasks", follow_redirects=False).headers["location"].startswith("/login?")
    before = visitor.http.cookies["huying_session"]
    assert "验证码不对" in visitor.send("/login/code", "/login/code", {"code": "000000"}, status=401)
    visitor.send("/login/code", "/login/code", {"code": pyotp.TOTP(secret).at(town.clock.now)})
    assert visitor.path == "/tasks"
    assert visitor.http.cookies["huying_session"] != before
    other = town.visitor()
    other.log_in("deputy")
    other.send("/login/code", "/login/code", {"code": codes[0].upper()})
    assert other.path == "/tasks"


def test_the_owner_is_told_when_recovery_codes_are_used_or_made_anew(town: PortalTown) -> None:
    _, codes = _set_up(town, town.visitor("deputy"))
    town.clock.move(minutes=1)
    other = town.visitor()
    other.log_in("deputy")
    other.send("/login/code", "/login/code", {"code": codes[0]})
    hidden = other.hidden("/account", "/account/authenticator/recovery")
    answer = other.http.post("/account/authenticator/recovery", data={**hidden, "present": PASSPHRASE})
    assert answer.status_code == 200
    query = select(deliveries.c.occasion, deliveries.c.text).where(deliveries.c.occasion.like("recovery-%"))
    with town.house.database.reading() as connection:
        told = connection.execute(query.order_by(deliveries.c.id)).all()
    assert [row.occasion for row in told] == ["recovery-used", "recovery-renewed"]
    assert all(code not in row.text for code in codes for row in told)


def test_too_many_wrong_codes_lead_back_to_the_passphrase(town: PortalTown) -> None:
    _set_up(town, town.visitor("deputy"))
    visitor = town.visitor()
    visitor.log_in("deputy")
    for _ in range(4):
        visitor.send("/login/code", "/login/code", {"code": "000000"}, status=401)
    assert "重新开始" in visitor.send("/login/code", "/login/code", {"code": "000000"}, status=401)
    assert visitor.see("/login/code")
    assert visitor.path == "/login"


def test_an_office_that_asks_for_it_has_it_set_up_at_the_log_in(town: PortalTown) -> None:
    object.__setattr__(town.app.state.portal.config, "accounts", AccountRules(second_factor_for=frozenset({"staff"})))
    visitor = town.visitor()
    page = visitor.log_in("clerk")
    assert visitor.path == "/login/enrolment"
    assert "本单位要求" in page
    secret = _secret(page)
    hidden = {**visitor.hidden("/login/enrolment", "/login/enrolment"), "secret": secret}
    wrong = visitor.http.post("/login/enrolment", data={**hidden, "code": "000000"})
    assert wrong.status_code == 401
    assert secret in wrong.text
    right = visitor.http.post("/login/enrolment", data={**hidden, "code": pyotp.TOTP(secret).at(town.clock.now)})
    assert "恢复码" in right.text
    assert visitor.see("/tasks")
    hidden = visitor.hidden("/account", "/account/authenticator/recovery")
    refused = visitor.http.post("/account/authenticator/off", data={**hidden, "present": PASSPHRASE})
    assert "不能取消" in refused.text
    assert not town.visitor("deputy").http.get("/tasks", follow_redirects=False).is_redirect


def test_an_administrator_takes_off_what_was_lost(town: PortalTown) -> None:
    from huying.access import accounts
    from tests.portal.test_accounts import GOOD as WORDS

    _set_up(town, town.visitor("deputy"))
    admin, made = town.visitor(), accounts.first_administrator(town.house, town.clock.now)
    page = f"/account/set/{made.token}"
    admin.send(page, page, {"passphrase": WORDS, "again": WORDS})
    assert "取消第二重验证" in admin.see("/accounts")
    hidden = admin.hidden("/accounts", "/accounts/links")
    admin.http.post(f"/accounts/{town.people['deputy']}/second-factor", data=hidden)
    visitor = town.visitor("deputy")
    assert visitor.path == "/tasks"


def test_the_passphrase_is_asked_for_before_anything_is_changed(town: PortalTown) -> None:
    visitor = town.visitor("deputy")
    page = "/account/authenticator"
    secret = _secret(visitor.see(page))
    values = {**visitor.hidden(page, page), "secret": secret, "code": pyotp.TOTP(secret).at(town.clock.now)}
    refused = visitor.http.post(page, data={**values, "present": "wrong"})
    assert (refused.status_code, refused.url.path) == (401, page)
    assert "口令不对" in refused.text
    # nothing has to be scanned again
    assert _secret(refused.text) == secret
    change = {"present": "wrong", "passphrase": GOOD, "again": GOOD}
    assert "现在的口令不对" in visitor.send("/account", "/account/passphrase", change, status=422)
    town.visitor("deputy")


def test_log_ins_are_listed_and_ended(town: PortalTown) -> None:
    visitor, other, third = (town.visitor("deputy") for _ in range(3))
    page = visitor.see("/account")
    assert page.count("退出这台") == 2
    visitor.send("/account", "/account/sessions/end")
    visitor.send("/account", "/account/sessions/others")
    assert "其他设备都已退出" in plain(visitor.see("/account?done=others"))
    for gone in (other, third):
        assert gone.http.get("/tasks", follow_redirects=False).status_code == 303
    again = town.visitor("deputy")
    visitor.send("/account", "/account/sessions/all")
    for gone in (visitor, again):
        assert gone.http.get("/tasks", follow_redirects=False).status_code == 303


def test_a_new_passphrase_signs_out_all_other_devices(town: PortalTown) -> None:
    visitor, other = town.visitor("deputy"), town.visitor("deputy")
    visitor.send("/account", "/account/passphrase", {"present": PASSPHRASE, "passphrase": GOOD, "again": GOOD})
    assert visitor.path == "/account"
    assert other.http.get("/tasks", follow_redirects=False).status_code == 303
    other.log_in("deputy", status=401)


def test_no_session_that_somebody_brought_along_is_made_good(town: PortalTown) -> None:
    visitor = town.visitor()
    visitor.http.cookies.set("huying_session", "planted-by-somebody-else", domain="testserver.local")
    visitor.log_in("deputy")
    assert visitor.path == "/tasks"
    assert (
        town.visitor().http.get("/tasks", headers={"cookie": "huying_session=planted-by-somebody-else"}).url.path
        == "/login"
    )


def test_with_https_the_cookie_is_bound_to_the_host(town: PortalTown) -> None:
    config = PortalConfig(
        portal_url="https://testserver", prefect_api_url="http://127.0.0.1:9/api", secure_cookies=True
    )
    visitor = Visitor(create_app(town.house, config, town.clock))
    visitor.http.base_url = "https://testserver"
    hidden = visitor.hidden("/login", "/login")
    values = {**hidden, "login": "deputy", "passphrase": PASSPHRASE}
    answer = visitor.http.post("/login", data=values, follow_redirects=False)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if "session" in one)
    assert cookie.startswith("__Host-huying_session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "domain" not in cookie.lower()
    assert visitor.see("/account")
    assert visitor.send("/account", "/account/sessions/all")


def test_logging_out_leaves_nothing_of_a_guest(town: PortalTown) -> None:
    issue = town.report()
    number, code = town.number_and_code(issue)
    visitor = town.visitor()
    visitor.send("/follow", "/follow", {"number": number, "code": code})
    assert {"huying_followed", "huying_guest"} <= set(visitor.http.cookies)
    visitor.log_in("deputy")
    hidden = visitor.hidden("/account", "/logout")
    answer = visitor.http.post("/logout", data=hidden, follow_redirects=False)
    assert answer.headers["clear-site-data"] == '"storage"'
    assert not {"huying_followed", "huying_session"} & set(visitor.http.cookies)


def test_the_api_asks_for_the_code_too(town: PortalTown) -> None:
    secret, _ = _set_up(town, town.visitor("deputy"))
    town.clock.move(minutes=1)
    http = town.visitor().http
    body = {"login": "deputy", "passphrase": PASSPHRASE}
    missing = http.post("/api/v1/sessions", json=body)
    assert (missing.status_code, missing.json()["code"]) == (401, "second-factor-needed")
    assert http.post("/api/v1/sessions", json={**body, "code": "000000"}).status_code == 401
    right = http.post("/api/v1/sessions", json={**body, "code": pyotp.TOTP(secret).at(town.clock.now)})
    assert right.status_code == 201


@pytest.mark.parametrize("address", ["/login/code", "/login/enrolment"])
def test_whoever_has_shown_no_passphrase_begins_with_it(town: PortalTown, address: str) -> None:
    for visitor in (town.visitor(), town.visitor("clerk")):
        assert visitor.http.get(address, follow_redirects=False).headers["location"] == "/login"
