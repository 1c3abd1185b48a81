"""WeChat official accounts (微信公众号): messages within 48 hours of a person's own, template messages, notices that somebody subscribed to.

Published interface: ``POST /cgi-bin/stable_token`` (the older ``/cgi-bin/token`` makes tokens of other processes stale),
``/cgi-bin/message/custom/send``, ``/cgi-bin/message/template/send``, ``/cgi-bin/message/subscribe/bizsend``. What became of a template message comes
as an event to the account's address. Fields of templates hold 20 characters, and what is longer is cut without a word: so we cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

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
from notifications.channels.platforms.template import (
    NO_TEMPLATES,
    ListedTemplate,
    TemplateRegister,
    TemplateRules,
    ValueKind,
)
from notifications.channels.platforms.token import AccessToken, TokenSource, account_of
from notifications.channels.sender_kind import NOTHING_SAID, AskedField, ProviderReceipt, SenderKind
from notifications.message import DeliveryResult, accepted

_HOST = "https://api.weixin.qq.com"
_STALE = frozenset({"40001", "40014", "42001"})
_LONGEST = 2048
#: How many characters the kinds of values hold that subscription notices know; what is longer is refused there.
_HOLDS = {"thing": 20, "phrase": 5, "character_string": 32, "name": 10, "date": 24, "time": 24}
_FIELD = 20
_FATES: Mapping[str, Said] = {
    "failed:user block": Said("对方拒收公众号的消息。", "They have blocked the account's messages."),
    "failed: system failed": Said("微信没有发出。", "WeChat could not send it."),
}
CODES: Mapping[str, CodeMeaning] = {
    "40001": CodeMeaning(
        "temporary",
        Said("AppSecret 不对，或访问凭证失效。", "The app secret is wrong, or the token does not hold"),
        "account",
    ),
    "40013": CodeMeaning("temporary", Said("AppID 不对。", "The app id is wrong"), "account"),
    "40014": CodeMeaning("temporary", Said("访问凭证失效。", "The access token does not hold"), "account"),
    "42001": CodeMeaning("temporary", Said("访问凭证过期。", "The access token has expired"), "account"),
    "40164": CodeMeaning(
        "temporary",
        Said("本机的 IP 不在公众号的白名单里。", "This machine's IP is not on the account's list"),
        "account",
    ),
    "40037": CodeMeaning("temporary", Said("模板编号不对。", "The template id is wrong"), "account"),
    "48001": CodeMeaning("temporary", Said("公众号没有这个接口的权限。", "The account may not use this"), "account"),
    "45009": CodeMeaning("temporary", Said("今天的次数用完了。", "Used up for today"), "pace"),
    "45011": CodeMeaning("temporary", Said("发送太快。", "Too fast for WeChat"), "pace"),
    "-1": CodeMeaning("temporary", Said("平台繁忙。", "WeChat is busy")),
    "45015": CodeMeaning(
        "permanent", Said("对方 48 小时内没有来过消息，不能主动发送。", "Nothing came from them within 48 hours")
    ),
    "45047": CodeMeaning(
        "permanent", Said("这次对话能发的条数用完了。", "No more messages are allowed in this conversation")
    ),
    "43101": CodeMeaning("permanent", Said("对方没有同意接收这类通知。", "They have not subscribed to such notices")),
    "43004": CodeMeaning("permanent", Said("对方没有关注公众号。", "They do not follow the account"), "address"),
    "40003": CodeMeaning("permanent", Said("微信里没有这个人。", "WeChat knows no such person"), "address"),
    "47003": CodeMeaning("permanent", Said("模板的内容不合要求。", "A value does not fit the template")),
}


@dataclass(frozen=True, slots=True)
class OfficialCredential:
    """An account."""

    base: str
    app: str
    secret: str = field(repr=False)


_Kind = SenderKind[OfficialCredential]
_Lists = Callable[[OfficialCredential], Sequence[ListedTemplate]]


class _OfficialPlugin(ProviderPlugin):
    path: ClassVar[str]

    def __init__(
        self, *, to: str, credential: OfficialCredential, templates: TemplateRegister = NO_TEMPLATES, **fields: Any
    ) -> None:
        super().__init__(**fields)
        self.to, self.credential, self.templates = to, credential, templates

    def body(self) -> dict[str, Any]:
        """What is sent."""
        raise TypeError("each way of an official account has a body of its own")

    def deliver(self) -> DeliveryResult:
        """Send it; a stale token is fetched anew once."""
        body, url = as_json(self.body()), f"{self.credential.base}{self.path}"
        found = _tokens(self.credential).answer(
            lambda token: answered(
                ProviderCall(method="POST", url=url, query={"access_token": token}, body=body, repeats=False)
            )
        )
        code = str(found.get("errcode", ""))
        return accepted(str(found.get("msgid") or "")) if code == "0" else verdict(code, CODES, "temporary")


class ConversationPlugin(_OfficialPlugin):
    """A text in the conversation that somebody began."""

    service_name = "Huying WeChat conversation"
    secure_protocol = "huying-wechat"
    path = "/cgi-bin/message/custom/send"

    def body(self) -> dict[str, Any]:
        """A text."""
        text = letter(self.message.subject, self.message.text, self.message.link, _LONGEST)
        return {"touser": self.to, "msgtype": "text", "text": {"content": text}}


class TemplateMessagePlugin(_OfficialPlugin):
    """A template message of a service account; a tap opens the page that it is about."""

    service_name = "Huying WeChat template"
    secure_protocol = "huying-wechat-template"
    path = "/cgi-bin/message/template/send"

    def body(self) -> dict[str, Any]:
        """The template's values, each as long as it is shown."""
        template, values = self.templates.of(self.message)
        shown = {name: {"value": text} for name, text in values.items()}
        link = {"url": self.message.link} if self.message.link else {}
        return {"touser": self.to, "template_id": template.code, **link, "data": shown}


