"""Signing in through a provider of OpenID Connect that runs in a process of its own; and one that is away, or lies."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import func, select

from huying.access.identity import Provider
from huying.database.tables import identities, participants, sessions
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import PASSPHRASE
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor
from tests.ports import free_port


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that knows whomever one says one is."""
    port = free_port()
    claims = json.dumps({"sub": "wang-fang-0042", "name": "王芳"})
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "--user-claims", claims]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    ends = time.monotonic() + within(20)
    try:
        while True:
            try:
                httpx.get(f"{address}/.well-known/openid-configuration")
                break
            except httpx.HTTPError:
                assert time.monotonic() < ends, "the provider does not start"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def office(town: PortalTown, issuer: str) -> PortalTown:
    """The town, with a provider."""
    return _connected(town, issuer)


def _connected(town: PortalTown, issuer: str) -> PortalTown:
    provider = Provider(issuer=issuer, client_id="huying", secret="between us two", name="鹭江统一认证")
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", provider=provider)
    town.app = create_app(town.house, config, town.clock)
    return town


def _there(visitor: Visitor, page: str = "/login/provider") -> str:
    """Where the browser is sent."""
    answer = visitor.http.get(page, follow_redirects=False)
    assert answer.status_code == 302, answer.text[:2000]
    return str(answer.headers["location"])


def _said_yes(address: str, subject: str = "wang-fang-0042") -> str:
    """Where the provider sends the browser back to, once somebody has said who they are."""
    answer = httpx.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == "/login/provider/back"
    return f"{back.path}?{back.query}"


def _bind(visitor: Visitor) -> None:
    page = visitor.see(_said_yes(_there(visitor, "/account/provider")))
    assert "wang-fang-0042" in page
    hidden = visitor.hidden("/account", "/logout")
    assert visitor.http.post("/account/provider", data={**hidden, "present": PASSPHRASE}).url.path == "/account"


def test_who_has_bound_their_account_comes_in(office: PortalTown) -> None:
    _bind(office.visitor("deputy"))
    visitor = office.visitor()
    assert "鹭江统一认证" in visitor.see("/login")
    visitor.see(_said_yes(_there(visitor)))
    assert visitor.path == "/tasks"
    assert "王芳" in visitor.see("/account")


def test_nobody_is_made_silently(office: PortalTown) -> None:
    with office.house.database.reading() as connection:
        before = connection.execute(select(func.count()).select_from(participants)).scalar_one()
    visitor = office.visitor()
    assert "还没有账号和它绑定" in visitor.see(_said_yes(_there(visitor)), status=403)
    with office.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(participants)).scalar_one() == before
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(identities)).scalar_one() == 0


