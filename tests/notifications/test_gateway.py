"""An office's own gateway: what is data about it, in each shape, charset and signature; its receipts, in each shape."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote_to_bytes
from xml.etree.ElementTree import fromstring

import pytest

from notifications import KINDS, AccountAddress, DeliveryResult, Hook, Mailbox, OutgoingMessage, Transports, deliver
from tests.notifications.platforms import Asked, StandIn, running

KIND = KINDS["sms-gateway"]
FIELDS = {"number": "XG-2026-00042", "what": "路灯“不亮” & 积水", "until": "12月5日"}


@pytest.fixture
def stand() -> Iterator[StandIn]:
    """A gateway that answers as each test says."""
    with running(lambda _, asked: b"0,20261201-77") as found:
        yield found


Send = Callable[..., DeliveryResult]


@pytest.fixture
def send(stand: StandIn, letter: Callable[..., OutgoingMessage], tmp_path: Path) -> Send:
    """Sends one message through a gateway that is described so."""

    def sending(told: Mapping[str, str], **words: str) -> DeliveryResult:
        entered = {"url": f"{stand.url}/sms", "success": "^0,", "reference": "^0,(.*)$", "account": "区人大", **told}
        credential = KIND.credential(entered, {"password": "p&<1>"})
        message = letter(fields=FIELDS, link="https://huying.example.org/t/abc", **words)
        return deliver(
            message, AccountAddress("sms-gateway", "+86 138-0000-0000", credential), Transports(mail=Mailbox(tmp_path))
        )

    return sending


def _last(stand: StandIn) -> Asked:
    return stand.sent[-1]


def test_a_form_in_gbk_that_is_signed(stand: StandIn, send: Send) -> None:
    told = {
        "body": "u={account}&m={phone}&c={text}&t={time}&s={sign}",
        "charset": "gbk",
        "sign": "{account}{password}{time}",
    }
    result = send({**told, "wording": "您有新的待办：{what}，编号{number}。", "tail": "【鹭江人大】"})
    assert (result.status, result.reference) == ("accepted", "20261201-77")
    asked = _last(stand)
    form = {key: value[0] for key, value in parse_qs(asked.body.decode("ascii"), encoding="gbk").items()}
    assert form["c"] == "您有新的待办：路灯“不亮” & 积水，编号XG-2026-00042。【鹭江人大】"
    assert (form["m"], form["u"]) == ("13800000000", "区人大")
    assert form["s"] == hashlib.md5(f"区人大p&<1>{form['t']}".encode("gbk")).hexdigest()
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded; charset=gbk"


def test_json_and_xml_hold_whatever_a_message_says(stand: StandIn, send: Send) -> None:
    wording = "{what}"
    assert (
        send({"shape": "json", "body": '{"to":"{phone}","say":"{text}","p":"{password}"}', "wording": wording}).status
        == "accepted"
    )
    assert _last(stand).json == {"to": "13800000000", "say": FIELDS["what"], "p": "p&<1>"}
    assert (
        send({"shape": "xml", "body": '<m to="{phone}" p="{password}">{text}</m>', "wording": wording}).status
        == "accepted"
    )
    found = fromstring(_last(stand).body)
    assert (found.text, found.get("p")) == (FIELDS["what"], "p&<1>")


def test_an_address_with_everything_in_it_and_basic_authentication(stand: StandIn, send: Send) -> None:
    told = {
        "method": "GET",
        "url": f"{stand.url}/sms?m={{phone}}&c={{text}}&k={{key}}",
        "basic": "yes",
        "charset": "gbk",
    }
    assert send({**told, "wording": "{what} {link}"}).status == "accepted"
    asked = _last(stand)
    assert asked.body == b""
    assert asked.query["m"] == "13800000000"
    assert len(asked.query["k"]) == 32
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode() == "区人大:p&<1>"
    stand.instead = [(504, b"")]
    lost = send(told)
    assert (lost.status, lost.reference) == ("unknown", asked.query["k"]), "it is asked about by our own number"


@pytest.mark.parametrize(("digest", "made"), [("md5", "md5"), ("md5-upper", "MD5"), ("sha256", "sha256")])
def test_signatures(digest: str, made: str, stand: StandIn, send: Send) -> None:
    assert send({"body": "s={sign}", "sign": "{phone}{password}", "digest": digest}).status == "accepted"
    wanted = hashlib.new(made.lower(), b"13800000000p&<1>").hexdigest()
    assert _last(stand).body.decode() == f"s={wanted.upper() if made == 'MD5' else wanted}"


def test_what_a_charset_does_not_hold_and_what_is_too_long(stand: StandIn, send: Send) -> None:
    told = {"body": "{text}", "charset": "gbk", "tail": "【鹭江人大】"}
    assert send(told, subject="路灯😀" * 200).status == "accepted"
    said = unquote_to_bytes(_last(stand).body).decode("gbk")
    assert len(said) == 335
    assert said.startswith("路灯?路灯")
    assert said.endswith("…【鹭江人大】")


def test_what_a_gateway_says_is_told_without_secrets(stand: StandIn, send: Send) -> None:
    stand.instead = [(200, "1,余额不足".encode())]
    assert "1余额不足" in send({"body": "x"}).reason
    for secret in ("p&<1>", hashlib.md5(b"13800000000").hexdigest()):
        stand.instead = [(200, f"1,wrong {secret}".encode())]
        result = send({"body": "x={sign}", "sign": "{phone}"})
        assert result.status == "temporary"
        assert secret not in result.reason


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"success": ""}, "成功标志"), ({"success": "("}, "正则"), ({"nobody": "("}, "正则"), ({"reference": "["}, "正则"),
        ({"url": "ftp://x"}, "https"), ({"url": "https://x/?p={pass}"}, "{ }"), ({"wording": "{name}您好"}, "{ }"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_when_it_is_entered(wrong: Mapping[str, str], word: str) -> None:
    with pytest.raises(ValueError, match=r".") as said:
        KIND.credential({"url": "https://sms.example.org", "success": "ok", **wrong}, {})
    zh, _, en = str(said.value).partition("。 ")
    assert word in f"{zh} {en}"
    assert en


RECEIPTS = {
    "receipt_reference": "taskid",
    "receipt_state": "status",
    "receipt_time": "time",
    "receipt_good": "10，DELIVRD",
    "receipt_answer": "success",
}
ONE = {"taskid": "77", "status": "10", "time": "2026-12-01 09:00:00", "mobile": "138"}
TWO = {"taskid": "78", "status": "MK:0001"}


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([ONE, TWO]), json.dumps({"reports": {"report": [ONE, TWO]}}),
        "<?xml version='1.0' encoding='gbk'?><returnsms>" + "".join(
            "<statusbox>" + "".join(f"<{key}>{value}</{key}>" for key, value in one.items()) + "</statusbox>" for one in (ONE, TWO)
        ) + "</returnsms>",
    ],
)  # fmt: skip
def test_receipts_in_json_and_xml(body: str) -> None:
    found = _read(body.encode())
    assert [(one.reference, one.means, one.code) for one in found.receipts] == [
        ("77", "delivered", "10"),
        ("78", "undelivered", "MK:0001"),
    ]
    assert found.receipts[0].at is not None
    assert found.receipts[0].at.isoformat() == "2026-12-01T01:00:00+00:00"
    assert found.answer.body == b"success"


def test_a_receipt_as_a_form() -> None:
    (one,) = _read(b"taskid=77&status=DELIVRD").receipts
    assert (one.reference, one.means) == ("77", "delivered")


@pytest.mark.parametrize(
    "body", ["", "x=1", "{", "[]", "<a", "<a><b/></a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "[" * 5000]
)
def test_what_is_no_receipt_is_refused(body: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        _read(body.encode())


def test_nothing_is_read_where_nothing_was_said_of_receipts() -> None:
    with pytest.raises(ValueError, match="回执"):
        _read(json.dumps(ONE).encode(), {})


def _read(body: bytes, mapping: Mapping[str, str] = RECEIPTS):  # type: ignore[no-untyped-def]
    assert KIND.reads is not None
    credential = KIND.credential({"url": "https://sms.example.org", "success": "ok", **mapping}, {})
    return KIND.reads(credential, Hook(method="POST", query={}, headers={}, body=body))
