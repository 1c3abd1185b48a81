"""The shortest way to a fault, in words: “受理（受理） → 选代表 → …”, by the titles of steps and actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from definitions.exploration.graph import Deed, Edge, Graph, Noted
from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.text import Said, spoken, words

#: Longer ways are told by their beginning and their end.
_LONGEST = 14
_HEAD, _TAIL = 5, 8
_HAPPENED = {
    "received": Said("收到消息", "message received"),
    "answered": Said("有了结果", "answered"),
    "time": Said("时间到", "time is up"),
    "reopen": Said("重办", "reopened"),
    "withdraw": Said("撤回", "withdrawn"),
}
_WAYS = {
    "rejected": Said("未通过", "rejected"),
    "failed": Said("没有办成", "failed"),
    "nobody": Said("没有人", "nobody to ask"),
    "too few": Said("参加的不足", "too few took part"),
}


def passage(definition: Definition, deeds: Iterable[Deed]) -> Said:
    """What happened, in Chinese and in English."""
    happened = list(deeds)
    return Said(_told(definition, happened, "zh"), _told(definition, happened, "en"))


def deeds_of(edges: Iterable[Edge]) -> tuple[Deed, ...]:
    """All that happens along some edges."""
    return tuple(deed for edge in edges for deed in edge.deeds)


def deeds_to(graph: Graph, noted: Noted, kind: str, key: object, last: Sequence[Deed]) -> tuple[Deed, ...]:
    """All that happens up to something that was noted within an event."""
    where = noted.where.get((kind, key), 0)
    return (*deeds_of(graph.way_to(where)), *last)


def _told(definition: Definition, deeds: Sequence[Deed], language: str) -> str:
    parts: list[str] = []
    here = ""
    for kind, key, which in deeds:
        if kind == "enter":
            parts.append(_title(definition, key, language))
            here = key
            continue
        remark = _remark(definition, kind, key, which, language)
        if remark is None:
            continue
        if kind in ("reopen", "withdraw", "option"):
            parts.append(remark)
            continue
        if here != key or not parts:
            parts.append(_title(definition, key, language))
        parts[-1] = _remarked(parts[-1], remark, language)
        here = key
    if len(parts) > _LONGEST:
        parts = [*parts[:_HEAD], "…", *parts[-_TAIL:]]
    return " → ".join(parts)


def _remarked(part: str, remark: str, language: str) -> str:
    """A title with one more remark in brackets behind it."""
    if spoken(language) == "zh":
        return f"{part[:-1]}，{remark}）" if part.endswith("）") else f"{part}（{remark}）"
    return f"{part[:-1]}, {remark})" if part.endswith(")") else f"{part} ({remark})"


def _remark(definition: Definition, kind: str, key: str, which: str | int, language: str) -> str | None:
    """What happened at a step, in brackets behind its title; ``None`` for what goes without saying."""
    if kind in _HAPPENED:
        return _HAPPENED[kind].of(language)
    if kind == "way":
        return _WAYS.get(str(which), Said("逾期", "overdue")).of(language)
    if kind == "option":
        return words(definition.options[str(which)].title, language, str(which))
    step = definition.steps[key]
    if kind in ("act", "part") and isinstance(step, WaitingStep):
        action = step.actions[str(which)]
        return words(action.title, language, str(which))
    return None


def _title(definition: Definition, key: str, language: str) -> str:
    return words(definition.steps[key].title, language, key)


def title(definition: Definition, key: str) -> Said:
    """A step's title in Chinese and in English."""
    return Said(_title(definition, key, "zh"), _title(definition, key, "en"))
