"""A deadline explained in words, in Chinese and English: what was counted, what was not, and why.

Made when somebody looks, from the same start, duration and calendar; nothing here decides when a deadline is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from definitions.calendar import Calendar
from definitions.duration import Duration
from definitions.text import words
from engine.calendar import deadline, moved

_ONE_DAY = timedelta(days=1)
_WEEKDAYS = {
    "zh": [f"星期{day}" for day in "一二三四五六日"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
#: More vacations than this are not told one by one.
_MOST_NAMED = 4

Words = Mapping[str, str]


def explain(start: datetime, duration: Duration, calendar: Calendar) -> Words:
    """How the deadline of a period that begins at ``start`` (aware) comes about, by language."""
    return {"zh": _explain_zh(start, duration, calendar), "en": _explain_en(start, duration, calendar)}


@dataclass(frozen=True, slots=True)
class _Run:
    """Days in a row that share a reason."""

    first: date
    last: date
    name: Words


def _explain_zh(start: datetime, duration: Duration, calendar: Calendar) -> str:
    local, due = start.astimezone(calendar.zone), deadline(start, duration, calendar)
    if due.exact:
        end = due.due_at.astimezone(calendar.zone)
        return f"{duration.words('zh')}，自{_moment_zh(local)}起，至{_moment_zh(end)}止。"
    event = local.date()
    parts = [f"{duration.words('zh')}，自{_zh(event)}起，当日不计，次日起算"]
    if duration.unit == "working days":
        off, worked = _counted(event, due.due_on, calendar)
        if off:
            parts.append(f"{_listed([_span_zh(run) for run in off], '、', '等')}不计")
        if worked:
            parts.append(f"{_listed([_span_zh(run) for run in worked], '、', '等')}调休上班，计入")
    elif (last := moved(event, duration)) != due.due_on:
        parts.append(f"最后一日{_short_zh(last)}是{_why_zh(last, calendar)}，顺延至下一个工作日")
    parts.append(f"{_zh(due.due_on)}（{_WEEKDAYS['zh'][due.due_on.weekday()]}）24时届满")
    tail = f"{_year_unknown(due.due_on, calendar)}年的放假安排尚未公布，此期限为暂定，公布后重新计算。"
    return "；".join(parts) + "。" + (tail if due.provisional else "")


def _explain_en(start: datetime, duration: Duration, calendar: Calendar) -> str:
    local, due = start.astimezone(calendar.zone), deadline(start, duration, calendar)
    if due.exact:
        end = due.due_at.astimezone(calendar.zone)
        return f"{duration.words('en')} from {_moment_en(local)}: until {_moment_en(end)}."
    event = local.date()
    parts = [f"{duration.words('en')} from {_en(event)}, that day not counted"]
    if duration.unit == "working days":
        off, worked = _counted(event, due.due_on, calendar)
        if off:
            parts.append(f"not counted: {_listed([_span_en(run) for run in off], ', ', ' and more')}")
        if worked:
            parts.append(f"worked instead, so counted: {_listed([_span_en(run) for run in worked], ', ', ' and more')}")
    elif (last := moved(event, duration)) != due.due_on:
        parts.append(f"the last day, {_short_en(last)}, is {_why_en(last, calendar)}, so the next working day counts")
    parts.append(f"ends with {_WEEKDAYS['en'][due.due_on.weekday()]}, {_en(due.due_on)}")
    year = _year_unknown(due.due_on, calendar)
    tail = f" The holidays of {year} are not announced yet: this deadline is provisional and will be reckoned again."
    return "; ".join(parts) + "." + (tail if due.provisional else "")


def _counted(event: date, last: date, calendar: Calendar) -> tuple[list[_Run], list[_Run]]:
    """The vacations that were skipped (each whole), and the weekend days that were counted, after the event."""
    days = list(_days(event + _ONE_DAY, last))
    off = _runs([day for day in days if day in calendar.holidays], calendar.holidays)
    extra = [day for day in days if day in calendar.extra_workdays and calendar.works(day)]
    weekends = [day for day in days if not calendar.works(day) and day not in calendar.holidays]
    if weekends:
        off.append(_Run(weekends[0], weekends[-1], _WEEKEND))
    return off, _runs(extra, calendar.extra_workdays)


_WEEKEND: Words = {"zh": "周末", "en": "weekends"}


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _ONE_DAY


def _runs(days: list[date], names: Mapping[date, Words]) -> list[_Run]:
    """Days grouped into runs of one name."""
    runs: list[_Run] = []
    for _, group in groupby(enumerate(days), lambda pair: (pair[1].toordinal() - pair[0], words(names[pair[1]], "zh"))):
        members = [day for _, day in group]
        runs.append(_Run(members[0], members[-1], names[members[0]]))
    return runs


def _listed(items: list[str], separator: str, more: str) -> str:
    return separator.join(items[:_MOST_NAMED]) + (more if len(items) > _MOST_NAMED else "")


def _year_unknown(day: date, calendar: Calendar) -> int:
    """The first year that the calendar would have to know."""
    later = calendar.published_until + _ONE_DAY
    return later.year if day >= later else calendar.published_from.year - 1


def _why_zh(day: date, calendar: Calendar) -> str:
    return f"{words(calendar.holidays[day], 'zh')}假期" if day in calendar.holidays else _WEEKDAYS["zh"][day.weekday()]


def _why_en(day: date, calendar: Calendar) -> str:
    return words(calendar.holidays[day], "en") if day in calendar.holidays else f"a {_WEEKDAYS['en'][day.weekday()]}"


def _span_zh(run: _Run) -> str:
    if run.name is _WEEKEND:
        return "周末"
    name = words(run.name, "zh")
    return (
        f"{_short_zh(run.first)}至{_short_zh(run.last)}（{name}）"
        if run.first != run.last
        else f"{_short_zh(run.first)}（{name}）"
    )


def _span_en(run: _Run) -> str:
    if run.name is _WEEKEND:
        return "weekends"
    name = words(run.name, "en")
    return (
        f"{_short_en(run.first)} to {_short_en(run.last)} ({name})"
        if run.first != run.last
        else f"{_short_en(run.first)} ({name})"
    )


def _short_zh(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _zh(day: date) -> str:
    return f"{day.year}年{_short_zh(day)}"


def _moment_zh(moment: datetime) -> str:
    return f"{_zh(moment.date())}{moment:%H:%M}"


def _short_en(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _en(day: date) -> str:
    return f"{_short_en(day)} {day.year}"


def _moment_en(moment: datetime) -> str:
    return f"{_en(moment.date())}, {moment:%H:%M}"
