"""Mail through a real mail server: what arrives, what a refusal means, what a server that is down leaves."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from notifications import MailAddress, OutgoingMessage, Smtp, Transports, deliver
from notifications import mail_server as mail_server_of
from tests.notifications.conftest import MailSink, mail_sink

LI = MailAddress("li@example.org")


def test_a_mail_arrives_whole(mail_server: MailSink, letter: Callable[..., OutgoingMessage]) -> None:
    assert deliver(letter(), LI, Transports(mail=mail_server.server)).status == "accepted"
    (made,) = mail_server.mails
    plain, html = made.get_body(("plain",)), made.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == letter().text
    assert html.get_content().replace("\r\n", "\n") == letter().html
    assert made["Subject"] == letter().subject
    assert made["From"] == "呼应 Huying <noreply@office.example>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert mail_server.envelopes[0].mail_from == "noreply@office.example"
    assert mail_server.envelopes[0].rcpt_tos == ["li@example.org"]


def test_a_repeat_carries_the_same_message_id(mail_server: MailSink, letter: Callable[..., OutgoingMessage]) -> None:
    transports = Transports(mail=mail_server.server)
    for key in ("42.3.0.7.1.task", "42.3.0.7.1.task", "42.3.0.8.1.task"):
        assert deliver(letter(key), LI, transports).status == "accepted"
    first, repeat, other = (mail["Message-ID"] for mail in mail_server.mails)
    assert first == repeat == "<42.3.0.7.1.task@office.example>"
    assert other == "<42.3.0.8.1.task@office.example>"
    assert all(len(mail.get_all("Message-ID") or []) == 1 for mail in mail_server.mails)


@pytest.mark.parametrize(
    ("command", "said", "status", "words"),
    [
        ("RCPT", "550 No such user", "permanent", "拒收此收件地址"),
        ("RCPT", "452 Mailbox full", "temporary", "拒收此收件地址"),
        ("DATA", "554 Looks like spam", "permanent", "拒收此邮件"),
        ("DATA", "451 Try later", "temporary", "拒收此邮件"),
        ("MAIL", "552 Too large", "permanent", "拒收此邮件"),
        # these concern our settings, and are repaired while the message waits
        ("MAIL", "550 Sender not allowed", "temporary", "拒绝发件人"),
        ("MAIL", "530 Log in first", "temporary", "拒绝发件人"),
        ("MAIL", "421 Closing", "temporary", "拒绝发件人"),
    ],
)
def test_a_refusal_is_for_ever_or_for_now(
    command: str, said: str, status: str, words: str, mail_server: MailSink, letter: Callable[..., OutgoingMessage]
) -> None:
    mail_server.refusals[command] = said
    result = deliver(letter(), LI, Transports(mail=mail_server.server))
    assert result.status == status
    assert words in result.reason
    assert said in result.reason
    assert mail_server.envelopes == []


def test_a_server_that_is_down_is_a_reason_to_try_again(free_port: int, letter: Callable[..., OutgoingMessage]) -> None:
    server = Smtp(host="127.0.0.1", port=free_port, secure="plain", from_address="a@office.example")
    result = deliver(letter(), LI, Transports(mail=server))
    assert result.status == "temporary"
    assert (
        result.reason
        == f"连不上邮件服务器 127.0.0.1:{free_port}。 The mail server cannot be reached: Connection refused"
    )


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "li@example.org\r\nBcc: x@example.org", "mailto://u:p@evil.example", "a@b.example,c@d.example"],
)
def test_what_is_no_address_is_never_given_to_the_server(
    email: str, mail_server: MailSink, letter: Callable[..., OutgoingMessage]
) -> None:
    result = deliver(letter(), MailAddress(email), Transports(mail=mail_server.server))
    assert (result.status, mail_server.envelopes) == ("permanent", [])


def test_people_without_a_mail_address_are_never_given_to_the_server(
    mail_server: MailSink, letter: Callable[..., OutgoingMessage]
) -> None:
    result = deliver(letter(), MailAddress("participant-7@huying.invalid"), Transports(mail=mail_server.server))
    assert (result.status, mail_server.envelopes) == ("permanent", [])
    assert "没有登记邮箱" in result.reason


def test_a_header_cannot_be_added_on_the_way(mail_server: MailSink, letter: Callable[..., OutgoingMessage]) -> None:
    result = deliver(letter(subject="x\r\nBcc: y@example.org"), LI, Transports(mail=mail_server.server))
    assert result.status == "accepted"
    (made,) = mail_server.mails
    assert made["Subject"] == "x Bcc: y@example.org"
    assert "Bcc" not in made


def _tls(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


def _login(*_: Any, **__: Any) -> AuthResult:
    given = _[-1]
    return AuthResult(success=given.login == b"office" and given.password == b"%41 s3cret/@:", handled=False)


def test_mail_goes_encrypted_and_logged_in(
    free_port: int, certificate: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    options = {
        "tls_context": _tls(certificate),
        "require_starttls": True,
        "authenticator": _login,
        "auth_required": True,
    }
    account = {"user": "office", "password": "%41 s3cret/@:", "ca_file": certificate}
    with mail_sink(free_port, host="localhost", options=options, secure="starttls", **account) as sink:
        assert deliver(letter(), LI, Transports(mail=sink.server)).reason == ""
        assert len(sink.mails) == 1


def test_mail_goes_over_tls_from_the_start(
    free_port: int, certificate: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    options = {"ssl_context": _tls(certificate)}
    with (
        mail_sink(free_port, host="localhost", options=options, secure="plain", ca_file=certificate) as sink,
    ):
        server = Smtp(
            host="localhost", port=free_port, secure="tls", from_address="a@office.example", ca_file=certificate
        )
        assert deliver(letter(), LI, Transports(mail=server)).reason == ""
        assert len(sink.mails) == 1


def test_a_wrong_password_waits_for_the_operator_and_is_not_shown(
    free_port: int, certificate: Path, letter: Callable[..., OutgoingMessage], caplog: pytest.LogCaptureFixture
) -> None:
    options = {
        "tls_context": _tls(certificate),
        "require_starttls": True,
        "authenticator": _login,
        "auth_required": True,
    }
    account = {"user": "office", "password": "hunter2", "ca_file": certificate}
    with mail_sink(free_port, host="localhost", options=options, secure="starttls", **account) as sink:
        result = deliver(letter(), LI, Transports(mail=sink.server))
    assert result.status == "temporary"
    assert "请管理员检查账号和密码" in result.reason
    assert "hunter2" not in result.reason + caplog.text + repr(sink.server)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    free_port: int, certificate: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    options = {"tls_context": _tls(certificate)}
    with mail_sink(free_port, host="localhost", options=options, secure="starttls") as sink:
        result = deliver(letter(), LI, Transports(mail=sink.server))
        assert (result.status, sink.mails) == ("temporary", [])
    assert "加密连接失败" in result.reason


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(
    free_port: int, letter: Callable[..., OutgoingMessage]
) -> None:
    with mail_sink(free_port, secure="starttls") as sink:
        result = deliver(letter(), LI, Transports(mail=sink.server))
        assert (result.status, sink.mails) == ("temporary", [])
    assert "缺少所需功能" in result.reason


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://u:p%40%2F@mail.example", ("mail.example", 587, "starttls", "u", "p@/")),
        ("smtps://mail.example", ("mail.example", 465, "tls", None, None)),
        ("smtp+plain://127.0.0.1:2525", ("127.0.0.1", 2525, "plain", None, None)),
    ],
)
def test_a_mail_server_is_set_by_an_address(url: str, expected: tuple[object, ...]) -> None:
    made = mail_server_of(url, "呼应 <a@office.example>")
    assert (made.host, made.port, made.secure, made.user, made.password) == expected


@pytest.mark.parametrize(
    "url", ["", "mail.example", "mailto://x", "smtp://", "smtp://h/path", "smtp://h?x=1", "smtp://u:hunter2@h:99999"]
)
def test_a_wrong_setting_is_said_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        mail_server_of(url, "a@office.example")
    assert "hunter2" not in str(raised.value)
