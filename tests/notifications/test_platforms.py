"""One contract for all providers: a 200 with an error is a failure, a lost answer is no reason to send twice, a secret stands nowhere."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from notifications import KINDS, AccountAddress, DeliveryResult, Hook, Mailbox, OutgoingMessage, Transports, deliver
from notifications.channels.platforms import call
from notifications.channels.platforms.aliyun import aliyun_authorization
from notifications.channels.platforms.dingtalk import robot_signature
from notifications.channels.platforms.feishu import feishu_signature
from notifications.channels.platforms.official import event_receipts
from notifications.channels.platforms.tencent import SignedPost, tencent_authorization
from notifications.channels.platforms.token import TOKENS, AccessToken, TokenCache
from notifications.channels.platforms.wire import wire
from tests.notifications.cases import CASES, ProviderCase, raw
from tests.notifications.platforms import SECRET, StandIn, running

FIELDS = {"number": "XG-2026-00042", "what": "路灯不亮", "until": "12月5日", "who": "陈海生", "code": "483920"}
NUMBERED = ("aliyun-sms", "tencent-sms", "sms-gateway")


@pytest.fixture(params=CASES, ids=lambda case: case.kind)
def case(request: pytest.FixtureRequest) -> ProviderCase:
    """Each kind of sender that has a provider."""
    found: ProviderCase = request.param
    return found


@pytest.fixture
def stand(case: ProviderCase) -> Iterator[StandIn]:
    """Its stand-in, which nobody has spoken to."""
    with running(case.answer) as found:
        yield found


Send = Callable[..., DeliveryResult]


@pytest.fixture
def send(case: ProviderCase, stand: StandIn, letter: Callable[..., OutgoingMessage], tmp_path: Path) -> Send:
    """Sends one message there."""
    kind = KINDS[case.kind]

    def sending(target: str = case.target, **words: Any) -> DeliveryResult:
        credential = kind.credential(case.entered(stand.url), case.secret)
        said = {"fields": FIELDS, "occasion": "task", "language": "zh", "link": "https://huying.example.org/t/abc"}
        made = letter(**{**said, **words})
        return deliver(
            made, AccountAddress(case.kind, target, credential, case.templates), Transports(mail=Mailbox(tmp_path))
        )

    return sending


def test_every_kind_but_mail_has_a_stand_in() -> None:
    assert {case.kind for case in CASES} == {key for key, kind in KINDS.items() if kind.channel != "mail"}


def test_a_message_is_taken_and_its_reference_kept(send: Send, stand: StandIn, case: ProviderCase) -> None:
    result = send()
    assert result.status == "accepted", result
    assert len(stand.sent) == 1
    if KINDS[case.kind].reads or KINDS[case.kind].asks_after:
        assert result.reference


def test_published_codes_mean_what_they_say(send: Send, stand: StandIn, case: ProviderCase) -> None:
    """A 200 with an error is a failure; a code counts whatever the status beside it."""
    assert case.codes
    for status, answer, means, fault in case.codes:
        stand.instead = [(status, raw(answer))]
        result = send()
        assert (result.status, result.fault) == (means, fault), (answer, result)
        assert result.reason


def test_whoever_is_not_there_is_told_as_such(send: Send, case: ProviderCase) -> None:
    if not case.knows_nobody:
        pytest.skip("a robot speaks to its group")
    result = send("nobody" if case.kind not in NUMBERED else "00000000000")
    assert (result.status, result.fault) == ("permanent", "address")


def test_a_stale_token_is_fetched_anew_once(send: Send, stand: StandIn, case: ProviderCase) -> None:
    if case.stale is None:
        pytest.skip("it knows no tokens")
    stale = (case.stale[0], raw(case.stale[1]))
    stand.instead = [stale]
    assert send().status == "accepted"
    assert len(stand.tokens) == 2
    stand.instead = [stale, stale]
    result = send()
    assert (result.status, result.fault) == ("temporary", "account")
    assert len(stand.tokens) == 3


def test_an_answer_that_is_lost_is_not_asked_for_again(
    send: Send, stand: StandIn, case: ProviderCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send().status == "accepted"
    monkeypatch.setattr(wire(), "timeout", 0.3)
    stand.slow = 1.0
    result = send()
    assert result.status == ("temporary" if case.repeats else "unknown"), result
    assert len(stand.sent) == 2


def test_whoever_answers_byte_by_byte_holds_nobody_up(
    send: Send, stand: StandIn, case: ProviderCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer would take twenty seconds, no single wait of which is long."""
    assert send().status == "accepted"
    monkeypatch.setattr(call, "ATTEMPT", 0.4)
    stand.drips = True
    begun = time.monotonic()
    assert send().status == ("temporary" if case.repeats else "unknown")
    assert time.monotonic() - begun < 10


