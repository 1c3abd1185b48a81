"""``close``: the issue ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field as Constrained

from definitions.model.node import Key, Node
from definitions.model.step import Consulted, Named, Step, StepKind
from definitions.problem import Path, Problem, problem
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


#: The resolution of what goes on as another issue.
MERGED = "merged"


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
        """The field with the resolution, and the issue that it is merged into, where it must not be empty."""
        yield Consulted(("close",), self.field)
        if self.close == MERGED:
            yield Consulted(("into",), self.into)

    def faults(self, definition: Definition, path: Path) -> Iterator[Problem]:
        """Merged, and into nothing."""
        if self.close == MERGED and self.into is None:
            yield problem(
                "merged-into-nothing",
                (*path, "close"),
                Said("办结为并案，却没有写并入哪一件。", "It ends as merged, and does not say into which issue."),
                Said(
                    "请写 into: 字段，字段的类型为 issue；不是并案的，请换一个办理结果。",
                    "Say into: and a field of the type issue; if it is not merged, name another resolution.",
                ),
            )
