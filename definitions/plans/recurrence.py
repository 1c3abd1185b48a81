"""When something comes round, as administrators write it: ``month on the 25th``, ``quarter on the last working day``, or a cron text.

Only the words; which days they mean in a calendar is reckoned by ``engine.recurrence``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from definitions.calendars.reader import WEEKDAYS
from definitions.finding import nearest
from definitions.plans.cron import Cron, CronError

Unit = Literal["day", "week", "month", "quarter", "year", "cron"]
What = Literal["day", "working day", "weekday", "date"]

_UNITS = ("day", "working day", "week", "month", "quarter", "year")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?", re.ASCII)
_DATE = re.compile(r"([0-9]{2})-([0-9]{2})", re.ASCII)
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EXAMPLES = "month on the 25th, week on monday, year on 03-01, quarter on the last day, month on the last working day"


class RecurrenceError(ValueError):
    """This says no days; ``message`` says so in each language, ``remedy`` what would be right."""

    def __init__(self, message: Mapping[str, str], remedy: Mapping[str, str]) -> None:
        super().__init__(f"{message['en']} {remedy['en']}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Pick:
    """Which day of a period: the ``number``-th of its kind from the beginning, or -1 for the last.

    Of a ``weekday`` the day is 1 (Monday) to 7; of a ``date`` the number is the month, and ``day`` the day in it.
    """

    what: What
    number: int
    day: int = 0


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The days that come round: some of every ``unit``, or those of a cron text; two of the same source are equal."""

    source: str
    unit: Unit
    picks: tuple[Pick, ...] = ()
    cron: Cron | None = None

    @classmethod
    def parse(cls, text: str) -> Recurrence:
        """What a phrase or a cron text means; ``RecurrenceError`` if it means nothing."""
        source = " ".join(text.split())
        if Cron.looks_like(source):
            try:
                return cls(source, "cron", (), Cron.parse(source))
            except CronError as error:
                raise RecurrenceError(error.message, error.remedy) from None
        unit, _, days = source.lower().partition(" on ")
        if unit in ("day", "working day") and not days:
            return cls(source, "day", (Pick("working day" if unit != "day" else "day", 0),))
        if unit not in _UNITS[2:] or not days:
            raise _no_period(source)
        picks = tuple(_pick(unit, part) for part in re.split(r"\s*,\s*|\s+and\s+", days.strip()))
        return cls(source, unit, picks)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.source


def _pick(unit: str, text: str) -> Pick:
    words = text.strip().removeprefix("the ").strip()
    if unit == "week" and words in WEEKDAYS:
        return Pick("weekday", 1, WEEKDAYS.index(words) + 1)
    if unit == "month" and (found := _NUMBER.fullmatch(words)) and 1 <= int(found[1]) <= 31:
        return Pick("day", int(found[1]))
    if unit == "year" and (found := _DATE.fullmatch(words)):
        month, day = int(found[1]), int(found[2])
        if 1 <= month <= 12 and 1 <= day <= _LONGEST_MONTHS[month - 1]:
            return Pick("date", month, day)
    first, _, kind = words.partition(" ")
    number = _ORDINALS.get(first) or _ordinal(first)
    if number is not None and unit != "week" and kind == "day" and number in (1, -1):
        return Pick("day", number)
    if number is not None and kind == "working day":
        return Pick("working day", number)
    if number is not None and unit == "month" and kind in WEEKDAYS:
        return Pick("weekday", number, WEEKDAYS.index(kind) + 1)
    raise _no_day(unit, text.strip())


def _ordinal(word: str) -> int | None:
    found = re.fullmatch(r"([1-9][0-9]?)(?:st|nd|rd|th)", word, re.ASCII)
    return int(found[1]) if found and int(found[1]) <= 23 else None


def _no_period(source: str) -> RecurrenceError:
    shown = source[:60]
    near = nearest(shown.split(" ")[0].lower(), _UNITS)
    zh = (
        f"是不是“{near} on …”？例如：“{_EXAMPLES}”。"
        if near
        else f"例如：“{_EXAMPLES}”；也可以写 “cron”（分 时 日 月 星期）。"
    )
    en = f"Did you mean “{near} on …”? Such as: {_EXAMPLES}." if near else f"Such as: {_EXAMPLES}; or a cron text."
    return RecurrenceError(
        {"zh": f"“{shown}”没有说清多久一次。", "en": f"“{shown}” does not say how often."}, {"zh": zh, "en": en}
    )


_DAYS_OF: Mapping[str, str] = {
    "week": "monday … sunday, the first working day, the last working day",
    "month": "the 25th, the last day, the first working day, the last working day, the second monday",
    "quarter": "the first day, the last day, the first working day, the last working day",
    "year": "03-01, the first day, the last day, the last working day",
}


def _no_day(unit: str, text: str) -> RecurrenceError:
    shown, zh = text[:40], {"week": "一周", "month": "一个月", "quarter": "一个季度", "year": "一年"}[unit]
    return RecurrenceError(
        {"zh": f"“{shown}”不是{zh}里的日子。", "en": f"“{shown}” is no day of a {unit}."},
        {"zh": f"可以写：{_DAYS_OF[unit]}。", "en": f"It can be: {_DAYS_OF[unit]}."},
    )