class SubscriptionNoticePlugin(_OfficialPlugin):
    """A notice that somebody consented to: one for each consent, or for good in matters of government."""

    service_name = "Huying WeChat subscription"
    secure_protocol = "huying-wechat-subscription"
    path = "/cgi-bin/message/subscribe/bizsend"

    def body(self) -> dict[str, Any]:
        """The template's values, none longer than its kind holds."""
        template, values = self.templates.of(self.message)
        shown = {name: {"value": text} for name, text in values.items()}
        return {"touser": self.to, "template_id": template.code, "page": self.message.link, "data": shown}


def event_receipts(event: Mapping[str, str]) -> list[ProviderReceipt]:
    """The receipt in an event that came to the account's address, its elements by name; none in any other event."""
    if event.get("Event") == "TEMPLATESENDJOBFINISH":
        said = event.get("Status", "")
        return [_receipt(event, event.get("MsgID", ""), said, good=said == "success")]
    if event.get("Event") == "subscribe_msg_sent_event":
        said = event.get("ErrorStatus", "")
        return [_receipt(event, event.get("MsgID", ""), said, good=event.get("ErrorCode") == "0")]
    return []


def _receipt(event: Mapping[str, str], reference: str, said: str, *, good: bool) -> ProviderReceipt:
    seconds = event.get("CreateTime", "")
    return ProviderReceipt(
        reference=reference,
        code=said[:80] or ("success" if good else "failed"),
        means="delivered" if good else "undelivered",
        at=datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() else None,
        reason=_FATES.get(said, NOTHING_SAID if good else Said(said, said)),
    )


def _longest(name: str) -> int:
    return next((most for kind, most in _HOLDS.items() if name.startswith(kind)), _FIELD)


def _takes(name: str) -> ValueKind:
    return "code" if name.startswith("character_string") else "digits" if name.startswith("number") else "text"


