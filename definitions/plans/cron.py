"""Cron texts, for those who know them: five parts, minute, hour, day, month, weekday. A plan comes round at most once a day.

So the first two parts are one number each. As in cron, when both day and weekday are narrowed, either will do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = r"[0-9A-Za-z*/,-]+"
_RANGE = re.compile(r"(\*|[0-9]{1,2}|[a-z]{3})(?:-([0-9]{1,2}|[a-z]{3}))?(?:/([0-9]{1,2}))?", re.ASCII)


class CronError(ValueError):
    """This is no cron text; ``message`` says so in each language, ``remedy`` what would be right."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{part!r} cannot stand in this cron text")
        self.message: Mapping[str, str] = {
            "zh": f"cron 里的“{part[:20]}”不对。",
            "en": f"“{part[:20]}” cannot stand in this cron text.",
        }
        self.remedy: Mapping[str, str] = {
            "zh": "请写“分 时 日 月 星期”五项，每天最多一次，分和时各写一个数，例如 0 9 25 * *。",
            "en": "Write minute, hour, day, month and weekday; at most once a day, so one number each for the first two: 0 9 25 * *.",
        }


@dataclass(frozen=True, slots=True)
class Cron:
    """The days of a cron text, and the time of day. ``either``: day and weekday are both narrowed, and one of them is enough."""

    at: time
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    @staticmethod
    def looks_like(text: str) -> bool:
        """Whether somebody meant a cron text."""
        return re.fullmatch(rf"[0-9*/,-]+ [0-9*/,-]+ {_PART} {_PART} {_PART}", text) is not None

    @classmethod
    def parse(cls, text: str) -> Cron:
        """The days that five parts name; ``CronError`` names the part that is wrong."""
        minute, hour, day, month, weekday = text.lower().split(" ")
        at = time(_one(hour, 23), _one(minute, 59))
        weekdays = frozenset(number % 7 or 7 for number in _numbers(weekday, 0, 7, _DAYS, 0))
        days, months = _numbers(day, 1, 31, (), 1), _numbers(month, 1, 12, _MONTHS, 1)
        return cls(at, days, months, weekdays, either=day != "*" and weekday != "*")

    def names(self, day: date) -> bool:
        """Whether this is one of its days."""
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() in self.weekdays
        return by_day or by_weekday if self.either else by_day and by_weekday


def _one(text: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII) or int(text) > most:
        raise CronError(text)
    return int(text)


def _numbers(text: str, least: int, most: int, names: tuple[str, ...], base: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise CronError(part)
        first, last, step = match.groups()
        begin = least if first == "*" else _number(first, names, base, part)
        end = most if first == "*" or (step and not last) else _number(last or first, names, base, part)
        if not least <= begin <= end <= most or (step and int(step) == 0):
            raise CronError(part)
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, names: tuple[str, ...], base: int, part: str) -> int:
    if text.isdigit():
        return int(text)
    if text not in names:
        raise CronError(part)
    return names.index(text) + base
