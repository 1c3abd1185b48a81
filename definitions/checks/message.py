"""A process's own words for its messages: each is for somebody, says something, and no two are for the same."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model.definition import Definition
from definitions.model.message_rule import MESSAGE_PIECES, MessageText
from definitions.model.role import REPORTER
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said


def check(definition: Definition) -> Iterator[Problem]:
    """Roles that there are, texts that say something, and no two for the same people on the same channel."""
    for event, rule in definition.messages.items():
        taken: set[tuple[str, str]] = set()
        for index, text in enumerate(rule.texts):
            path: Path = ("messages", event, "texts", index)
            yield from _of(definition, path, text)
            own = {(role, channel) for role in text.for_ or ("",) for channel in text.on or ("",)}
            if own & taken:
                yield _double(path)
            taken |= own


def _of(definition: Definition, path: Path, text: MessageText) -> Iterator[Problem]:
    known = (REPORTER, *definition.roles)
    titles = {name: (role.title or {}).values() for name, role in definition.roles.items()}
    for role in text.for_:
        if role not in known:
            yield unknown("unknown-role", (*path, "for"), Said("角色", "role"), role, known, titles)
    if not any(text.piece(name) for name in MESSAGE_PIECES):
        yield problem(
            "empty-text",
            path,
            Said("这份文字什么也没写。", "This text says nothing."),
            Said(
                "请写 subject（标题）、first（第一句）等，或删去这一份。",
                "Write a subject, a first line and so on, or remove it.",
            ),
        )


def _double(path: Path) -> Problem:
    return problem(
        "double-text",
        path,
        Said(
            "同样的人、同样的方式，前面已有一份文字。",
            "There is a text for the same people on the same channel before it.",
        ),
        Said("请合成一份，或用 for、on 分清。", "Make them one, or tell them apart by for and on."),
    )
