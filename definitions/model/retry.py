"""How often, and how long apart, what needs nobody is tried before staff are called."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema, model_validator
from pydantic import Field as Constrained

from definitions.model.node import Node
from definitions.model.shorthand import canonical

#: Nothing waits longer for its next try: whoever put the cause right would not know that it is still being tried.
LONGEST_WAIT = timedelta(hours=1)
_PHRASE = re.compile(r"([1-9][0-9]{0,3}) (second|minute|hour)s?", re.ASCII)


class WaitError(ValueError):
    """This is no wait; ``message`` says so in each language, ``remedy`` what would be right."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = {"zh": zh, "en": en}
        self.remedy = {
            "zh": "请写 2 seconds、10 minutes、1 hour 这样的时间，不超过 1 hour。",
            "en": "Write a wait such as 2 seconds, 10 minutes or 1 hour, and no more than 1 hour.",
        }


def length_of(text: str) -> timedelta:
    """The length that ``2 seconds``, ``10 minutes`` or ``1 hour`` names; ``WaitError`` otherwise."""
    found = _PHRASE.fullmatch(canonical(text))
    if found is None:
        raise WaitError(f"“{text[:40]}”不是等待的时间。", f"“{text[:40]}” is no wait.")
    length = timedelta(**{f"{found[2]}s": int(found[1])})
    if length > LONGEST_WAIT:
        raise WaitError(f"“{text}”太久。", f"“{text}” is too long.")
    return length


def _phrase(text: str) -> str:
    length_of(text)
    return canonical(text)


def _schema() -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{_PHRASE.pattern}$", "examples": ["2 seconds", "10 minutes", "1 hour"]}


Wait = Annotated[str, AfterValidator(_phrase), WithJsonSchema(_schema())]


class Retry(Node):
    """``times`` tries in all; the first wait is ``first``, each other twice the one before, none more than ``longest``."""

    times: Annotated[int, Constrained(ge=1, le=100)] = 10
    first: Wait = "2 seconds"
    longest: Wait = "10 minutes"

    @model_validator(mode="after")
    def _in_order(self) -> Retry:
        if length_of(self.first) > length_of(self.longest):
            raise WaitError("第一次等的时间比最长的还长。", "The first wait is longer than the longest.")
        return self

    def wait(self, failures: int, jitter: float) -> timedelta | None:
        """How long to wait after so many failures (1 or more); ``None``: no more tries. ``jitter`` in 0..1 spreads it over 75 to 125 %."""
        if failures < 1 or not 0 <= jitter <= 1:
            raise ValueError("failures from 1, jitter from 0 to 1")
        if failures >= self.times:
            return None
        doublings = min(failures - 1, 30)
        return min(length_of(self.first) * (1 << doublings), length_of(self.longest)) * (0.75 + jitter / 2)


#: What holds where neither the step nor its process says anything.
USUAL = Retry()
