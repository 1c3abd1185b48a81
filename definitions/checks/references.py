"""Names must name something: steps, roles, resolutions."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.problem import Path, Problem, problem, unknown
from definitions.definition import COMMON_RESOLUTIONS, Definition
from definitions.role import REPORTER
from definitions.step import (
    STAGES,
    Action,
    AnyStep,
    AssignStep,
    ChooseStep,
    CloseStep,
    EachStep,
    TaskStep,
    WaitingStep,
)

_STEP, _ROLE, _RESOLUTION = ("步骤", "step"), ("角色", "role"), ("办理结果", "resolution")


def check(definition: Definition) -> Iterator[Problem]:
    """Every step, role and resolution that is named exists, and every step has one name."""
    yield from _doubles(definition)
    for key, step in definition.steps.items():
        yield from _Step(definition, key, step).problems()


def _doubles(definition: Definition) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for stage in STAGES:
        for key in definition.stage(stage):
            if key in seen:
                yield problem(
                    "double-step",
                    (stage, key),
                    (f"步骤“{key}”在“{seen[key]}”阶段已经有了。", f"There is a step “{key}” in “{seen[key]}” already."),
                    ("请给其中一个换个名字。", "Give one of them another name."),
                )
            seen.setdefault(key, stage)


class _Step:
    """The names that one step uses, each with its place."""

    def __init__(self, definition: Definition, key: str, step: AnyStep) -> None:
        self.definition = definition
        self.step = step
        self.path: Path = (definition.stage_of[key], key)

    def problems(self) -> Iterator[Problem]:
        yield from self._roles(("tell",), self.step.told)
        match self.step:
            case TaskStep():
                yield from self._roles(("task",), (self.step.task,))
                yield from self._to(("to",), self.step.to)
            case EachStep():
                yield from self._roles(("each",), self.step.each)
                yield from self._to(("to",), self.step.to)
            case AssignStep():
                yield from self._assign(self.step)
            case ChooseStep():
                for index, branch in enumerate(self.step.choose):
                    yield from self._to(("choose", index, "to"), branch.to)
            case CloseStep():
                yield from self._resolution(("close",), None if self.step.close is True else self.step.close)
        if isinstance(self.step, WaitingStep):
            yield from self._waiting(self.step)

    def _assign(self, step: AssignStep) -> Iterator[Problem]:
        yield from self._roles(("assign",), (step.assign,))
        yield from self._to(("to",), step.to)
        if step.assign == REPORTER or (
            step.assign in self.definition.roles and not self.definition.roles[step.assign].pick
        ):
            yield problem(
                "assign-without-pick",
                (*self.path, "assign"),
                (f"角色“{step.assign}”没有写怎样选人。", f"The role “{step.assign}” does not say how one is picked."),
                (
                    "请在该角色下写 pick，例如 pick: [on duty, least loaded]。",
                    "Give the role a pick, for example pick: [on duty, least loaded].",
                ),
            )

    def _waiting(self, step: WaitingStep) -> Iterator[Problem]:
        for name, action in step.actions.items():
            yield from self._action(("actions", name), action)
        if step.overdue:
            yield from self._roles(("overdue", "tell"), step.overdue.told)
            yield from self._roles(("overdue", "escalate"), (step.overdue.escalate,) if step.overdue.escalate else ())
            yield from self._to(("overdue", "to"), step.overdue.to)
            yield from self._resolution(("overdue", "as"), step.overdue.resolution)

    def _action(self, path: Path, action: Action) -> Iterator[Problem]:
        yield from self._to((*path, "to"), action.to)
        yield from self._to((*path, "then"), action.then)
        yield from self._roles((*path, "tell"), action.told)
        yield from self._resolution((*path, "as"), action.resolution)
        if action.hand_up is None and (
            (action.at_most is None) != (action.then is None) or (action.at_most and not action.to)
        ):
            yield problem(
                "half-bound",
                (*self.path, *path),
                ("“at most”、“then”和“to”要一起写。", "“at most”, “then” and “to” belong together."),
                (
                    "例如 to: handle, at most: 2, then: supervise。",
                    "For example to: handle, at most: 2, then: supervise.",
                ),
            )

    def _to(self, path: Path, key: str | None) -> Iterator[Problem]:
        if key is not None and key not in self.definition.steps:
            yield unknown("unknown-step", (*self.path, *path), _STEP, key, self.definition.steps)

    def _roles(self, path: Path, keys: tuple[str, ...]) -> Iterator[Problem]:
        known = (REPORTER, *self.definition.roles)
        for key in keys:
            if key not in known:
                yield unknown("unknown-role", (*self.path, *path), _ROLE, key, known)

    def _resolution(self, path: Path, key: str | None) -> Iterator[Problem]:
        if key is not None and key not in (*self.definition.resolutions, *COMMON_RESOLUTIONS):
            yield unknown("unknown-resolution", (*self.path, *path), _RESOLUTION, key, self.definition.resolutions)
