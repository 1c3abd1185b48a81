"""Short messages by a district's own gateway: its method, body, charset, signature and what it answers are data of the sender.

In address and body ``{phone}``, ``{text}``, ``{key}``, ``{account}``, ``{password}``, ``{time}`` (``20261201153000``) and ``{sign}`` are put in, each
written as the kind of body demands. ``{sign}`` is the MD5 of the text of ``sign`` with the same values put in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_from_bytes
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from definitions.text import Said
from notifications.channels.platforms.call import ProviderCall, ProviderFault, ProviderPlugin, asked, base_url
from notifications.channels.sender_kind import AskedField, SenderKind
from notifications.message import DeliveryResult, accepted, temporary, unknown

_ZONE = ZoneInfo("Asia/Shanghai")
_PUT = re.compile(r"\{(phone|text|key|account|password|time|sign)\}")
_LONGEST_TEXT = 300
_TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json", "xml": "text/xml"}


@dataclass(frozen=True, slots=True)
class GatewayCredential:
    """How a gateway is spoken to; ``success`` is looked for in its answer, ``reference`` gives its number of the message."""

    url: str
    method: str
    body: str
    shape: str
    charset: str
    account: str
    success: re.Pattern[str]
    reference: re.Pattern[str] | None
    sign: str
    basic: bool
    tail: str
    password: str = field(repr=False)


class GatewayPlugin(ProviderPlugin):
    """One short message."""

    service_name = "Huying SMS gateway"
    secure_protocol = "huying-sms-gateway"

    def __init__(self, *, to: str, credential: GatewayCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it; whether it was taken stands in the answer's text."""
        one = self.credential
        values = self._values()
        quoted = _quotation(one)
        address = _put(one.url, values, lambda text: quote_from_bytes(text.encode(one.charset, "replace"), safe=""))
        body = _put(one.body, values, quoted).encode(one.charset, "replace") if one.method == "POST" else b""
        headers = {"Content-Type": f"{_TYPES[one.shape]}; charset={one.charset}"} if body else {}
        if one.basic:
            login = base64.b64encode(f"{one.account}:{one.password}".encode()).decode()
            headers["Authorization"] = f"Basic {login}"
        call = ProviderCall(method=one.method, url=address, headers=headers, body=body, repeats=False)
        said = asked(call).decode(one.charset, "replace")
        return self._judged(said)

    def _values(self) -> dict[str, str]:
        one = self.credential
        text = " ".join(self.message.subject.split())[:_LONGEST_TEXT] + one.tail
        values = {
            "phone": self.to.removeprefix("+86"),
            "text": text,
            "key": hashlib.sha256(self.message.key.encode()).hexdigest()[:32],
            "account": one.account,
            "password": one.password,
            "time": datetime.now(_ZONE).strftime("%Y%m%d%H%M%S"),
        }
        signed = _put(one.sign, values, str).encode(one.charset, "replace")
        return {**values, "sign": hashlib.md5(signed, usedforsecurity=False).hexdigest()}

    def _judged(self, said: str) -> DeliveryResult:
        if self.credential.success.search(said):
            found = self.credential.reference.search(said) if self.credential.reference else None
            return accepted((found[1] if found.re.groups else found[0])[:200] if found else "")
        shown = (
            "".join(one for one in said[:80] if one.isalnum() or one in " ._-:<>/=")
            if self.credential.password not in said
            else ""
        )
        if not said.strip():
            raise ProviderFault(unknown("网关没有答复内容。", "The gateway's answer is empty"))
        return temporary("短信网关没有受理。", "The gateway did not take it", shown)


def _put(text: str, values: Mapping[str, str], write: Callable[[str], str]) -> str:
    return _PUT.sub(lambda found: write(values.get(found[1], "")), text)


def _quotation(one: GatewayCredential) -> Callable[[str], str]:
    """How a value is written in a body of its shape."""
    if one.shape == "json":
        return lambda text: json.dumps(text, ensure_ascii=one.charset != "utf-8")[1:-1]
    if one.shape == "xml":
        return escape
    return lambda text: quote_from_bytes(text.encode(one.charset, "replace"), safe="")


