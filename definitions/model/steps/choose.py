"""``choose``: the data decide."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field as Constrained

from definitions.model.node import Key
from definitions.model.step import Branch, OnwardStep, StepKind
from definitions.text import Said


class ChooseStep(OnwardStep):
    """Goes on at once by the branch that holds.

    ``hit policy`` (DMN): ``first`` in the order written; ``unique``: exactly one may hold; ``any``: several may hold and must say the same.
    """

    step_kind: ClassVar[StepKind] = StepKind(
        key="choose",
        title=Said("分流（choose）", "Choose"),
        meaning=Said("按条件或判定表自动分流", "Goes on by guards, or by a decision table"),
        value=Said("分支", "branches"),
        shape="decision",
    )

    choose: tuple[Branch, ...] = Constrained(strict=False, min_length=1)
    hit_policy: Literal["first", "unique", "any"] = Constrained(default="first", alias="hit policy")
    to: Key | None = None

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The rows."""
        return self.choose

    def lead(self, branch: Branch) -> str | None:
        """A row leads where it says, else where the step does."""
        return branch.to or self.to