_RULES = TemplateRules(variables=re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}"), longest=_longest, kind=_takes)


def _template_messages(credential: OfficialCredential) -> list[ListedTemplate]:
    """Template messages that the account has; each is approved."""
    found = _listed(credential, "/cgi-bin/template/get_all_private_template", "template_list")
    return [_listed_one(one, "template_id") for one in found]


def _notices(credential: OfficialCredential) -> list[ListedTemplate]:
    """Notices that the account may offer; each is approved."""
    return [_listed_one(one, "priTmplId") for one in _listed(credential, "/wxaapi/newtmpl/gettemplate", "data")]


def _listed_one(one: Mapping[str, Any], code: str) -> ListedTemplate:
    return ListedTemplate(
        code=str(one.get(code, "")), text=str(one.get("content", "")), title=str(one.get("title", "")), state="approved"
    )


def _listed(credential: OfficialCredential, path: str, name: str) -> list[dict[str, Any]]:
    url = f"{credential.base}{path}"
    found = _tokens(credential).answer(
        lambda token: answered(ProviderCall(method="GET", url=url, query={"access_token": token}))
    )
    if str(found.get("errcode", "0")) != "0":
        raise ProviderFault(verdict(str(found["errcode"]), CODES, "temporary"))
    several = found.get(name)
    return [one for one in several if isinstance(one, dict)] if isinstance(several, list) else []


def _tokens(credential: OfficialCredential) -> TokenSource:
    account = account_of("official", credential.base, credential.app, credential.secret)
    return TokenSource(account=account, fetch=lambda: _token(credential), code="errcode", stale=_STALE)


def _token(credential: OfficialCredential) -> AccessToken:
    body = {"grant_type": "client_credential", "appid": credential.app, "secret": credential.secret}
    found = answered(ProviderCall(method="POST", url=f"{credential.base}/cgi-bin/stable_token", body=as_json(body)))
    if not found.get("access_token"):
        raise ProviderFault(verdict(str(found.get("errcode", "")), CODES, "temporary"))
    return AccessToken(str(found["access_token"]), float(found.get("expires_in") or 7200))


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> OfficialCredential:
    base = base_url(fields.get("base") or _HOST)
    return OfficialCredential(base, fields.get("app", "").strip(), secret.get("secret", ""))


_ASKS = (
    AskedField(
        name="app",
        title=Said("AppID", "App id"),
        hint=Said("公众平台“基本配置”。", "On the platform under “Basic configuration”."),
    ),
    AskedField(
        name="secret",
        title=Said("AppSecret", "App secret"),
        hint=Said("同一页；另把本机 IP 加入白名单。", "On the same page; add this machine's IP to the list there."),
        secret=True,
    ),
    AskedField(name="base", title=Said("接口地址", "Address"), required=False, usual=_HOST),
)


def _kind(key: str, title: Said, plugin: type[_OfficialPlugin], lists: _Lists | None = None) -> _Kind:
    return SenderKind(
        key=key,
        channel="wechat",
        title=title,
        plugin=plugin,
        credential=_credential,
        given=lambda target, credential: {"to": target, "credential": credential},
        asks=_ASKS,
        check=lambda credential: checked(lambda: _token(credential)),
        codes={code: one.said for code, one in CODES.items()},
        templates=_RULES if lists else None,
        lists=lists,
    )


OFFICIAL_KINDS = (
    _kind("wechat-conversation", Said("公众号会话消息", "WeChat: in the conversation"), ConversationPlugin),
    _kind(
        "wechat-template",
        Said("公众号模板消息", "WeChat: template messages"),
        TemplateMessagePlugin,
        _template_messages,
    ),
    _kind(
        "wechat-subscription",
        Said("公众号订阅通知", "WeChat: subscription notices"),
        SubscriptionNoticePlugin,
        _notices,
    ),
)
