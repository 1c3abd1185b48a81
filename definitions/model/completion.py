"""When an ``each`` step is complete: ``all``, ``any``, ``majority`` (more than half), ``lead``, a number, or a share such as ``60 %`` or ``2/3``.

A share is exact: it is compared by multiplying, never by dividing. ``of those who voted`` counts it of the votes given, not of all who may vote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from definitions.text import Said

_VOTED = " of those who voted"
_NUMBER = re.compile(r"^([1-9][0-9]{0,2})$")
_SHARE = re.compile(r"^(more than )?([1-9][0-9]{0,2})(?: ?(%)| ?/ ?([1-9][0-9]{0,2}))$")
#: A count of persons, or a sum of weights.
Amount = int | Fraction


class CompletionError(ValueError):
    """The text names no completion condition; ``message`` and ``remedy`` say it in each language."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is no completion condition")
        self.message = {"zh": f"“{text}”不是办结条件。", "en": f"“{text}” does not say when the step is complete."}
        self.remedy = {
            "zh": "可以写 all（全部）、any（任一）、majority（过半数）、lead（主办）、人数（如 3）或比例（如 60 %、2/3、more than 2/3）；"
            "按参加表决的计算，在后面写 of those who voted。",
            "en": "Write all, any, majority, lead, a number such as 3, or a share such as 60 %, 2/3 or more than 2/3; "
            "of the votes given, 2/3 of those who voted.",
        }


@dataclass(frozen=True, slots=True)
class Completion:
    """How many must agree: ``kind`` with an ``amount``, of a ``share`` in so many parts (``of``); ``over``: more than that, not just as much.

    ``voted``: of those who voted, not of all who may.
    """

    kind: Literal["all", "any", "lead", "majority", "number", "share"]
    amount: int = 0
    of: int = 100
    over: bool = False
    voted: bool = False

    @classmethod
    def parse(cls, value: Any) -> Completion:
        """The condition that a text or number names; ``CompletionError`` otherwise."""
        text = " ".join(str(value).split())
        plain, voted = text.removesuffix(_VOTED), text.endswith(_VOTED)
        number, share = _NUMBER.match(plain), _SHARE.match(plain)
        if plain in ("all", "majority") or (plain in ("any", "lead") and not voted):
            return cls(plain, voted=voted)  # type: ignore[arg-type]
        if number and not voted and not isinstance(value, bool):
            return cls("number", int(number[1]))
        amount, of = (int(share[2]), int(share[4] or 100)) if share else (1, 0)
        if share is None or amount > of or (share[1] and amount == of):
            raise CompletionError(text[:40])
        return cls("share", amount, of, bool(share[1]), voted)

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
                wanted = of * self.amount // self.of + 1 if self.over else -(-of * self.amount // self.of)
            case _:
                wanted = of
        return max(1, min(wanted, of))

    def reached(self, agreed: Amount, whole: Amount) -> bool:
        """Whether so much of the whole is enough; nothing never is."""
        if agreed <= 0:
            return False
        match self.kind:
            case "any":
                return True
            case "majority":
                return 2 * agreed > whole
            case "number":
                return agreed >= min(self.amount, whole)
            case "share":
                return agreed * self.of > whole * self.amount if self.over else agreed * self.of >= whole * self.amount
            case _:
                return agreed >= whole

    def portion(self) -> Said:
        """The number or share in a few words."""
        if self.kind == "number":
            return Said(str(self.amount), str(self.amount))
        written = f"{self.amount} %" if self.of == 100 else f"{self.amount}/{self.of}"
        return Said(f"超过 {written}", f"more than {written}") if self.over else Said(written, written)

    def __str__(self) -> str:
        written = self.portion().en if self.kind in ("number", "share") else self.kind
        return written + _VOTED if self.voted else written


def _parsed(value: Any) -> Any:
    return value if isinstance(value, Completion) else Completion.parse(value)


Until = Annotated[
    Completion,
    BeforeValidator(_parsed),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string", "examples": ["all", "any", "majority", "lead", "60 %", "2/3 of those who voted"]},
                {"type": "integer"},
            ]
        }
    ),
]


def _turnout(value: Any) -> Any:
    parsed = _parsed(value)
    if parsed.kind in ("any", "lead") or parsed.voted:
        raise TurnoutError(str(value)[:40])
    return parsed


class TurnoutError(CompletionError):
    """The text does not say how many must take part."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.message = {
            "zh": f"“{text}”没有说明要有多少人参加。",
            "en": f"“{text}” does not say how many must take part.",
        }
        self.remedy = {
            "zh": "请写比例或人数，例如 2/3、60 %、majority、10。",
            "en": "Write a share or a number, for example 2/3, 60 %, majority or 10.",
        }


#: How many must take part for a vote to count.
Turnout = Annotated[
    Completion,
    BeforeValidator(_turnout),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"oneOf": [{"type": "string", "examples": ["1/2", "2/3", "60 %", "majority"]}, {"type": "integer"}]}
    ),
]
