"""Tables whose rows are tasks: what expressions see of a row they see only there, and what is answered in rows is not lost."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.places import places
from definitions.expressions.expression import Expression, Template
from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.problem import Path, Problem, problem
from definitions.text import Said


def check(definition: Definition) -> Iterator[Problem]:
    """``row`` outside of the actions of such a step, and tables that are changed as a whole although steps fill in a part of them."""
    within = {
        (definition.stage_of[key], key, "actions") for key, step in definition.steps.items() if step.row_of is not None
    }
    for path, value in places(definition):
        if isinstance(value, Expression | Template) and "row" in value.names and path[:3] not in within:
            yield _outside(path)
    for key, step in definition.steps.items():
        if isinstance(step, WaitingStep):
            yield from _edited(definition, (definition.stage_of[key], key, "actions"), step)


def _outside(path: Path) -> Problem:
    return problem(
        "row-outside",
        path,
        Said("这里没有哪一行（row）。", "There is no row here."),
        Said(
            "row 只能用在写了 rows 的步骤的办理方式里；别处请用表格的名字，例如 sum('列')。",
            "A row is seen by the actions of a step with rows; elsewhere use the table's name, for example sum('column').",
        ),
    )


def _edited(definition: Definition, path: Path, step: WaitingStep) -> Iterator[Problem]:
    for name, action in step.actions.items():
        for edited in action.edit:
            table = definition.data.get(edited)
            kept = [column for column, spec in table.columns.items() if not spec.asked] if table else []
            if kept:
                yield problem(
                    "edit-loses-columns",
                    (*path, name, "edit"),
                    Said(
                        f"整表修改“{edited}”，办理时填的“{kept[0]}”就没有了。",
                        f"Changing “{edited}” as a whole loses “{kept[0]}”, which is filled in row by row.",
                    ),
                    Said(
                        "请从 edit 里去掉它，或让这一列登记时就填。",
                        "Leave it out of edit, or let the column be asked.",
                    ),
                )
