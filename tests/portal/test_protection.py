"""What protects people: headers, form tokens, bounds, and addresses that stay in the house."""

from __future__ import annotations

import re

import pytest

from portal.app import create_app
from portal.frame.config import PortalConfig
from portal.frame.protection import WITH_FILES, WITHOUT_FILES
from portal.frame.reader import accepted_language
from portal.pages.home import local
from tests.huying.town import PASSPHRASE
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain


@pytest.mark.parametrize("address", ["/", "/report/street-matters", "/nowhere", "/api/v1/openapi.json", "/healthz"])
def test_every_answer_carries_the_security_headers(town: PortalTown, address: str) -> None:
    headers = town.visitor().http.get(address).headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'", "form-action 'self'"):
        assert part in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_static_files_may_be_kept_and_pages_name_them_by_content(town: PortalTown) -> None:
    visitor = town.visitor()
    style = re.search(r'href="(/static/huying.css\?v=\w+)"', visitor.see("/"))
    assert style
    answer = visitor.http.get(style[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


def test_no_page_has_script_or_style_of_its_own_or_from_elsewhere(town: PortalTown) -> None:
    visitor = town.visitor("clerk")
    for address in ("/", "/report/street-matters", "/definitions/street-matters", "/tasks", "/issues"):
        page = visitor.see(address)
        assert not re.search(r"<script(?! src=\"/static/)", page)
        assert not re.search(r"\son\w+=|<style|\sstyle=|javascript:", page), address
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_cookies_cannot_be_read_by_scripts_or_sent_by_other_sites(town: PortalTown) -> None:
    visitor = town.visitor()
    hidden = visitor.hidden("/login", "/login")
    answer = visitor.http.post(
        "/login", data={**hidden, "login": "clerk", "passphrase": PASSPHRASE}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert "huying_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("token", ["", "0" * 64, None])
def test_a_form_without_this_readers_token_does_nothing_and_gives_the_text_back(
    town: PortalTown, token: str | None
) -> None:
    visitor = town.visitor()
    visitor.see("/")
    values = {"station": "XG", "field.subject": "很长的一段话", "field.kind": "lighting", "name": "李明"}
    sent = values if token is None else {**values, "form_token": token}
    answer = visitor.http.post("/report/street-matters", data=sent)
    assert answer.status_code == 403
    assert "很长的一段话" in answer.text
    assert town.visitor("office").see("/issues").count("路灯") == 0


def test_a_token_of_somebody_else_is_none_of_ours(town: PortalTown) -> None:
    town.report()
    foreign = town.visitor("clerk2").hidden("/tasks/1/2", "/tasks/1/2/act/accept")
    answer = town.visitor("clerk").http.post("/tasks/1/2/act/accept", data=foreign)
    assert answer.status_code == 403


def test_when_the_session_ends_while_somebody_writes_the_text_is_given_back(town: PortalTown) -> None:
    town.report()
    clerk = town.visitor("clerk")
    form = clerk.hidden("/tasks/1/2", "/tasks/1/2/act/decline")
    town.clock.move(hours=13)
    answer = clerk.http.post("/tasks/1/2/act/decline", data={**form, "field.reason": "不属于本站，请联系街道。"})
    assert answer.status_code == 403
    assert "不属于本站，请联系街道。" in answer.text
    assert "登录" in plain(answer.text)


def test_a_request_that_is_too_large_is_cut_off(town: PortalTown) -> None:
    visitor = town.visitor()
    for body, kind in (
        (b"number=" + b"9" * WITHOUT_FILES, "application/x-www-form-urlencoded"),
        (b"--x\r\n" + b"9" * WITH_FILES, "multipart/form-data; boundary=x"),
    ):
        answer = visitor.http.post("/follow", content=body, headers={"content-type": kind})
        assert answer.status_code == 413
        assert "太大" in answer.text
    endless = (b"number=" + b"x" * 65536 for _ in range(20))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert visitor.http.post("/follow", content=endless, headers=headers).status_code == 413


def test_after_logging_in_nobody_is_sent_to_another_site(town: PortalTown) -> None:
    visitor = town.visitor()
    values = {"login": "clerk", "passphrase": PASSPHRASE, "next": "https://evil.example/"}
    answer = visitor.http.post("/login", data={**visitor.hidden("/login", "/login"), **values})
    assert [step.headers["location"] for step in answer.history] == ["/", "/tasks"]
    assert (answer.url.host, answer.url.path) == ("testserver", "/tasks")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/\nx",
        "/\r\nSet-Cookie: a",
    ],
)
def test_only_addresses_of_this_portal_are_gone_back_to(address: str) -> None:
    assert local(address) == "/"


def test_a_wrong_login_says_no_more_than_that(town: PortalTown) -> None:
    visitor = town.visitor()
    for login in ("clerk", "nobody"):
        page = visitor.send("/login", "/login", {"login": login, "passphrase": "wrong"}, status=401)
        assert "用户名或口令不对" in page


def test_logging_out_ends_the_session(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    session = clerk.http.cookies["huying_session"]
    clerk.send("/tasks", "/logout")
    clerk.http.cookies.set("huying_session", session)
    clerk.see("/tasks")
    assert clerk.path == "/login"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.1", "en"),
        ("fr-FR,en;q=0.5", "en"),
        ("de", "zh"),
        ("", "zh"),
        ("en;q=abc,zh;q=0.1", "zh"),
        ("zh;q=0,en;q=0.2", "en"),
    ],
)
def test_the_browsers_language_is_heard(header: str, language: str) -> None:
    assert accepted_language(header) == language


