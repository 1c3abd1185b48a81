"""``set``: fields are filled in by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field as Constrained

from definitions.expressions.expression import Expression
from definitions.model.node import Guard, Key
from definitions.model.step import Named, Naming, OnwardStep, StepKind
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class SetStep(OnwardStep):
    """Gives fields values, by expression."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="set",
        title=Said("填写（set）", "Set"),
        meaning=Said("按表达式填写字段", "Gives fields values by expression"),
        value=Said("自动填写", "what is set"),
        shape="script",
    )

    set: Mapping[Key, Guard] = Constrained(min_length=1)
    to: Key

    @property
    def assigns(self) -> Mapping[str, Expression]:
        """All of it."""
        return self.set

    def named(self, definition: Definition) -> Iterator[Named]:
        """The fields."""
        yield Named("field", ("set",), self.set)

    def does(self, names: Naming) -> str:
        """The fields."""
        return names.say(Said("自动填写：{}", "Fills in: {}"), names.fields(self.set))
