"""``link``: two issues have to do with each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field as Constrained

from definitions.model.node import Key
from definitions.model.step import Consulted, Named, Naming, Step, StepKind
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class LinkStep(Step):
    """Links the issue that a field names."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="link",
        title=Said("关联（link）", "Link"),
        meaning=Said("关联字段里的事项", "Links the issue in a field"),
        value=Said("关联哪件事项", "the issue that is linked"),
        shape="script",
    )

    link: Key
    kind: Key = Constrained(default="related", alias="as")
    to: Key

    def named(self, definition: Definition) -> Iterator[Named]:
        """The field."""
        yield Named("field", ("link",), (self.link,), ("issue",))

    def consults(self) -> Iterator[Consulted]:
        """The field."""
        yield Consulted(("link",), self.link)

    def does(self, names: Naming) -> str:
        """What it links."""
        return names.say(Said("关联：{}", "Links: {}"), names.fields((self.link,)))
