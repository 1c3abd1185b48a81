"""Short messages by Tencent Cloud (腾讯云短信): ``SendSms`` of 2021-01-11, signed by TC3-HMAC-SHA256.

An answer of 200 holds a code for each number, and an error in it raises nothing. Receipts come as a JSON list to the sender's address.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from definitions.text import Said
from notifications.channels.platforms.call import (
    ProviderCall,
    ProviderPlugin,
    Verdict,
    answered,
    as_json,
    base_url,
    verdict,
)
from notifications.channels.platforms.template import TemplateRegister, register_of
from notifications.channels.sender_kind import AskedField, Hook, HookAnswer, HookReading, ProviderReceipt, SenderKind
from notifications.message import DeliveryResult, accepted

_HOST = "https://sms.tencentcloudapi.com"
_VERSION, _REGION = "2021-01-11", "ap-guangzhou"
_TYPE = "application/json"
CODES: Mapping[str, Verdict] = {
    "LimitExceeded.PhoneNumberDailyLimit": Verdict(
        "temporary", Said("今天发给这个号码的太多。", "Too many to this number today"), "pace"
    ),
    "LimitExceeded.PhoneNumberThirtySecondLimit": Verdict(
        "temporary", Said("发给这个号码太快。", "Too fast to this number"), "pace"
    ),
    "LimitExceeded.PhoneNumberOneHourLimit": Verdict(
        "temporary", Said("发给这个号码太快。", "Too fast to this number"), "pace"
    ),
    "LimitExceeded.DailyLimit": Verdict("temporary", Said("今天的限额用完了。", "Used up for today"), "pace"),
    "RequestLimitExceeded": Verdict("temporary", Said("发送太快。", "Too fast for the provider"), "pace"),
    "FailedOperation.InsufficientBalanceInSmsPackage": Verdict(
        "temporary", Said("套餐余量不足。", "The package is used up"), "account"
    ),
    "FailedOperation.SignatureIncorrectOrUnapproved": Verdict(
        "temporary", Said("短信签名没有批准。", "The signature is not approved"), "account"
    ),
    "FailedOperation.TemplateIncorrectOrUnapproved": Verdict(
        "temporary", Said("短信模板没有批准。", "The template is not approved"), "account"
    ),
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": Verdict(
        "temporary", Said("模板变量的个数不对。", "The template has other values"), "account"
    ),
    "AuthFailure.SecretIdNotFound": Verdict("temporary", Said("SecretId 不对。", "The secret id is wrong"), "account"),
    "AuthFailure.SignatureFailure": Verdict(
        "temporary", Said("SecretKey 不对。", "The secret key is wrong"), "account"
    ),
    "InternalError": Verdict("temporary", Said("平台繁忙。", "The provider is busy")),
    "FailedOperation.ContainSensitiveWord": Verdict(
        "permanent", Said("内容有平台不接受的词。", "A word is not accepted there")
    ),
    "InvalidParameterValue.ContentLengthLimit": Verdict("permanent", Said("内容太长。", "The message is too long")),
    "InvalidParameterValue.IncorrectPhoneNumber": Verdict(
        "permanent", Said("手机号不对。", "This is no mobile number"), "address"
    ),
    "FailedOperation.PhoneNumberInBlacklist": Verdict(
        "permanent", Said("对方已退订。", "The number has opted out"), "address"
    ),
}
_GONE = frozenset({"MN:0001", "MK:0000", "UNKNOWN", "NOTEXIST"})


@dataclass(frozen=True, slots=True)
class TencentCredential:
    """A secret id, an application, the signature that stands before each message, and the approved templates."""

    base: str
    key: str
    app: str
    signature: str
    templates: TemplateRegister
    secret: str = field(repr=False)


def tencent_authorization(key: str, secret: str, host: str, body: bytes, seconds: int) -> str:
    """TC3-HMAC-SHA256 of a POST of JSON to ``/`` of the service ``sms``; content type and host are signed."""
    day = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    canonical = f"POST\n/\n\ncontent-type:{_TYPE}\nhost:{host}\n\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/sms/tc3_request"
    signed = f"TC3-HMAC-SHA256\n{seconds}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    made = f"TC3{secret}".encode()
    for part in (day, "sms", "tc3_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(made, signed.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders=content-type;host, Signature={signature}"


class TencentPlugin(ProviderPlugin):
    """One short message by an approved template."""

    service_name = "Huying Tencent SMS"
    secure_protocol = "huying-tencent"

    def __init__(self, *, to: str, credential: TencentCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it; the code of its own number counts."""
        template, values = self.credential.templates.of(self.message)
        number = self.to if self.to.startswith("+") else f"+86{self.to}"
        asked = {
            "PhoneNumberSet": [number],
            "SmsSdkAppId": self.credential.app,
            "SignName": self.credential.signature,
            "TemplateId": template.code,
            "TemplateParamSet": list(values.values()),
            "SessionContext": hashlib.sha256(self.message.key.encode()).hexdigest()[:32],
        }
        body, host, seconds = as_json(asked), urlsplit(self.credential.base).netloc, int(time.time())
        headers = {
            "Content-Type": _TYPE,
            "Host": host,
            "X-TC-Action": "SendSms",
            "X-TC-Version": _VERSION,
            "X-TC-Region": _REGION,
            "X-TC-Timestamp": str(seconds),
            "Authorization": tencent_authorization(self.credential.key, self.credential.secret, host, body, seconds),
        }
        url = f"{self.credential.base}/"
        return _judged(answered(ProviderCall(method="POST", url=url, headers=headers, body=body, repeats=False)))


