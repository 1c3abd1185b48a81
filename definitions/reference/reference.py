"""The reference of the language, made from the model: every part with its keys, their defaults and what they mean.

Renew it with ``python -m definitions.reference``; a test says when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from definitions.composition.overrides import Override, StepOverride
from definitions.model.action import Action, Mechanics, Overdue, Pledge, Registration, Way
from definitions.model.allowance import Extension, Shelving
from definitions.model.count import Counting
from definitions.model.definition import (
    Definition,
    Promises,
    Reopening,
    Resolution,
    Urging,
    Withdrawal,
)
from definitions.model.field import Field, FieldType, Likeness
from definitions.model.keep import Keep
from definitions.model.limit import Limit, LimitRung
from definitions.model.number import Numbering
from definitions.model.option import StandingOption
from definitions.model.question import Questions
from definitions.model.resource import Resource
from definitions.model.retry import Retry
from definitions.model.role import Pick, Role
from definitions.model.step import Branch
from definitions.model.step_kind import STEPS
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.publish import Publication
from definitions.model.steps.request import Call
from definitions.model.tell import Telling
from definitions.reference.words import WORDS
from definitions.trials.scenario import Expected, Given, Happening, Taking

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "language.md"
Part = tuple[type[BaseModel], str, str]

#: Kinds that read best after those with which people begin.
_LAST = ("set", "register", "publish", "request", "close")


def _steps() -> Iterator[Part]:
    """The kinds of steps; what a branch is stands behind the first that has some."""
    for step in sorted(
        STEPS, key=lambda step: _LAST.index(step.step_kind.key) + 1 if step.step_kind.key in _LAST else 0
    ):
        yield step, *step.step_kind.title
        if step is ChooseStep:
            yield Branch, "一路、判定表的一行", "Branch, or row of a decision table"


PARTS: tuple[Part, ...] = (
    (Definition, "流程定义", "Definition"),
    (Field, "字段", "Field"),
    (Likeness, "格式（pattern）", "Pattern"),
    (Counting, "统计其他事项（count）", "Counts over other issues"),
    (Role, "角色", "Role"),
    (Resolution, "办理结果", "Resolution"),
    *_steps(),
    (Action, "办理方式（actions）", "Action"),
    (Overdue, "逾期（overdue）", "Overdue"),
    (Extension, "延期（extend）", "More time"),
    (Shelving, "挂账（shelve）", "Laying aside"),
    (Limit, "阶段和全程的期限（limits）", "Limits of a stage and of the issue"),
    (LimitRung, "总期限逾期（limits 的 overdue）", "When a limit has passed"),
    (Questions, "征询的期限（questions）", "Time for questions"),
    (Way, "去向（rejected、nobody、too few、failed）", "Way"),
    (Telling, "通知（tell）", "Telling"),
    (Registration, "档案条目", "Entry in a file"),
    (Publication, "公开的文字", "Publication"),
    (Keep, "保存期限（keep）", "How long it is kept"),
    (Retry, "自动重试（retry）", "Trying again"),
    (Call, "外部调用", "Call of another system"),
    (Pledge, "承诺", "Promise of an action"),
    (Numbering, "编号（give）", "Number that is given"),
    (Resource, "可预订的资源（resources）", "Resource that can be booked"),
    (Mechanics, "任务处理方式（work）", "Mechanics of tasks"),
    (StandingOption, "随时可办（options）", "Standing option"),
    (Withdrawal, "撤回", "Withdrawal"),
    (Urging, "催办", "Urging"),
    (Reopening, "重办", "Reopening"),
    (Promises, "承诺的跟踪", "Promises"),
)
#: Told by their docstrings alone: they stand in files of their own.
_BESIDE: tuple[Part, ...] = (
    (Given, "场景：given", "Scenario: given"),
    (Taking, "场景：booked", "Scenario: what is booked"),
    (Happening, "场景：steps", "Scenario: a step"),
    (Expected, "场景：then", "Scenario: what is expected"),
    (Override, "覆盖", "Override"),
    (StepOverride, "覆盖：步骤", "Override: a step"),
)


def rendered() -> str:
    """The whole reference as Markdown."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield "# 语言参考 · The language"
    yield ""
    yield "由模型生成，勿手工修改：`python -m definitions.reference`。 Made from the model; renew it with the same command."
    yield "含义见[语义](../zh/semantics.md)，表达式见[表达式](expressions.md)。 For the meaning see [semantics](../en/semantics.md)."
    yield ""
    yield f"字段类型 Field types: {', '.join(f'`{one}`' for one in get_args(FieldType))}."
    yield f"选人办法 Ways to pick: {', '.join(f'`{one}`' for one in get_args(Pick))}."
    for cls, zh, en in PARTS:
        yield from _part(cls, zh, en, WORDS)
    yield ""
    yield "## 与定义放在一起的文件 · Files beside a definition"
    for cls, zh, en in _BESIDE:
        yield from _part(cls, zh, en, None)


def _part(cls: type[BaseModel], zh: str, en: str, meanings: Any) -> Iterator[str]:
    yield ""
    yield f"### {zh} · {en}"
    yield ""
    yield " ".join((cls.__doc__ or "").split())
    yield ""
    yield "| 键 key | 不写时 left out | 含义 meaning |" if meanings else "| 键 key | 不写时 left out |"
    yield "| --- | --- | --- |" if meanings else "| --- | --- |"
    for name, field in cls.model_fields.items():
        key, default = field.alias or name, _default(field)
        meaning = meanings and meanings.get(f"{cls.__name__}.{key}", meanings.get(key))
        yield f"| `{key}` | {default} | {' '.join(meaning)} |" if meanings else f"| `{key}` | {default} |"


def _default(field: Any) -> str:
    if field.is_required():
        return "必写 required"
    value = field.default
    if value is PydanticUndefined or value in (None, (), ""):
        return "—"
    if isinstance(value, BaseModel):
        return "见该项 see there"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"`{', '.join(map(str, value)) if isinstance(value, tuple) else value}`"
