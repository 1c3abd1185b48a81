"""One contract for all providers: a 200 with an error is a failure, a lost answer is no reason to send twice, a secret stands nowhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from notifications import KINDS, AccountAddress, DeliveryResult, Hook, Mailbox, OutgoingMessage, Transports, deliver
from notifications.channels.platforms import call
from notifications.channels.platforms.aliyun import aliyun_authorization
from notifications.channels.platforms.dingtalk import robot_signature
from notifications.channels.platforms.feishu import feishu_signature
from notifications.channels.platforms.template import register_of
from notifications.channels.platforms.token import TOKENS, AccessToken, TokenCache
from tests.notifications.platforms import CASES, SECRET, ProviderCase, StandIn, running

FIELDS = {"number": "XG-2026-00042", "what": "路灯不亮", "until": "12月5日", "who": "陈海生", "code": "483920"}


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

    def sending(target: str = case.target, **words: str) -> DeliveryResult:
        place = {"url": f"{stand.url}/send"} if case.kind == "sms-gateway" else {"base": stand.url}
        credential = kind.credential({**case.fields, **place}, case.secret)
        made = letter(fields=FIELDS, occasion="task", language="zh", link="https://huying.example.org/t/abc", **words)
        return deliver(made, AccountAddress(case.kind, target, credential), Transports(mail=Mailbox(tmp_path)))

    return sending


def test_every_kind_but_mail_has_a_stand_in() -> None:
    assert {case.kind for case in CASES} == {key for key, kind in KINDS.items() if kind.channel != "mail"}


def test_a_message_is_taken_and_its_reference_kept(send: Send, stand: StandIn, case: ProviderCase) -> None:
    result = send()
    assert result.status == "accepted", result
    assert len(stand.sent) == 1
    if KINDS[case.kind].reads or KINDS[case.kind].asks_after:
        assert result.reference


def test_an_answer_of_200_with_an_error_is_a_failure(send: Send, stand: StandIn, case: ProviderCase) -> None:
    stand.instead = [(200, case.busy)]
    assert send().status == "temporary"


def test_whoever_is_not_there_is_told_as_such(send: Send, case: ProviderCase) -> None:
    if not case.knows_nobody:
        pytest.skip("a robot speaks to its group")
    result = send("nobody")
    assert result.status == ("temporary" if case.kind == "sms-gateway" else "permanent")
    assert case.kind == "sms-gateway" or result.fault == "address"


def test_a_stale_token_is_fetched_anew_once(send: Send, stand: StandIn, case: ProviderCase) -> None:
    if not case.stale:
        pytest.skip("it knows no tokens")
    stand.instead = [(200, case.stale)]
    assert send().status == "accepted"
    assert len(stand.tokens) == 2
    stand.instead = [(200, case.stale), (200, case.stale)]
    result = send()
    assert (result.status, result.fault) == ("temporary", "account")
    assert len(stand.tokens) == 3


def test_an_answer_that_is_lost_is_not_asked_for_again(
    send: Send, stand: StandIn, case: ProviderCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send().status == "accepted"
    monkeypatch.setattr(call.client(), "timeout", 0.3)
    stand.slow = 1.0
    result = send()
    assert result.status == ("temporary" if case.repeats else "unknown"), result
    assert len(stand.sent) == 2


def test_nonsense_and_refusals(send: Send, stand: StandIn, case: ProviderCase) -> None:
    stand.instead = [(200, b"<html>maintenance</html>"), (500, b"{}"), (429, b"{}"), (403, b"{}")]
    first = send()
    assert first.status in ("temporary", "unknown")
    assert send().status == "temporary"
    assert send().fault == "pace"
    assert send().fault == "account"


def test_a_provider_that_is_away_is_waited_for(send: Send, stand: StandIn, case: ProviderCase) -> None:
    # nobody listens on the port of a server that has ended
    with running(case.answer) as gone:
        port = gone.port
    stand.port = port
    assert send().status == "temporary"


def test_a_long_message_fits(send: Send, stand: StandIn) -> None:
    assert send(subject="路灯" * 40, text="很长的话。" * 4000).status == "accepted"


def test_secrets_stand_nowhere(
    send: Send, stand: StandIn, case: ProviderCase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = [send()]
    for instead in (
        (200, case.busy),
        (500, b"no"),
        (200, SECRET.encode()),
        (200, b'{"errcode":1,"errmsg":"' + SECRET.encode() + b'"}'),
    ):
        stand.instead = [instead]
        said.append(send())
    logged = [record.getMessage() for record in caplog.records]
    assert SECRET not in " ".join([*logged, *(one.reason for one in said)])
    place = {"url": "https://x.example.org"} if case.kind == "sms-gateway" else {}
    assert SECRET not in repr(KINDS[case.kind].credential({**case.fields, **place}, case.secret))


def test_many_threads_fetch_one_token(send: Send, stand: StandIn, case: ProviderCase) -> None:
    with ThreadPoolExecutor(16) as pool:
        results = [one.result() for one in [pool.submit(send) for _ in range(48)]]
    assert {one.status for one in results} == {"accepted"}
    assert len(stand.sent) == 48
    assert len(stand.tokens) == (1 if case.stale else 0)


def test_published_vectors() -> None:
    assert robot_signature("SECtest", 1700000000000) == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
    assert feishu_signature("test", 1700000000) == "eSJQnOl8XqPTMPHWz9e5IzeHS/tqoc68g2967ekIPmg="
    headers = {"host": "dysmsapi.aliyuncs.com", "x-acs-content-sha256": "e3b0c442", "x-acs-action": "SendSms"}
    signed = aliyun_authorization("ID", "SECRET", {"b": "~ *", "a": "中"}, headers)
    assert "SignedHeaders=host;x-acs-action;x-acs-content-sha256," in signed


def test_receipts_of_alibaba_and_tencent() -> None:
    kind = KINDS["aliyun-sms"]
    assert kind.reads is not None
    credential = kind.credential({"key": "k", "signature": "s", "templates": ""}, {"secret": "x"})
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


def test_templates_are_read_line_by_line(letter: Callable[..., OutgoingMessage]) -> None:
    register = register_of("# 注释\ntask zh T1 a=number b=what; * * T2 number")
    template, values = register.of(letter(fields=FIELDS, occasion="task", language="zh"))
    assert (template.code, values) == ("T1", {"a": "XG-2026-00042", "b": "路灯不亮"})
    assert register.of(letter(fields={}, occasion="closed", language="en"))[1] == {"number": "—"}
    for wrong in ("task zh", "task zh T1 a=nothing"):
        with pytest.raises(ValueError, match="1"):
            register_of(wrong)
    with pytest.raises(call.ProviderFault):
        register_of("task zh T1").of(letter(occasion="closed", language="zh"))


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
