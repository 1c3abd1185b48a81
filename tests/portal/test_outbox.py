"""The local mailbox, shown as pages."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from huying.house.office import write
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

_MAIL = """From: Huying <noreply@huying.invalid>
To: clerk@example.cn
Subject: =?utf-8?b?5paw5Lu75Yqh?=
Date: Mon, 23 Nov 2026 01:31:00 +0000
Message-ID: <one@huying.invalid>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

请办理：http://testserver/t/abc-DEF
外部链接 http://evil.example/x <script>alert(1)</script>
"""


def _here(town: PortalTown) -> Visitor:
    """Whoever sits at this machine."""
    return Visitor(town.app, address="127.0.0.1")


def _put(town: PortalTown) -> None:
    with town.house.database.writing() as connection:
        write(connection, sample_at=town.clock())
    town.house.offices.forget()
    new = town.mailbox / "new"
    new.mkdir(parents=True)
    (new / "one.eml").write_text(_MAIL, "utf-8")


def test_messages_are_listed_and_read_and_their_own_links_can_be_followed(town: PortalTown) -> None:
    visitor = _here(town)
    assert "HUYING_SMTP_URL" in visitor.see("/outbox", status=404), "links act for their recipients"
    _put(town)
    listed = visitor.see("/outbox")
    assert "新任务" in listed
    assert "2026年11月23日 09:31" in listed
    page = visitor.see("/outbox/one")
    assert '<a href="http://testserver/t/abc-DEF">' in page
    assert 'href="http://evil.example' not in page
    assert "&lt;script&gt;" in page


def test_a_message_that_is_not_there_is_said_so(town: PortalTown) -> None:
    _put(town)
    for key in ("two", "..%2F..%2Ftown", "%2Fetc%2Fpasswd"):
        _here(town).see(f"/outbox/{key}", status=404)


def test_outside_the_demonstration_there_is_no_such_page(town: PortalTown) -> None:
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
    visitor = Visitor(create_app(town.house, config, town.clock))
    assert "只发给收件人" in plain(visitor.see("/outbox", status=404))
    assert "/outbox" not in visitor.see("/")


@pytest.mark.parametrize(
    "said",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": "portal.example"},
    ],
)
def test_through_a_proxy_there_is_no_such_page(town: PortalTown, said: dict[str, str]) -> None:
    _put(town)
    proxied = _here(town)
    proxied.http.headers.update(said)
    _shut(proxied)


def test_from_elsewhere_or_through_a_proxy_that_says_nothing_there_is_no_such_page(town: PortalTown) -> None:
    """nginx with one line of set-up tells of nobody, and speaks HTTP/1.0."""
    _put(town)

    async def proxied(scope: Scope, receive: Receive, send: Send) -> None:
        await town.app({**scope, "http_version": "1.0"}, receive, send)

    _shut(Visitor(town.app, address="203.0.113.7"))
    _shut(Visitor(proxied, address="127.0.0.1"))  # type: ignore[arg-type]


def _shut(visitor: Visitor) -> None:
    for address in ("/outbox", "/outbox/one"):
        assert "abc-DEF" not in visitor.see(address, status=404)
    assert "/outbox" not in visitor.see("/")
