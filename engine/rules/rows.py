"""Rows of tables that are tasks: whose each is, what expressions see of it, and the answers that are written back into it."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.model.definition import Definition
from definitions.model.step import Step
from engine.noun import Value, Values
from engine.state import Party, State, WorkItem

Row = Mapping[str, Value]


def rows_at(state: State, step: Step) -> tuple[Row, ...]:
    """The rows of a step's table now."""
    rows = state.data.get(step.row_of) if step.row_of else None
    return tuple(row for row in rows if isinstance(row, Mapping)) if isinstance(rows, tuple) else ()


def row_of(state: State, step: Step, item: WorkItem) -> Row | None:
    """The row that an item is about; ``None`` if it is about none, or the row is gone."""
    rows = rows_at(state, step)
    return rows[item.row - 1] if item.row is not None and item.row <= len(rows) else None


def named_in(definition: Definition, role: str, row: Row) -> tuple[Party, ...] | None:
    """Whom a row names for a role; ``None`` if the role is none that a table names."""
    spec = definition.roles.get(role)
    column = ((spec.people or spec.departments) or "").partition(".")[2] if spec else ""
    if not column:
        return None
    party = row.get(column)
    return (party,) if isinstance(party, str) and party else ()


def answered(state: State, step: Step, item: WorkItem, values: Values) -> Values:
    """The table with the answers in its row; nothing if the row is gone."""
    row = row_of(state, step, item)
    if row is None or step.row_of is None or item.row is None:
        return {}
    rows = list(rows_at(state, step))
    rows[item.row - 1] = {**row, **values}
    return {step.row_of: tuple(rows)}


def seen(row: Row | None) -> dict[str, Value]:
    """What expressions see of a row: hyphens are underscores there."""
    return {name.replace("-", "_"): cell for name, cell in (row or {}).items()}
