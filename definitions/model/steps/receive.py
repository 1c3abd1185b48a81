"""``receive``: a message comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field as Constrained

from definitions.model.field import Field, ShortField
from definitions.model.node import Key
from definitions.model.step import Naming, StepKind, TimedStep, WaitEnd
from definitions.text import Said


class ReceiveStep(TimedStep):
    """Waits for a message of this name from outside; its values are checked against ``ask``."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="receive",
        title=Said("等消息（receive）", "Receive"),
        meaning=Said("等外部系统的消息", "Waits for a message of another system"),
        value=Said("等什么消息", "the message that is waited for"),
        shape="receive",
        over=Said("收到后", "When it has come"),
    )

    receive: Key
    ask: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    to: Key

    def asks(self) -> Iterator[tuple[str, str, Field]]:
        """What the message must say; the action is the kind's own."""
        yield from (("receive", name, field) for name, field in self.ask.items())

    def ending(self) -> WaitEnd:
        """The message comes."""
        return WaitEnd("received", asks=self.ask)

    def does(self, names: Naming) -> str:
        """The message."""
        return names.say(Said("等消息 {}", "Waits for the message {}"), self.receive)
