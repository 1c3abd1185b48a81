"""``parallel``: several ways at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator
from pydantic import Field as Constrained

from definitions.model.completion import Completion, Until
from definitions.model.node import Key
from definitions.model.step import Branch, OnwardStep, StepKind
from definitions.problem import Path, Problem, problem
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


def _ways_in(value: Any) -> Any:
    return tuple({"to": one} if isinstance(one, str) else one for one in value) if isinstance(value, list) else value


class ParallelStep(OnwardStep):
    """Starts several branches at once. A branch ends when it comes to the step's ``to``; when enough have, the issue goes there."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="parallel",
        title=Said("并行（parallel）", "Parallel"),
        meaning=Said("同时走几路", "Starts several branches at once"),
        value=Said("并行分支", "parallel branches"),
        shape="fork",
    )
    rests: ClassVar[bool] = True

    parallel: Annotated[
        tuple[Branch, ...],
        BeforeValidator(_ways_in, json_schema_input_type=list[str | Branch]),
        Constrained(min_length=1),
    ]
    join: Until = Completion("all")
    to: Key

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The branches."""
        return self.parallel

    def faults(self, definition: Definition, path: Path) -> Iterator[Problem]:
        """More branches to join than there are."""
        if self.join.kind == "number" and self.join.amount > len(self.parallel):
            said = Said("没有这么多路可以汇合。", "There are not so many branches to join.")
            yield problem("join-too-many", (*path, "join"), said, Said("请改小。", "Make it less."))