def _pattern(text: str, what: Said) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error:
        raise ValueError(f"{what.zh}不是正则表达式。 {what.en} is no regular expression.") from None


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> GatewayCredential:
    address = fields.get("url", "").strip()
    base_url(_PUT.sub("x", address).partition("?")[0])
    if "{" in _PUT.sub("", address):
        raise ValueError("接口地址里有不认识的 { }。 The address holds braces that mean nothing.")
    success, reference = fields.get("success", ""), fields.get("reference", "").strip()
    return GatewayCredential(
        url=address,
        method=fields.get("method") or "POST",
        body=fields.get("body", ""),
        shape=fields.get("shape") or "form",
        charset=fields.get("charset") or "utf-8",
        account=fields.get("account", "").strip(),
        success=_pattern(success, Said("成功标志", "The sign of success")),
        reference=_pattern(reference, Said("流水号", "The reference")) if reference else None,
        sign=fields.get("sign", ""),
        basic=fields.get("basic") == "yes",
        tail=fields.get("tail", ""),
        password=secret.get("password", ""),
    )


GATEWAY_KIND: SenderKind[GatewayCredential] = SenderKind(
    key="sms-gateway",
    channel="sms",
    title=Said("本单位的短信网关", "SMS gateway of the office"),
    plugin=GatewayPlugin,
    credential=_credential,
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="url",
            title=Said("接口地址", "Address"),
            hint=Said(
                "可以写 {phone}、{text}、{account}、{password}、{time}、{sign}、{key}。",
                "May hold {phone}, {text}, {account}, {password}, {time}, {sign}, {key}.",
            ),
            longest=1000,
        ),
        AskedField(
            name="method",
            title=Said("方法", "Method"),
            choices={"POST": Said("POST", "POST"), "GET": Said("GET", "GET")},
            usual="POST",
        ),
        AskedField(
            name="shape",
            title=Said("内容格式", "Body"),
            choices={"form": Said("表单", "Form"), "json": Said("JSON", "JSON"), "xml": Said("XML", "XML")},
            usual="form",
        ),
        AskedField(
            name="body",
            title=Said("内容模板", "Template of the body"),
            hint=Said(
                "例如 mobile={phone}&content={text}&sign={sign}。", "Such as mobile={phone}&content={text}&sign={sign}."
            ),
            required=False,
            longest=4000,
        ),
        AskedField(
            name="charset",
            title=Said("字符集", "Charset"),
            choices={"utf-8": Said("UTF-8", "UTF-8"), "gb18030": Said("GBK", "GBK")},
            usual="utf-8",
        ),
        AskedField(name="account", title=Said("账号", "Account"), required=False),
        AskedField(name="password", title=Said("密码", "Password"), secret=True, required=False),
        AskedField(
            name="sign",
            title=Said("签名的原文", "What is signed"),
            hint=Said(
                "例如 {account}{password}{time}；取 MD5，作为 {sign}。",
                "Such as {account}{password}{time}; its MD5 becomes {sign}.",
            ),
            required=False,
        ),
        AskedField(
            name="basic",
            title=Said("用 Basic 认证", "Basic authentication"),
            choices={"no": Said("否", "No"), "yes": Said("是", "Yes")},
            usual="no",
        ),
        AskedField(
            name="success",
            title=Said("成功标志（正则）", "Sign of success (regular expression)"),
            hint=Said("例如 <returnstatus>Success 或 ^0,。", "Such as <returnstatus>Success, or ^0,."),
        ),
        AskedField(name="reference", title=Said("流水号（正则）", "Reference (regular expression)"), required=False),
        AskedField(
            name="tail",
            title=Said("文末", "At the end"),
            hint=Said("例如“【鹭江人大】”。", "Such as the office's name in brackets."),
            required=False,
            longest=60,
        ),
    ),
)
