"""``call``: another issue is opened, and its end awaited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field as Constrained

from definitions.model.node import Guard, Key
from definitions.model.retry import Retry
from definitions.model.step import Consulted, Named, Naming, OutsideStep, StepKind
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class CallStep(OutsideStep):
    """Opens an issue of another definition, waits for its end, and takes values from it. ``with``: the child's fields, by expression.

    ``when left``: what becomes of the child when this issue no longer waits for it: it is ended (``cancel``), or goes on by itself (``leave``).
    """

    step_kind: ClassVar[StepKind] = StepKind(
        key="call",
        title=Said("子流程（call）", "Call"),
        meaning=Said("另办一件并等它办完", "Opens an issue of another process and awaits its end"),
        value=Said("调用的流程", "the process that is called"),
        shape="call",
        over=Said("办完后", "When that is closed"),
        heard=True,
    )

    call: Key
    with_: Mapping[Key, Guard] = Constrained(default_factory=dict, alias="with")
    save: Mapping[Key, Key] = Constrained(default_factory=dict)
    retry: Retry | None = None
    when_left: Literal["cancel", "leave"] = Constrained(default="cancel", alias="when left")
    to: Key

    @property
    def saves(self) -> Mapping[str, str]:
        """Fields of the other issue."""
        return self.save

    def named(self, definition: Definition) -> Iterator[Named]:
        """The fields that take something over."""
        yield Named("field", ("save",), self.save)

    def consults(self) -> Iterator[Consulted]:
        """What is passed on."""
        yield from (Consulted(("with", name), value) for name, value in self.with_.items())

    def does(self, names: Naming) -> str:
        """The other process."""
        return names.say(Said("另办一件：{}", "Opens and awaits: {}"), self.call)
