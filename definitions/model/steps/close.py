"""``close``: the issue ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field as Constrained

from definitions.model.node import Key, Node
from definitions.model.step import Consulted, Named, Step, StepKind
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class From(Node):
    """The resolution is the value of a field."""

    from_: Key = Constrained(alias="from")


class CloseStep(Step):
    """Ends the issue; the resolution is the one named here, the value of a field (``{from: …}``), or (``true``) the one that the way here named.

    ``into`` names a field with the issue that this one is merged into: those who follow this one follow that one from now on.
    """

    step_kind: ClassVar[StepKind] = StepKind(
        key="close",
        title=Said("办结（close）", "Close"),
        meaning=Said(
            "办结；true 为由走来的那一步写明结果，{from: 字段} 为取字段的值",
            "Ends the issue; true: the way here names the resolution; {from: field}: the field does",
        ),
        value=Said("办理结果", "resolution"),
        shape="end",
        heard=True,
    )

    close: Key | Literal[True] | From
    into: Key | None = None

    @property
    def field(self) -> str | None:
        """The field whose value is the resolution."""
        return self.close.from_ if isinstance(self.close, From) else None

    def named(self, definition: Definition) -> Iterator[Named]:
        """The issue that it is merged into, and the resolution."""
        yield Named("field", ("into",), (self.into,), ("issue",))
        yield Named("field", ("close", "from"), (self.field,), ("choice",))
        said = definition.data.get(self.field or "")
        yield Named("resolution", ("close", "from"), said.options if said else ())
        if isinstance(self.close, str):
            yield Named("resolution", ("close",), (self.close,))

    def consults(self) -> Iterator[Consulted]:
        """The field with the resolution."""
        yield Consulted(("close",), self.field)
