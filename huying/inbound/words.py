"""Why a message lies before a person, or what became of it by itself, in words."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.text import Said

WHY: Mapping[str, Said] = {
    "unverified": Said("发件人未经核验", "sender not verified"),
    "other-sender": Said("从别的地址回复", "answered from another address"),
    "by-number": Said("主题里有编号", "a number in the subject"),
    "undecided": Said("没有写明站点或办什么事", "no station or kind of matter"),
    "incomplete": Said("缺必填项，或内容过长", "something is missing, or it is too long"),
    "flood": Said("一小时内来得太多", "too many within an hour"),
    "same-name": Said("邮件标识与已有来件相同，内容不同", "its Message-ID is another letter's, its words are not"),
    "unreadable": Said("没有全部读懂", "not all of it could be read"),
    "too-large": Said("太大，只取了开头", "too large: only its head was fetched"),
    "refused": Said("办不了：事项已结束或无权", "refused: it is over, or not allowed"),
    "failed": Said("系统处理不了", "the house could not place it"),
    "no-issue": Said("回复的消息不属于哪件事项", "answers a message about no issue"),
    "unproved-bounce": Said("退信，但不能证明", "came back, but without proof"),
    "blocked": Said("发件人已不再接收", "the sender is blocked"),
    "late": Said("暂未送达，对方还在重试", "late, still on its way"),
    "not-ours": Said("不是本机构发出的", "not sent by this house"),
    "away": Said("自动回复", "notice of absence"),
    "auto": Said("程序自动发出", "written by a machine"),
    "list": Said("群发邮件", "sent to many"),
    "own": Said("本机构自己发出的", "sent by this house itself"),
    "returned": Said("放回待办", "put back"),
}
STATES: Mapping[str, Said] = {
    "received": Said("刚收到", "just arrived"),
    "tray": Said("待处理", "to be decided"),
    "attached": Said("已归入事项", "part of an issue"),
    "opened": Said("已登记为事项", "opened an issue"),
    "ignored": Said("未受理", "ignored"),
    "bounce": Said("退信", "came back"),
    "rejected": Said("已拒收", "rejected"),
}
TRUST: Mapping[str, Said] = {
    "pass": Said("发件人已核验", "sender verified"),
    "fail": Said("发件人可能被冒用", "sender may be forged"),
    "unknown": Said("发件人未经核验", "sender not verified"),
}


def why_words(why: str, language: str) -> tuple[str, ...]:
    """What the words in a row's ``why`` say; what else stands there are names of fields."""
    return tuple(dict.fromkeys(WHY[one].of(language) for one in why.split() if one in WHY))
