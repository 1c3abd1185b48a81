"""``task``: one person decides."""

from __future__ import annotations

from typing import ClassVar

from definitions.model.node import Key
from definitions.model.step import StepKind, WaitingStep
from definitions.text import Said


class TaskStep(WaitingStep):
    """One work item: whoever holds the role decides."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="task",
        title=Said("办理（task）", "Task"),
        meaning=Said("由这个角色办理", "This role decides"),
        value=Said("由谁办理", "who does it"),
        shape="task",
        heard=True,
    )

    task: Key
    to: Key | None = None

    @property
    def acting(self) -> tuple[str, ...]:
        """The role."""
        return (self.task,)
