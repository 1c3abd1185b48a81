"""Mails are read as people's programs write them; whatever comes, reading answers."""

from __future__ import annotations

import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.mail.automatic import machine
from huying.mail.bounce import bounce_of
from huying.mail.charset import charset, text_of
from huying.mail.content import content_of, message_id_of
from huying.mail.header import decoded, parameters, party
from huying.mail.markup import words_of
from huying.mail.quotation import reply_of
from tests.huying.mail.corpus import Sample, corpus, word

ALL = tuple(corpus())
LETTERS = tuple(one for one in ALL if one.kind in ("reply", "forward"))


def test_the_corpus_has_sixty_mails_of_ten_clients() -> None:
    assert len(ALL) == 60
    assert len({one.name for one in ALL}) == 60


@pytest.mark.parametrize("sample", LETTERS, ids=lambda one: one.name)
def test_a_letter_is_read_with_its_sender_and_subject(sample: Sample) -> None:
    read = content_of(sample.raw)
    assert (read.sender.address, read.sender.name) == ("zhang@example.cn", "张三")
    assert read.subject == sample.subject
    assert sample.words.split("\n")[0] in read.text
    assert "alert" not in read.text
    assert not read.faults
    assert machine(read, "zhang@example.cn", "x.gov.cn") is None


@pytest.mark.parametrize("sample", [one for one in LETTERS if one.kind == "reply"], ids=lambda one: one.name)
def test_of_a_reply_only_what_is_new_is_taken(sample: Sample) -> None:
    read = content_of(sample.raw)
    assert read.references[0] == "issue.1.2.3.4.t@x.gov.cn"
    words, cut = reply_of(read.text)
    lines = [line for line in words.split("\n") if line.strip() and line.strip() not in ("张三", "Zhang")]
    assert lines == sample.words.split("\n")
    assert cut


@pytest.mark.parametrize("sample", [one for one in ALL if one.kind == "bounce"], ids=lambda one: one.name)
def test_a_mail_that_comes_back_says_whether_somebody_is_there(sample: Sample) -> None:
    read = content_of(sample.raw)
    assert machine(read, "", "x.gov.cn") == "bounce"
    found = bounce_of(read)
    assert found.hard is sample.hard, found
    assert found.late is sample.name.endswith("-late")
    assert found.reason


@pytest.mark.parametrize("sample", [one for one in ALL if one.kind == "away"], ids=lambda one: one.name)
def test_a_notice_of_absence_is_told_from_a_letter(sample: Sample) -> None:
    kind = machine(content_of(sample.raw), "zhang@example.cn", "x.gov.cn")
    assert kind in ("away", "list")


@pytest.mark.parametrize(
    ("claimed", "name"),
    [
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("cp936", "gb18030"),
        ("x-gbk", "gb18030"),
        ("Big5", "big5hkscs"),
        ("zlib", "utf-8"),
        ("rot13", "utf-8"),
        ("unicode_escape", "utf-8"),
        ("nonsense", "utf-8"),
        ("", "utf-8"),
        ("a\0b", "utf-8"),
    ],
)
def test_a_charset_is_a_hint(claimed: str, name: str) -> None:
    assert charset(claimed) == name


def test_characters_beyond_the_old_set_are_read() -> None:
    rare = "朱镕基、㐀、𠮷"
    assert text_of(rare.encode("gb18030"), "gb2312") == rare
    assert decoded(word("朱镕基", "gb2312")) == "朱镕基"
    assert decoded("裸的中文".encode("gbk").decode("ascii", "surrogateescape")) == "裸的中文"
    # a character cut in two between encoded words, as some clients do
    both = "路灯".encode()
    cut = f"=?utf-8?B?{b64encode(both[:4]).decode()}?= =?utf-8?B?{b64encode(both[4:]).decode()}?="
    assert decoded(cut) == "路灯"


def test_names_of_files_are_read_however_they_are_written() -> None:
    assert parameters(f'attachment; filename="{word("照片.jpg", "gb18030")}"')["filename"] == "照片.jpg"
    assert parameters("attachment; filename*=utf-8''%E7%85%A7%E2%80%AEgpj.exe")["filename"] == "照gpj.exe"
    split = "attachment; filename*0*=gb2312''%D5%D5; filename*1*=%C6%AC.jpg"
    assert parameters(split)["filename"] == "照片.jpg"
    raw = b'attachment; filename="' + "照片.jpg".encode("gbk") + b'"'
    assert parameters(raw.decode("ascii", "surrogateescape"))["filename"] == "照片.jpg"