def test_nonsense_and_refusals(send: Send, stand: StandIn, case: ProviderCase) -> None:
    lost = "temporary" if case.repeats else "unknown"
    perhaps = [
        (200, b"<html>maintenance</html>"),
        (200, b"[1]"),
        (200, b"\xff\xfe"),
        (500, b"{}"),
        (502, b""),
        (504, b"x"),
    ]
    for status, answer in perhaps:
        if case.kind == "sms-gateway" and status == 200:
            continue
        stand.instead = [(status, answer)]
        assert send().status == lost, (status, answer)
    stand.instead = [(503, b"{}"), (429, b"{}"), (403, b"{}"), (302, b""), (200, b"x" * 300_000)]
    assert send().status == "temporary"
    assert send().fault == "pace"
    assert send().fault == "account"
    assert send().status == "temporary"
    assert send().status == lost
    assert len([one for one in stand.sent if one.path == "/elsewhere"]) == 0


def test_a_provider_that_is_away_is_waited_for(send: Send, stand: StandIn, case: ProviderCase) -> None:
    # nobody listens on the port of a server that has ended
    with running(case.answer) as gone:
        port = gone.port
    stand.port = port
    assert send().status == "temporary"


@pytest.mark.parametrize("text", ["很长的话。" * 4000, "😀" * 9000, "a" * 50_000, "‍👩‍👩‍👧" * 3000])
def test_a_long_message_fits_and_keeps_its_link(send: Send, stand: StandIn, case: ProviderCase, text: str) -> None:
    assert send(subject="路灯" * 40, text=text).status == "accepted"
    if case.text is not None and case.most:
        said = case.text(stand.sent[-1])
        assert len(said.encode()) <= case.most
        assert "https://huying.example.org/t/abc" in said


def test_short_values_fit_whatever_they_hold(send: Send, stand: StandIn, case: ProviderCase) -> None:
    if not KINDS[case.kind].templates:
        pytest.skip("it takes any text")
    odd = {"number": "XG-2026-00042" * 9, "what": "路灯\n不亮" * 30, "who": '"><&%{}' * 9, "until": "", "code": "1"}
    assert send(fields=odd).status == "accepted"


