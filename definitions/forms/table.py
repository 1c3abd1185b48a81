"""The rows of a table: which of them count, and what is wrong in which cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from definitions.forms.characters import seen
from definitions.forms.conditions import Message, computed, spelled
from definitions.forms.rules import twins
from definitions.forms.types import is_empty
from definitions.forms.values import Wrong
from definitions.model.field import Field
from definitions.text import words

#: A table has no more rows than this, whatever the field says.
MOST_ROWS = 200

#: Checks the entered cells of one row: the cleaned cells, and the errors by column.
CheckRow = Callable[[Mapping[str, Any]], tuple[Mapping[str, Any], Mapping[str, Message]]]


def clean_table(
    name: str, field: Field, value: Any, check_row: CheckRow, data: Mapping[str, Any]
) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Message]]:
    """The rows with something in them, each with all its columns, and errors named like ``items.2.amount``; rows count from 1.

    ``Wrong`` if it is no table at all, or has too many rows or too few.
    """
    rows: list[Mapping[str, Any]] = []
    counted: list[tuple[int, Mapping[str, Any]]] = []
    errors: dict[str, Message] = {}
    for number, entered in _filled(field, value):
        cells, wrong = check_row(entered)
        errors |= {f"{name}.{number}.{column}": _in_row(field, number, column, wrong[column]) for column in wrong}
        counted.append((number, cells))
        rows.append(_whole(field, cells, data))
    for number, column, twin in twins(field, counted):
        errors.setdefault(f"{name}.{number}.{column}", _in_row(field, number, column, twin))
    low, high = field.at_least or 0, min(MOST_ROWS, MOST_ROWS if field.at_most is None else field.at_most)
    if len(rows) > high:
        raise Wrong(f"最多 {high:.0f} 行，现有 {len(rows)} 行。", f"At most {high:.0f} rows; there are {len(rows)}.")
    if rows and len(rows) < low:
        raise Wrong(f"至少 {low:.0f} 行，现有 {len(rows)} 行。", f"At least {low:.0f} rows; there are {len(rows)}.")
    return tuple(rows), errors


def _filled(field: Field, value: Any) -> list[tuple[int, Mapping[str, Any]]]:
    rows = [] if is_empty(value) else list(value) if isinstance(value, list | tuple) else [value]
    # empty rows of a web form come along; more than this is no form
    if len(rows) > 2 * MOST_ROWS:
        raise Wrong(f"最多 {MOST_ROWS} 行。", f"At most {MOST_ROWS} rows.")
    if not all(isinstance(row, Mapping) for row in rows):
        raise Wrong("表格的每一行应写明各栏的内容。", "Each row of a table names its columns.")
    return [(number, row) for number, row in enumerate(rows, 1) if not _says_nothing(field, row)]


def _says_nothing(field: Field, row: Mapping[str, Any]) -> bool:
    """Whether a row is empty but for defaults, which a web form shows in every spare row."""
    return all(
        is_empty(seen(cell).strip() if isinstance(cell, str) else cell)
        or (column in field.columns and str(cell) in _defaults(field.columns[column]))
        for column, cell in row.items()
    )


def _defaults(column: Field) -> tuple[str, ...]:
    default = column.default
    if default is None:
        return ()
    return ("yes" if default else "no", str(default)) if isinstance(default, bool) else (str(default),)


def _in_row(field: Field, number: int, column: str, message: Message) -> Message:
    title = field.columns[column].title if column in field.columns else None
    return {
        "zh": f"第{number}行“{words(title, 'zh', column)}”：{message['zh']}",
        "en": f"Row {number}, “{words(title, 'en', column)}”: {message['en']}",
    }


def _whole(field: Field, cells: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row with all its columns, in their order; the computed ones see the row, and the issue's data."""
    row = {name: cells.get(name, column.blank) for name, column in field.columns.items()}
    for name, column in field.columns.items():
        if column.compute is not None:
            row[name] = computed(column, spelled({**data, **row}))
    return row
