"""Durations and reminders as administrators write them: ``3 working days``, ``1 working day before``.

Only the words; what a duration means on a given day is reckoned by ``engine.calendar``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, cast, get_args

from definitions.finding import nearest
from definitions.model.shorthand import canonical
from definitions.text import Said

Unit = Literal[
    "minutes", "hours", "working hours", "days", "working days", "calendar days", "weeks", "months", "quarters", "years"
]
When = Literal["before", "at", "after"]

UNITS: tuple[Unit, ...] = get_args(Unit)

_ZH: Mapping[Unit, str] = {
    "minutes": "分钟",
    "hours": "小时",
    "working hours": "个工作小时",
    "days": "天",
    "working days": "个工作日",
    "calendar days": "个自然日",
    "weeks": "周",
    "months": "个月",
    "quarters": "个季度",
    "years": "年",
}
#: The most of each unit: about ten years, so that no deadline leaves the calendar of this world.
_MOST: Mapping[Unit, int] = {
    "minutes": 100_000,
    "hours": 10_000,
    "working hours": 10_000,
    "days": 3_650,
    "working days": 2_500,
    "calendar days": 3_650,
    "weeks": 520,
    "months": 120,
    "quarters": 40,
    "years": 10,
}
#: How long each unit usually is, for comparing lengths in different ones; a deadline is never reckoned by it.
USUAL: Mapping[Unit, timedelta] = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "working hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "working days": timedelta(days=1.4),
    "calendar days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=30),
    "quarters": timedelta(days=91),
    "years": timedelta(days=365),
}
_PHRASE = re.compile(r"([0-9]{1,9}) +([A-Za-z][A-Za-z ]{0,30})", re.ASCII)
_AT = "at the deadline"


class DurationError(ValueError):
    """This is no duration or reminder; ``message`` says so in each language, ``remedy`` what would be right."""

    def __init__(self, message: Mapping[str, str], remedy: Mapping[str, str]) -> None:
        super().__init__(f"{message['en']} {remedy['en']}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in one unit, at least 1 and at most about ten years."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise _wrong(f"{self.amount} {self.unit}")
        if not 1 <= self.amount <= _MOST[self.unit]:
            raise _out_of_bounds(self.unit)

    @classmethod
    def parse(cls, text: str) -> Duration:
        """The duration that a phrase such as ``1 working day`` or ``3 hours`` names; ``DurationError`` otherwise."""
        found = _PHRASE.fullmatch(canonical(text))
        unit = _unit(found[2]) if found else None
        if found is None or unit is None:
            raise _wrong(text)
        return cls(int(found[1]), unit)

    @property
    def usual(self) -> timedelta:
        """How long it usually is."""
        return self.amount * USUAL[self.unit]

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}"

    def words(self, locale: str) -> str:
        """The duration for readers: ``3 个工作日`` in Chinese, else ``3 working days``."""
        return Said(f"{self.amount} {_ZH[self.unit]}", str(self)).of(locale)


@dataclass(frozen=True, slots=True)
class Reminder:
    """When to remind, seen from a deadline; ``offset`` is ``None`` for the deadline's own day. ``every``: again and again, until it is done."""

    offset: Duration | None
    when: When
    every: bool = False

    def __post_init__(self) -> None:
        if (self.offset is None) != (self.when == "at") or (self.every and self.when != "after"):
            raise _wrong_reminder(f"{self.offset} {self.when}")

    @classmethod
    def parse(cls, text: str) -> Reminder:
        """The reminder of ``1 working day before``, ``at the deadline``, ``2 days after`` or ``every 2 days after``; else ``DurationError``."""
        phrase = canonical(text)
        every = phrase.lower().startswith("every ")
        phrase = phrase[len("every ") :] if every else phrase
        if phrase.lower() == _AT:
            return cls(None, "at")
        length, _, when = phrase.rpartition(" ")
        if when.lower() not in ("before", "after"):
            raise _wrong_reminder(text)
        return cls(Duration.parse(length), cast(When, when.lower()), every)

    def __str__(self) -> str:
        return f"{'every ' if self.every else ''}{self.offset} {self.when}" if self.offset else _AT

    def words(self, locale: str) -> str:
        """The reminder for readers: ``到期前 1 个工作日`` in Chinese, else ``1 working day before the deadline``."""
        if self.offset is None:
            return Said("到期当日", "on the day of the deadline").of(locale)
        when = "后每" if self.every else {"before": "前"}.get(self.when, "后")
        return Said(f"到期{when} {self.offset.words('zh')}", f"{self} the deadline").of(locale)


def unit_words(unit: Unit, locale: str) -> str:
    """The name of a unit for readers: ``工作日``, ``working days``."""
    return Said(_ZH[unit].removeprefix("个"), unit).of(locale)


def _unit(written: str) -> Unit | None:
    """The unit of a word in singular or plural, however its letters and blanks are written."""
    word = " ".join(written.lower().split()).removesuffix("s") + "s"
    return next((unit for unit in UNITS if unit == word), None)


def _wrong(text: str) -> DurationError:
    shown = text.strip()[:40]
    near = nearest(shown.lstrip("0123456789").strip().lower(), UNITS)
    hint = ("3 " + near) if near else "3 working days"
    units = ", ".join(UNITS)
    return DurationError(
        {"zh": f"“{shown}”不是期限。", "en": f"“{shown}” is no duration."},
        {
            "zh": f"请写数字和单位，例如“{hint}”；单位有 {units}。",
            "en": f"Write a number and a unit, such as “{hint}”; the units are {units}.",
        },
    )


def _out_of_bounds(unit: Unit) -> DurationError:
    return DurationError(
        {"zh": "期限过短或过长。", "en": "The duration is too short or too long."},
        {
            "zh": f"请写 1 到 {_MOST[unit]} {_ZH[unit]}。",
            "en": f"Write 1 to {_MOST[unit]} {unit}.",
        },
    )


def _wrong_reminder(text: str) -> DurationError:
    return DurationError(
        {"zh": f"“{text.strip()[:40]}”不是提醒时间。", "en": f"“{text.strip()[:40]}” is no time for a reminder."},
        {
            "zh": "请写“1 working day before”（到期前）、“at the deadline”（到期当日）、“2 days after”（到期后）"
            "或“every 2 days after”（到期后每两天）。",
            "en": "Write “1 working day before”, “at the deadline”, “2 days after” or “every 2 days after”.",
        },
    )
