"""``request``: another system is called, and its answer awaited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field as Constrained

from definitions.model.action import Way
from definitions.model.node import Guard, Key, Node, Patterns
from definitions.model.retry import Retry
from definitions.model.step import Consulted, Named, Naming, OutsideStep, StepKind
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class Call(Node):
    """A call over HTTP: ``to`` is a connection that the house's settings name, never an address in a definition."""

    to: Key
    path: Patterns | None = None
    send: Mapping[Key, Guard] = Constrained(default_factory=dict)
    save: Mapping[Key, str] = Constrained(default_factory=dict)


class RequestStep(OutsideStep):
    """Calls another system over HTTP, waits for its answer, and takes values from it. ``failed``: the way when it cannot be reached."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="request",
        title=Said("调用外部系统（request）", "Request"),
        meaning=Said("调用外部系统并等答复", "Calls another system and awaits its answer"),
        value=Said("对外调用", "the call of another system"),
        shape="request",
        over=Said("得到答复后", "When it has answered"),
    )

    request: Call
    retry: Retry | None = None
    failed: Way | None = None
    to: Key

    @property
    def saves(self) -> Mapping[str, str]:
        """Places in the answer."""
        return self.request.save

    @property
    def failure(self) -> Way | None:
        """As written."""
        return self.failed

    def ways(self) -> Iterator[tuple[str, Way]]:
        """The rungs, and the way when it fails."""
        yield from super().ways()
        if self.failed:
            yield "failed", self.failed

    def named(self, definition: Definition) -> Iterator[Named]:
        """The fields that take something over."""
        yield Named("field", ("request", "save"), self.request.save)

    def consults(self) -> Iterator[Consulted]:
        """What is sent, and where to."""
        yield from (Consulted(("request", "path"), template) for template in (self.request.path or {}).values())
        yield from (Consulted(("request", "send", name), value) for name, value in self.request.send.items())

    def does(self, names: Naming) -> str:
        """The system."""
        return names.say(Said("调用外部系统 {}", "Calls the system {}"), self.request.to)