def _judged(found: Mapping[str, Any]) -> DeliveryResult:
    response = found.get("Response")
    said = response if isinstance(response, dict) else {}
    error = said.get("Error")
    if isinstance(error, dict):
        return verdict(str(error.get("Code", "")), CODES, "temporary")
    several = said.get("SendStatusSet")
    one = several[0] if isinstance(several, list) and several and isinstance(several[0], dict) else {}
    code = str(one.get("Code", ""))
    return accepted(str(one.get("SerialNo") or "")) if code == "Ok" else verdict(code, CODES, "temporary")


def _reads(_: TencentCredential, hook: Hook) -> HookReading:
    several = json.loads(hook.body)
    if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
        raise ValueError("没有回执。 There is no receipt.")
    answer = HookAnswer(body=b'{"result":0,"errmsg":"OK"}', content_type="application/json")
    return HookReading(receipts=[_receipt(one) for one in several], answer=answer)


def _receipt(one: Mapping[str, Any]) -> ProviderReceipt:
    done, code, said = (
        one.get("report_status") == "SUCCESS",
        str(one.get("errmsg", "")),
        str(one.get("description", ""))[:200],
    )
    return ProviderReceipt(
        reference=str(one.get("sid", "")),
        code=code or ("DELIVRD" if done else "FAIL"),
        means="delivered" if done else "undelivered",
        reason=Said(said, said),
        gone=code in _GONE,
    )


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> TencentCredential:
    return TencentCredential(
        base_url(fields.get("base") or _HOST),
        fields.get("key", "").strip(),
        fields.get("app", "").strip(),
        fields.get("signature", "").strip(),
        register_of(fields.get("templates", "")),
        secret.get("secret", ""),
    )


TENCENT_KIND: SenderKind[TencentCredential] = SenderKind(
    key="tencent-sms",
    channel="sms",
    title=Said("腾讯云短信", "Tencent Cloud SMS"),
    plugin=TencentPlugin,
    credential=_credential,
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="key",
            title=Said("SecretId", "Secret id"),
            hint=Said("访问管理里只给短信权限的用户。", "Of a user that may send messages, and nothing else."),
        ),
        AskedField(name="secret", title=Said("SecretKey", "Secret key"), secret=True),
        AskedField(
            name="app",
            title=Said("SdkAppId", "SDK app id"),
            hint=Said("短信控制台“应用管理”。", "In the console under “Applications”."),
        ),
        AskedField(
            name="signature",
            title=Said("短信签名", "Signature"),
            hint=Said("经批准的，不带【】。", "As approved, without brackets."),
        ),
        AskedField(
            name="templates",
            title=Said("经批准的模板", "Approved templates"),
            hint=Said(
                "每行一个：事由 语言 模板编号 值……（按模板里的顺序），例如 task zh 1110 number what；* 表示其余各类。",
                "One a line: occasion language code values … in the template's order, such as task zh 1110 number what; * stands for all others.",
            ),
            longest=5000,
        ),
        AskedField(name="base", title=Said("接口地址", "Address"), required=False, usual=_HOST),
    ),
    reads=_reads,
    codes={key: one.said for key, one in CODES.items()},
    templates=True,
    per_person_day=10,
)
