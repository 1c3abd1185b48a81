"""The local mailbox: each message once, read back as it was sent."""

from __future__ import annotations

import mailbox
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from notifications import MailAddress, Mailbox, OutgoingMessage, Transports, deliver, read_mail, read_mails

LI = MailAddress("li@example.org")


@pytest.fixture
def local(tmp_path: Path) -> Transports:
    """Transports into an empty mailbox."""
    return Transports(mail=Mailbox(tmp_path / "mailbox"))


def test_a_message_is_read_back_as_it_was_sent(
    local: Transports, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    assert deliver(letter(), LI, local).status == "accepted"
    made = read_mail(tmp_path / "mailbox", letter().key)
    assert made is not None
    assert (made.to, made.subject, made.text, made.html) == (
        "li@example.org",
        letter().subject,
        letter().text,
        letter().html,
    )
    assert made.sender == "呼应 Huying <noreply@huying.invalid>"
    assert made.message_id == f"<{letter().key}@huying.invalid>"
    assert made.at.utcoffset() is not None


def test_people_without_an_address_have_their_messages_here(
    local: Transports, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    assert deliver(letter(), MailAddress("participant-7@huying.invalid"), local).status == "accepted"
    assert [mail.to for mail in read_mails(tmp_path / "mailbox")] == ["participant-7@huying.invalid"]


def test_a_repeat_takes_the_place_of_the_first(
    local: Transports, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    deliver(letter(text="一\n"), LI, local)
    deliver(letter(text="二\n"), LI, local)
    assert [mail.text for mail in read_mails(tmp_path / "mailbox")] == ["二\n"]


def test_the_message_sent_last_is_listed_first(
    local: Transports, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    for number in range(5):
        deliver(letter(f"k{number}"), LI, local)
        file = tmp_path / "mailbox" / "new" / f"k{number}.eml"
        os.utime(file, ns=(number * 10**9, number * 10**9))
    assert [mail.key for mail in read_mails(tmp_path / "mailbox", limit=3)] == ["k4", "k3", "k2"]


def test_there_is_nothing_in_a_mailbox_that_does_not_exist(tmp_path: Path) -> None:
    assert read_mails(tmp_path / "none") == ()
    assert read_mail(tmp_path / "none", "x") is None


@pytest.mark.parametrize("key", ["../../outside", "/etc/passwd", "a/b", "x\x00y", "事项 42", "长" * 500])
def test_no_key_leads_out_of_the_mailbox(
    key: str, local: Transports, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    assert deliver(letter(key), LI, local).status == "accepted"
    (file,) = (tmp_path / "mailbox" / "new").iterdir()
    made = read_mail(tmp_path / "mailbox", key)
    assert made is not None
    assert read_mail(tmp_path / "mailbox", made.key) == made
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mailbox"]
    assert file.name == f"{made.key}.eml"


def test_mail_programs_read_it_as_a_maildir(
    local: Transports, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    deliver(letter(), LI, local)
    (made,) = mailbox.Maildir(tmp_path / "mailbox", create=False)
    assert made["Message-ID"] == f"<{letter().key}@huying.invalid>"


def test_nobody_else_on_the_machine_reads_it(
    local: Transports, tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    deliver(letter(), LI, local)
    new = tmp_path / "mailbox" / "new"
    assert stat.S_IMODE(new.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in new.iterdir()] == [0o600]
    assert list((tmp_path / "mailbox" / "tmp").iterdir()) == []


def test_a_mailbox_that_cannot_be_written_is_a_reason_to_try_again(
    tmp_path: Path, letter: Callable[..., OutgoingMessage]
) -> None:
    (tmp_path / "file").write_text("")
    result = deliver(letter(), LI, Transports(mail=Mailbox(tmp_path / "file")))
    assert (result.status, result.reason) == (
        "temporary",
        "写不进本地邮箱。 The local mailbox cannot be written: Not a directory",
    )
