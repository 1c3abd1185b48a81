"""What is wrong with a definition's shape, in words for administrators: Pydantic finds it, this module says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from definitions.expressions.expression import ExpressionError
from definitions.finding import nearest
from definitions.model.action import Action, Mechanics, Overdue, Pledge, Registration, Way
from definitions.model.allowance import Extension, Shelving
from definitions.model.definition import (
    Definition,
    Limit,
    LimitRung,
    Promises,
    Reopening,
    Resolution,
    Urging,
    Withdrawal,
)
from definitions.model.field import Field
from definitions.model.role import Role
from definitions.model.step import Branch
from definitions.model.step_kind import KINDS, STEPS, TAGS, meant
from definitions.model.steps.close import From
from definitions.model.steps.publish import Publication
from definitions.model.steps.request import Call
from definitions.model.tell import Telling
from definitions.problem import Path, Problem, problem
from definitions.text import Said

_PARTS: tuple[type[BaseModel], ...] = (
    Definition,
    Field,
    Role,
    Action,
    Overdue,
    Extension,
    Shelving,
    Limit,
    LimitRung,
    Branch,
    *STEPS,
    Way,
    Mechanics,
    Pledge,
    Registration,
    Publication,
    Call,
    From,
    Telling,
    Withdrawal,
    Urging,
    Reopening,
    Promises,
    Resolution,
)


def problems_of_shape(error: ValidationError, body: object) -> tuple[Problem, ...]:
    """One problem for each error, each place once."""
    found: dict[tuple[Path, str], Problem] = {}
    for details in error.errors(include_url=False):
        made = _problem(details, body)
        found.setdefault((made.path, made.rule), made)
    return tuple(found.values())


def _path(details: ErrorDetails) -> Path:
    """The place in the file: without the tags and model names that Pydantic adds for alternatives."""
    return tuple(
        part
        for part in details["loc"]
        if part not in TAGS and not str(part).startswith(("function-", "Field")) and part != "[key]"
    )


def _problem(details: ErrorDetails, body: object) -> Problem:
    path, kind = _path(details), details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, body)
    if kind == "missing":
        return problem(
            "missing-key",
            path[:-1],
            Said(f"缺少“{path[-1]}”。", f"“{path[-1]}” is missing."),
            Said(f"请加上 {path[-1]}: …", f"Add {path[-1]}: …"),
        )
    if kind in ("step_kind", "union_tag_not_found", "union_tag_invalid"):
        return _no_kind(path, _at(body, path))
    if kind == "literal_error":
        return _not_one_of(path, details)
    if kind == "string_pattern_mismatch":
        return problem(
            "wrong-key",
            path,
            Said(f"“{details['input']}”不能用作名字。", f"“{details['input']}” cannot be used as a name."),
            Said(
                "名字用小写字母、数字和连字符，例如 hand-up。",
                "Names are lower case letters, digits and hyphens, such as hand-up.",
            ),
        )
    if kind == "value_error":
        return _from_our_own(path, details)
    return _wrong_type(path, details)


def _unknown_key(path: Path, body: object) -> Problem:
    key = str(path[-1])
    known = sorted(set(_known_beside(path, body)))
    near = nearest(key, known)
    return problem(
        "unknown-key",
        path,
        Said(f"这里没有“{key}”这一项。", f"The key “{key}” is not known here."),
        Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
        if near
        else Said("请删去它，或查对参考手册。", "Remove it, or look it up in the reference."),
    )


def _known_beside(path: Path, body: object) -> Iterator[str]:
    """The keys that the part allows to which the last key of a path was written, as far as its other keys tell."""
    written = _at(body, path[:-1])
    keys = set(written) if isinstance(written, Mapping) else set()
    allowed = [{field.alias or name for name, field in part.model_fields.items()} for part in _PARTS]
    if len(path) == 1:
        return iter(allowed[0])
    best = max(len(keys & names) for names in allowed)
    return iter({name for names in allowed if len(keys & names) == best for name in names})


def _at(body: object, path: Path) -> Any:
    for part in path:
        try:
            body = body[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def _no_kind(path: Path, step: object) -> Problem:
    written, kind = meant(step) if isinstance(step, Mapping) else (None, "")
    if written is not None:
        return problem(
            "step-kind",
            (*path, written),
            Said(f"没有“{written}”这种步骤。", f"There is no kind of step called “{written}”."),
            Said(f"是不是“{kind}”？", f"Did you mean “{kind}”?"),
        )
    return problem(
        "step-kind",
        path,
        Said("看不出这是哪一种步骤。", "This does not say what kind of step it is."),
        Said(f"请写其中一项：{'、'.join(KINDS)}。", f"Give it one of: {', '.join(KINDS)}."),
    )


def _not_one_of(path: Path, details: ErrorDetails) -> Problem:
    expected = str(details.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    value = str(details["input"])[:60]
    near = nearest(value, expected.split(", "))
    zh = f"是不是“{near}”？" if near else f"可以写：{expected}。"
    return problem(
        "wrong-value",
        path,
        Said(f"这里不能写“{value}”。", f"“{value}” cannot stand here."),
        Said(zh, f"Did you mean “{near}”?" if near else f"It can be: {expected}."),
    )


def _from_our_own(path: Path, details: ErrorDetails) -> Problem:
    cause = details.get("ctx", {}).get("error")
    rule = "wrong-expression" if isinstance(cause, ExpressionError) else "wrong-value"
    message = getattr(cause, "message", None) or {"zh": str(cause), "en": str(cause)}
    remedy = getattr(cause, "remedy", None) or {"zh": "请改正后再试。", "en": "Please correct it."}
    return Problem(rule, path, message, remedy, getattr(cause, "position", None), getattr(cause, "length", None))


_TYPES = {
    "string_type": Said("文字", "a text"),
    "bool_type": Said("true 或 false", "true or false"),
    "int_type": Said("整数", "an integer"),
    "float_type": Said("数字", "a number"),
    "tuple_type": Said("列表，例如 [a, b]", "a list, such as [a, b]"),
    "list_type": Said("列表，例如 [a, b]", "a list, such as [a, b]"),
    "mapping_type": Said("“名称: 内容”的组合", "a mapping of keys to values"),
    "dict_type": Said("“名称: 内容”的组合", "a mapping of keys to values"),
    "model_type": Said("“名称: 内容”的组合", "a mapping of keys to values"),
}


def _wrong_type(path: Path, details: ErrorDetails) -> Problem:
    zh, en = _TYPES.get(details["type"], ("另一种写法", details["msg"]))
    return problem(
        "wrong-type",
        path,
        Said("这里的内容类型不对。", "The value has the wrong type."),
        Said(f"这里应是{zh}。", f"This must be {en}."),
    )
