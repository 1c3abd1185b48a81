"""``wait``: time passes, a day comes, or promises have an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator
from pydantic import Field as Constrained

from definitions.model.duration import Duration
from definitions.model.node import Key
from definitions.model.shorthand import canonical
from definitions.model.step import Consulted, Named, Naming, Rest, StepKind, TimedStep, WaitEnd
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition

_PROMISES = "promises"


def _waited_for(text: str) -> str:
    phrase = canonical(text)
    if not phrase.startswith("until "):
        Duration.parse(text)
    return phrase


class WaitStep(TimedStep):
    """Waits for a time (``wait: 3 days``), for the day in a field (``wait: until hearing_day``) or for promises (``wait: until promises``)."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="wait",
        title=Said("等待（wait）", "Wait"),
        meaning=Said(
            "等一段时间、等到某天（until 字段）或等承诺（until promises）",
            "Waits for a time, a day (until a field) or promises (until promises)",
        ),
        value=Said("等多久", "what is waited for"),
        shape="wait",
        over=Said("到时", "Then"),
    )

    wait: Annotated[str, Constrained(max_length=80), AfterValidator(_waited_for)]
    to: Key

    @property
    def until(self) -> str | None:
        """The field, or ``promises``, whose moment is waited for."""
        return self.wait.removeprefix("until ").strip() if self.wait.startswith("until ") else None

    @property
    def day(self) -> str | None:
        """The field whose day is waited for."""
        return self.until if self.until != _PROMISES else None

    @property
    def length(self) -> Duration | None:
        """How long is waited, unless a field says it."""
        return None if self.until else Duration.parse(self.wait)

    @property
    def waits_for_time(self) -> bool:
        """It does, unless promises end it."""
        return self.until != _PROMISES

    def named(self, definition: Definition) -> Iterator[Named]:
        """The field with the day."""
        yield Named("field", ("wait",), (self.day,), ("date", "date-time"))

    def consults(self) -> Iterator[Consulted]:
        """The field with the day."""
        yield Consulted(("wait",), self.day)

    def rest(self) -> Rest:
        """It waits if promises are open, or the field names a day."""
        return Rest(day=self.day, promises=self.until == _PROMISES)

    def ending(self) -> WaitEnd:
        """The time comes."""
        return WaitEnd("time")

    def does(self, names: Naming) -> str:
        """What it waits for."""
        if self.length is not None:
            return names.say(Said("等待 {}", "Waits {}"), self.length.words(names.language))
        if self.day is None:
            return names.say(Said("等承诺都有结果", "Waits for the promises"))
        return names.say(Said("等到{}", "Waits until {}"), names.fields((self.day,)))
