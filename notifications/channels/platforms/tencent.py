"""Short messages by Tencent Cloud (腾讯云短信): ``SendSms`` of 2021-01-11, signed by TC3-HMAC-SHA256.

An answer of 200 holds a code for each number, and an error in it raises nothing. Receipts come as a JSON list to the sender's address.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from definitions.forms.address import digits
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
    china_moment,
    own_number,
    verdict,
)
from notifications.channels.platforms.template import ListedTemplate, TemplateRegister, TemplateRules, TemplateState
from notifications.channels.sender_kind import AskedField, Hook, HookAnswer, HookReading, ProviderReceipt, SenderKind
from notifications.message import DeliveryResult, accepted

_HOST = "https://sms.tencentcloudapi.com"
_VERSION, _REGION = "2021-01-11", "ap-guangzhou"
_TYPE = "application/json"
#: A number of the mainland has so many digits.
_MAINLAND = 11
CODES: Mapping[str, CodeMeaning] = {
    "LimitExceeded.PhoneNumberDailyLimit": CodeMeaning(
        "temporary", Said("今天发给这个号码的太多。", "Too many to this number today"), "pace"
    ),
    "LimitExceeded.PhoneNumberThirtySecondLimit": CodeMeaning(
        "temporary", Said("发给这个号码太快。", "Too fast to this number"), "pace"
    ),
    "LimitExceeded.PhoneNumberOneHourLimit": CodeMeaning(
        "temporary", Said("发给这个号码太快。", "Too fast to this number"), "pace"
    ),
    "LimitExceeded.DailyLimit": CodeMeaning("temporary", Said("今天的限额用完了。", "Used up for today"), "pace"),
    "RequestLimitExceeded": CodeMeaning("temporary", Said("发送太快。", "Too fast for the provider"), "pace"),
    "FailedOperation.InsufficientBalanceInSmsPackage": CodeMeaning(
        "temporary", Said("套餐余量不足。", "The package is used up"), "account"
    ),
    "FailedOperation.SignatureIncorrectOrUnapproved": CodeMeaning(
        "temporary", Said("短信签名没有批准。", "The signature is not approved"), "account"
    ),
    "FailedOperation.TemplateIncorrectOrUnapproved": CodeMeaning(
        "temporary", Said("短信模板没有批准。", "The template is not approved"), "account"
    ),
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": CodeMeaning(
        "temporary", Said("模板变量的个数不对。", "The template has other values"), "account"
    ),
    "AuthFailure.SecretIdNotFound": CodeMeaning(
        "temporary", Said("SecretId 不对。", "The secret id is wrong"), "account"
    ),
    "AuthFailure.SignatureFailure": CodeMeaning(
        "temporary", Said("SecretKey 不对。", "The secret key is wrong"), "account"
    ),
    "LimitExceeded.PhoneNumberSameContentDailyLimit": CodeMeaning(
        "temporary", Said("同样的内容今天发给这个号码的太多。", "The same too often to this number today"), "pace"
    ),
    "LimitExceeded.AppMainlandChinaDailyLimit": CodeMeaning(
        "temporary", Said("今天的限额用完了。", "Used up for today"), "pace"
    ),
    "LimitExceeded.DeliveryFrequencyLimit": CodeMeaning(
        "temporary", Said("发送太快。", "Too fast for the provider"), "pace"
    ),
    "AuthFailure.SignatureExpire": CodeMeaning(
        "temporary", Said("本机的时钟不准。", "This machine's clock is wrong"), "account"
    ),
    "AuthFailure.UnauthorizedOperation": CodeMeaning(
        "temporary", Said("这个用户没有短信权限。", "The user may not send"), "account"
    ),
    "UnauthorizedOperation.SdkAppIdIsDisabled": CodeMeaning(
        "temporary", Said("短信应用已停用。", "The application is disabled"), "account"
    ),
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": CodeMeaning(
        "temporary", Said("SdkAppId 不对。", "The SDK app id is wrong"), "account"
    ),
    "InvalidParameterValue.TemplateParameterLengthLimit": CodeMeaning(
        "permanent", Said("变量太长。", "A value is too long")
    ),
    "InvalidParameterValue.TemplateParameterFormatError": CodeMeaning(
        "permanent", Said("变量不合模板的规范。", "A value is not as the template asks")
    ),
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": CodeMeaning(
        "permanent", Said("变量里不能有网址。", "A value may hold no address of the web")
    ),
    "InternalError": CodeMeaning("temporary", Said("平台繁忙。", "The provider is busy")),
    "FailedOperation.ContainSensitiveWord": CodeMeaning(
        "permanent", Said("内容有平台不接受的词。", "A word is not accepted there")
    ),
    "InvalidParameterValue.ContentLengthLimit": CodeMeaning("permanent", Said("内容太长。", "The message is too long")),
    "InvalidParameterValue.IncorrectPhoneNumber": CodeMeaning(
        "permanent", Said("手机号不对。", "This is no mobile number"), "address"
    ),
    "FailedOperation.PhoneNumberInBlacklist": CodeMeaning(
        "permanent", Said("对方已退订。", "The number has opted out"), "address"
    ),
}
_PAGE, _PAGES = 100, 20
_AUDITS: Mapping[str, TemplateState] = {"0": "approved", "1": "submitted", "-1": "refused", "2": "submitted"}
#: A variable holds so many characters, unless the account was given more.
_VARIABLE = 6
_GONE = frozenset({"MN:0001", "MK:0000", "UNKNOWN", "NOTEXIST"})


@dataclass(frozen=True, slots=True)
class TencentCredential:
    """A secret id, an application, and the signature that stands before each message."""

    base: str
    key: str
    app: str
    signature: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPost:
    """A POST to ``/`` of a service of the cloud: ``headers`` are those that are signed, in lower case."""

    service: str
    headers: Mapping[str, str]
    body: bytes
    seconds: int


def tencent_authorization(key: str, secret: str, post: SignedPost) -> str:
    """TC3-HMAC-SHA256 of it."""
    day = datetime.fromtimestamp(post.seconds, UTC).strftime("%Y-%m-%d")
    lines = "".join(f"{name}:{value.strip().lower()}\n" for name, value in sorted(post.headers.items()))
    names = ";".join(sorted(post.headers))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(post.body).hexdigest()}"
    scope = f"{day}/{post.service}/tc3_request"
    signed = f"TC3-HMAC-SHA256\n{post.seconds}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    made = f"TC3{secret}".encode()
    for part in (day, post.service, "tc3_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(made, signed.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"


class TencentPlugin(ProviderPlugin):
    """One short message by an approved template."""

    service_name = "Huying Tencent SMS"
    secure_protocol = "huying-tencent"

    def __init__(self, *, to: str, credential: TencentCredential, templates: TemplateRegister, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential, self.templates = to, credential, templates

    def deliver(self) -> DeliveryResult:
        """Send it; the code of its own number counts."""
        template, values = self.templates.of(self.message)
        number = digits(self.to)
        number = f"+86{number}" if len(number) == _MAINLAND and number.startswith("1") else f"+{number}"
        asked = {
            "PhoneNumberSet": [number],
            "SmsSdkAppId": self.credential.app,
            "SignName": self.credential.signature,
            "TemplateId": template.code,
            "TemplateParamSet": list(values.values()),
            "SessionContext": own_number(self.message.key),
        }
        return _judged(answered(_call(self.credential, "SendSms", asked, repeats=False)))


def _call(credential: TencentCredential, action: str, asked: Mapping[str, Any], *, repeats: bool) -> ProviderCall:
    body, seconds = as_json(asked), int(time.time())
    signed = {"content-type": _TYPE, "host": urlsplit(credential.base).netloc}
    post = SignedPost(service="sms", headers=signed, body=body, seconds=seconds)
    headers = {
        **signed,
        "X-TC-Action": action,
        "X-TC-Version": _VERSION,
        "X-TC-Region": _REGION,
        "X-TC-Timestamp": str(seconds),
        "Authorization": tencent_authorization(credential.key, credential.secret, post),
    }
    return ProviderCall(method="POST", url=f"{credential.base}/", headers=headers, body=body, repeats=repeats)


def _listed(credential: TencentCredential) -> list[ListedTemplate]:
    """The templates that the account has, page by page."""
    found = list[ListedTemplate]()
    for page in range(_PAGES):
        asked = {"International": 0, "Limit": _PAGE, "Offset": page * _PAGE}
        response = answered(_call(credential, "DescribeSmsTemplateList", asked, repeats=True)).get("Response")
        said = response if isinstance(response, dict) else {}
        if isinstance(error := said.get("Error"), dict):
            raise ProviderFault(verdict(str(error.get("Code", "")), CODES, "temporary"))
        several = said.get("DescribeTemplateStatusSet")
        lines = [one for one in several if isinstance(one, dict)] if isinstance(several, list) else []
        found += [_template(one) for one in lines]
        if len(lines) < _PAGE:
            break
    return found


def _template(one: Mapping[str, Any]) -> ListedTemplate:
    return ListedTemplate(
        code=str(one.get("TemplateId", "")),
        title=str(one.get("TemplateName", "")),
        text=str(one.get("TemplateContent", "")),
        state=_AUDITS.get(str(one.get("StatusCode", "")), "submitted"),
        remark=str(one.get("ReviewReply", "")),
    )


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
        at=china_moment(str(one.get("user_receive_time", ""))),
        reason=Said(said, said),
        gone=code in _GONE,
    )


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> TencentCredential:
    return TencentCredential(
        base_url(fields.get("base") or _HOST),
        fields.get("key", "").strip(),
        fields.get("app", "").strip(),
        fields.get("signature", "").strip(),
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
        AskedField(
            name="secret",
            title=Said("SecretKey", "Secret key"),
            hint=Said("建密钥时只显示一次。", "Shown once, when the key is made."),
            secret=True,
        ),
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
        AskedField(name="base", title=Said("接口地址", "Address"), required=False, usual=_HOST),
    ),
    reads=_reads,
    check=lambda credential: checked(lambda: _listed(credential)),
    lists=_listed,
    codes={key: one.said for key, one in CODES.items()},
    templates=TemplateRules(variables=re.compile(r"\{(\d+)\}"), longest=lambda name: _VARIABLE),
    per_person_day=10,
)