def test_the_request_carries_a_challenge_and_a_nonce(office: PortalTown) -> None:
    asked = parse_qs(urlsplit(_there(office.visitor())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid"]
    assert asked["redirect_uri"] == ["http://testserver/login/provider/back"]
    assert len(asked["nonce"][0]) >= 16
    assert len(asked["state"][0]) >= 16


def test_nothing_is_bound_without_a_yes_on_our_page(office: PortalTown) -> None:
    visitor = office.visitor("deputy")
    visitor.see(_said_yes(_there(visitor, "/account/provider")))
    with office.house.database.reading() as connection:
        assert connection.execute(select(identities)).all() == []
    assert visitor.http.post("/account/provider", data={"form_token": "0" * 64}).status_code == 403
    other = office.visitor("clerk")
    hidden = other.hidden("/account", "/logout")
    other.http.post("/account/provider", data=hidden)
    with office.house.database.reading() as connection:
        assert connection.execute(select(identities)).all() == []


def test_the_passphrase_is_asked_for_before_an_account_is_bound(office: PortalTown) -> None:
    visitor = office.visitor("deputy")
    visitor.see(_said_yes(_there(visitor, "/account/provider")))
    hidden = visitor.hidden("/account", "/logout")
    for present in ("", "something else"):
        answer = visitor.http.post("/account/provider", data={**hidden, "present": present})
        assert answer.status_code == 422
        assert "口令不对" in answer.text
    with office.house.database.reading() as connection:
        assert connection.execute(select(identities)).all() == []
    visitor.http.post("/account/provider", data={**hidden, "present": PASSPHRASE})
    with office.house.database.reading() as connection:
        assert len(connection.execute(select(identities)).all()) == 1


def test_an_identity_belongs_to_one_account(office: PortalTown) -> None:
    _bind(office.visitor("deputy"))
    clerk = office.visitor("clerk")
    clerk.see(_said_yes(_there(clerk, "/account/provider")))
    answer = clerk.http.post("/account/provider", data={**clerk.hidden("/account", "/logout"), "present": PASSPHRASE})
    assert answer.status_code == 400
    assert "另一个账号" in answer.text


def test_whoever_is_disabled_does_not_come_in_by_the_provider(office: PortalTown) -> None:
    from huying.access import accounts
    from huying.house.by import By

    _bind(office.visitor("deputy"))
    accounts.disable(office.house, office.people["deputy"], By(None, office.clock.now))
    visitor = office.visitor()
    visitor.see(_said_yes(_there(visitor)), status=403)


def test_a_return_in_another_browser_or_twice_is_refused(office: PortalTown) -> None:
    _bind(office.visitor("deputy"))
    visitor = office.visitor()
    back = _said_yes(_there(visitor))
    assert "对不上" in office.visitor().see(back, status=400)
    visitor.see(back)
    assert visitor.path == "/tasks"
    assert "对不上" in visitor.see(back, status=400)


def test_a_token_for_another_request_is_refused(office: PortalTown) -> None:
    _bind(office.visitor("deputy"))
    visitor = office.visitor()
    there = urlsplit(_there(visitor))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    lied = there._replace(query=urlencode({**asked, "nonce": "of-another-request"})).geturl()
    assert "对不上" in visitor.see(_said_yes(lied), status=400)
    visitor.see("/account")
    assert visitor.path == "/login"


def test_a_provider_that_calls_itself_something_else_is_not_asked(town: PortalTown, issuer: str) -> None:
    office = _connected(town, f"{issuer}/")
    answer = office.visitor().http.get("/login/provider", follow_redirects=False)
    assert answer.status_code == 400


def test_somebody_who_stops_on_the_way_is_told_to_begin_again(office: PortalTown) -> None:
    visitor = office.visitor()
    state = parse_qs(urlsplit(_there(visitor)).query)["state"][0]
    page = visitor.see(f"/login/provider/back?error=access_denied&state={state}", status=400)
    assert "重新开始" in page


def test_a_provider_that_is_away_is_said_to_be(town: PortalTown) -> None:
    office = _connected(town, f"http://127.0.0.1:{free_port()}")
    visitor = office.visitor()
    assert "连不上" in visitor.see("/login/provider", status=503)
    visitor.log_in("deputy")
    assert visitor.path == "/tasks"


def test_without_a_provider_there_is_no_such_page(town: PortalTown) -> None:
    assert "统一认证" not in town.visitor().see("/login")
    town.visitor().see("/login/provider", status=404)
    assert town.visitor().http.post("/account/provider", data={}).status_code in (303, 401, 403)


def test_the_second_factor_is_asked_for_all_the_same(office: PortalTown) -> None:
    import pyotp

    from huying.access import second_factor

    deputy = office.visitor("deputy")
    _bind(deputy)
    secret, now = second_factor.new_secret(), office.clock.now
    with office.house.database.writing() as connection:
        second_factor.set_up(connection, office.people["deputy"], secret, pyotp.TOTP(secret).at(now), now)
    visitor = office.visitor()
    visitor.see(_said_yes(_there(visitor)))
    assert visitor.path == "/login/code"
