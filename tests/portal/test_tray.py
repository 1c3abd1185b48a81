"""The tray at the portal: whoever looks after a station decides what becomes of what came in, each deed noted, and done once."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.event import Comment
from huying.database import tables as t
from huying.inbound.view import has_inbound
from huying.mail.content import content_of
from tests.huying.mail.corpus import BOUNCES
from tests.huying.mail.post import DOMAIN, Post, letter
from tests.huying.town import PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain


@pytest.fixture
def post(town: PortalTown, tmp_path: Path) -> Post:
    """The post room of the town."""
    return Post(town, tmp_path / "sent")


def _with_files(raw: bytes, *files: tuple[str, bytes]) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    plain_head = head.replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=B")
    parts = [b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body]
    for name, content in files:
        said = f'Content-Type: application/octet-stream; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        parts.append(said.encode() + b64encode(content))
    return plain_head + b"\r\n\r\n" + b"".join(b"--B\r\n" + one + b"\r\n" for one in parts) + b"--B--\r\n"


def _held(post: Post, raw: bytes | None = None, to: str = "shiqing.xg") -> int:
    row = post.became(raw or letter(proved=None), to)
    assert row.state == "tray"
    return int(row.id)


def _row(town: PortalTown, message: int) -> Any:
    with town.house.database.reading() as connection:
        return connection.execute(select(t.inbound_messages).where(t.inbound_messages.c.id == message)).one()


def _comments(town: PortalTown, issue: int) -> list[Any]:
    query = select(t.history.c.event, t.history.c.via).where(
        t.history.c.issue_id == issue, t.history.c.kind == "comment"
    )
    with town.house.database.reading() as connection:
        return list(connection.execute(query))


def _noted(town: PortalTown) -> set[str]:
    with town.house.database.reading() as connection:
        return set(connection.execute(select(t.audit.c.what)).scalars())


def test_each_sees_what_came_to_their_station_and_the_office_sees_all(town: PortalTown, post: Post) -> None:
    clerk, office = town.visitor("clerk"), town.visitor("office")
    assert 'href="/tray"' not in clerk.see("/issues")
    mine, nobodys = _held(post), _held(post, letter(subject="给机关的信"), "shiqing")
    assert 'href="/tray"' in clerk.see("/issues")
    page = plain(clerk.see("/tray"))
    assert "林阿婆" in page
    assert "发件人未经核验" in page
    assert "给机关的信" not in page
    assert "给机关的信" in plain(office.see("/tray"))
    assert "三号楼前的路灯灭了" in plain(clerk.see(f"/tray/{mine}"))
    clerk.see(f"/tray/{nobodys}", status=404)
    for login in ("far-clerk",):
        town.visitor(login).see(f"/tray/{mine}", status=404)
    town.visitor("stranger").see("/tray", status=403)
    town.visitor("lighting").see(f"/tray/{mine}", status=403)
    assert "message-read" in _noted(town)
    assert has_inbound(town.house)


def test_a_message_becomes_the_reporters_word_in_their_issue(town: PortalTown, post: Post) -> None:
    issue, mail = post.reported()
    reply = re.sub(r"[<>]", "", mail["Reply-To"])
    raw = _with_files(
        letter("ling@other.example", text="灯亮了，谢谢。"), ("灯.png", PIXEL), ("winmail.dat", b'x\x9f>"' * 9)
    )
    message, clerk = _held(post, raw, reply), town.visitor("clerk")
    page = clerk.see(f"/tray/{message}")
    number, _ = town.number_and_code(issue)
    assert number in page
    assert "从别的地址回复" in plain(page)
    clerk.send(f"/tray/{message}", f"/tray/{message}", {"do": "attach", "number": number.lower(), "reporter": "yes"})
    row = _row(town, message)
    assert (row.state, row.issue_id, row.settled_by) == ("attached", issue, "陈晓")
    [(event, via)] = _comments(town, issue)
    assert isinstance(event, Comment)
    assert (event.public, via) == (True, "mail")
    assert "灯亮了，谢谢。" in event.text
    assert "winmail.dat" in event.text
    told = clerk.see(f"/issues/{number}")
    assert "来信告知" in plain(told)
    assert "灯.png" in told
    # what nobody took is offered as it came, and never shown
    file = clerk.http.get(f"/tray/{message}/files/1")
    assert (file.status_code, file.headers["content-type"]) == (200, "application/octet-stream")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.content == b'x\x9f>"' * 9
    assert clerk.http.get(f"/tray/{message}/raw").content == raw
    # it is done once
    again = clerk.http.get(f"/tray/{message}").text
    assert 'value="attach"' not in again
    assert "message-attached" in _noted(town)


def test_of_two_who_decide_the_second_hears_that_it_is_done(town: PortalTown, post: Post) -> None:
    message = _held(post)
    first, second = town.visitor("clerk"), town.visitor("clerk2")
    entries = second.hidden(f"/tray/{message}", f"/tray/{message}")
    first.send(f"/tray/{message}", f"/tray/{message}", {"do": "ignore", "reason": "广告"})
    answer = second.http.post(f"/tray/{message}", data={**entries, "do": "ignore"})
    assert answer.status_code == 409
    assert "同事已经处理" in plain(answer.text)
    # and may be taken back
    second.send(f"/tray/{message}", f"/tray/{message}", {"do": "return"})
    assert (_row(town, message).state, _row(town, message).why) == ("tray", "returned")


def test_a_wrong_number_is_said_and_nothing_is_done(town: PortalTown, post: Post) -> None:
    message, clerk = _held(post), town.visitor("clerk")
    for number, status, said in (("", 422, "请填事项编号"), ("XG-1999-00001", 404, "没有")):
        page = clerk.send(f"/tray/{message}", f"/tray/{message}", {"do": "attach", "number": number}, status=status)
        assert said in plain(page)
    clerk.send(f"/tray/{message}", f"/tray/{message}", {"do": "eat"}, status=404)
    assert _row(town, message).state == "tray"


def test_a_letter_is_taken_in_over_the_desk_with_what_it_says_and_its_files(town: PortalTown, post: Post) -> None:
    raw = _with_files(letter(subject="路灯", text="三号楼前黑。", proved=True), ("灯.png", PIXEL))
    message, clerk = _held(post, raw, "luming"), town.visitor("clerk")
    assert "还缺：类别" in plain(clerk.see(f"/tray/{message}"))
    desk = clerk.see(f"/intake/letters/{message}")
    assert 'value="路灯"' in desk
    assert "三号楼前黑。" in desk
    assert 'value="林阿婆"' in desk
    values = {
        "process": "street-matters",
        "station": "XG",
        "channel": "mail",
        "name": "林阿婆",
        "field.subject": "路灯",
        "field.details": "三号楼前黑。",
    }
    # something is missing: the letter is still beside it
    again = clerk.send(f"/intake/letters/{message}", "/intake", values, status=422)
    assert f'name="message" value="{message}"' in again
    clerk.send(f"/intake/letters/{message}", "/intake", {**values, "field.kind": "lighting"})
    row = _row(town, message)
    assert row.state == "opened"
    with town.house.database.reading() as connection:
        issue = connection.execute(select(t.issues).where(t.issues.c.id == row.issue_id)).one()
        address = connection.execute(select(t.addresses).where(t.addresses.c.participant_id == issue.reporter_id)).one()
    assert issue.channel == "mail"
    assert (address.target, address.state) == ("ling@example.cn", "usable")
    assert "灯.png" in clerk.see(f"/issues/{issue.number}")
    # who comes later is led to what it became
    entries = {**values, "field.kind": "lighting", "message": str(message)}
    town.visitor("clerk2").send("/intake", "/intake", entries)
    assert town.house.database is not None
    with town.house.database.reading() as connection:
        assert len(connection.execute(select(t.issues.c.id)).all()) == 1


def test_a_message_is_handed_to_another_station(town: PortalTown, post: Post) -> None:
    message = _held(post)
    clerk = town.visitor("clerk")
    clerk.send(f"/tray/{message}", f"/tray/{message}", {"do": "hand", "station": ""}, status=422)
    clerk.send(f"/tray/{message}", f"/tray/{message}", {"do": "hand", "station": "YF"})
    clerk.see(f"/tray/{message}", status=404)
    assert "三号楼" in town.visitor("far-clerk").see(f"/tray/{message}")


def test_a_blocked_sender_is_not_seen_until_somebody_lifts_that(town: PortalTown, post: Post) -> None:
    first, second = _held(post), _held(post)
    clerk = town.visitor("clerk")
    clerk.send(f"/tray/{first}", f"/tray/{first}", {"do": "block", "reason": "骚扰"})
    assert {_row(town, one).state for one in (first, second)} == {"ignored"}
    row = post.became(letter())
    assert (row.state, row.why) == ("ignored", "blocked")
    clerk.send(f"/tray/{first}", f"/tray/{first}", {"do": "unblock"})
    assert post.became(letter()).state == "opened"
    assert {"sender-blocked", "sender-unblocked"} <= _noted(town)


def test_a_bounce_without_proof_is_believed_by_a_person(town: PortalTown, post: Post) -> None:
    _, mail = post.reported()
    raw = BOUNCES[0].raw.replace(b"<issue.1.2.3.4.t@x.gov.cn>", mail["Message-ID"].encode())
    row = post.became(raw, f"noreply@{DOMAIN}", "")
    office = town.visitor("office")
    assert "退信，但不能证明" in plain(office.see(f"/tray/{row.id}"))
    office.send(f"/tray/{row.id}", f"/tray/{row.id}", {"do": "bounce"})
    with town.house.database.reading() as connection:
        told = connection.execute(select(t.deliveries).where(t.deliveries.c.id == row.delivery_id)).one()
        address = connection.execute(select(t.addresses).where(t.addresses.c.id == told.address_id)).one()
    assert (told.status, address.state) == ("undelivered", "gone")
    # they left a number: now they are told by phone
    assert "李明" in plain(office.see("/phone-list"))


def test_from_a_letter_to_the_verdict_by_mail_alone(town: PortalTown, post: Post) -> None:
    """A resident writes, hears, answers, and says in the end whether it is solved; every mail is read."""
    row = post.became(letter(text="三号楼前的路灯灭了一周。"))
    assert row.state == "opened"
    number, _ = town.number_and_code(row.issue_id)
    town.act(row.issue_id, "clerk", "accept")
    mails = [one for one in post.tell() if "ling@example.cn" in one["To"]]
    subjects = [_subject(one) for one in mails]
    assert all(number in _body(one) or number in subject for one, subject in zip(mails, subjects, strict=True))
    assert all(one["Auto-Submitted"] == "auto-generated" for one in mails)
    assert all(_body(one).startswith("—— 请在此线以上回复 ——") for one in mails)
    # none asks at its foot for what its head invites to
    assert all("请勿直接回复" not in _whole(one) and "系统自动发送。" in _whole(one) for one in mails)
    reply = re.sub(r".*<|>.*", "", mails[-1]["Reply-To"])
    quoted = "\r\n".join(f"> {line}" for line in _body(mails[-1]).splitlines())
    answered = post.became(letter(subject=f"回复：{subjects[-1]}", text=f"请晚上来看。\r\n\r\n{quoted}"), reply)
    assert answered.state == "attached"
    assert "请晚上来看。" in plain(town.visitor("clerk").see(f"/issues/{number}"))
    town.act(row.issue_id, "deputy", "coordinate", lead=town.departments["cg"], assist=[town.departments["gd"]])
    town.act(row.issue_id, "lighting", "reply", town.departments["cg"], reply="灯已更换。")
    town.act(row.issue_id, "power", "reply", town.departments["gd"], reply="线路已修复。")
    last = [one for one in post.tell() if "ling@example.cn" in one["To"]][-1]
    link = re.findall(r"https://portal.example(/t/\S+)", _body(last))[0]
    visitor = town.visitor()
    page = visitor.see(link)
    action = re.findall(r'action="([^"]*/act/satisfied)"', page)
    assert action, page[:2000]
    visitor.send(link, action[0], {"field.stars": "5"})
    with town.house.database.reading() as connection:
        issue = connection.execute(select(t.issues).where(t.issues.c.id == row.issue_id)).one()
    assert (issue.status, issue.resolution) == ("closed", "solved")


def _body(mail: Any) -> str:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/plain")
    return str(part.get_payload(decode=True).decode())


def _whole(mail: Any) -> str:
    texts = [one for one in mail.walk() if one.get_content_maintype() == "text"]
    return "".join(one.get_payload(decode=True).decode() for one in texts)


def _subject(mail: Any) -> str:
    return content_of(mail.as_bytes()).subject


def test_whoever_takes_nothing_in_is_led_to_hand_it_over(town: PortalTown, post: Post) -> None:
    message = _held(post, letter(subject="给机关的信"), "shiqing")
    assert "/intake/letters/" in town.visitor("clerk").see(f"/tray/{_held(post)}")
    office = town.visitor("office")
    page = office.see(f"/tray/{message}")
    assert f"/intake/letters/{message}" not in page
    office.send(f"/tray/{message}", f"/tray/{message}", {"do": "hand", "station": "XG"})
    assert f"/intake/letters/{message}" in town.visitor("clerk").see(f"/tray/{message}")
