"""Mail servers hand mail over by LMTP and SMTP, over real sockets: what is taken is kept, whatever dies; what cannot be kept is not taken."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

import huying.mail.listener as listening
from huying.mail.listener import MailListener
from tests.huying.mail.post import DOMAIN, Post, letter


@contextmanager
def listener(post: Post, address: str = "lmtp://127.0.0.1:0") -> Iterator[int]:
    """A listener on a thread of its own; its port."""
    ready, ended = threading.Event(), threading.Event()
    found: list[int] = []

    async def run() -> None:
        made = MailListener(post.town.house, post.plan, address, post.town.clock)
        found.append(await made.start())
        ready.set()
        await asyncio.to_thread(ended.wait)
        await made.stop()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield found[0]
    finally:
        ended.set()
        thread.join(30)


def _send(port: int, raw: bytes, *to: str, returned_to: str = "ling@example.cn") -> dict[str, tuple[int, bytes]]:
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
        return client.sendmail(returned_to, list(to), raw)


def test_a_mail_that_is_taken_is_kept(post: Post) -> None:
    with listener(post) as port:
        assert _send(port, letter(), f"SHIQING.XG@{DOMAIN}") == {}
    post.place()
    row = post.rows()[-1]
    assert (row.state, row.recipients["returned_to"]) == ("opened", "ling@example.cn")
    assert row.recipients["to"] == [f"SHIQING.XG@{DOMAIN}"]


@pytest.mark.parametrize(
    "address",
    [
        "nobody@" + DOMAIN,
        "shiqing.zz@" + DOMAIN,
        "reply+1-aaaaaaaaaaaaa@" + DOMAIN,
        "shiqing.xg@elsewhere.example",
        "x@y",
    ],
)
def test_a_strangers_address_is_refused_at_once(post: Post, address: str) -> None:
    with listener(post) as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _send(port, letter(), address)
    assert refused.value.recipients[address][0] == 550
    assert not post.rows()


def test_of_lmtp_there_is_an_answer_for_each_recipient(post: Post) -> None:
    with listener(post) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        file = line.makefile("rb")

        def say(text: str) -> bytes:
            line.sendall(text.encode() + b"\r\n")
            answer = file.readline()
            while answer[3:4] == b"-":
                answer = file.readline()
            return answer[:3]

        file.readline()
        assert say("LHLO mx.example") == b"250"
        assert say("MAIL FROM:<ling@example.cn>") == b"250"
        assert say(f"RCPT TO:<shiqing.xg@{DOMAIN}>") == b"250"
        assert say(f"RCPT TO:<nobody@{DOMAIN}>") == b"550"
        assert say(f"RCPT TO:<postmaster@{DOMAIN}>") == b"250"
        assert say("DATA") == b"354"
        line.sendall(letter() + b"\r\n.\r\n")
        assert [file.readline()[:3] for _ in range(2)] == [b"250", b"250"]
    assert len(post.rows()) == 1


def test_a_mail_of_fifty_megabytes_is_refused(post: Post) -> None:
    with listener(post) as port:
        with pytest.raises(smtplib.SMTPException) as said:
            _send(port, letter(text="x" * 70 + "\r\n") + b"x" * (50 << 20), f"shiqing.xg@{DOMAIN}")
        assert "552" in str(said.value)
    assert not post.rows()


def test_while_the_database_is_away_nothing_is_taken(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("x", {}, Exception("away"))

    with listener(post) as port:
        monkeypatch.setattr(listening, "take", away)
        with pytest.raises(smtplib.SMTPDataError) as later:
            _send(port, letter(), f"shiqing.xg@{DOMAIN}")
        assert later.value.smtp_code == 451
        monkeypatch.setattr(listening, "recipient", away)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            _send(port, letter(), f"shiqing.xg@{DOMAIN}")
        assert next(iter(refused.value.recipients.values()))[0] == 451


def test_it_listens_at_a_socket_in_a_folder_and_by_smtp(post: Post, tmp_path: Path) -> None:
    place = tmp_path / "lmtp.sock"
    # one that a dead process left
    place.touch()
    with listener(post, f"lmtp://{place}"), smtplib.LMTP(str(place)) as client:
        assert client.sendmail("", [f"shiqing.xg@{DOMAIN}"], letter()) == {}
    with listener(post, "smtp://127.0.0.1:0") as port, smtplib.SMTP("127.0.0.1", port) as other:
        assert other.sendmail("ling@example.cn", [f"shiqing.xg@{DOMAIN}", f"shiqing@{DOMAIN}"], letter()) == {}
    assert len(post.rows()) == 2


def test_lines_longer_than_the_standard_allows_hurt_nobody(post: Post) -> None:
    with listener(post) as port:
        assert _send(port, letter(text="长" * 4000), f"shiqing.xg@{DOMAIN}") == {}
    post.place()
    assert post.rows()[-1].state == "opened"
