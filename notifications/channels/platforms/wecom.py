"""WeCom (企业微信, 政务微信): messages of an application to one person, and of a robot into a group that mention somebody.

Published interface: ``GET /cgi-bin/gettoken``, ``POST /cgi-bin/message/send``, ``POST /cgi-bin/webhook/send``. An answer of 200 with
``invaliduser`` reached nobody. Text is cut at 2,048 bytes. The provider's own check of repeats compares whole texts: it would swallow a second
reminder in the same words, and not know a repeat, whose link is made anew. So it stays off, and a lost answer is not asked for again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

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
from notifications.channels.sender_kind import AskedField, SenderKind
from notifications.message import DeliveryResult, accepted, permanent

_HOST = "https://qyapi.weixin.qq.com"
_LONGEST = 2048
_STALE = frozenset({"40014", "42001", "40001"})
_ACCOUNT: Final = "account"
_PACE: Final = "pace"
_ADDRESS: Final = "address"
CODES: Mapping[str, CodeMeaning] = {
    "40001": CodeMeaning("temporary", Said("应用的密钥不对。", "The secret of the application is wrong"), _ACCOUNT),
    "40013": CodeMeaning("temporary", Said("企业 ID 不对。", "The corporation id is wrong"), _ACCOUNT),
    "40014": CodeMeaning("temporary", Said("访问凭证失效。", "The access token does not hold"), _ACCOUNT),
    "42001": CodeMeaning("temporary", Said("访问凭证过期。", "The access token has expired"), _ACCOUNT),
    "40056": CodeMeaning("temporary", Said("应用编号不对。", "The agent id is wrong"), _ACCOUNT),
    "48002": CodeMeaning("temporary", Said("应用没有发送权限。", "The application may not send"), _ACCOUNT),
    "60020": CodeMeaning(
        "temporary", Said("本机的 IP 不在应用的可信名单里。", "This machine's IP is not trusted there"), _ACCOUNT
    ),
    "93000": CodeMeaning("temporary", Said("群机器人的密钥不对。", "The robot's key is wrong"), _ACCOUNT),
    "45009": CodeMeaning("temporary", Said("超过平台的频率限制。", "Too fast for WeCom"), _PACE),
    "45033": CodeMeaning("temporary", Said("超过平台的并发限制。", "Too many at once for WeCom"), _PACE),
    "-1": CodeMeaning("temporary", Said("平台繁忙。", "WeCom is busy")),
    "45002": CodeMeaning("permanent", Said("内容太长。", "The message is too long")),
    "81013": CodeMeaning(
        "permanent", Said("收件人不在应用的可见范围里。", "Nobody there can see the application"), _ADDRESS
    ),
    "60111": CodeMeaning("permanent", Said("企业微信里没有这个人。", "WeCom knows no such user"), _ADDRESS),
    "40003": CodeMeaning("permanent", Said("企业微信里没有这个人。", "WeCom knows no such user"), _ADDRESS),
}


@dataclass(frozen=True, slots=True)
class WecomCredential:
    """An application of a corporation."""

    base: str
    corporation: str
    agent: int
    secret: str = field(repr=False)


class WecomPlugin(ProviderPlugin):
    """A text of an application to one person."""

    service_name = "Huying WeCom"
    secure_protocol = "huying-wecom"

    def __init__(self, *, to: str, credential: WecomCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it; a stale token is fetched anew once."""
        found = _tokens(self.credential).answer(lambda token: answered(self._call(token)))
        return _judged(found, str(found.get("errcode", "")))

    def _call(self, token: str) -> ProviderCall:
        text = letter(self.message.subject, self.message.text, self.message.link, _LONGEST)
        body = {"touser": self.to, "msgtype": "text", "agentid": self.credential.agent, "text": {"content": text}}
        url = f"{self.credential.base}/cgi-bin/message/send"
        return ProviderCall(method="POST", url=url, query={"access_token": token}, body=as_json(body), repeats=False)


def _judged(found: Mapping[str, Any], code: str) -> DeliveryResult:
    if code != "0":
        return verdict(code, CODES, "temporary")
    if found.get("invaliduser"):
        return permanent("企业微信里没有这个人。", "WeCom knows no such user", "invaliduser", _ADDRESS)
    if found.get("unlicenseduser"):
        return permanent("收件人没有企业微信许可。", "The user has no licence", "unlicenseduser", _ADDRESS)
    return accepted(str(found.get("msgid") or ""))