def test_a_language_that_was_chosen_stays(town: PortalTown) -> None:
    visitor = town.visitor()
    assert 'lang="zh-CN"' in visitor.see("/")
    page = visitor.see("/language?to=en&back=/follow")
    assert visitor.path == "/follow"
    assert 'lang="en"' in page
    assert 'lang="zh-CN"' in visitor.see("/?lang=zh")
    assert 'lang="zh-CN"' in visitor.see("/follow")


@pytest.mark.parametrize("address", ["/nowhere", "/tasks/abc/1", "/files/1/99999"])
def test_errors_are_friendly_pages(town: PortalTown, address: str) -> None:
    page = plain(town.visitor("clerk").see(address, status=404))
    assert "没有找到" in page
    assert "首页" in page


def test_health_names_what_is_not_ready(town: PortalTown) -> None:
    answer = town.visitor().http.get("/healthz")
    assert answer.status_code == 503
    parts = answer.json()["parts"]
    assert parts["portal"] is None
    assert parts["prefect"]["zh"]
    assert parts["dispatcher"]["en"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("testserver", 200),
        ("TestServer:8080", 200),
        ("127.0.0.1:8080", 200),
        ("[::1]", 200),
        ("office.lan", 200),
        ("a.b.huying.example", 200),
        ("evil.example", 400),
        ("huying.example", 400),
        ("testserver.evil.example", 400),
        ("evil.example#testserver", 400),
        ("evilhuying.example", 400),
        ("", 400),
    ],
)
def test_the_portal_answers_under_its_own_names_alone(town: PortalTown, host: str, status: int) -> None:
    config = PortalConfig(
        portal_url="http://testserver",
        prefect_api_url="http://127.0.0.1:9/api",
        allowed_hosts=("office.lan", "*.huying.example"),
    )
    http = Visitor(create_app(town.house, config, town.clock)).http
    answer = http.get("/", headers={"Host": host})
    assert answer.status_code == status
    if status == 400:
        assert "HUYING_ALLOWED_HOSTS" in answer.text
        assert http.get("/livez", headers={"Host": host}).status_code == 200, "machines know it by any number"


def test_browsers_are_told_to_keep_to_an_encrypted_address(town: PortalTown) -> None:
    config = PortalConfig(
        portal_url="https://testserver", prefect_api_url="http://127.0.0.1:9/api", secure_cookies=True
    )
    told = Visitor(create_app(town.house, config, town.clock)).http.get("/").headers
    assert told["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in town.visitor().http.get("/").headers
