"""Senders by page: named on trial, tried on oneself, live, paused; receipts at their address; what reached nobody is sent again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from huying.database import tables as t
from notifications import Hook, HookAnswer, HookReading, ProviderReceipt
from notifications.channels import kinds
from notifications.channels.mail_kind import MAIL_KIND
from notifications.channels.sender_kind import Means
from tests.huying.delivery.desk import address, change, messages, send, tell
from tests.huying.town import administrator
from tests.notifications.cases import CASES
from tests.notifications.conftest import MailSink, mail_server
from tests.notifications.platforms import running
from tests.portal.conftest import PortalTown

__all__ = ["mail_server"]


def _reads(_: object, hook: Hook) -> HookReading:
    reference, _, code = hook.body.decode().partition("=")
    if not code:
        raise ValueError("看不懂。 Nonsense.")
    means: Means = "delivered" if code == "DELIVRD" else "undelivered"
    found = ProviderReceipt(reference=reference, code=code, means=means)
    return HookReading(receipts=[found], answer=HookAnswer(body=b'{"code":0}', content_type="application/json"))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of sender that has receipts."""
    kind = replace(MAIL_KIND, key="gate", reads=_reads)
    monkeypatch.setitem(kinds.KINDS, "gate", kind)


def _add(town: PortalTown, server: MailSink, **more: str) -> tuple[str, str]:
    administrator(town.house)
    visitor = town.visitor("admin")
    url = f"smtp+plain://127.0.0.1:{server.server.port}"
    entered = {"key": "post", "title": "区邮件", "ask_url": url, "ask_from": "office@example.org", **more}
    return visitor.send("/senders?kind=gate", "/senders", entered), url


def test_a_sender_is_named_tried_and_paused_and_its_secret_never_shown(
    town: PortalTown, gate: None, mail_server: MailSink
) -> None:
    for login in ("clerk", "deputy"):
        town.visitor(login).see("/senders", 403)
    shown, url = _add(town, mail_server)
    assert "区邮件" in shown
    assert url not in shown
    assert url not in town.visitor("admin").see("/senders?key=post")
    visitor = town.visitor("admin")
    assert "服务商已收下" in visitor.send("/senders", "/senders/post/try", {"target": "me@example.org"})
    assert [one.rcpt_tos for one in mail_server.envelopes] == [["me@example.org"]]
    assert "已暂停" in visitor.send("/senders", "/senders/post/pause")
    assert "已暂停" not in visitor.send("/senders", "/senders/post/resume")
    wrongly = {"ask_url": "nonsense", "ask_from": "office@example.org"}
    wrong = visitor.send("/senders?key=post", "/senders", wrongly, status=422)
    assert "应为 smtp://" in wrong
    assert "没有这个用户名" in visitor.send(
        "/senders?key=post", "/senders", {"ask_from": "office@example.org", "guests": "nobody"}, status=422
    )


def test_receipts_come_to_its_address_and_nowhere_else(town: PortalTown, gate: None, mail_server: MailSink) -> None:
    shown, _ = _add(town, mail_server, mode="live")
    (hook,) = set(re.findall(r"/hooks/post/[\w-]+", shown))
    address(town, "clerk", "first@example.org", rank=1)
    address(town, "clerk", "other@example.org", rank=2)
    town.report()
    tell(town)
    send(town, mail_server.server.port)
    told = messages(town, "clerk")[0]
    assert (told.status, told.sender_key) == ("accepted", "post")
    change(town, told.id, reference="r-7")
    http = town.visitor().http
    for body in ("r-7=REJECTED", "r-7=REJECTED", "r-unknown=DELIVRD"):
        answer = http.post(hook, content=body)
        assert (answer.status_code, answer.json()) == (200, {"code": 0})
    assert [row.status for row in messages(town, "clerk")] == ["undelivered", "pending"]
    assert http.post(hook, content="nonsense").status_code == 422
    assert http.post("/hooks/post/wrong", content="r-7=DELIVRD").status_code == 404
    assert http.post("/hooks/nobody/x", content="r-7=DELIVRD").status_code == 404
    assert messages(town, "clerk")[0].status == "undelivered"


def test_what_reached_nobody_is_sent_again_one_or_all(town: PortalTown) -> None:
    address(town, "clerk", "first@example.org")
    for number in range(2):
        town.report(subject=f"第 {number} 件")
    tell(town)
    with town.house.database.writing() as connection:
        lost = update(t.deliveries).where(t.deliveries.c.participant_id == town.people["clerk"])
        connection.execute(lost.values(status="undelivered", sender_key="post", attempts=8))
    visitor = town.visitor("clerk")
    shown = visitor.see("/undelivered")
    assert shown.count("退回</span>") == 2
    assert "first@example.org" not in shown
    assert "没有未送达" in visitor.see("/undelivered?sender=other")
    one, passed_on = messages(town, "clerk")
    change(town, passed_on.id, instead_of_id=one.id)
    assert visitor.see("/undelivered").count("退回</span>") == 1, "it went on to another address"
    change(town, passed_on.id, instead_of_id=None)
    one = one.id
    assert "已重发 1 条" in visitor.send("/undelivered", "/undelivered", {"message": str(one)})
    assert [row.status for row in messages(town, "clerk")] == ["pending", "undelivered"]
    visitor.send("/undelivered?sender=post", "/undelivered", {"sender": "post"})
    rows = messages(town, "clerk")
    assert [(row.status, row.attempts) for row in rows] == [("pending", 0)] * 2
    assert "没有未送达" in town.visitor("far-clerk").see("/undelivered")
    with town.house.database.reading() as connection:
        whats = connection.execute(select(t.audit.c.what)).scalars().all()
    assert whats.count("messages-resent") == 2


def test_a_provider_is_asked_whether_it_knows_the_account(town: PortalTown) -> None:
    administrator(town.house)
    visitor = town.visitor("admin")
    case = next(one for one in CASES if one.kind == "wecom")
    with running(case.answer) as stand:
        entered = {f"ask_{name}": value for name, value in {**case.entered(stand.url), **case.secret}.items()}
        shown = visitor.send("/senders?kind=wecom", "/senders", {"key": "office", "title": "政务微信", **entered})
        assert "核对账号" in shown
        assert "服务商认得这个账号" in visitor.send("/senders", "/senders/office/check")
        visitor.send("/senders?key=office", "/senders", {"title": "政务微信", **entered, "ask_secret": "wrong-one"})
        refused = visitor.send("/senders", "/senders/office/check")
        assert "没有成，原因写在账号下面" in refused
        assert "应用的密钥不对" in refused
        assert not stand.sent
    assert "wrong-one" not in refused
