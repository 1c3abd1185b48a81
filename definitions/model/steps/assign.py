"""``assign``: somebody is picked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from definitions.model.node import Key
from definitions.model.role import REPORTER
from definitions.model.step import Named, Naming, OnwardStep, StepKind
from definitions.problem import Path, Problem, problem
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class AssignStep(OnwardStep):
    """Picks the holder of a role by its strategies, and goes on at once."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="assign",
        title=Said("选人（assign）", "Assign"),
        meaning=Said("为这个角色选人", "Picks the holder of this role"),
        value=Said("选定谁", "who is chosen"),
        shape="script",
    )

    assign: Key
    to: Key

    def named(self, definition: Definition) -> Iterator[Named]:
        """The role."""
        yield Named("role", ("assign",), (self.assign,))

    def faults(self, definition: Definition, path: Path) -> Iterator[Problem]:
        """A role that does not say how one is picked."""
        roles = definition.roles
        if self.assign == REPORTER or (self.assign in roles and not roles[self.assign].pick):
            yield problem(
                "assign-without-pick",
                (*path, "assign"),
                Said(
                    f"角色“{self.assign}”没有写怎样选人。", f"The role “{self.assign}” does not say how one is picked."
                ),
                Said(
                    "请在该角色下写 pick，例如 pick: [on duty, least loaded]。",
                    "Give the role a pick, for example pick: [on duty, least loaded].",
                ),
            )

    def does(self, names: Naming) -> str:
        """Whom it picks."""
        return names.say(Said("自动选定：{}", "Picked: {}"), names.roles((self.assign,)))
