"""DingTalk (钉钉): work notices of an application to one person, whose fate can be asked for, and robots of groups.

Published interface: ``GET /gettoken``, ``POST /topapi/message/corpconversation/asyncsend_v2`` and ``…/getsendresult``, ``POST /robot/send``.
The same text to the same person within a day is taken, and not shown: each text ends with the time at which it is sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from definitions.text import Said
from notifications.channels.platforms.call import (
    CHINA,
    CodeMeaning,
    ProviderCall,
    ProviderFault,
    ProviderPlugin,
    answered,
    as_json,
    base_url,
    checked,
    letter,
    verdict,
)
from notifications.channels.platforms.token import AccessToken, TokenSource, account_of
from notifications.channels.sender_kind import AskedField, Means, ProviderReceipt, SenderKind
from notifications.message import DeliveryResult, accepted

_HOST = "https://oapi.dingtalk.com"
_LONGEST = 2000
_STALE = frozenset({"40014", "42001", "88"})
_JSON = {"Content-Type": "application/json"}
CODES: Mapping[str, CodeMeaning] = {
    "88": CodeMeaning("temporary", Said("访问凭证失效。", "The access token does not hold"), "account"),
    "40014": CodeMeaning("temporary", Said("访问凭证失效。", "The access token does not hold"), "account"),
    "42001": CodeMeaning("temporary", Said("访问凭证过期。", "The access token has expired"), "account"),
    "40089": CodeMeaning("temporary", Said("AppKey 或 AppSecret 不对。", "The app key or secret is wrong"), "account"),
    "60020": CodeMeaning(
        "temporary", Said("本机的 IP 不在白名单里。", "This machine's IP is not on the list"), "account"
    ),
    "310000": CodeMeaning(
        "temporary",
        Said("关键词、签名或 IP 不符合机器人的安全设置。", "Keyword, signature or IP against the robot's settings"),
        "account",
    ),
    "300001": CodeMeaning("temporary", Said("机器人的密钥不对。", "The robot's token is wrong"), "account"),
    "130101": CodeMeaning("temporary", Said("发送太快。", "Too fast for DingTalk"), "pace"),
    "90030": CodeMeaning("temporary", Said("发送太快。", "Too fast for DingTalk"), "pace"),
    "90018": CodeMeaning("temporary", Said("发送太快。", "Too fast for DingTalk"), "pace"),
    "-1": CodeMeaning("temporary", Said("平台繁忙。", "DingTalk is busy")),
    "33012": CodeMeaning("permanent", Said("钉钉里没有这个人。", "DingTalk knows no such user"), "address"),
    "60121": CodeMeaning("permanent", Said("钉钉里没有这个人。", "DingTalk knows no such user"), "address"),
    "40035": CodeMeaning("permanent", Said("内容不合格式。", "The message is malformed")),
}
_LISTS: tuple[tuple[str, Means], ...] = (
    ("read_user_id_list", "read"),
    ("unread_user_id_list", "delivered"),
    ("invalid_user_id_list", "undelivered"),
    ("forbidden_user_id_list", "undelivered"),
    ("failed_user_id_list", "undelivered"),
)


@dataclass(frozen=True, slots=True)
class DingtalkCredential:
    """An application."""

    base: str
    app: str
    agent: str
    secret: str = field(repr=False)


class DingtalkPlugin(ProviderPlugin):
    """A work notice to one person."""

    service_name = "Huying DingTalk"
    secure_protocol = "huying-dingtalk"

    def __init__(self, *, to: str, credential: DingtalkCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it; the number of the task is asked after for receipts."""
        stamp = f"\n（{datetime.now(CHINA):%H:%M:%S}）"
        most = _LONGEST - len(stamp.encode())
        text = letter(self.message.subject, self.message.text, self.message.link, most) + stamp
        body = {
            "agent_id": self.credential.agent,
            "userid_list": self.to,
            "msg": {"msgtype": "text", "text": {"content": text}},
        }
        found = _with_token(self.credential, "/topapi/message/corpconversation/asyncsend_v2", body, repeats=False)
        code = str(found.get("errcode", ""))
        return accepted(str(found.get("task_id") or "")) if code == "0" else verdict(code, CODES, "temporary")


def _with_token(credential: DingtalkCredential, path: str, body: object, *, repeats: bool) -> dict[str, Any]:
    account = account_of("dingtalk", credential.base, credential.app, credential.secret)
    tokens = TokenSource(account=account, fetch=lambda: _token(credential), code="errcode", stale=_STALE)
    url, asked = f"{credential.base}{path}", as_json(body)
    return tokens.answer(
        lambda token: answered(
            ProviderCall(
                method="POST", url=url, query={"access_token": token}, headers=_JSON, body=asked, repeats=repeats
            )
        )
    )


