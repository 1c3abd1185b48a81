"""The plan of a migration: where each step, field and role of one version is found in another, and what becomes of deadlines and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Deadlines = Literal["keep", "recompute"]
Tasks = Literal["keep", "reissue"]


@dataclass(frozen=True, slots=True)
class StepMove:
    """Where a step goes: its ``deadline`` stays as it was promised, or is reckoned again from its start by the new rule;
    its ``tasks`` stay with whoever has them, or end, and the step is entered anew."""

    to: str
    deadline: Deadlines = "keep"
    tasks: Tasks = "keep"


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """``steps``, ``fields`` and ``roles`` of the old version by their names in the new one; whatever is not named has no place there.

    ``limits``: what becomes of the clocks of the issue and its stages.
    """

    steps: Mapping[str, StepMove]
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    limits: Deadlines = "keep"

    def step(self, key: str | None) -> str | None:
        """The step's name in the new version."""
        move = self.steps.get(key) if key is not None else None
        return move.to if move else None

    def inverse(self) -> MigrationPlan:
        """The plan back. Where two steps became one it has no way back, and says so by leaving both out."""
        return MigrationPlan(
            steps={
                key: StepMove(old, self.steps[old].deadline, self.steps[old].tasks)
                for key, old in _backwards({old: move.to for old, move in self.steps.items()}).items()
            },
            fields=_backwards(self.fields),
            roles=_backwards(self.roles),
            limits=self.limits,
        )


def _backwards(names: Mapping[str, str]) -> dict[str, str]:
    several = list(names.values())
    return {new: old for old, new in names.items() if several.count(new) == 1}