@pytest.mark.parametrize(
    ("raw", "address", "name"),
    [
        ("=?utf-8?q?a=0D=0ABcc:_x@y?= <a@b.cn>", "a@b.cn", "a Bcc: x@y"),
        ("undisclosed-recipients:;", "", ""),
        ("<<>>", "", ""),
        ('"张三 \u202e" <Z@B.CN>', "z@b.cn", "张三"),
        ("a..b@c.cn", "", ""),
        ("zhang@example.cn (Zhang)", "zhang@example.cn", ""),
    ],
)
def test_an_address_is_sound_or_none(raw: str, address: str, name: str) -> None:
    found = party(raw)
    assert (found.address, found.name) == (address, name)


def test_a_mail_without_an_end_is_bounded() -> None:
    deep = b"From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=B0\r\n\r\n"
    for at in range(3000):
        deep += b"--B%d\r\nContent-Type: multipart/mixed; boundary=B%d\r\n\r\n" % (at, at + 1)
    read = content_of(deep)
    assert read.sender.address == "a@b.cn"
    assert set(read.faults) & {"unreadable", "too-deep"}
    many = b"From: a@b.cn\nContent-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * 400
    assert content_of(many).faults == ("too-many-parts",)
    wide = b"From: a@b.cn\nContent-Type: multipart/mixed; boundary=B\n\n" + b"--B\n" * 400_000
    assert content_of(wide).faults == ("unreadable",)


@pytest.mark.parametrize(
    "markup", ["<!--" * 200_000, "<" * 500_000, "<script>" * 100_000, "<blockquote><p>" * 100_000, "a<b " * 200_000]
)
def test_markup_is_read_in_one_pass(markup: str) -> None:
    begun = time.process_time()
    words_of(markup)
    # a pass that began anew at each sign would take minutes; this says nothing of speed
    assert time.process_time() - begun < 30


def test_what_is_hidden_in_markup_is_no_text() -> None:
    found = words_of("<p>一</p><style>x</style><!-- y --><div>二 &lt;b&gt;</div>3 < 5<blockquote>旧</blockquote>")
    assert "x" not in found
    assert "y" not in found
    assert "二 <b>" in found
    assert "> 旧" in found


_HEADERS = st.sampled_from(
    [
        b"From",
        b"To",
        b"Subject",
        b"Message-ID",
        b"References",
        b"Date",
        b"Content-Type",
        b"Content-Disposition",
        b"Content-Transfer-Encoding",
        b"Authentication-Results",
        b"Auto-Submitted",
        b"Return-Path",
        b"In-Reply-To",
    ]
)
_VALUES = st.one_of(
    st.binary(max_size=120),
    st.sampled_from(
        [
            b"<[weird>",
            b"=?x?b?!!!!?=",
            b"=?gb2312?Q?=D6=EC=E9F?=",
            b"Tue, 32 Foo",
            b"multipart/mixed; boundary=B",
            b"message/rfc822",
            b"text/plain; charset=zlib",
            b"multipart/report; boundary=B",
            b"base64",
            b"x-uuencode",
            b"attachment; filename*0*=x'y",
            b"message/delivery-status",
            b"a@b, c@d <",
            b"; dmarc=pass",
            b"\xd6\xec <\xff@b.cn>",
            b"Thu, 1 Jan 9999 00:00:00 +9999",
        ]
    ),
)


@given(st.lists(st.tuples(_HEADERS, _VALUES), max_size=12), st.binary(max_size=300))
def test_whatever_comes_reading_answers(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    raw = b"".join(name + b": " + value.replace(b"\n", b"\n ") + b"\r\n" for name, value in headers) + b"\r\n" + body
    read = content_of(raw)
    machine(read, None, "x.gov.cn")
    bounce_of(read)
    reply_of(read.text)
    message_id_of(raw)
    assert "\u202e" not in read.text + read.subject + read.sender.name
    assert "\n" not in read.subject


@given(st.binary(max_size=400))
def test_bytes_that_are_no_mail_are_read_too(raw: bytes) -> None:
    assert content_of(raw).faults in ((), ("unreadable",), ("too-many-parts",), ("too-deep",))