def _token(credential: DingtalkCredential) -> AccessToken:
    query = {"appkey": credential.app, "appsecret": credential.secret}
    found = answered(ProviderCall(method="GET", url=f"{credential.base}/gettoken", query=query))
    if found.get("errcode", 0) != 0 or not found.get("access_token"):
        raise ProviderFault(verdict(str(found.get("errcode", "")), CODES, "temporary"))
    return AccessToken(str(found["access_token"]), float(found.get("expires_in") or 7200))


def _receipts(credential: DingtalkCredential, references: Sequence[str]) -> list[ProviderReceipt]:
    """What became of these notices: read, unread, or not shown at all."""
    found = list[ProviderReceipt]()
    for reference in references:
        body = {"agent_id": credential.agent, "task_id": reference}
        try:
            said = _with_token(credential, "/topapi/message/corpconversation/getsendresult", body, repeats=True)
        except ProviderFault:
            continue
        result = said.get("send_result")
        if isinstance(result, dict):
            found += [
                ProviderReceipt(reference=reference, code=name, means=means, gone=name == "invalid_user_id_list")
                for name, means in _LISTS
                if result.get(name)
            ]
    return found


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> DingtalkCredential:
    base = base_url(fields.get("base") or _HOST)
    return DingtalkCredential(
        base, fields.get("app", "").strip(), fields.get("agent", "").strip(), secret.get("secret", "")
    )


DINGTALK_KIND: SenderKind[DingtalkCredential] = SenderKind(
    key="dingtalk",
    channel="dingtalk",
    title=Said("钉钉工作通知", "DingTalk work notices"),
    plugin=DingtalkPlugin,
    credential=_credential,
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="app",
            title=Said("AppKey", "App key"),
            hint=Said("开发者后台，应用的“凭证与基础信息”。", "In the developers' console: “Credentials” of the app."),
        ),
        AskedField(name="agent", title=Said("AgentId", "Agent id"), hint=Said("同一页。", "On the same page.")),
        AskedField(
            name="secret",
            title=Said("AppSecret", "App secret"),
            hint=Said("同一页。", "On the same page."),
            secret=True,
        ),
        AskedField(
            name="base",
            title=Said("接口地址", "Address"),
            hint=Said("专有钉钉填自己的地址。", "For a DingTalk of your own: its address."),
            required=False,
            usual=_HOST,
        ),
    ),
    asks_after=_receipts,
    check=lambda credential: checked(lambda: _token(credential)),
    codes={key: one.said for key, one in CODES.items()},
    per_person_day=500,
)


@dataclass(frozen=True, slots=True)
class DingtalkRobotCredential:
    """A robot of a group, with the secret that signs."""

    base: str
    token: str = field(repr=False)
    secret: str = field(repr=False)


def robot_signature(secret: str, milliseconds: int) -> str:
    """As DingTalk publishes it: HMAC-SHA-256 of time and secret, by the secret."""
    signed = f"{milliseconds}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


class DingtalkRobotPlugin(ProviderPlugin):
    """A text of a robot in its group that mentions one person."""

    service_name = "Huying DingTalk robot"
    secure_protocol = "huying-dingtalk-robot"

    def __init__(self, *, to: str, credential: DingtalkRobotCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it; beyond 20 a minute DingTalk shuts the robot up for ten, which the sender's own limit prevents."""
        milliseconds = int(time.time() * 1000)
        query = {"access_token": self.credential.token}
        if self.credential.secret:
            query |= {"timestamp": str(milliseconds), "sign": robot_signature(self.credential.secret, milliseconds)}
        text = letter(self.message.subject, self.message.text, self.message.link, _LONGEST)
        body = {"msgtype": "text", "text": {"content": text}, "at": {"atUserIds": [self.to], "isAtAll": False}}
        call = ProviderCall(
            method="POST",
            url=f"{self.credential.base}/robot/send",
            query=query,
            headers=_JSON,
            body=as_json(body),
            repeats=False,
        )
        code = str(answered(call).get("errcode", ""))
        return accepted() if code == "0" else verdict(code, CODES, "temporary")


DINGTALK_ROBOT_KIND: SenderKind[DingtalkRobotCredential] = SenderKind(
    key="dingtalk-robot",
    channel="dingtalk",
    title=Said("钉钉群机器人", "DingTalk group robot"),
    plugin=DingtalkRobotPlugin,
    credential=lambda fields, secret: DingtalkRobotCredential(
        base_url(fields.get("base") or _HOST), secret.get("token", ""), secret.get("secret", "")
    ),
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="token",
            title=Said("机器人 access_token", "Robot's token"),
            hint=Said("机器人地址里 access_token= 后面的部分。", "What follows access_token= in the robot's address."),
            secret=True,
        ),
        AskedField(
            name="secret",
            title=Said("加签密钥", "Signing secret"),
            hint=Said("安全设置选“加签”，以 SEC 开头。", "With “signature” chosen; it begins with SEC."),
            secret=True,
            required=False,
        ),
        AskedField(name="base", title=Said("接口地址", "Address"), required=False, usual=_HOST),
    ),
    codes={key: one.said for key, one in CODES.items()},
    per_minute=20,
)
