"""What a process counts in figures is there: actions of its steps, and fields that everybody may read."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.step import WaitingStep
from definitions.model.tally import NOT
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said

_WHAT = Said("办理（步骤.办理）或字段", "action (step.action) or field")
_FIELD = Said("字段", "field")
#: What a figure may read of a field: that it was filled in, yes or no, or which one of a few.
_READ = ("yes/no", "choice", "date", "integer")


def check(definition: Definition) -> Iterator[Problem]:
    """Everything that counts exists, and gives nothing private away."""
    actions = {
        f"{key}.{action}"
        for key, step in definition.steps.items()
        if isinstance(step, WaitingStep)
        for action in step.actions
    }
    for key, _, _, name in definition.figures.named():
        path: Path = ("figures", key)
        if name in actions:
            continue
        bare = name.removeprefix(NOT)
        field = definition.data.get(bare)
        if field is None:
            yield unknown("unknown-tally", path, _WHAT, name, (*sorted(actions), *definition.data))
        else:
            yield from _readable(path, bare, field, ("yes/no",) if name != bare else _READ)
    grade = definition.figures.grade
    if grade is not None and grade not in definition.data:
        yield unknown("unknown-field", ("figures", "grade"), _FIELD, grade, definition.data)
    elif grade is not None:
        yield from _readable(("figures", "grade"), grade, definition.data[grade], ("choice",))


def _readable(path: Path, name: str, field: Field, types: tuple[str, ...]) -> Iterator[Problem]:
    if not field.open:
        yield problem(
            "private-tally",
            path,
            Said(
                f"“{name}”不是人人可看的字段，不能进数据。",
                f"“{name}” is not for everybody to read, and cannot be counted.",
            ),
            Said("请用公开的字段，或一种办理。", "Count an open field, or an action."),
        )
    elif field.type not in types:
        yield problem(
            "wrong-type",
            path,
            Said(f"字段“{name}”的类型是“{field.type}”。", f"The field “{name}” has the type “{field.type}”."),
            Said(f"这里要 {'、'.join(types)} 类型。", f"Its type must be {' or '.join(types)}."),
        )
