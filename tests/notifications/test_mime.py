"""Mail as it is written: stable identity, both bodies, headers that nobody can add to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import OutgoingMessage
from notifications.channels.mime import identifier, is_mail_address, mail, sender_of
from tests.examples import examples

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SENDER = "呼应 Huying <noreply@office.example>"


def _read(message: OutgoingMessage, to: str = "li@example.org", sender: str = SENDER) -> EmailMessage:
    return message_from_bytes(mail(message, to, sender, NOW).as_bytes(), EmailMessage, policy=default)


def test_a_mail_carries_both_bodies_and_the_marks_of_an_automatic_one(letter: Callable[..., OutgoingMessage]) -> None:
    made = _read(letter())
    plain, html = made.get_body(("plain",)), made.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == letter().text
    assert html.get_content().replace("\r\n", "\n") == letter().html
    assert made["Message-ID"] == "<42.3.0.7.1.task@office.example>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["From"] == SENDER
    assert made["To"] == "li@example.org"
    assert made["Date"] == "Mon, 23 Nov 2026 01:00:00 +0000"
    assert "List-Unsubscribe" not in made


def test_the_date_may_be_that_of_writing(letter: Callable[..., OutgoingMessage]) -> None:
    written = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert _read(letter(written_at=written))["Date"] == "Mon, 02 Mar 2026 01:00:00 +0000"


def test_a_message_may_name_its_sender(letter: Callable[..., OutgoingMessage]) -> None:
    made = _read(letter(sender='东门"活动室\r\nBcc: x@y.example'))
    assert made["From"].addresses[0].display_name == '东门"活动室 Bcc: x@y.example'
    assert made["From"].addresses[0].addr_spec == "noreply@office.example"
    assert "Bcc" not in made


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r", "\x85", "\u2028", "\x0b", "\x00", "\n\n", "\n "])
def test_no_header_can_be_added_through_the_subject(breaks: str, letter: Callable[..., OutgoingMessage]) -> None:
    made = _read(letter(subject=f"路灯{breaks}Bcc: x@y.example"))
    assert "Bcc" not in made
    assert "路灯" in made["Subject"]


_VISIBLE = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Cn", "Co"])


@examples(150)
@given(st.text(_VISIBLE | st.just(" ") | st.sampled_from("路灯不亮"), min_size=1, max_size=120))
def test_every_subject_arrives_as_it_was_written(subject: str) -> None:
    subject = " ".join(subject.split()) or "x"
    assert _read(OutgoingMessage(key="k", subject=subject, text="t", html="h"))["Subject"] == subject


@pytest.mark.parametrize("key", ["1", "42.3.0.7.1.task", "a" * 160, "1.2-3_4"])
def test_a_plain_key_is_its_own_identifier(key: str) -> None:
    assert identifier(key) == key


@pytest.mark.parametrize(
    "key", ["", "a b", "a>b", "..", "a..b", ".a", "../../x", "a\nb", "事项", "a" * 161, "a:b", "a/b", "<x>"]
)
def test_any_other_key_becomes_a_plain_one(key: str) -> None:
    made = identifier(key)
    assert made == identifier(key)
    assert identifier(made) == made
    assert made != identifier(key + "x")


@examples(100)
@given(st.text(max_size=300))
def test_every_key_makes_a_message_id_that_arrives(key: str) -> None:
    made = _read(OutgoingMessage(key=key, subject="s", text="t", html="h"))
    assert made["Message-ID"] == f"<{identifier(key)}@office.example>"


@pytest.mark.parametrize(
    ("email", "sound"),
    [
        ("li@example.org", True), ("li.na+x@sub.example.org", True), ("李娜@例子.example", True), ("a@localhost", True),
        ("", False), ("li", False), ("@example.org", False), ("li@", False), ("a@b@c", False), ("a b@example.org", False),
        ("li@example.org\n", False), ("li@example.org\r\nBcc: x@y.z", False), ("a@b,c@d", False), ("<a@b>", False),
        ("Li <li@example.org>", False), ('"a"@b', False), (".a@b", False), ("a.@b", False), ("a..b@c", False), ("a@b..c", False),
        ("mailto:a@b", False), ("a@b\x00", False), ("a@b/../../x", False), ("a@b/x", False), ("a@b_c", False), ("a@[127.0.0.1]", False),
    ],
)  # fmt: skip
def test_an_address_is_one_bare_address(email: str, sound: bool) -> None:
    assert is_mail_address(email) is sound


@pytest.mark.parametrize("sender", ["", "呼应", "呼应 <>", "a b"])
def test_a_sender_needs_an_address(sender: str) -> None:
    with pytest.raises(ValueError, match="发件人"):
        sender_of(sender)
