"""Feishu (飞书): messages of an application to one person, and robots of groups.

Published interface: ``POST /open-apis/auth/v3/tenant_access_token/internal``, ``POST /open-apis/im/v1/messages`` (``content`` is JSON as a text,
``uuid`` makes a repeat within the hour the same message), ``GET …/read_users``, ``POST /open-apis/bot/v2/hook/…``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from definitions.text import Said
from notifications.channels.platforms.call import (
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
from notifications.channels.sender_kind import AskedField, ProviderReceipt, SenderKind
from notifications.message import DeliveryResult, accepted, permanent

_HOST = "https://open.feishu.cn"
_LONGEST = 18_000
_STALE = frozenset({"99991663", "99991661", "99991664"})
_JSON = {"Content-Type": "application/json; charset=utf-8"}
CODES: Mapping[str, CodeMeaning] = {
    "99991663": CodeMeaning("temporary", Said("访问凭证失效。", "The access token does not hold"), "account"),
    "99991661": CodeMeaning("temporary", Said("没有访问凭证。", "There is no access token"), "account"),
    "99991672": CodeMeaning("temporary", Said("应用没有发送权限。", "The application may not send"), "account"),
    "10003": CodeMeaning("temporary", Said("App ID 或 App Secret 不对。", "The app id or secret is wrong"), "account"),
    "10014": CodeMeaning("temporary", Said("App ID 或 App Secret 不对。", "The app id or secret is wrong"), "account"),
    "19021": CodeMeaning("temporary", Said("机器人签名不对。", "The robot's signature is wrong"), "account"),
    "19022": CodeMeaning(
        "temporary", Said("本机的 IP 不在机器人的白名单里。", "This machine's IP is not on the robot's list"), "account"
    ),
    "19024": CodeMeaning(
        "temporary", Said("内容没有机器人要求的关键词。", "The robot's keyword is missing"), "account"
    ),
    "11232": CodeMeaning("temporary", Said("发送太快。", "Too fast for Feishu"), "pace"),
    "230020": CodeMeaning("temporary", Said("发送太快。", "Too fast for Feishu"), "pace"),
    "99991400": CodeMeaning("temporary", Said("发送太快。", "Too fast for Feishu"), "pace"),
    "9499": CodeMeaning("permanent", Said("内容不合格式。", "The message is malformed")),
    "230001": CodeMeaning("permanent", Said("内容不合格式。", "The message is malformed")),
    "230013": CodeMeaning(
        "permanent", Said("收件人不在应用的可用范围里。", "The user cannot see the application"), "address"
    ),
    "99992351": CodeMeaning("permanent", Said("飞书里没有这个人。", "Feishu knows no such user"), "address"),
    "99992360": CodeMeaning("permanent", Said("飞书里没有这个人。", "Feishu knows no such user"), "address"),
    "230006": CodeMeaning("temporary", Said("应用没有开启机器人能力。", "The application has no bot"), "account"),
    "230027": CodeMeaning("temporary", Said("应用没有发送权限。", "The application may not send"), "account"),
    "230022": CodeMeaning("permanent", Said("内容有平台不接受的词。", "A word is not accepted there")),
    "230025": CodeMeaning("permanent", Said("内容太长。", "The message is too long")),
}


@dataclass(frozen=True, slots=True)
class FeishuCredential:
    """An application."""

    base: str
    app: str
    secret: str = field(repr=False)


class FeishuPlugin(ProviderPlugin):
    """A text to one person, by open id or mail address."""

    service_name = "Huying Feishu"
    secure_protocol = "huying-feishu"

    def __init__(self, *, to: str, credential: FeishuCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it; the same key is the same message for Feishu."""
        text = letter(self.message.subject, self.message.text, self.message.link, _LONGEST)
        content = json.dumps({"text": text}, ensure_ascii=False)
        key = hashlib.sha256(self.message.key.encode()).hexdigest()[:40]
        body = {"receive_id": self.to, "msg_type": "text", "content": content, "uuid": key}
        query = {"receive_id_type": "email" if "@" in self.to else "open_id"}
        found = _asked(self.credential, "POST", "/open-apis/im/v1/messages", query, as_json(body))
        code, data = str(found.get("code", "")), found.get("data")
        if code == "230001" and "receive_id" in str(found.get("msg", "")):
            return permanent("飞书里没有这个人。", "Feishu knows no such user", code, "address")
        if code != "0":
            return verdict(code, CODES, "temporary")
        return accepted(str(data.get("message_id") or "") if isinstance(data, dict) else "")


def _receipts(credential: FeishuCredential, references: Sequence[str]) -> list[ProviderReceipt]:
    """Which of these messages were read: each went to one person."""
    found = list[ProviderReceipt]()
    for reference in references:
        path = f"/open-apis/im/v1/messages/{quote(reference, safe='')}/read_users"
        try:
            said = _asked(credential, "GET", path, {"user_id_type": "open_id", "page_size": "1"})
        except ProviderFault:
            continue
        data = said.get("data")
        items = data.get("items") if isinstance(data, dict) else None
        for one in items if isinstance(items, list) else []:
            moment = str(one.get("timestamp", "")) if isinstance(one, dict) else ""
            at = datetime.fromtimestamp(int(moment) / 1000, UTC) if moment.isdecimal() else None
            found.append(ProviderReceipt(reference=reference, code="read", means="read", at=at))
    return found


