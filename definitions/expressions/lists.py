"""Functions of expressions on lists and tables, each bounded.

A table is a list of records. Where a function takes the name of a column, it works on that column's values; cells that are not filled
in do not count, as in a spreadsheet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from definitions.expressions.error import LONGEST_RESULT, ExpressionError
from definitions.expressions.values import bounded_number, filled, items_for, kind, number_for, shown, text_for, unfit
from definitions.finding import nearest
from definitions.text import Said


def length(value: object) -> int:
    """How many characters a text has, or values a list."""
    if isinstance(value, str | list | tuple | set | frozenset | dict):
        return len(value)
    raise unfit("length", value)


def join(values: object, separator: object = "、") -> str:
    """The values of a list as one text, with a separator between them."""
    between = text_for("join", separator)
    parts: list[str] = []
    total = 0
    for value in items_for("join", values):
        parts.append(shown(value))
        total += len(parts[-1]) + len(between)
        if total > LONGEST_RESULT + len(between):
            raise ExpressionError(
                f"结果超过 {LONGEST_RESULT} 个字符。", f"The result is longer than {LONGEST_RESULT} characters."
            )
    return between.join(parts)


def first(values: object) -> object:
    """The first value of a list, empty if there is none."""
    items = items_for("first", values)
    return items[0] if items else None


def last(values: object) -> object:
    """The last value of a list, empty if there is none."""
    items = items_for("last", values)
    return items[-1] if items else None


def column(rows: object, name: object) -> list[object]:
    """The values of one column of a table, as a list."""
    return _cells("column", items_for("column", rows), name)


def total(values: object, name: object = None) -> object:
    """The sum of a list of numbers, or of a table's column; 0 if there are none."""
    numbers = [number_for("sum", value) for value in _chosen("sum", values, name)]
    if all(isinstance(number, int) for number in numbers):
        return bounded_number(sum(numbers))
    return bounded_number(math.fsum(numbers))


def smallest(values: object, name: object = None) -> object:
    """The smallest value of a list, or of a table's column, empty if there is none."""
    return min(_comparable("min", values, name), default=None)


def largest(values: object, name: object = None) -> object:
    """The largest value of a list, or of a table's column, empty if there is none."""
    return max(_comparable("max", values, name), default=None)


def count(values: object, name: object = None, wanted: object = True) -> int:
    """How many values a list has, or how many rows have this column filled in (not with no), or equal to a value."""
    items = items_for("count", values)
    if name is None:
        return len(items)
    cells = _cells("count", items, name)
    return sum(filled(cell) and cell is not False if wanted is True else cell == wanted for cell in cells)


def _chosen(function: str, values: object, name: object) -> list[object]:
    items = items_for(function, values)
    chosen = items if name is None else _cells(function, items, name)
    return [value for value in chosen if value is not None]


def _comparable(function: str, values: object, name: object) -> list[float | str]:
    chosen = _chosen(function, values, name)
    texts = [value for value in chosen if isinstance(value, str)]
    if chosen and len(texts) == len(chosen):
        return [*texts]
    return [number_for(function, value) for value in chosen]


def _cells(function: str, rows: Sequence[object], name: object) -> list[object]:
    """The cells of a column, one for each row; a column may be written with hyphens or underscores."""
    key = text_for(function, name)
    spellings = dict.fromkeys((key, key.replace("_", "-"), key.replace("-", "_")))
    return [_cell(function, row, spellings) for row in rows]


def _cell(function: str, row: object, spellings: Mapping[str, None]) -> object:
    key = next(iter(spellings))
    if not isinstance(row, Mapping):
        raise ExpressionError(
            f"{function} 后面写了列名“{key[:40]}”，而这里不是表格的行，是{kind(row, 'zh')}。",
            f"{function} names the column “{key[:40]}”, but this is {kind(row, 'en')}, not a row of a table.",
        )
    for spelled in spellings:
        if spelled in row:
            cell: object = row[spelled]
            return cell
    near = nearest(key, [known for known in row if isinstance(known, str)])
    raise ExpressionError(
        f"表格没有“{key[:40]}”这一列。",
        f"The table has no column “{key[:40]}”.",
        remedy=Said(f"是不是“{near}”？", f"Did you mean “{near}”?") if near else None,
    )
