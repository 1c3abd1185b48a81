"""What a key of the API may open at most: a line each, with the actions of the house that it brings along.

A key never does more than its owner may: a scope only takes away. A scope that no route of the API asks for stands here as soon as one does.
"""

from __future__ import annotations

from dataclasses import dataclass

from definitions.text import Said


@dataclass(frozen=True, slots=True)
class KeyScope:
    """``actions``: keys of ``huying/rights/action.py``. What is its owner's own (tasks, reports, files) needs none."""

    key: str
    title: Said
    actions: tuple[str, ...] = ()


SCOPES: dict[str, KeyScope] = {
    scope.key: scope
    for scope in (
        KeyScope("issues:read", Said("查看事项和待办", "read issues and tasks")),
        KeyScope(
            "issues:act",
            Said("登记、办理事项", "report issues and act on them"),
            ("look after issues", "put right incidents"),
        ),
        KeyScope("figures:read", Said("读取期限看板和数据", "read the board and figures"), ("look after issues",)),
    )
}