def test_secrets_stand_nowhere(
    send: Send, stand: StandIn, case: ProviderCase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = [send()]
    for status, answer in (
        (200, raw(case.busy)),
        (500, b"no"),
        (200, SECRET.encode()),
        (400, json.dumps({"code": SECRET[:8], "errcode": 1, "errmsg": SECRET}).encode()),
        (200, json.dumps({"errcode": 1, "errmsg": SECRET}).encode()),
    ):
        stand.instead = [(status, answer)]
        said.append(send())
    stand.port = 1
    said.append(send())
    logged = [f"{record.getMessage()} {record.exc_text}" for record in caplog.records]
    assert SECRET not in " ".join([*logged, *(one.reason for one in said)])
    assert SECRET not in repr(KINDS[case.kind].credential(case.entered("https://x.example.org"), case.secret))
    assert not any("正文" in line or "路灯" in line for line in logged)


def test_sixty_four_threads_fetch_one_token(send: Send, stand: StandIn, case: ProviderCase) -> None:
    with ThreadPoolExecutor(64) as pool:
        results = [one.result() for one in [pool.submit(send) for _ in range(128)]]
    assert {one.status for one in results} == {"accepted"}
    assert len(stand.sent) == 128
    assert stand.asked_for_tokens == (1 if case.stale else 0)


def test_sixty_four_threads_hear_together_that_there_is_no_token(
    send: Send, stand: StandIn, case: ProviderCase
) -> None:
    if case.stale is None:
        pytest.skip("it knows no tokens")
    stand.away = True
    together = Barrier(64)

    def at_once() -> DeliveryResult:
        together.wait()
        return send()

    with ThreadPoolExecutor(64) as pool:
        results = [one.result() for one in [pool.submit(at_once) for _ in range(64)]]
    assert {one.status for one in results} == {"temporary"}
    assert stand.asked_for_tokens < 32
    assert not stand.sent


def test_a_wrong_secret_never_sends_with_the_token_of_a_right_one(
    stand: StandIn, case: ProviderCase, send: Send, letter: Callable[..., OutgoingMessage], tmp_path: Path
) -> None:
    if case.stale is None:
        pytest.skip("it knows no tokens")
    assert send().status == "accepted"
    wrong = KINDS[case.kind].credential(case.entered(stand.url), {"secret": "wrong"})
    result = deliver(
        letter(fields=FIELDS, occasion="task"),
        AccountAddress(case.kind, case.target, wrong, case.templates),
        Transports(mail=Mailbox(tmp_path)),
    )
    assert (result.status, result.fault) == ("temporary", "account")


def test_an_account_is_tried_without_sending(stand: StandIn, case: ProviderCase) -> None:
    kind = KINDS[case.kind]
    if kind.check is None:
        pytest.skip("only a message tells")
    assert kind.check(kind.credential(case.entered(stand.url), case.secret)).status == "accepted"
    wrong = kind.check(kind.credential(case.entered(stand.url), {"secret": "wrong"}))
    assert (wrong.status, wrong.fault) == ("temporary", "account")
    said = [one.headers.get("x-acs-action") or one.headers.get("x-tc-action") for one in stand.sent]
    assert all(action in ("QuerySmsTemplateList", "DescribeSmsTemplateList") for action in said)


def test_proxies_of_the_environment_are_not_used(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert send().status == "accepted"


def test_what_a_provider_has_kept_is_not_told_to_another(send: Send, stand: StandIn) -> None:
    stand.cookie = "session=1"
    assert send().status == "accepted"
    assert send().status == "accepted"
    assert not any("cookie" in one.headers for one in stand.sent)


def test_every_field_of_a_form_says_what_it_is() -> None:
    """Whoever connects a provider reads where each value is found, in both languages."""
    silent = {"account", "password", "base", "method", "shape", "basic", "digest", "title", "receipt_time"}
    for kind in KINDS.values():
        for one in kind.asks:
            assert all(one.title), (kind.key, one.name)
            assert one.name in silent or all(one.hint), (kind.key, one.name)


def test_published_vectors() -> None:
    """Of the makers' own pages, and of their own clients."""
    assert robot_signature("SECtest", 1700000000000) == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
    assert feishu_signature("test", 1700000000) == "eSJQnOl8XqPTMPHWz9e5IzeHS/tqoc68g2967ekIPmg="


def test_the_published_vector_of_alibaba() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
        "user-agent": "is not signed",
    }
    query = {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    signed = aliyun_authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers)
    assert signed.endswith(",Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_the_published_vector_of_tencent() -> None:
    post = SignedPost(
        service="cvm",
        headers={
            "content-type": "application/json; charset=utf-8",
            "host": "cvm.tencentcloudapi.com",
            "x-tc-action": "DescribeInstances",
        },
        body=b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
        seconds=1551113065,
    )
    signed = tencent_authorization("AKID" + "*" * 32, "*" * 32, post)
    assert signed.endswith("Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f")


def test_receipts_of_alibaba_and_tencent() -> None:
    kind = KINDS["aliyun-sms"]
    assert kind.reads is not None
    credential = kind.credential({"key": "k", "signature": "s"}, {"secret": "x"})
    body = [
        {
            "phone_number": "138",
            "success": True,
            "biz_id": "b1",
            "err_code": "DELIVERED",
            "report_time": "2026-12-01 09:00:00",
        },
        {"phone_number": "139", "success": False, "biz_id": "b2", "err_code": "MN:0001", "err_msg": "空号"},
    ]
    found = kind.reads(credential, Hook(method="POST", query={}, headers={}, body=json.dumps(body).encode()))
    assert [(one.reference, one.means, one.gone) for one in found.receipts] == [
        ("b1", "delivered", False),
        ("b2", "undelivered", True),
    ]
    assert found.receipts[0].at is not None
    assert found.receipts[0].at.isoformat() == "2026-12-01T01:00:00+00:00"
    assert json.loads(found.answer.body) == {"code": 0, "msg": "OK"}
    other = KINDS["tencent-sms"]
    assert other.reads is not None
    said = [
        {"sid": "s1", "report_status": "SUCCESS", "errmsg": "DELIVRD"},
        {"sid": "s2", "report_status": "FAIL", "errmsg": "MK:0000"},
    ]
    again = other.reads(
        other.credential({"key": "k", "app": "1", "signature": "s"}, {}),
        Hook(method="POST", query={}, headers={}, body=json.dumps(said).encode()),
    )
    assert [one.means for one in again.receipts] == ["delivered", "undelivered"]
    for nonsense in (b"{}", b"<xml>", b"[1]"):
        with pytest.raises(ValueError, match=r"."):
            kind.reads(credential, Hook(method="POST", query={}, headers={}, body=nonsense))


def test_dingtalk_is_asked_what_became_of_a_notice() -> None:
    case = next(one for one in CASES if one.kind == "dingtalk")
    with running(case.answer) as stand:
        kind = KINDS["dingtalk"]
        assert kind.asks_after is not None
        credential = kind.credential({**case.fields, "base": stand.url}, case.secret)
        assert [(one.reference, one.means) for one in kind.asks_after(credential, ["4711"])] == [("4711", "read")]


def test_feishu_is_asked_who_read() -> None:
    case = next(one for one in CASES if one.kind == "feishu")
    with running(case.answer) as stand:
        kind = KINDS["feishu"]
        assert kind.asks_after is not None
        found = kind.asks_after(kind.credential(case.entered(stand.url), case.secret), ["om_1", "om_2/../x"])
    assert [(one.reference, one.means) for one in found] == [("om_1", "read")]
    assert found[0].at is not None
    assert found[0].at.isoformat() == "2021-01-01T06:56:23+00:00"


def test_an_official_account_tells_by_events() -> None:
    event = {"Event": "TEMPLATESENDJOBFINISH", "MsgID": "200163836", "Status": "success", "CreateTime": "1395658920"}
    (taken,) = event_receipts(event)
    assert (taken.reference, taken.means) == ("200163836", "delivered")
    assert taken.at is not None
    assert taken.at.isoformat() == "2014-03-24T11:02:00+00:00"
    (blocked,) = event_receipts({**event, "Status": "failed:user block"})
    assert (blocked.means, blocked.reason.zh) == ("undelivered", "对方拒收公众号的消息。")
    notice = {"Event": "subscribe_msg_sent_event", "MsgID": "7", "ErrorCode": "0", "ErrorStatus": "success"}
    assert [one.means for one in event_receipts(notice)] == ["delivered"]
    assert [one.means for one in event_receipts({**notice, "ErrorCode": "43101"})] == ["undelivered"]
    assert event_receipts({"Event": "subscribe"}) == []


def test_alibaba_names_our_own_number_when_its_answer_was_lost(
    letter: Callable[..., OutgoingMessage], tmp_path: Path
) -> None:
    case = next(one for one in CASES if one.kind == "aliyun-sms")
    kind = KINDS["aliyun-sms"]
    with running(case.answer) as stand:
        credential = kind.credential(case.entered(stand.url), case.secret)
        stand.instead = [(502, b"")]
        message = letter(fields=FIELDS, occasion="task")
        result = deliver(
            message,
            AccountAddress("aliyun-sms", "138 0000-0000", credential, case.templates),
            Transports(mail=Mailbox(tmp_path)),
        )
        (sent,) = stand.sent
    assert result.status == "unknown"
    assert result.reference == sent.query["OutId"] == call.own_number(message.key)
    assert sent.query["PhoneNumbers"] == "13800000000"
    body = [{"biz_id": "b9", "out_id": sent.query["OutId"], "success": True, "err_code": "DELIVERED"}]
    assert kind.reads is not None
    found = kind.reads(credential, Hook(method="POST", query={}, headers={}, body=json.dumps(body).encode()))
    assert found.receipts[0].number == result.reference


def test_a_token_is_given_up_before_its_end() -> None:
    now, made = [0.0], list[str]()

    def fetch() -> AccessToken:
        made.append(str(len(made)))
        return AccessToken(made[-1], 7200)

    cache = TokenCache(lambda: now[0])
    assert [cache.token("a", fetch), cache.token("a", fetch)] == ["0", "0"]
    now[0] = 7100
    assert cache.token("a", fetch) == "1"
    cache.stale("a", "0")
    assert cache.token("a", fetch) == "1"
    assert TOKENS is not cache


def test_addresses_that_are_none_are_refused_in_words() -> None:
    for wrong in ("ftp://x", "https://user@x", "x", "https://x/?a=1"):
        with pytest.raises(ValueError, match="https"):
            call.base_url(wrong)
