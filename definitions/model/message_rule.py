"""How people are told of an event of a process: by which channels first, and whether it is urgent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Constrained

from definitions.model.node import Node

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


class MessageRule(Node):
    """``by``: on these channels in this order, whatever a person or the office prefers; those that somebody has not, are left out.

    ``urgent``: it passes quiet hours, and stands in no digest.
    """

    by: tuple[Outlet, ...] = Constrained(default=(), strict=False)
    urgent: bool = False
