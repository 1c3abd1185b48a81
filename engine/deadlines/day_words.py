"""Days, moments and runs of days in words, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from definitions.text import LISTED, Said, words

WEEKDAYS = {
    "zh": [f"星期{day}" for day in "一二三四五六日"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
#: More runs than this are not told one by one.
_MOST_NAMED = 4

Words = Mapping[str, str]
WEEKEND: Words = {"zh": "周末", "en": "weekends"}


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row that share a reason."""

    first: date
    last: date
    name: Words


def runs(days: list[date], names: Mapping[date, Words]) -> list[Run]:
    """Days grouped into runs of one name."""
    found: list[Run] = []
    for _, group in groupby(enumerate(days), lambda pair: (pair[1].toordinal() - pair[0], words(names[pair[1]], "zh"))):
        members = [day for _, day in group]
        found.append(Run(members[0], members[-1], names[members[0]]))
    return found


def days(first: date, last: date) -> Iterable[date]:
    """Every day from first to last."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def short(day: date, language: str) -> str:
    """A day without its year."""
    return Said(f"{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]}").of(language)


def full(day: date, language: str) -> str:
    """A day with its year."""
    return Said(f"{day.year}年{short(day, language)}", f"{short(day, language)} {day.year}").of(language)


def moment(local: datetime, language: str) -> str:
    """A moment to the minute."""
    return f"{full(local.date(), language)}{Said('', ', ').of(language)}{local:%H:%M}"


def weekday(day: date, language: str) -> str:
    """The name of a day's weekday."""
    return WEEKDAYS[language][day.weekday()]


def listed(found: list[Run], language: str) -> str:
    """Runs one after the other, the first few of them."""
    said = [_span(run, language) for run in found[:_MOST_NAMED]]
    more = Said("等", " and more").of(language) if len(found) > _MOST_NAMED else ""
    return LISTED.of(language).join(said) + more


def _span(run: Run, language: str) -> str:
    if run.name is WEEKEND:
        return WEEKEND[language]
    left, right = Said("（", " (").of(language), Said("）", ")").of(language)
    to = Said("至", " to ").of(language)
    last = f"{to}{short(run.last, language)}" if run.first != run.last else ""
    return f"{short(run.first, language)}{last}{left}{words(run.name, language)}{right}"
