"""Short messages by Alibaba Cloud (阿里云短信): ``SendSms`` of 2017-05-25, signed by ACS3-HMAC-SHA256.

It takes a repeat for another message: after a lost answer the receipt is waited for, which names our own number of the message (``OutId``). An answer
with a ``Code`` other than ``OK`` was not sent, whatever its status. Receipts come as a JSON list to the sender's address.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from definitions.forms.address import digits
from definitions.text import Said
from notifications.channels.platforms.call import (
    CodeMeaning,
    ProviderCall,
    ProviderFault,
    ProviderPlugin,
    answered,
    base_url,
    checked,
    china_moment,
    own_number,
    verdict,
)
from notifications.channels.platforms.template import ListedTemplate, TemplateRegister, TemplateRules, TemplateState
from notifications.channels.sender_kind import AskedField, Hook, HookAnswer, HookReading, ProviderReceipt, SenderKind
from notifications.message import DeliveryResult, accepted

_HOST = "https://dysmsapi.aliyuncs.com"
_VERSION = "2017-05-25"
CODES: Mapping[str, CodeMeaning] = {
    "isv.BUSINESS_LIMIT_CONTROL": CodeMeaning(
        "temporary", Said("今天发给这个号码的太多。", "Too many to this number today"), "pace"
    ),
    "isv.DAY_LIMIT_CONTROL": CodeMeaning("temporary", Said("今天的限额用完了。", "Used up for today"), "pace"),
    "isv.AMOUNT_NOT_ENOUGH": CodeMeaning(
        "temporary", Said("账户余额不足。", "The account's balance is too low"), "account"
    ),
    "isv.OUT_OF_SERVICE": CodeMeaning("temporary", Said("账户已停机。", "The account is out of service"), "account"),
    "isv.SMS_SIGNATURE_ILLEGAL": CodeMeaning(
        "temporary", Said("短信签名不对。", "The signature is not approved"), "account"
    ),
    "isv.SMS_TEMPLATE_ILLEGAL": CodeMeaning(
        "temporary", Said("短信模板不对。", "The template is not approved"), "account"
    ),
    "isv.TEMPLATE_PARAMS_ILLEGAL": CodeMeaning(
        "permanent", Said("变量不合模板的规范。", "A value is not as the template asks")
    ),
    "isv.BLACK_KEY_CONTROL_LIMIT": CodeMeaning(
        "permanent", Said("变量里有平台不接受的词。", "A word in a value is not accepted there")
    ),
    "isv.RAM_PERMISSION_DENY": CodeMeaning(
        "temporary", Said("这个用户没有短信权限。", "The user may not send"), "account"
    ),
    "isv.ACCOUNT_NOT_EXISTS": CodeMeaning("temporary", Said("账户不存在。", "There is no such account"), "account"),
    "isv.ACCOUNT_ABNORMAL": CodeMeaning("temporary", Said("账户异常。", "The account is not in order"), "account"),
    "isv.PRODUCT_UN_SUBSCRIPT": CodeMeaning(
        "temporary", Said("没有开通短信服务。", "The service was not ordered"), "account"
    ),
    "isv.TEMPLATE_MISSING_PARAMETERS": CodeMeaning(
        "temporary", Said("模板缺少变量。", "A value of the template is missing"), "account"
    ),
    "InvalidAccessKeyId.NotFound": CodeMeaning(
        "temporary", Said("AccessKey 不对。", "The access key is wrong"), "account"
    ),
    "SignatureDoesNotMatch": CodeMeaning(
        "temporary", Said("AccessKey Secret 不对。", "The secret is wrong"), "account"
    ),
    "isp.SYSTEM_ERROR": CodeMeaning("temporary", Said("平台繁忙。", "The provider is busy")),
    "ServiceUnavailable": CodeMeaning("temporary", Said("平台繁忙。", "The provider is busy")),
    "Throttling": CodeMeaning("temporary", Said("发送太快。", "Too fast for the provider"), "pace"),
    "Throttling.User": CodeMeaning("temporary", Said("发送太快。", "Too fast for the provider"), "pace"),
    "isv.PARAM_NOT_SUPPORT_URL": CodeMeaning(
        "permanent", Said("变量里不能有网址。", "A value may hold no address of the web")
    ),
    "isv.PARAM_LENGTH_LIMIT": CodeMeaning("permanent", Said("变量太长。", "A value is too long")),
    "isv.MOBILE_NUMBER_ILLEGAL": CodeMeaning("permanent", Said("手机号不对。", "This is no mobile number"), "address"),
}
_PAGE, _PAGES = 50, 20
_AUDITS: Mapping[str, TemplateState] = {
    "AUDIT_STATE_INIT": "submitted",
    "AUDIT_STATE_PASS": "approved",
    "AUDIT_STATE_NOT_PASS": "refused",
    "AUDIT_STATE_CANCEL": "withdrawn",
    "AUDIT_SATE_CANCEL": "withdrawn",
}
#: A variable holds so many characters.
_VARIABLE = 35
#: In receipts: the number is none, or nobody has it any more.
_GONE = frozenset({"MN:0001", "MK:0000", "UNKNOWN_NUMBER", "MOBILE_NOT_ON_SERVICE"})


@dataclass(frozen=True, slots=True)
class AliyunCredential:
    """An access key, and the signature that stands before each message."""

    base: str
    key: str
    signature: str
    secret: str = field(repr=False)


def aliyun_authorization(credential_key: str, secret: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """ACS3-HMAC-SHA256 of a POST to ``/`` without a body; ``headers`` in lower case, of which ``host`` and ``x-acs-*`` are signed."""
    wanted = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in sorted(query.items()))
    names = sorted(name for name in headers if name == "host" or name.startswith("x-acs-"))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    canonical = "\n".join(["POST", "/", wanted, lines, ";".join(names), headers["x-acs-content-sha256"]])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signed = hmac.new(secret.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={credential_key},SignedHeaders={';'.join(names)},Signature={signed}"


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


class AliyunPlugin(ProviderPlugin):
    """One short message by an approved template."""

    service_name = "Huying Aliyun SMS"
    secure_protocol = "huying-aliyun"

    def __init__(self, *, to: str, credential: AliyunCredential, templates: TemplateRegister, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential, self.templates = to, credential, templates

    def deliver(self) -> DeliveryResult:
        """Send it."""
        template, values = self.templates.of(self.message)
        number = own_number(self.message.key)
        query = {
            "PhoneNumbers": digits(self.to),
            "SignName": self.credential.signature,
            "TemplateCode": template.code,
            "TemplateParam": json.dumps(values, ensure_ascii=False),
            "OutId": number,
        }
        found = answered(_call(self.credential, "SendSms", query, number))
        code = str(found.get("Code", ""))
        return accepted(str(found.get("BizId") or "")) if code == "OK" else verdict(code, CODES, "temporary")


def _call(credential: AliyunCredential, action: str, query: Mapping[str, str], number: str = "") -> ProviderCall:
    """A signed request; one that sends may not be repeated."""
    headers = {
        "host": urlsplit(credential.base).netloc,
        "x-acs-action": action,
        "x-acs-version": _VERSION,
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
    }
    headers["authorization"] = aliyun_authorization(credential.key, credential.secret, query, headers)
    url, repeats = f"{credential.base}/", not number
    return ProviderCall(method="POST", url=url, query=query, headers=headers, repeats=repeats, number=number)


def _listed(credential: AliyunCredential) -> list[ListedTemplate]:
    """The templates that the account has, page by page."""
    found = list[ListedTemplate]()
    for page in range(1, _PAGES + 1):
        asked = {"PageIndex": str(page), "PageSize": str(_PAGE)}
        said = answered(_call(credential, "QuerySmsTemplateList", asked))
        if said.get("Code") != "OK":
            raise ProviderFault(verdict(str(said.get("Code", "")), CODES, "temporary"))
        several = said.get("SmsTemplateList")
        lines = [one for one in several if isinstance(one, dict)] if isinstance(several, list) else []
        found += [_template(one) for one in lines]
        if len(lines) < _PAGE:
            break
    return found


def _template(one: Mapping[str, Any]) -> ListedTemplate:
    reason = one.get("Reason")
    return ListedTemplate(
        code=str(one.get("TemplateCode", "")),
        title=str(one.get("TemplateName", "")),
        text=str(one.get("TemplateContent", "")),
        state=_AUDITS.get(str(one.get("AuditStatus", "")), "submitted"),
        remark=str(reason.get("RejectInfo", "")) if isinstance(reason, dict) else "",
    )


def _reads(_: AliyunCredential, hook: Hook) -> HookReading:
    several = json.loads(hook.body)
    if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
        raise ValueError("没有回执。 There is no receipt.")
    answer = HookAnswer(body=b'{"code":0,"msg":"OK"}', content_type="application/json")
    return HookReading(receipts=[_receipt(one) for one in several], answer=answer)


def _receipt(one: Mapping[str, Any]) -> ProviderReceipt:
    code, done = str(one.get("err_code", "")), one.get("success") in (True, "true")
    said = str(one.get("err_msg", ""))[:200]
    return ProviderReceipt(
        reference=str(one.get("biz_id", "")),
        code=code or ("DELIVERED" if done else "FAILED"),
        means="delivered" if done else "undelivered",
        at=china_moment(str(one.get("report_time", ""))),
        reason=Said(said, said),
        gone=code in _GONE,
        number=str(one.get("out_id") or ""),
    )


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> AliyunCredential:
    return AliyunCredential(
        base_url(fields.get("base") or _HOST),
        fields.get("key", "").strip(),
        fields.get("signature", "").strip(),
        secret.get("secret", ""),
    )


ALIYUN_KIND: SenderKind[AliyunCredential] = SenderKind(
    key="aliyun-sms",
    channel="sms",
    title=Said("阿里云短信", "Alibaba Cloud SMS"),
    plugin=AliyunPlugin,
    credential=_credential,
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="key",
            title=Said("AccessKey ID", "Access key id"),
            hint=Said("访问控制里只给短信权限的用户。", "Of a user that may send messages, and nothing else."),
        ),
        AskedField(
            name="secret",
            title=Said("AccessKey Secret", "Access key secret"),
            hint=Said("建密钥时只显示一次。", "Shown once, when the key is made."),
            secret=True,
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
    templates=TemplateRules(variables=re.compile(r"\$\{(\w+)\}"), longest=lambda name: _VARIABLE),
    per_person_day=50,
)
