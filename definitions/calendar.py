"""Calendars: which days are worked, as data that administrators edit.

A calendar says nothing about years that are not announced: outside ``published_from`` to ``published_until`` its answers
are those of an ordinary week, and whoever reckons with them must say so. Reckoning itself is done by ``engine.calendar``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from definitions.finding import Finding, Unreadable
from definitions.source import Document, read

CALENDARS = Path(__file__).resolve().parent / "library" / "calendars"

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: A text by language code.
Words = Mapping[str, str]

_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?", re.ASCII)
#: The longest vacation; a longer one is a slip of the pen.
_LONGEST_VACATION = 31


class UnknownCalendar(LookupError):
    """There is no calendar of this name."""


@dataclass(frozen=True)
class Calendar:
    """The working days of an office: its weekdays (1 = Monday), holidays, and weekend days worked instead."""

    id: str
    title: Words
    timezone: str
    working_weekdays: frozenset[int]
    holidays: Mapping[date, Words]
    extra_workdays: Mapping[date, Words]
    published_from: date
    published_until: date
    version: int = 0
    hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(14), time(18)))

    def hours_on(self, day: date) -> tuple[tuple[time, time], ...]:
        """The working hours of a day, in order; none on a day that is not worked."""
        return self.hours if self.works(day) else ()

    @property
    def name(self) -> str:
        """The calendar with its version, as deadlines note it."""
        return f"{self.id} v{self.version}"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.timezone)

    def works(self, day: date) -> bool:
        """Whether a day is worked."""
        if day in self.holidays:
            return False
        return day.isoweekday() in self.working_weekdays or day in self.extra_workdays

    def covers(self, first: date, last: date) -> bool:
        """Whether every day from first to last has been announced."""
        return self.published_from <= first and last <= self.published_until


@lru_cache(maxsize=32)
def load_calendar(key: str, folder: Path = CALENDARS) -> Calendar:
    """The calendar of a name, read once; ``UnknownCalendar`` if there is none, ``Unreadable`` if its file has faults."""
    file = folder / f"{key}.yaml"
    if not _KEY.fullmatch(key) or not file.is_file():
        raise UnknownCalendar(key)
    return parse_calendar(file.read_bytes(), file.name)


def calendars(folder: Path = CALENDARS) -> tuple[str, ...]:
    """The names of all calendars, in order."""
    return tuple(sorted(file.stem for file in folder.glob("*.yaml")))


def parse_calendar(text: str | bytes, name: str) -> Calendar:
    """The calendar of a YAML text; ``Unreadable``, with all findings, if it has faults."""
    document = read(text, name)
    if document.findings:
        raise Unreadable(document.findings)
    try:
        written = _Written.model_validate(document.plain())
    except ValidationError as error:
        raise Unreadable(_findings(error, document)) from None
    findings = [*_strangers(written, document), *_contradictions(written, document)]
    if findings:
        raise Unreadable(findings)
    return _calendar(written)


Span = tuple[date, date]


def _date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_DAY, value, re.ASCII):
        return date.fromisoformat(value)
    return value


def _span(value: object) -> object:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not a day")
    first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    if not 0 <= (last - first).days < _LONGEST_VACATION:
        raise ValueError("not a vacation")
    return (first, last)


def _weekday(value: object) -> object:
    if value not in WEEKDAYS:
        raise ValueError("not a weekday")
    return WEEKDAYS.index(str(value)) + 1


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _zone(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]+(/[A-Za-z_+-]+){0,2}", value, re.ASCII):
        raise ValueError("not a time zone")
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        raise ValueError("not a time zone") from None
    return value


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_Day = Annotated[date, BeforeValidator(_date)]


class _Vacation(_Part):
    festival: str
    off: Annotated[Span, BeforeValidator(_span)]
    work: Annotated[tuple[_Day, ...], BeforeValidator(_tuple)] = ()


class _Written(_Part):
    """A calendar as it is written."""

    id: str
    title: dict[str, str]
    timezone: Annotated[str, BeforeValidator(_zone)]
    working_weekdays: Annotated[
        tuple[Annotated[int, BeforeValidator(_weekday)], ...],
        BeforeValidator(_tuple),
        Field(alias="working weekdays", min_length=1),
    ]
    published_from: _Day = Field(alias="published from")
    published_until: _Day = Field(alias="published until")
    festivals: dict[str, dict[str, str]] = Field(default_factory=dict)
    days: Annotated[tuple[_Vacation, ...], BeforeValidator(_tuple)] = ()


def _calendar(written: _Written) -> Calendar:
    holidays: dict[date, Words] = {}
    extra: dict[date, Words] = {}
    for vacation in written.days:
        name = written.festivals[vacation.festival]
        holidays.update(dict.fromkeys(_days(vacation.off), name))
        extra.update(dict.fromkeys(vacation.work, name))
    return Calendar(
        id=written.id,
        title=written.title,
        timezone=written.timezone,
        working_weekdays=frozenset(written.working_weekdays),
        holidays=holidays,
        extra_workdays=extra,
        published_from=written.published_from,
        published_until=written.published_until,
    )


def _days(span: Span) -> list[date]:
    first, last = span
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _strangers(written: _Written, document: Document) -> list[Finding]:
    return [
        _finding(
            document,
            ("days", number, "festival"),
            (f"没有名为“{vacation.festival}”的节日。", f"There is no festival “{vacation.festival}”."),
            ("请在 festivals 里写明名称。", "Name it under “festivals”."),
        )
        for number, vacation in enumerate(written.days)
        if vacation.festival not in written.festivals
    ]


def _contradictions(written: _Written, document: Document) -> list[Finding]:
    """Days that are written twice, or lie outside the time that the calendar says it covers."""
    found: list[Finding] = []
    seen: set[date] = set()
    for number, vacation in enumerate(written.days):
        for day in (*_days(vacation.off), *vacation.work):
            if day in seen:
                words = (f"{day} 写了两次。", f"{day} is written twice.")
                found.append(_finding(document, ("days", number), words, ("请保留一处。", "Keep one of them.")))
            elif not written.published_from <= day <= written.published_until:
                words = (f"{day} 不在公布的时间范围内。", f"{day} lies outside the time that is announced.")
                remedy = ("请更正日期或 published until。", "Correct the day, or “published until”.")
                found.append(_finding(document, ("days", number), words, remedy))
            seen.add(day)
    return found


def _findings(error: ValidationError, document: Document) -> list[Finding]:
    """What Pydantic found, each at its place."""
    found: list[Finding] = []
    for details in error.errors(include_url=False):
        path = [part for part in details["loc"] if part != "[key]"]
        last: Any = path[-1] if path else ""
        if details["type"] == "extra_forbidden":
            words = (f"日历里没有“{last}”这一项。", f"A calendar has no “{last}”.")
            remedy = ("请删去，或核对写法。", "Remove it, or check how it is written.")
        elif details["type"] == "missing":
            words = (f"缺少“{last}”。", f"“{last}” is missing.")
            remedy = ("请补上。", "Add it.")
        else:
            words = ("这里的内容不对。", "The value is not right here.")
            remedy = _SHOULD.get(str(last), ("请对照 china.yaml 的写法。", "See how china.yaml writes it."))
        found.append(_finding(document, path, words, remedy))
    return found


_SHOULD = {
    "off": ("请写 2026-10-01..2026-10-07 这样的日期。", "Write days such as 2026-10-01..2026-10-07."),
    "timezone": ("请写 Asia/Shanghai 这样的时区。", "Write a time zone such as Asia/Shanghai."),
    "published from": ("请写 2026-01-01 这样的日期。", "Write a day such as 2026-01-01."),
    "published until": ("请写 2026-12-31 这样的日期。", "Write a day such as 2026-12-31."),
}


def _finding(document: Document, path: Any, words: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    said, right = ({"zh": texts[0], "en": texts[1]} for texts in (words, remedy))
    return document.finding("calendar", path, said, right)
