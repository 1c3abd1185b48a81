"""``task``: one person decides."""

from __future__ import annotations

from typing import ClassVar

from definitions.model.action import Action
from definitions.model.node import Key, Names
from definitions.model.step import StepKind, WaitingStep
from definitions.text import Said


class TaskStep(WaitingStep):
    """One work item for each role: whoever holds it decides.

    Several roles can have different actions (``by``). An action that leads nowhere is that role's part, and the step waits for the others.
    """

    step_kind: ClassVar[StepKind] = StepKind(
        key="task",
        title=Said("办理（task）", "Task"),
        meaning=Said("由这个角色办理；可写几个角色，各办各的", "This role decides; of several, each does its part"),
        value=Said("由谁办理", "who does it"),
        shape="task",
        heard=True,
    )

    task: Names
    to: Key | None = None

    @property
    def acting(self) -> tuple[str, ...]:
        """The roles."""
        return self.task

    def parted(self, action: Action) -> bool:
        """Whether an action is only one role's part of the step, after which it waits for the others."""
        return len(self.task) > 1 and self.to is None and action.to is None and action.hand_up is None
