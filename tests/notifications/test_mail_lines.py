"""Connections that a batch keeps open: few of them, none with too many mails, and no mail is lost or doubled when one ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from notifications import MailAddress, OutgoingMessage, Transports, deliver, deliver_batch
from notifications.channels.mail_lines import MAILS_OF_ONE
from tests.notifications.conftest import MailSink

_MANY = 200


def _batch(letter: Callable[..., OutgoingMessage], many: int = _MANY) -> list[tuple[OutgoingMessage, MailAddress]]:
    return [(letter(f"{n}.1.task"), MailAddress(f"p{n}@example.org")) for n in range(many)]


def test_a_batch_goes_over_few_connections_each_with_a_bounded_number_of_mails(
    mail_server: MailSink, letter: Callable[..., OutgoingMessage]
) -> None:
    results = deliver_batch(_batch(letter), Transports(mail=mail_server.server))
    assert {result.status for result in results} == {"accepted"}
    # each ends full, but the last one of each that is open at once
    assert len(mail_server.connections) <= _MANY / MAILS_OF_ONE + mail_server.server.connections
    assert max(mail_server.connections.values()) <= MAILS_OF_ONE
    assert sorted(to for mail in mail_server.envelopes for to in mail.rcpt_tos) == sorted(
        f"p{n}@example.org" for n in range(_MANY)
    )


def test_a_mail_of_its_own_leaves_no_connection_open(
    mail_server: MailSink, letter: Callable[..., OutgoingMessage]
) -> None:
    for _ in range(2):
        assert (
            deliver(letter(), MailAddress("li@example.org"), Transports(mail=mail_server.server)).status == "accepted"
        )
    assert list(mail_server.connections.values()) == [1, 1]


@pytest.mark.parametrize("how", [{"many": "3"}, {"idle": ""}], ids=["refuses more than three", "hangs up"])
def test_a_server_that_ends_connections_gets_every_mail_once(
    how: dict[str, str], mail_server: MailSink, letter: Callable[..., OutgoingMessage]
) -> None:
    mail_server.refusals |= how
    results = deliver_batch(_batch(letter, 60), Transports(mail=mail_server.server))
    assert [result.reason for result in results if result.status != "accepted"] == []
    assert sorted(to for mail in mail_server.envelopes for to in mail.rcpt_tos) == sorted(
        f"p{n}@example.org" for n in range(60)
    )
