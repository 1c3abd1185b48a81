"""Webhooks at a real web server: what arrives, what an answer means, where they may lead."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import ssl
import threading
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from notifications import Mailbox, OutgoingMessage, Transports, WebhookAddress, deliver
from notifications.channels import webhook_plugin
from notifications.channels.network import is_public
from notifications.channels.webhook_address import target
from tests.notifications.conftest import WebSink, web_sink
from tests.patience import within


@pytest.fixture
def inside(tmp_path: Path) -> Transports:
    """Transports that may lead into the private network."""
    return Transports(mail=Mailbox(tmp_path), allow_private=True)


def test_a_message_arrives_as_json_with_its_key(
    web_server: WebSink, inside: Transports, letter: Callable[..., OutgoingMessage]
) -> None:
    for _ in range(2):
        assert deliver(letter(), WebhookAddress(web_server.url("/hook?a=b%20c")), inside).status == "accepted"
    first, repeat = web_server.posts
    sent = letter()
    assert first.json == {"id": sent.key, "subject": sent.subject, "text": sent.text, "html": sent.html}
    assert first.path == "/hook?a=b%20c"
    assert first.headers["host"] == f"127.0.0.1:{web_server.port}"
    assert first.headers["content-type"] == "application/json; charset=utf-8"
    assert first.headers["idempotency-key"] == repeat.headers["idempotency-key"] == sent.key
    assert "webhook-signature" not in first.headers
    assert first.body == repeat.body


@pytest.mark.parametrize(
    ("secret", "key"), [("密钥 s3cret", "密钥 s3cret".encode()), ("whsec_c2VjcmV0", b"secret"), ("whsec_?", b"whsec_?")]
)
def test_a_secret_signs_key_time_and_body(
    secret: str, key: bytes, web_server: WebSink, inside: Transports, letter: Callable[..., OutgoingMessage]
) -> None:
    deliver(letter(), WebhookAddress(web_server.url(), secret), inside)
    (post,) = web_server.posts
    signed = f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}.".encode() + post.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert post.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(post.headers["webhook-timestamp"]) - time.time()) < 60


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (200, "accepted"), (202, "accepted"), (204, "accepted"),
        (301, "permanent"), (308, "permanent"), (302, "temporary"), (307, "temporary"), (304, "temporary"),
        (400, "permanent"), (401, "permanent"), (404, "permanent"), (410, "permanent"), (422, "permanent"),
        (408, "temporary"), (425, "temporary"), (429, "temporary"), (500, "temporary"), (502, "temporary"), (503, "temporary"),
    ],
)  # fmt: skip
def test_an_answer_is_taken_refused_or_put_off(
    answer: int, status: str, web_server: WebSink, inside: Transports, letter: Callable[..., OutgoingMessage]
) -> None:
    result = deliver(letter(), WebhookAddress(web_server.url(f"/status/{answer}")), inside)
    assert result.status == status
    assert (result.reason == "") is (status == "accepted")
    assert status == "accepted" or result.reason.endswith(f"HTTP {answer}")
    assert [post.path for post in web_server.posts] == [f"/status/{answer}"]


def test_a_redirect_is_not_followed(
    web_server: WebSink, inside: Transports, letter: Callable[..., OutgoingMessage]
) -> None:
    result = deliver(letter(), WebhookAddress(web_server.url("/status/307")), inside)
    assert "不跟随" in result.reason
    assert [post.path for post in web_server.posts] == ["/status/307"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0", "[::1]", "[::ffff:127.0.0.1]", "１２７.0.0.1"],
)
def test_nothing_goes_into_the_private_network_unless_allowed(
    host: str, web_server: WebSink, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    result = deliver(letter(), WebhookAddress(web_server.url(host=host)), Transports(mail=Mailbox(tmp_path)))
    assert (result.status, web_server.posts) == ("permanent", [])
    assert "内网" in result.reason


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True), ("2606:4700:4700::1111", True), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("127.0.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("255.255.255.255", False),
        ("224.0.0.1", False), ("240.0.0.1", False), ("192.0.2.1", False), ("198.18.0.1", False), ("::", False), ("::1", False),
        ("fe80::1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("fd00:ec2::254", False), ("ff02::1", False),
        ("::ffff:10.0.0.1", False), ("::ffff:1.1.1.1", True), ("64:ff9b::a00:1", False), ("64:ff9b::101:101", True),
        ("2002:a00:1::", False), ("2002:7f00:1::1", False), ("2001:db8::1", False), ("::10.0.0.1", False),
    ],
)  # fmt: skip
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "", "office.example/hook", "ftp://office.example", "file:///etc/passwd", "mailto://a@b", "json://office.example", "http://",
        "http:///x", "http://u:p@office.example", "http://@office.example", "http://a b", "http://a\n.example", "http://a/\r\nX: y",
        "http://a\\@b", "http://a:0/", "http://a:99999/", "http://a:x/", "http://[fe80::1%25eth0]/", "http://[::1", "http://a..b/",
        "http://" + "a" * 64 + ".example", "https://a/" + "x" * 2000, "http://a\x00b/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(
    url: str, inside: Transports, letter: Callable[..., OutgoingMessage]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        target(url)
    result = deliver(letter(), WebhookAddress(url), inside)
    assert result.status == "permanent"
    assert "推送地址不正确" in result.reason


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("https://Office.Example", "office.example", 443, "/", "office.example"),
        ("http://office.example:8080/a/b?c=d#e", "office.example", 8080, "/a/b?c=d", "office.example:8080"),
        ("https://例子.example/路?灯=亮", "xn--fsqu00a.example", 443, "/%E8%B7%AF?%E7%81%AF=%E4%BA%AE", "xn--fsqu00a.example"),
        ("http://[2606:4700::1]:81/", "2606:4700::1", 81, "/", "[2606:4700::1]:81"),
        ("https://a/b%2Fc", "a", 443, "/b%2Fc", "a"),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(url: str, host: str, port: int, path: str, authority: str) -> None:
    made = target(url)
    assert (made.host, made.port, made.path, made.authority) == (host, port, path, authority)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    web_server: WebSink,
    inside: Transports,
    letter: Callable[..., OutgoingMessage],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert deliver(letter(), WebhookAddress(web_server.url()), inside).status == "accepted"
    assert "authorization" not in web_server.posts[0].headers


def test_a_server_that_is_down_is_a_reason_to_try_again(
    free_port: int, inside: Transports, letter: Callable[..., OutgoingMessage]
) -> None:
    result = deliver(letter(), WebhookAddress(f"http://127.0.0.1:{free_port}/secret-path"), inside)
    assert result.status == "temporary"
    assert result.reason == "连不上 127.0.0.1。 The webhook cannot be reached: Connection refused"


def test_a_name_that_is_unknown_is_a_reason_to_try_again(
    inside: Transports, letter: Callable[..., OutgoingMessage]
) -> None:
    result = deliver(letter(), WebhookAddress("http://nowhere.invalid/"), inside)
    assert result.status == "temporary"
    assert result.reason.startswith("连不上 nowhere.invalid。")


def _drip(answer: bytes) -> tuple[socket.socket, threading.Thread]:
    """A server that answers one byte at a time, slowly enough to outlast any time-out for a single wait."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(within(5))
            try:
                for byte in answer:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.1)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return listening, thread


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_answers_byte_by_byte_holds_nobody_up(
    scheme: str, inside: Transports, letter: Callable[..., OutgoingMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_plugin, "ATTEMPT", 0.5)
    # a header without an end; or a TLS record (handshake, 16 kB) without an end
    listening, thread = _drip(
        b"\x16\x03\x03\x40\x00\x02" + b"\x00" * 200 if scheme == "https" else b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200
    )
    with listening:
        start = time.monotonic()
        result = deliver(letter(), WebhookAddress(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/"), inside)
        # the answer itself takes twenty seconds
        assert time.monotonic() - start < 15
    thread.join()
    assert result.status == "temporary"
    assert "no end within 0.5 seconds" in result.reason


def _secured(certificate: Path) -> Callable[[ThreadingHTTPServer], None]:
    def wrap(server: ThreadingHTTPServer) -> None:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(certificate)
        server.socket = made.wrap_socket(server.socket, server_side=True)

    return wrap


def test_https_checks_the_name_although_it_connects_to_an_address(
    certificate: Path, inside: Transports, letter: Callable[..., OutgoingMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    with web_sink(_secured(certificate)) as sink:
        untrusted = deliver(letter(), WebhookAddress(f"https://localhost:{sink.port}/"), inside)
        monkeypatch.setattr(webhook_plugin, "_tls", lambda: trusting)
        right = deliver(letter(), WebhookAddress(f"https://localhost:{sink.port}/"), inside)
        wrong = deliver(letter(), WebhookAddress(f"https://127.0.0.1:{sink.port}/"), inside)
    assert (untrusted.status, right.status, wrong.status) == ("temporary", "accepted", "temporary")
    assert "加密连接失败" in untrusted.reason
    assert "加密连接失败" in wrong.reason
    assert len(sink.posts) == 1


def test_an_address_does_not_show_its_secrets() -> None:
    assert "s3cret" not in repr(WebhookAddress("https://office.example/s3cret", "s3cret"))
