"""Short messages by a district's own gateway: its method, body, charset, signature and what it answers are data of the sender.

In address and body ``{phone}``, ``{text}``, ``{key}``, ``{account}``, ``{password}``, ``{time}`` (``20261201153000``) and ``{sign}`` are put in, each
written as the kind of body demands. ``{sign}`` is a digest of the text of ``sign`` with the same values put in.
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

from definitions.forms.address import digits
from definitions.text import Said
from notifications.channels.platforms.call import (
    CHINA,
    ProviderCall,
    ProviderPlugin,
    asked,
    base_url,
    own_number,
)
from notifications.channels.platforms.gateway_form import GATEWAY_ASKS
from notifications.channels.platforms.gateway_receipt import RECEIPT_ASKS, ReceiptMapping, receipt_mapping
from notifications.channels.sender_kind import Hook, HookReading, SenderKind
from notifications.message import DeliveryResult, accepted, permanent, temporary, unknown
from notifications.texts.fields import SHORT_FIELDS

_PUT = re.compile(r"\{(phone|text|key|account|password|time|sign)\}")
_SAID = re.compile(r"\{(subject|link|" + "|".join(SHORT_FIELDS) + r")\}")
#: Five messages in one: what is longer, no gateway takes.
_LONGEST_TEXT = 335
_TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json", "xml": "text/xml"}
_DIGESTS: Mapping[str, Callable[[bytes], str]] = {
    "md5": lambda text: hashlib.md5(text, usedforsecurity=False).hexdigest(),
    "md5-upper": lambda text: hashlib.md5(text, usedforsecurity=False).hexdigest().upper(),
    "sha256": lambda text: hashlib.sha256(text).hexdigest(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayCredential:
    """How a gateway is spoken to; ``success`` is looked for in its answer, ``nobody`` says that the number is none, ``reference`` its own number."""

    url: str
    method: str
    body: str
    shape: str
    charset: str
    account: str
    wording: str
    success: re.Pattern[str]
    nobody: re.Pattern[str] | None
    reference: re.Pattern[str] | None
    sign: str
    digest: str
    basic: bool
    tail: str
    receipt: ReceiptMapping
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
        one, values = self.credential, self._values()
        address = _put(one.url, values, lambda text: quote_from_bytes(text.encode(one.charset, "replace"), safe=""))
        body = _put(one.body, values, _quotation(one)).encode(one.charset, "replace") if one.method == "POST" else b""
        headers = {"Content-Type": f"{_TYPES[one.shape]}; charset={one.charset}"} if body else {}
        login = base64.b64encode(f"{one.account}:{one.password}".encode()).decode() if one.basic else ""
        if login:
            headers["Authorization"] = f"Basic {login}"
        number = values["key"] if "{key}" in one.url + one.body else ""
        call = ProviderCall(method=one.method, url=address, headers=headers, body=body, repeats=False, number=number)
        said = asked(call).decode(one.charset, "replace")
        return self._judged(said, {values["sign"], login, one.password} - {""})

    def _values(self) -> dict[str, str]:
        one = self.credential
        values = {
            "phone": digits(self.to),
            "text": self._text(),
            "key": own_number(self.message.key),
            "account": one.account,
            "password": one.password,
            "time": datetime.now(CHINA).strftime("%Y%m%d%H%M%S"),
        }
        signed = _put(one.sign, values, str).encode(one.charset, "replace") if one.sign else b""
        return {**values, "sign": _DIGESTS[one.digest](signed) if signed else ""}

    def _text(self) -> str:
        given = {"subject": self.message.subject, "link": self.message.link, **self.message.fields}
        said = _SAID.sub(lambda found: given.get(found[1], ""), self.credential.wording)
        text, most = " ".join(said.split()), _LONGEST_TEXT - len(self.credential.tail)
        return (text if len(text) <= most else text[: most - 1].rstrip() + "…") + self.credential.tail

    def _judged(self, said: str, secrets: set[str]) -> DeliveryResult:
        one = self.credential
        if one.success.search(said):
            found = one.reference.search(said) if one.reference else None
            return accepted((found[1] if found.re.groups else found[0])[:200] if found else "")
        told = any(secret in said for secret in secrets)
        shown = "" if told else "".join(part for part in said[:80] if part.isalnum() or part in " ._-:<>/=")
        if not said.strip():
            return unknown("网关没有答复内容。", "The gateway's answer is empty")
        if one.nobody and one.nobody.search(said):
            return permanent("短信网关说号码不对。", "The gateway says that the number is none", shown, "address")
        return temporary("短信网关没有受理。", "The gateway did not take it", shown)


def _put(text: str, values: Mapping[str, str], write: Callable[[str], str]) -> str:
    return _PUT.sub(lambda found: write(values.get(found[1], "")), text)


def _quotation(one: GatewayCredential) -> Callable[[str], str]:
    """How a value is written in a body of its shape."""
    if one.shape == "json":
        return lambda text: json.dumps(text, ensure_ascii=one.charset != "utf-8")[1:-1]
    if one.shape == "xml":
        return lambda text: escape("".join(one for one in text if one >= " "), {'"': "&quot;"})
    return lambda text: quote_from_bytes(text.encode(one.charset, "replace"), safe="")


def _pattern(text: str, what: Said) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error:
        raise ValueError(f"{what.zh}不是正则表达式。 {what.en} is no regular expression.") from None


def _perhaps(text: str, what: Said) -> re.Pattern[str] | None:
    return _pattern(text.strip(), what) if text.strip() else None


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> GatewayCredential:
    address, success = fields.get("url", "").strip(), fields.get("success", "").strip()
    base_url(_PUT.sub("x", address).partition("?")[0])
    if "{" in _PUT.sub("", address):
        raise ValueError("接口地址里有不认识的 { }。 The address holds braces that mean nothing.")
    wording = fields.get("wording", "").strip() or "{subject}"
    if "{" in _SAID.sub("", wording):
        raise ValueError("短信文字里有不认识的 { }。 The wording holds braces that mean nothing.")
    if not success:
        raise ValueError(
            "请填写成功标志，否则网关的差错会当作成功。 Without a sign of success its errors would pass for one."
        )
    return GatewayCredential(
        url=address,
        method=fields.get("method") or "POST",
        body=fields.get("body", ""),
        shape=fields.get("shape") or "form",
        charset=fields.get("charset") or "utf-8",
        account=fields.get("account", "").strip(),
        wording=wording,
        success=_pattern(success, Said("成功标志", "The sign of success")),
        nobody=_perhaps(fields.get("nobody", ""), Said("号码不对的标志", "The sign of a wrong number")),
        reference=_perhaps(fields.get("reference", ""), Said("流水号", "The reference")),
        sign=fields.get("sign", ""),
        digest=fields.get("digest") or "md5",
        basic=fields.get("basic") == "yes",
        tail=fields.get("tail", ""),
        receipt=receipt_mapping(fields, fields.get("charset") or "utf-8"),
        password=secret.get("password", ""),
    )


def _reads(credential: GatewayCredential, hook: Hook) -> HookReading:
    return credential.receipt.read(hook)


GATEWAY_KIND: SenderKind[GatewayCredential] = SenderKind(
    key="sms-gateway",
    channel="sms",
    title=Said("本单位的短信网关", "SMS gateway of the office"),
    plugin=GatewayPlugin,
    credential=_credential,
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(*GATEWAY_ASKS, *RECEIPT_ASKS),
    reads=_reads,
)
