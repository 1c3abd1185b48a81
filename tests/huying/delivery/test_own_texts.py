"""A message leaves in the words that its process gives it: by role, by channel, in the reader's language; private data stand in none of them."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
from sqlalchemy import update

from huying.database import tables as t
from huying.delivery.rungs import fall_back
from huying.delivery.sender import send_pending
from huying.house.imprint import Imprint
from huying.privacy.erasure import empty_messages
from huying.processes.publication import publish
from notifications import Transports, mail_server
from tests.huying.delivery.desk import account, address, messages, send, tell
from tests.huying.town import DEFINITION, MORNING, Town
from tests.notifications.cases import CASES
from tests.notifications.conftest import MailSink, WebSink
from tests.notifications.platforms import running

MESSAGES = """
messages:
  task:
    texts:
      - subject: {zh: "【请办】{{ subject }}", en: "Please do: {{ subject }}"}
        first:
          zh: "{{ recipient.name }}您好，“{{ step }}”请于{{ due }}办好。类别：{{ kind }}。开始于{{ since }}。"
          en: "Dear {{ recipient.name }}, {{ step }}: {{ due }}. Kind: {{ kind }}. Since {{ since }}."
        call: {zh: 去办理, en: Do it now}
      - {for: deputy, first: {zh: 请代表研究。, en: Please study it.}}
      - {on: sms, subject: {zh: "短信请办{{ issue.number }}", en: "SMS {{ issue.number }}"}}
      - {on: webhook, subject: {zh: "机器请办", en: "for machines"}}
"""


def _published(town: Town, messages: str = MESSAGES) -> None:
    publish(town.house, DEFINITION + messages, "street-matters.yaml", Imprint("test", MORNING))


def _reads(town: Town, login: str, language: str) -> None:
    with town.house.database.writing() as connection:
        connection.execute(
            update(t.participants).where(t.participants.c.id == town.people[login]).values(language=language)
        )


@pytest.mark.parametrize(
    ("language", "subject", "first", "call"),
    [
        ("zh", "【请办】路灯不亮", "陈晓您好，“受理登记”请于11月24日（周二）前办好。类别：照明。", "去办理"),
        ("en", "Please do: 路灯不亮", "Dear 陈晓, Registration: by Tue 24 November. Kind: Lighting.", "Do it now"),
    ],
)
def test_a_mail_leaves_in_the_words_of_its_process(
    town: Town, mail_server: MailSink, language: str, subject: str, first: str, call: str
) -> None:
    _published(town)
    _reads(town, "clerk", language)
    address(town, "clerk", "clerk@example.org")
    town.report(subject="路灯不亮", kind="lighting")
    tell(town)
    send(town, mail_server.server.port)
    (mail,) = [one for one in mail_server.mails if one["To"] == "clerk@example.org"]
    assert mail["Subject"] == subject
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines()[0] == first, "a sentence in which a value is empty is left out"
    assert call in html.get_content()
    assert "http://portal/t/" in text.get_content()


def test_a_role_has_words_of_its_own(town: Town) -> None:
    _published(town)
    issue = town.report(subject="路灯不亮")
    town.act(issue, "clerk", "accept")
    tell(town)
    (task,) = [row for row in messages(town, "deputy") if row.occasion == "task"]
    assert task.text.splitlines()[0] == "请代表研究。"
    assert task.subject == "【请办】路灯不亮", "what a text for a role does not say is said by the one for everybody"


def test_a_short_message_says_what_is_written_for_short_messages(town: Town, mail_server: MailSink) -> None:
    case = next(one for one in CASES if one.kind == "sms-gateway")
    with running(case.answer) as stand:
        account(town, "office", case.kind, stand.url)
        address(town, "clerk", case.target, channel="sms", rank=1)
        _published(town)
        town.report(subject="路灯不亮")
        tell(town)
        send(town, mail_server.server.port)
        (told,) = messages(town, "clerk")
        assert told.subject.startswith("短信请办XG-2026-")
        content = parse_qs(stand.sent[0].body.decode("ascii"), encoding="gbk")["content"][0]
        assert told.subject in content


def test_a_webhook_is_given_what_is_written_for_webhooks(town: Town, web_server: WebSink) -> None:
    _published(town)
    address(town, "clerk", f"http://127.0.0.1:{web_server.port}/in", channel="webhook")
    town.report()
    tell(town)
    away = Transports(mail=mail_server("smtp+plain://127.0.0.1:9", "house@example.org"), allow_private=True)
    send_pending(town.house, away, "http://portal", town.clock.now, 200)
    (post,) = web_server.posts
    assert json.loads(post.body)["subject"] == "机器请办"


def test_what_goes_on_by_another_channel_says_what_is_written_for_that(town: Town) -> None:
    _published(town)
    account(town, "office", "sms-gateway", "http://127.0.0.1:9")
    address(town, "clerk", "13800000001", channel="sms", rank=1)
    address(town, "clerk", "clerk@example.org", rank=2)
    town.report(subject="路灯不亮")
    tell(town)
    (told,) = messages(town, "clerk")
    assert (told.channel, told.subject[:4]) == ("sms", "短信请办")
    with town.house.database.writing() as connection:
        connection.execute(
            update(t.deliveries)
            .where(t.deliveries.c.id == told.id)
            .values(status="accepted", wait_until=town.clock.now, ended_at=town.clock.now)
        )
    with town.house.database.writing() as connection:
        fall_back(connection, town.clock.now)
    first, again = messages(town, "clerk")
    assert (again.channel, again.subject) == ("mail", "【请办】路灯不亮")
    assert again.template_version != first.template_version, "the version of a text is that of what was said"


def test_a_private_number_that_somebody_wrote_into_a_field_is_masked(town: Town) -> None:
    _published(
        town,
        '\nmessages: {task: {texts: {first: {zh: "详情：{{ details }}", en: "{{ details }}"}}}}',
    )
    town.report(details="我的电话13812345678，请回电")
    tell(town)
    (told,) = messages(town, "clerk")
    assert "13812345678" not in told.text
    assert "详情：我的电话138****78" in told.text


def test_where_nothing_is_said_the_office_s_own_words_stand(town: Town) -> None:
    _published(town, '\nmessages: {task: {texts: {first: {zh: "{{ since }}", en: "{{ since }}"}}}}')
    town.report(subject="路灯不亮")
    tell(town)
    (told,) = messages(town, "clerk")
    assert told.subject == "【待办】受理登记 · 11月24日（周二）前 · 路灯不亮"
    assert told.text.splitlines()[0] == "陈晓，请于11月24日（周二）前办理“受理登记”。"


def test_an_issue_keeps_the_words_of_the_version_that_it_follows(town: Town) -> None:
    issue = town.report()
    _published(town)
    tell(town)
    (told,) = messages(town, "clerk")
    assert told.subject.startswith("【待办】")
    assert issue


def test_when_a_message_is_emptied_so_is_what_was_written_for_every_channel(town: Town) -> None:
    _published(town)
    town.report(subject="路灯不亮")
    tell(town)
    assert messages(town, "clerk")[0].by_channel is not None
    with town.house.database.writing() as connection:
        empty_messages(connection, t.deliveries.c.occasion == "task", town.clock.now)
    (told,) = messages(town, "clerk")
    assert (told.text, told.by_channel) == ("", None)
