"""Cells of decision tables: what an administrator writes under a field, as the condition that it stands for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from definitions.expressions.expression import Expression
from definitions.model.step import Branch

_COMPARISON = re.compile(r"^(<=|>=|!=|<|>)\s*(.+)$")
_RANGE = re.compile(r"^(-?[0-9]+(?:\.[0-9]+)?)\s*\.\.\s*(-?[0-9]+(?:\.[0-9]+)?)$")
_NUMBER = re.compile(r"^-?[0-9]+(?:\.[0-9]+)?$")
#: What stands in a cell that says nothing.
ANYTHING = "-"


class CellError(ValueError):
    """The cell cannot be a condition; ``message`` and ``remedy`` say it in each language."""

    def __init__(self, value: object) -> None:
        super().__init__(f"{value!r} is no cell of a decision table")
        shown = str(value)[:40]
        self.message = {"zh": f"判定表的格子里不能写“{shown}”。", "en": f"“{shown}” cannot stand in a decision table."}
        self.remedy = {
            "zh": '请写一个值、几个值的列表、比较（如 "> 100"）、范围（如 10..20），或 -（不限）。',
            "en": 'Write a value, a list of values, a comparison such as "> 100", a range such as 10..20, or - for anything.',
        }


def cell(field: str, value: Any) -> Expression | None:
    """The condition that a cell under a field stands for; ``None`` for a cell that says nothing. ``CellError`` if it cannot be one."""
    name = field.replace("-", "_")
    if isinstance(value, list | tuple):
        if not value:
            raise CellError(value)
        return Expression.parse(f"{name} in [{', '.join(_literal(one) for one in value)}]")
    if isinstance(value, str):
        text = value.strip()
        if text == ANYTHING:
            return None
        if found := _RANGE.match(text):
            return Expression.parse(f"{name} is filled and {name} >= {found[1]} and {name} <= {found[2]}")
        if found := _COMPARISON.match(text):
            right = found[2].strip()
            number = right if _NUMBER.match(right) else _literal(right)
            return Expression.parse(f"{name} is filled and {name} {found[1]} {number}")
    return Expression.parse(f"{name} == {_literal(value)}")


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    raise CellError(value)


def branch_guards(branch: Branch) -> tuple[Expression, ...]:
    """All conditions of a branch: its ``when``, and its cells."""
    if not branch.if_:
        return (branch.when,) if branch.when is not None else ()
    cells = _cells(tuple((field, _frozen(value)) for field, value in branch.if_.items()))
    return cells if branch.when is None else (branch.when, *cells)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=4096, typed=True)
def _cells(row: tuple[tuple[str, Any], ...]) -> tuple[Expression, ...]:
    return tuple(guard for field, value in row if (guard := cell(field, value)) is not None)