def _tokens(credential: WecomCredential) -> TokenSource:
    name = f"{credential.corporation}:{credential.agent}"
    account = account_of("wecom", credential.base, name, credential.secret)
    return TokenSource(account=account, fetch=lambda: _token(credential), code="errcode", stale=_STALE)


def _token(credential: WecomCredential) -> AccessToken:
    query = {"corpid": credential.corporation, "corpsecret": credential.secret}
    found = answered(ProviderCall(method="GET", url=f"{credential.base}/cgi-bin/gettoken", query=query))
    if found.get("errcode", 0) != 0 or not found.get("access_token"):
        raise ProviderFault(verdict(str(found.get("errcode", "")), CODES, "temporary"))
    return AccessToken(str(found["access_token"]), float(found.get("expires_in") or 7200))


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> WecomCredential:
    agent = fields.get("agent", "").strip()
    if not agent.isdecimal():
        raise ValueError("应用编号（AgentId）是一个数字。 The agent id is a number.")
    base = base_url(fields.get("base") or _HOST)
    return WecomCredential(base, fields.get("corporation", "").strip(), int(agent), secret.get("secret", ""))


WECOM_KIND: SenderKind[WecomCredential] = SenderKind(
    key="wecom",
    channel="wecom",
    title=Said("企业微信应用", "WeCom application"),
    plugin=WecomPlugin,
    credential=_credential,
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="corporation",
            title=Said("企业 ID", "Corporation id"),
            hint=Said("管理后台“我的企业”最下面。", "In the console under “My company”, at the foot."),
        ),
        AskedField(
            name="agent",
            title=Said("应用编号 AgentId", "Agent id"),
            hint=Said("“应用管理”里打开应用。", "Under “Applications”, open yours."),
        ),
        AskedField(
            name="secret",
            title=Said("应用密钥 Secret", "Application secret"),
            hint=Said("同一页；只显示一次。", "On the same page; shown once."),
            secret=True,
        ),
        AskedField(
            name="base",
            title=Said("接口地址", "Address"),
            hint=Said("政务微信填本地部署的地址。", "For a WeCom of your own government: its address."),
            required=False,
            usual=_HOST,
        ),
    ),
    check=lambda credential: checked(lambda: _token(credential)),
    codes={key: one.said for key, one in CODES.items()},
    per_minute=1000,
)


@dataclass(frozen=True, slots=True)
class RobotCredential:
    """A robot of a group: its address holds its key."""

    base: str
    key: str = field(repr=False)


class WecomRobotPlugin(ProviderPlugin):
    """A text of a robot in its group that mentions one person."""

    service_name = "Huying WeCom robot"
    secure_protocol = "huying-wecom-robot"

    def __init__(self, *, to: str, credential: RobotCredential, **fields: Any) -> None:
        super().__init__(**fields)
        self.to, self.credential = to, credential

    def deliver(self) -> DeliveryResult:
        """Send it; the robot's own limit of 20 a minute is kept by the sender's."""
        text = letter(self.message.subject, self.message.text, self.message.link, _LONGEST)
        body = {"msgtype": "text", "text": {"content": text, "mentioned_list": [self.to]}}
        url = f"{self.credential.base}/cgi-bin/webhook/send"
        call = ProviderCall(
            method="POST", url=url, query={"key": self.credential.key}, body=as_json(body), repeats=False
        )
        code = str(answered(call).get("errcode", ""))
        return accepted() if code == "0" else verdict(code, CODES, "temporary")


WECOM_ROBOT_KIND: SenderKind[RobotCredential] = SenderKind(
    key="wecom-robot",
    channel="wecom",
    title=Said("企业微信群机器人", "WeCom group robot"),
    plugin=WecomRobotPlugin,
    credential=lambda fields, secret: RobotCredential(base_url(fields.get("base") or _HOST), secret.get("key", "")),
    given=lambda target, credential: {"to": target, "credential": credential},
    asks=(
        AskedField(
            name="key",
            title=Said("机器人密钥 key", "Robot's key"),
            hint=Said("机器人地址里 key= 后面的部分。", "What follows key= in the robot's address."),
            secret=True,
        ),
        AskedField(name="base", title=Said("接口地址", "Address"), required=False, usual=_HOST),
    ),
    codes={key: one.said for key, one in CODES.items()},
    per_minute=20,
)
