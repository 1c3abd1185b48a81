"""Mails go where they belong, once, and what is not certain lies before a person."""

from __future__ import annotations

import re
from base64 import b64encode
from email.message import Message
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.event import Attach, Comment
from huying.database import tables as t
from huying.messages.reply_address import reply_address
from tests.huying.mail.corpus import BOUNCES
from tests.huying.mail.post import DOMAIN, Post, letter
from tests.huying.town import PIXEL


def _issues(post: Post) -> int:
    with post.town.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(t.issues)).scalar_one())


def _events(post: Post, issue: int, kind: str) -> list[Any]:
    query = select(t.history.c.event).where(t.history.c.issue_id == issue, t.history.c.kind == kind)
    with post.town.house.database.reading() as connection:
        return list(connection.execute(query.order_by(t.history.c.sequence)).scalars())


def _of(post: Post, table: str, key: int) -> Any:
    rows = getattr(t, table)
    with post.town.house.database.reading() as connection:
        return connection.execute(select(rows).where(rows.c.id == key)).one()


def _reply_to(mail: Message) -> str:
    found = re.search(r"<?([^<>\s]+)>?$", mail["Reply-To"])
    assert found
    return found[1]


def _with_file(raw: bytes, name: str, content: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    plain = head.replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=B")
    part = f'--B\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{name}"\r\n'.encode()
    coded = b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(content)
    first = b"--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body
    return plain + b"\r\n\r\n" + first + b"\r\n" + part + coded + b"\r\n--B--\r\n"


def test_a_letter_of_a_proved_sender_opens_a_matter_at_its_station(post: Post) -> None:
    raw = _with_file(letter(), "路灯.png", PIXEL)
    row = post.became(raw)
    assert (row.state, row.why, row.trust) == ("opened", "", "pass")
    issue = _of(post, "issues", row.issue_id)
    assert (issue.channel, issue.subject) == ("mail", "路灯不亮")
    assert [one.name for one in _events(post, row.issue_id, "attach")] == ["路灯.png"]
    reporter = _of(post, "participants", issue.reporter_id)
    assert reporter.name == "林阿婆"
    # they wrote from it, so it is theirs: they are told in full, and can answer
    mails = [one for one in post.tell() if "ling@example.cn" in one["To"]]
    assert mails
    assert _reply_to(mails[0]).startswith("reply+")
    assert mails[0]["Auto-Submitted"] == "auto-generated"


def test_a_mail_that_comes_twice_opens_one_matter(post: Post) -> None:
    raw = letter()
    assert post.comes(raw)
    assert not post.comes(b"Received: by another\r\n" + raw)
    post.place()
    assert not post.comes(raw)
    post.place()
    assert _issues(post) == 1
    # the same name with other words is no repeat, and is nothing that goes by itself
    other = raw.replace("三号楼".encode(), "四号楼".encode())
    assert post.comes(other)
    assert not post.comes(other)
    post.place()
    assert _issues(post) == 1
    assert [(one.state, one.why) for one in post.rows()] == [("opened", ""), ("tray", "same-name")]


@pytest.mark.parametrize(
    ("raw", "to", "why"),
    [
        (letter(proved=None), "shiqing.xg", "unverified"),
        (letter(proved=False), "shiqing.xg", "unverified"),
        (letter(), "shiqing", "undecided"),
        (letter(), "LUMING", "incomplete kind"),
        (letter(text="长" * 6000), "shiqing.xg", "incomplete"),
        (letter(Content_Type="multipart/mixed; boundary=B"), "shiqing.xg", ""),
    ],
)
def test_what_is_not_certain_lies_before_a_person(post: Post, raw: bytes, to: str, why: str) -> None:
    row = post.became(raw, to)
    if why:
        assert (row.state, row.why) == ("tray", why)
        assert _issues(post) == 0
    else:
        assert row.state in ("tray", "opened")


def test_a_reply_to_its_own_address_is_a_remark_and_acts_on_nothing(post: Post) -> None:
    issue, mail = post.reported()
    before = _of(post, "issues", issue).version
    raw = letter(subject="Re: 已受理", text="我同意。请撤回。\r\n\r\n在 2026-11-01，呼应 写道：\r\n> 旧的", proved=None)
    row = post.became(_with_file(raw, "灯.png", PIXEL), _reply_to(mail))
    assert (row.state, row.issue_id, row.kind) == ("attached", issue, "reply")
    remarks = [one for one in _events(post, issue, "comment") if isinstance(one, Comment)]
    assert [(one.text, one.public) for one in remarks] == [("我同意。请撤回。", True)]
    assert [one.name for one in _events(post, issue, "attach") if isinstance(one, Attach)] == ["灯.png"]
    after = _of(post, "issues", issue)
    assert (after.status, after.version) == ("open", before + 2)
    assert "旧的" in row.whole


def test_a_reply_finds_its_issue_by_the_message_id_alone_if_it_is_theirs_and_proved(post: Post) -> None:
    issue, mail = post.reported()
    named = mail["Message-ID"]
    assert post.became(letter(In_Reply_To=named), f"noreply@{DOMAIN}").state == "attached"
    guessed = post.became(letter("thief@example.cn", In_Reply_To=named), f"noreply@{DOMAIN}")
    assert (guessed.state, guessed.why, guessed.suggestion["issue"]) == ("tray", "other-sender", issue)
    unproved = post.became(letter(In_Reply_To=named, proved=None), f"noreply@{DOMAIN}")
    assert (unproved.state, unproved.why) == ("tray", "unverified")
    forged = post.became(letter(proved=False), _reply_to(mail))
    assert (forged.state, forged.why) == ("tray", "unverified")
    assert len(_events(post, issue, "comment")) == 1


def test_a_number_in_the_subject_is_a_suggestion(post: Post) -> None:
    issue, _ = post.reported()
    number, _ = post.town.number_and_code(issue)
    row = post.became(letter(subject=f"关于 {number.lower()} 的补充"))
    assert (row.state, row.why, row.suggestion) == ("tray", "by-number", {"issue": issue, "mark": "number"})
    assert not _events(post, issue, "comment")


def test_somebody_who_works_on_it_answers_for_those_who_work_on_it(post: Post) -> None:
    post.address(post.town.people["deputy"], "wang@rd.example")
    issue = post.town.report()
    post.town.act(issue, "clerk", "accept")
    mail = next(one for one in post.tell() if "wang@rd.example" in one["To"])
    row = post.became(letter("wang@rd.example", text="我明天去看。"), _reply_to(mail))
    assert row.state == "attached"
    assert [(one.text, one.public) for one in _events(post, issue, "comment")] == [("我明天去看。", False)]


@pytest.mark.parametrize("sample", [one for one in BOUNCES if one.hard is not None], ids=lambda one: one.name)
def test_a_mail_that_comes_back_marks_the_address(post: Post, sample: Any) -> None:
    _, mail = post.reported()
    wrong = _reply_to(mail).replace("reply+", "bounce+")
    # the tag of one purpose is none of the other
    assert post.comes(sample.raw, wrong, "")
    post.place()
    assert post.rows()[-1].delivery_id is None
    number = int(re.findall(r"\+(\d+)-", wrong)[0])
    told, ring = _of(post, "deliveries", number), post.town.house.database.ring
    assert ring is not None
    own = reply_address(ring, "bounce", told.id, told.key, DOMAIN)
    row = post.became(sample.raw.replace(b"Message-ID: <", b"Message-ID: <again-"), own, "")
    late = sample.name.endswith("-late")
    assert (row.state, row.delivery_id) == ("bounce", told.id)
    status = _of(post, "deliveries", told.id).status
    assert status == ("accepted" if late else "undelivered")
    assert _of(post, "addresses", told.address_id).state == ("gone" if sample.hard else "usable")


def test_a_bounce_without_its_tag_is_for_a_person_to_believe(post: Post) -> None:
    _, mail = post.reported()
    raw = BOUNCES[0].raw.replace(b"<issue.1.2.3.4.t@x.gov.cn>", mail["Message-ID"].encode())
    row = post.became(raw, f"noreply@{DOMAIN}", "")
    assert (row.state, row.kind, row.why) == ("tray", "bounce", "unproved-bounce")
    stranger = post.became(BOUNCES[0].raw.replace(b"<postfix@", b"<other@"), f"noreply@{DOMAIN}", "")
    assert (stranger.state, stranger.why) == ("ignored", "not-ours")


def test_that_somebody_is_away_is_noted_at_the_message(post: Post) -> None:
    issue, mail = post.reported()
    row = post.became(letter(subject="自动回复", text="我在休假。", Auto_Submitted="auto-replied"), _reply_to(mail))
    assert (row.state, row.kind) == ("ignored", "away")
    assert "我在休假" in _of(post, "deliveries", row.delivery_id).reason
    assert not _events(post, issue, "comment")


def test_a_machine_answers_a_verified_sender_three_times_a_day_and_no_machine(post: Post) -> None:
    for _ in range(5):
        assert post.became(letter(), "shiqing").state == "tray"
    answers = [one for one in post.sent() if "ling@example.cn" in one["To"]]
    assert len(answers) == 3
    assert answers[0]["Auto-Submitted"] == "auto-replied"
    assert answers[0]["In-Reply-To"].startswith("<")
    assert answers[0]["Reply-To"] is None
    for raw in (letter("a@example.cn", proved=None), letter("b@example.cn", Precedence="bulk")):
        post.became(raw, "shiqing")
    post.became(letter("c@example.cn", X_Auto_Response_Suppress="All"), "shiqing")
    assert len(post.sent()) == 3


def test_more_than_people_write_lies_before_a_person_and_a_blocked_sender_before_nobody(post: Post) -> None:
    states = [post.became(letter()).state for _ in range(25)]
    assert states == ["opened"] * 20 + ["tray"] * 5
    assert post.rows()[-1].why == "flood"


def test_what_cannot_be_placed_is_tried_again_and_then_lies_before_a_person(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huying.mail.placement as placement

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(placement, "open_letter", broken)
    post.comes(letter())
    for _ in range(6):
        post.place()
        post.town.clock.move(hours=1)
    row = post.rows()[-1]
    assert (row.state, row.why, row.tries) == ("tray", "failed", 5)
