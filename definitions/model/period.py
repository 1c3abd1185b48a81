"""How long something is kept, as a rule on a wall says it: ``2 years``, ``90 days``, ``for ever``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, cast, get_args

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from definitions.model.duration import DurationError
from definitions.text import Said

PeriodUnit = Literal["days", "months", "years"]
#: What is never erased by itself.
FOR_EVER = "for ever"
_ZH: Mapping[PeriodUnit, str] = {"days": "天", "months": "个月", "years": "年"}
_MOST: Mapping[PeriodUnit, int] = {"days": 36_500, "months": 1_200, "years": 100}
_PHRASE = re.compile(r"([0-9]{1,5}) +(day|month|year)s?( +after +closure)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """So many days, months or years; 0 is for ever."""

    amount: int
    unit: PeriodUnit = "years"

    def __post_init__(self) -> None:
        if self.unit not in get_args(PeriodUnit) or not 0 <= self.amount <= _MOST[self.unit]:
            raise _wrong(f"{self.amount} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """What a phrase says: ``2 years``, ``2 years after closure``, ``for ever``; ``DurationError`` says what would be right."""
        phrase = " ".join(text.lower().split())
        if phrase in (FOR_EVER, "forever"):
            return cls(0)
        found = _PHRASE.fullmatch(phrase)
        if found is None or not int(found[1]):
            raise _wrong(text)
        return cls(int(found[1]), cast(PeriodUnit, found[2] + "s"))

    @property
    def endless(self) -> bool:
        """Whether it never ends."""
        return self.amount == 0

    def end(self, begin: date) -> date | None:
        """The first day on which it is over, counted from a day as a calendar on the wall counts; ``None``: never."""
        if self.endless:
            return None
        if self.unit == "days":
            return begin + timedelta(days=self.amount)
        months = begin.year * 12 + begin.month - 1 + self.amount * (12 if self.unit == "years" else 1)
        return _day(months, begin.day)

    def begin(self, end: date) -> date | None:
        """The last day from which it is over by a day; ``None``: none is."""
        if self.endless:
            return None
        if self.unit == "days":
            return end - timedelta(days=self.amount)
        months = end.year * 12 + end.month - 1 - self.amount * (12 if self.unit == "years" else 1)
        return _day(months, end.day)

    def longer(self, other: Period) -> bool:
        """Whether it ends later than another that begins at the same time."""
        return not other.endless and (self.endless or self._usual > other._usual)

    @property
    def _usual(self) -> float:
        return self.amount * {"days": 1, "months": 365.25 / 12, "years": 365.25}[self.unit]

    def __str__(self) -> str:
        if self.endless:
            return FOR_EVER
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"

    def words(self, language: str) -> str:
        """For readers: ``2 年``, ``永久``."""
        if self.endless:
            return Said("永久", FOR_EVER).of(language)
        return Said(f"{self.amount} {_ZH[self.unit]}", str(self)).of(language)


def _day(months: int, day: int) -> date:
    """A day of a month, or the last one that it has."""
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day, (following - first).days) - 1)


def _wrong(text: str) -> DurationError:
    shown = text.strip()[:40]
    return DurationError(
        {"zh": f"“{shown}”不是保存期限。", "en": f"“{shown}” does not say how long."},
        {
            "zh": "请写数字和 days（天）、months（个月）或 years（年），例如“2 years”；永久保存写“for ever”。",
            "en": "Write a number and days, months or years, such as “2 years”; or “for ever”.",
        },
    )


#: A length of keeping, as it is written.
Keeping = Annotated[
    Period,
    BeforeValidator(lambda value: Period.parse(value) if isinstance(value, str) else value),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2 years", "10 years", "90 days", FOR_EVER]}),
]