def _asked(
    credential: FeishuCredential, method: str, path: str, query: Mapping[str, str], body: bytes = b""
) -> dict[str, Any]:
    account = account_of("feishu", credential.base, credential.app, credential.secret)
    tokens = TokenSource(account=account, fetch=lambda: _token(credential), code="code", stale=_STALE)

    def ask(token: str) -> dict[str, Any]:
        headers = {**_JSON, "Authorization": f"Bearer {token}"}
        url = f"{credential.base}{path}"
        return answered(ProviderCall(method=method, url=url, query=query, headers=headers, body=body))

    return tokens.answer(ask)


def _token(credential: FeishuCredential) -> AccessToken:
    url = f"{credential.base}/open-apis/auth/v3/tenant_access_token/internal"
    body = as_json({"app_id": credential.app, "app_secret": credential.secret})
    found = answered(ProviderCall(method="POST", url=url, headers=_JSON, body=body))
    if found.get("code", 0) != 0 or not found.get("tenant_access_token"):
        raise ProviderFault(verdict(str(found.get("code", "")), CODES, "temporary"))
    return AccessToken(str(found["tenant_access_token"]), float(found.get("expire") or 7200))


FEISHU_KIND: SenderKind[FeishuCredential] = SenderKind(
    key="feishu",
    channel="feishu",
    title=Said("飞书应用", "Feishu application"),
    plugin=FeishuPlugin,
    credential=lambda fields, secret: FeishuCredential(
        base_url(fields.get("base") or _HOST), fields.get("app", "").strip(), secret.get("secret", "")
    ),
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="app",
            title=Said("App ID", "App id"),
            hint=Said("开发者后台，“凭证与基础信息”。", "In the developers' console: “Credentials”."),
        ),
        AskedField(
            name="secret",
            title=Said("App Secret", "App secret"),
            hint=Said("同一页；另开通“以应用身份发消息”。", "On the same page; also allow “send messages as the app”."),
            secret=True,
        ),
        AskedField(
            name="base",
            title=Said("接口地址", "Address"),
            hint=Said("国际版填 https://open.larksuite.com。", "For Lark: https://open.larksuite.com."),
            required=False,
            usual=_HOST,
        ),
    ),
    asks_after=_receipts,
    check=lambda credential: checked(lambda: _token(credential)),
    codes={key: one.said for key, one in CODES.items()},
    per_minute=1000,
)


@dataclass(frozen=True, slots=True)
class FeishuRobotCredential:
    """A robot of a group, with the secret that signs."""

    base: str
    token: str = field(repr=False)
    secret: str = field(repr=False)


def feishu_signature(secret: str, seconds: int) -> str:
    """As Feishu publishes it: HMAC-SHA-256 of nothing, by time and secret."""
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


class FeishuRobotPlugin(ProviderPlugin):
    """A text of a robot in its group that mentions one person."""

    service_name = "Huying Feishu robot"
    secure_protocol = "huying-feishu-robot"

    def __init__(self, *, to: str, credential: FeishuRobotCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it."""
        seconds = int(time.time())
        at = f'<at user_id="{self.to}"></at> '
        text = letter(self.message.subject, self.message.text, self.message.link, _LONGEST)
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": at + text}}
        if self.credential.secret:
            body |= {"timestamp": str(seconds), "sign": feishu_signature(self.credential.secret, seconds)}
        url = f"{self.credential.base}/open-apis/bot/v2/hook/{self.credential.token}"
        found = answered(ProviderCall(method="POST", url=url, headers=_JSON, body=as_json(body), repeats=False))
        code = str(found.get("code", found.get("StatusCode", "")))
        return accepted() if code == "0" else verdict(code, CODES, "temporary")


FEISHU_ROBOT_KIND: SenderKind[FeishuRobotCredential] = SenderKind(
    key="feishu-robot",
    channel="feishu",
    title=Said("飞书群机器人", "Feishu group robot"),
    plugin=FeishuRobotPlugin,
    credential=lambda fields, secret: FeishuRobotCredential(
        base_url(fields.get("base") or _HOST), secret.get("token", ""), secret.get("secret", "")
    ),
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="token",
            title=Said("机器人地址的末段", "End of the robot's address"),
            hint=Said("…/hook/ 后面的部分。", "What follows …/hook/."),
            secret=True,
        ),
        AskedField(
            name="secret",
            title=Said("签名校验密钥", "Signing secret"),
            hint=Said("机器人“安全设置”选“签名校验”。", "With “signature” chosen in the robot's settings."),
            secret=True,
            required=False,
        ),
        AskedField(name="base", title=Said("接口地址", "Address"), required=False, usual=_HOST),
    ),
    codes={key: one.said for key, one in CODES.items()},
    per_minute=100,
)
