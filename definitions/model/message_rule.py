"""How people are told of an event of a process: by which channels first, whether it is urgent, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator
from pydantic import Field as Constrained

from definitions.expressions.expression import Template
from definitions.model.node import Names, Node, Patterns, each_read
from definitions.text import Said

#: The events that people are told of, as the kernel names them.
ToldOf = Literal[
    "opened",
    "task",
    "informed",
    "reminded",
    "overdue",
    "escalated",
    "closed",
    "commented",
    "delegated",
    "transferred",
    "offered",
    "refused",
    "asked",
    "answered",
    "unanswered",
    "urged",
    "supervised",
    "withdrawn",
    "suspended",
    "still-suspended",
    "resumed",
    "reopened",
    "moved",
    "relocated",
    "merged",
    "handed-up",
    "extended",
    "shelved",
    "rescheduled",
    "promised",
    "promise-due",
    "promise-kept",
    "promise-broken",
]
Outlet = Literal["mail", "sms", "wecom", "dingtalk", "feishu", "wechat", "webhook"]
#: What the events are called, in the order of an issue's life.
EVENT_TITLES: Mapping[str, Said] = {
    "opened": Said("受理回执", "Receipt of a report"),
    "task": Said("新的任务", "A new task"),
    "informed": Said("办理进展", "Progress"),
    "reminded": Said("到期提醒", "Soon due"),
    "overdue": Said("逾期", "Overdue"),
    "escalated": Said("升级", "Escalated"),
    "closed": Said("办结", "Closed"),
    "commented": Said("留言", "A comment"),
    "delegated": Said("委托代办", "Delegated"),
    "transferred": Said("转办", "Transferred"),
    "offered": Said("请接办", "Offered"),
    "refused": Said("不予接办", "Refused"),
    "asked": Said("征询", "Asked for information"),
    "answered": Said("征询有答复", "Answered"),
    "unanswered": Said("征询逾期未答复", "Not answered in time"),
    "urged": Said("催办", "Urged"),
    "supervised": Said("督办", "Supervised"),
    "withdrawn": Said("撤回", "Withdrawn"),
    "suspended": Said("暂停", "Suspended"),
    "still-suspended": Said("仍在暂停", "Still suspended"),
    "resumed": Said("恢复办理", "Resumed"),
    "reopened": Said("重新办理", "Reopened"),
    "moved": Said("任务改由您办", "A task that moved"),
    "relocated": Said("转站", "At another station"),
    "merged": Said("并案", "Joined with another"),
    "handed-up": Said("提请上级", "Handed up"),
    "extended": Said("延期", "Extended"),
    "shelved": Said("列入计划", "Shelved"),
    "rescheduled": Said("改期", "Rescheduled"),
    "promised": Said("承诺", "Promised"),
    "promise-due": Said("承诺将到期", "A promise is due"),
    "promise-kept": Said("承诺兑现", "A promise was kept"),
    "promise-broken": Said("承诺未兑现", "A promise was broken"),
}
#: What the channels are called.
OUTLET_TITLES: Mapping[str, Said] = {
    "mail": Said("邮件", "mail"),
    "sms": Said("短信", "text message"),
    "wecom": Said("企业微信", "WeCom"),
    "dingtalk": Said("钉钉", "DingTalk"),
    "feishu": Said("飞书", "Feishu"),
    "wechat": Said("微信公众号", "WeChat account"),
    "webhook": Said("推送地址", "webhook"),
}


def _one_or_many(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value if isinstance(value, tuple) else (value,)


#: One channel, or several.
Outlets = Annotated[tuple[Outlet, ...], BeforeValidator(_one_or_many, json_schema_input_type=Outlet | list[Outlet])]


#: The pieces of a message's words, in the order in which they are read.
MessagePiece = Literal["subject", "first", "advice", "call"]
MESSAGE_PIECES: tuple[MessagePiece, ...] = get_args(MessagePiece)
PIECE_TITLES: Mapping[MessagePiece, Said] = {
    "subject": Said("标题", "Subject"),
    "first": Said("第一句", "First line"),
    "advice": Said("提示", "Advice"),
    "call": Said("链接上的字", "Words on the link"),
}


class MessageText(Node):
    """Words of a process's own for an event: ``for`` roles and ``on`` channels, or for all of them.

    A piece that it does not say is said by a text for more people, else by the office's own. A sentence in which a value is empty is left out.
    """

    for_: Names = Constrained(default=(), alias="for")
    on: Outlets = ()
    subject: Patterns = Constrained(default_factory=dict)
    first: Patterns = Constrained(default_factory=dict)
    advice: Patterns = Constrained(default_factory=dict)
    call: Patterns = Constrained(default_factory=dict)

    def piece(self, name: MessagePiece) -> Mapping[str, Template]:
        """One of its pieces, by language."""
        found: Mapping[str, Template] = getattr(self, name)
        return found

    def fits(self, role: str | None, channel: str) -> bool:
        """Whether it is for somebody in a role who is told on a channel."""
        return (not self.for_ or role in self.for_) and (not self.on or channel in self.on)


def _texts(value: Any) -> Any:
    """One text, or a list of them."""
    many = value if isinstance(value, list | tuple) else [value]
    return each_read(MessageText, dict(enumerate(many)))


#: One text, or several for different people and channels.
MessageTexts = Annotated[
    tuple[MessageText, ...], BeforeValidator(_texts, json_schema_input_type=MessageText | list[MessageText])
]


class MessageRule(Node):
    """``by``: on these channels in this order, whatever a person or the office prefers; those that somebody has not, are left out.

    ``urgent``: it passes quiet hours, and stands in no digest. ``texts``: what is said in place of the office's own words.
    """

    by: tuple[Outlet, ...] = Constrained(default=(), strict=False)
    urgent: bool = False
    texts: MessageTexts = ()

    def pieces(self, name: MessagePiece, role: str | None, channel: str) -> tuple[Mapping[str, Template], ...]:
        """What is said for a piece to somebody in a role on a channel, by language: the nearest text first, a role being nearer than a channel."""
        fitting = [one for one in self.texts if one.fits(role, channel) and one.piece(name)]
        fitting.sort(key=lambda one: (not one.for_, not one.on))
        return tuple(one.piece(name) for one in fitting)
