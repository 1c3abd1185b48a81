"""Delivery as a whole: only our ways out, no secrets in logs, batches in order, one failure for itself."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from apprise import Apprise
from apprise.plugins import N_MGR

from notifications import (
    KINDS,
    MailAddress,
    Mailbox,
    OutgoingMessage,
    Transports,
    WebhookAddress,
    close_pool,
    deliver,
    deliver_batch,
    read_mails,
    warm,
)
from notifications.channels.plugin import Plugin, listening, outcome
from notifications.message import Address
from tests.notifications.conftest import MailSink, WebSink, mail_sink


@pytest.fixture(autouse=True)
def _no_threads_left() -> Iterator[None]:
    yield
    close_pool()


def test_only_our_own_ways_are_open() -> None:
    warm()
    manager: Any = N_MGR
    assert sorted(manager.schemas(include_disabled=False)) == sorted(
        {
            "huying-mail",
            "huying-mailbox",
            "huying-webhook",
            *(str(one.plugin.secure_protocol) for one in KINDS.values()),
        }
    )
    assert all(schema.startswith("huying-") for schema in manager.schemas(include_disabled=False))
    for url in ("mailto://u:p@example.org", "json://example.org", "file:///etc/passwd", "form://example.org"):
        assert Apprise.instantiate(url) is None


def test_a_message_without_a_body_is_refused_in_words(tmp_path: Path, letter: Callable[..., OutgoingMessage]) -> None:
    result = deliver(letter(text=""), MailAddress("li@example.org"), Transports(mail=Mailbox(tmp_path)))
    assert result.status == "permanent"
    assert "No message body" in result.reason


def test_a_fault_of_ours_is_a_result_without_secrets(letter: Callable[..., OutgoingMessage]) -> None:
    transports = Transports(mail=Mailbox(Path("/")))
    object.__setattr__(transports.mail, "from_address", "s3cret")
    result = deliver(letter(), MailAddress("li@example.org"), transports)
    assert result.status == "temporary"
    assert "s3cret" not in result.reason


def test_what_apprise_says_belongs_to_the_attempt_that_caused_it(letter: Callable[..., OutgoingMessage]) -> None:
    warm()
    together = threading.Barrier(8)

    def said(number: int) -> list[str]:
        with listening() as heard:
            together.wait()
            logging.getLogger("apprise").warning("about %s", number)
            together.wait()
            return list(heard)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(said, range(8))) == [[f"about {number}"] for number in range(8)]


def test_nothing_of_a_message_is_logged(
    web_server: WebSink, tmp_path: Path, letter: Callable[..., OutgoingMessage], caplog: pytest.LogCaptureFixture
) -> None:
    transports = Transports(mail=Mailbox(tmp_path), allow_private=True)
    deliver(letter(), WebhookAddress(web_server.url("/token-s3cret"), "key-s3cret"), transports)
    deliver(letter(), WebhookAddress(web_server.url("/status/500?s3cret"), "key-s3cret"), transports)
    assert "s3cret" not in caplog.text
    assert letter().subject not in caplog.text


def test_a_plugin_says_how_it_sends(letter: Callable[..., OutgoingMessage]) -> None:
    with pytest.raises(TypeError):
        outcome(Plugin(letter()))


def test_results_come_in_order_and_one_failure_harms_no_other(
    web_server: WebSink, mail_server: MailSink, free_port: int, letter: Callable[..., OutgoingMessage]
) -> None:
    transports = Transports(mail=mail_server.server, allow_private=True)
    kinds: list[tuple[Address, str]] = [
        (MailAddress("li@example.org"), "accepted"),
        (WebhookAddress(web_server.url("/status/400")), "permanent"),
        (WebhookAddress(web_server.url()), "accepted"),
        (MailAddress("nobody"), "permanent"),
        (WebhookAddress(web_server.url("/status/503")), "temporary"),
        (WebhookAddress("nonsense"), "permanent"),
        (None, "temporary"),  # type: ignore[list-item]
    ]
    batch = [(letter(f"k{number}.{kind}"), address) for number in range(6) for kind, (address, _) in enumerate(kinds)]
    results = deliver_batch(batch, transports)
    assert [result.status for result in results] == [status for _ in range(6) for _, status in kinds]
    assert sorted(mail["Message-ID"] for mail in mail_server.mails) == [f"<k{n}.0@office.example>" for n in range(6)]


def test_a_batch_waits_for_all_at_once(tmp_path: Path, letter: Callable[..., OutgoingMessage]) -> None:
    """Sixty servers, each of which answers once eleven others have been asked too."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as silent:
        asked = threading.Barrier(12)

        def serve(connection: socket.socket) -> None:
            with connection:
                connection.recv(65536)
                asked.wait(30)
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        def accept() -> None:
            for _ in range(60):
                threading.Thread(target=serve, args=(silent.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        to = WebhookAddress(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        results = deliver_batch(
            [(letter(f"k{n}"), to) for n in range(60)], Transports(mail=Mailbox(tmp_path), allow_private=True)
        )
    assert {result.status for result in results} == {"accepted"}


def test_mail_servers_get_few_connections_at_once(free_port: int, letter: Callable[..., OutgoingMessage]) -> None:
    with mail_sink(free_port, connections=3) as sink:
        batch: list[tuple[OutgoingMessage, Address]] = [
            (letter(f"k{n}"), MailAddress(f"p{n}@example.org")) for n in range(20)
        ]
        results = deliver_batch(batch, Transports(mail=sink.server))
    assert {result.status for result in results} == {"accepted"}
    assert len({mail["Message-ID"] for mail in sink.mails}) == 20


def test_a_pool_may_be_passed_in_and_stays_open(tmp_path: Path, letter: Callable[..., OutgoingMessage]) -> None:
    transports = Transports(mail=Mailbox(tmp_path))
    before = set(threading.enumerate())
    with ThreadPoolExecutor(2, thread_name_prefix="mine") as pool:
        for number in range(2):
            deliver_batch([(letter(f"k{number}"), MailAddress("li@example.org"))], transports, pool)
    assert len(read_mails(tmp_path)) == 2
    assert not any(thread.name.startswith("deliver") for thread in set(threading.enumerate()) - before)


def test_an_empty_batch_has_no_results(tmp_path: Path) -> None:
    assert deliver_batch([], Transports(mail=Mailbox(tmp_path))) == []
