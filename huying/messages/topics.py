"""What messages are about, for whoever chooses how to be told: four topics, and which occasions the law or a task does not let be switched off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from definitions.text import Said

Topic = Literal["tasks", "progress", "digests", "notices"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
TITLES: Mapping[Topic, Said] = {
    "tasks": Said("要我办的事", "What I am to do"),
    "progress": Said("事项进展", "News of issues"),
    "digests": Said("汇总和订阅", "Digests"),
    "notices": Said("账号、值班等通知", "Account, duties and the like"),
}
_TASKS = frozenset(
    {
        *("task", "reminded", "overdue", "escalated", "delegated", "transferred", "offered", "urged", "supervised"),
        *("asked", "unanswered", "promise-due"),
    }
)
_PROGRESS = frozenset(
    {
        *(
            "opened",
            "informed",
            "closed",
            "commented",
            "refused",
            "answered",
            "withdrawn",
            "suspended",
            "still-suspended",
        ),
        *(
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
        ),
        *("promise-kept", "promise-broken"),
    }
)
#: Never off, whatever somebody chose: tasks and their deadlines, the receipt of a report, its reply and its end.
STATUTORY = _TASKS | {"opened", "informed", "answered", "closed", "refused", "reopened", "promise-broken"}
#: What somebody has just asked for, or must know at once to keep an account theirs: never off, never late.
PROMPT = frozenset(
    {
        *("data-code", "address-code", "invited", "passphrase-reset", "guessed", "passkey-added", "passkey-removed"),
        *("second-factor-set", "second-factor-taken-off", "recovery-used", "recovery-renewed"),
    }
)


def topic_of(occasion: str) -> Topic:
    """What a message is about."""
    if occasion in _TASKS:
        return "tasks"
    if occasion in _PROGRESS:
        return "progress"
    return "digests" if occasion in ("digest", "summary") else "notices"


def may_be_off(occasion: str) -> bool:
    """Whether somebody may choose not to be told of it."""
    return occasion not in STATUTORY and occasion not in PROMPT
