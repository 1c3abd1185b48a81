"""The kinds of senders, a line each. ``notifications.channels.sender_kind`` says how one is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notifications.channels.mail_kind import MAIL_KIND
from notifications.channels.platforms.aliyun import ALIYUN_KIND
from notifications.channels.platforms.dingtalk import DINGTALK_KIND, DINGTALK_ROBOT_KIND
from notifications.channels.platforms.feishu import FEISHU_KIND, FEISHU_ROBOT_KIND
from notifications.channels.platforms.gateway import GATEWAY_KIND
from notifications.channels.platforms.official import OFFICIAL_KINDS
from notifications.channels.platforms.tencent import TENCENT_KIND
from notifications.channels.platforms.wecom import WECOM_KIND, WECOM_ROBOT_KIND
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
