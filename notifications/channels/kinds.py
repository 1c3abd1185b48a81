"""The kinds of senders, a line each. ``notifications.channels.sender_kind`` says how one is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notifications.channels.mail_kind import MAIL_KIND
from notifications.channels.providers.aliyun import ALIYUN_KIND
from notifications.channels.providers.dingtalk import DINGTALK_KIND, DINGTALK_ROBOT_KIND
from notifications.channels.providers.feishu import FEISHU_KIND, FEISHU_ROBOT_KIND
from notifications.channels.providers.gateway import GATEWAY_KIND
from notifications.channels.providers.official import OFFICIAL_KINDS
from notifications.channels.providers.tencent import TENCENT_KIND
from notifications.channels.providers.wecom import WECOM_KIND, WECOM_ROBOT_KIND
from notifications.channels.sender_kind import SenderKind

_KINDS: tuple[SenderKind[Any], ...] = (
    MAIL_KIND,
    WECOM_KIND,
    WECOM_ROBOT_KIND,
    ALIYUN_KIND,
    TENCENT_KIND,
    GATEWAY_KIND,
    *OFFICIAL_KINDS,
    DINGTALK_KIND,
    DINGTALK_ROBOT_KIND,
    FEISHU_KIND,
    FEISHU_ROBOT_KIND,
)
#: By key, in the order in which they are offered.
KINDS: Mapping[str, SenderKind[Any]] = {one.key: one for one in _KINDS}
