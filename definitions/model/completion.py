"""When an ``each`` step is complete: ``all``, ``any``, ``majority`` (more than half), ``lead``, a number of items, or a share such as ``60 %``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_QUORUM = re.compile(r"^([1-9][0-9]{0,2})( ?%)?$")


class CompletionError(ValueError):
    """The text names no completion condition; ``message`` and ``remedy`` say it in each language."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is no completion condition")
        self.message = {"zh": f"“{text}”不是办结条件。", "en": f"“{text}” does not say when the step is complete."}
        self.remedy = {
            "zh": "可以写 all（全部）、any（任一）、majority（过半数）、lead（主办）、人数（如 3）或比例（如 60 %）。",
            "en": "Write all, any, majority, lead, a number such as 3, or a share such as 60 %.",
        }


@dataclass(frozen=True, slots=True)
class Completion:
    """How many must agree: ``kind`` with, for ``number`` and ``share`` (per cent), an ``amount``."""

    kind: Literal["all", "any", "lead", "majority", "number", "share"]
    amount: int = 0

    @classmethod
    def parse(cls, value: Any) -> Completion:
        """The condition that a text or number names; ``CompletionError`` otherwise."""
        text = str(value).strip()
        if text in ("all", "any", "lead", "majority"):
            return cls(text)  # type: ignore[arg-type]
        found = _QUORUM.match(text) if not isinstance(value, bool) else None
        if found is None or (found[2] and int(found[1]) > 100):
            raise CompletionError(text[:40])
        return cls("share" if found[2] else "number", int(found[1]))

    def needed(self, of: int) -> int:
        """How many of so many must agree; never more than there are, and at least one."""
        match self.kind:
            case "any":
                wanted = 1
            case "majority":
                wanted = of // 2 + 1
            case "number":
                wanted = self.amount
            case "share":
                wanted = math.ceil(of * self.amount / 100)
            case _:
                wanted = of
        return max(1, min(wanted, of))

    def __str__(self) -> str:
        match self.kind:
            case "number":
                return str(self.amount)
            case "share":
                return f"{self.amount} %"
            case _:
                return self.kind


Until = Annotated[
    Completion,
    BeforeValidator(lambda value: value if isinstance(value, Completion) else Completion.parse(value)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"oneOf": [{"type": "string", "examples": ["all", "any", "majority", "lead", "60 %"]}, {"type": "integer"}]}
    ),
]
