"""The channels on which messages leave, and what an address is on each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from definitions.model.message_rule import OUTLET_TITLES
from definitions.text import Said
from notifications.channels.mime import is_mail_address
from notifications.channels.webhook_address import target

_PHONE = re.compile(r"\+?[0-9]{7,15}")
#: As WeCom, DingTalk, Feishu and official accounts name somebody.
_NAMED = re.compile(r"[A-Za-z0-9_.@:-]{1,128}")


@dataclass(frozen=True, slots=True)
class MessageChannel:
    """A channel: ``place`` says what its addresses are called, ``fits`` whether a text is one. ``own``: people enter theirs themselves."""

    key: str
    title: Said
    place: Said
    fits: Callable[[str], bool]
    own: bool = False


def _is_webhook(text: str) -> bool:
    try:
        target(text)
    except ValueError:
        return False
    return True


def _is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text.replace("-", "").replace(" ", "")) is not None


def _is_named(text: str) -> bool:
    return _NAMED.fullmatch(text) is not None


_CHANNELS = (
    MessageChannel("mail", OUTLET_TITLES["mail"], Said("邮箱", "mail address"), is_mail_address, own=True),
    MessageChannel("sms", OUTLET_TITLES["sms"], Said("手机号", "mobile number"), _is_phone, own=True),
    MessageChannel("wecom", OUTLET_TITLES["wecom"], Said("企业微信账号", "WeCom user"), _is_named),
    MessageChannel("dingtalk", OUTLET_TITLES["dingtalk"], Said("钉钉账号", "DingTalk user"), _is_named),
    MessageChannel("feishu", OUTLET_TITLES["feishu"], Said("飞书账号", "Feishu user"), _is_named),
    MessageChannel(
        "wechat",
        OUTLET_TITLES["wechat"],
        Said("微信（绑定后自动填写）", "WeChat (bound there)"),
        _is_named,
    ),
    MessageChannel("webhook", OUTLET_TITLES["webhook"], Said("推送地址", "webhook"), _is_webhook),
)
#: By key, in the order in which they are offered.
CHANNELS: Mapping[str, MessageChannel] = {one.key: one for one in _CHANNELS}
