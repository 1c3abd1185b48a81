"""What was left open: conditions that cannot be decided are taken as able to hold and not to hold, and that is said."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.exploration.levels import Explored
from definitions.exploration.model import Model
from definitions.expressions.expression import Expression
from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.problem import Path, Problem, problem
from definitions.text import Said

_LEVELS = {
    1: Said("有次数限制的路当作随时可能用完", "a bounded way is taken as used up at any time"),
    2: Said(
        "有次数限制的路当作随时可能用完，并行的各路分开来看",
        "a bounded way is taken as used up at any time, and branches of parallel steps are looked at one by one",
    ),
    3: Said(
        "有次数限制的路当作随时可能用完，并行的各路分开来看，各字段当作什么值都可能",
        "a bounded way is taken as used up at any time, branches are looked at one by one, and any field may hold anything",
    ),
}


def notes(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """One note for each condition that is not decided, and one if the process is too large to look at every detail."""
    level = explored.graph.level
    if level:
        zh, en = _LEVELS[level]
        yield problem(
            "too-many-states",
            ("id",),
            Said(f"这个流程的情形太多，检查时{zh}。", f"This process has very many states; in checking it, {en}."),
            Said("不必改动；这样检查不会漏掉走不到和办不结的步骤。", "Nothing has to be changed."),
        )
    for path, guard in _guards(definition):
        if guard in explored.model.guards and explored.model.undecided([guard]):
            yield problem(
                "not-decided",
                path,
                Said(
                    f"“{guard}”是否成立，事先判断不了；检查时当作两种都可能。",
                    f"Whether “{guard}” holds cannot be decided beforehand; both are taken as possible.",
                ),
                (_why(explored.model, guard)),
            )


def _why(model: Model, guard: Expression) -> Said:
    if model.guards[guard].atoms:
        return Said(
            "能判断的是字段与写明的值的比较、是否填写，以及 and、or、not。",
            "What is decided: fields compared with values that are written down, whether they are filled in, and, or, not.",
        )
    return Said("它随办理过程而变，不是填写的字段。", "It is counted or computed on the way, not filled in.")


def _guards(definition: Definition) -> Iterator[tuple[Path, Expression]]:
    for key, step in definition.steps.items():
        path: Path = (definition.stage_of[key], key)
        for index, branch in enumerate(step.branches):
            if branch.when is not None:
                yield (*path, step.step_kind.key, index, "when"), branch.when
        if isinstance(step, WaitingStep):
            for name, action in step.actions.items():
                if action.when is not None:
                    yield (*path, "actions", name, "when"), action.when
