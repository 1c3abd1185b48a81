"""Calendars as they are written, in YAML: read, checked, and built on one another; and the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from definitions.calendars.calendar import USUAL_HOURS, Calendar, Season, Words
from definitions.finding import Finding, Unreadable
from definitions.problem import problem
from definitions.source.tree import Document, read
from definitions.text import Said

CALENDARS = Path(__file__).resolve().parents[1] / "library" / "calendars"

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?", re.ASCII)
_OPEN = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])", re.ASCII)
_IN_YEAR = re.compile(r"([0-1][0-9])-([0-3][0-9])", re.ASCII)
#: The longest vacation; a longer one is a slip of the pen.
_LONGEST_VACATION = 31


class UnknownCalendar(LookupError):
    """There is no calendar of this name."""


#: How the calendar that another builds on is found.
Lookup = Callable[[str], Calendar]


@lru_cache(maxsize=32)
def load_calendar(key: str, folder: Path = CALENDARS) -> Calendar:
    """The calendar of a name, read once; ``UnknownCalendar`` if there is none, ``Unreadable`` if its file has faults."""
    file = folder / f"{key}.yaml"
    if not _KEY.fullmatch(key) or not file.is_file():
        raise UnknownCalendar(key)
    return parse_calendar(file.read_bytes(), file.name, lambda other: load_calendar(other, folder))


def calendars(folder: Path = CALENDARS) -> tuple[str, ...]:
    """The names of all calendars, in order."""
    return tuple(sorted(file.stem for file in folder.glob("*.yaml")))


def parse_calendar(text: str | bytes, name: str, lookup: Lookup = load_calendar) -> Calendar:
    """The calendar of a YAML text; ``Unreadable``, with all findings, if it has faults. ``lookup`` finds what it builds on."""
    document = read(text, name)
    if document.findings:
        raise Unreadable(document.findings)
    try:
        written = _Written.model_validate(document.plain())
    except ValidationError as error:
        raise Unreadable([*_findings(error, document), *_lacking(document)]) from None
    try:
        base = lookup(written.extends) if written.extends else None
    except UnknownCalendar:
        words = Said(f"没有日历“{written.extends}”。", f"There is no calendar “{written.extends}”.")
        raise Unreadable([_finding(document, ("extends",), words, Said("请核对名称。", "Check its name."))]) from None
    findings = [*_lacking(document), *_strangers(written, document), *_contradictions(written, document)]
    if findings:
        raise Unreadable(findings)
    return _calendar(written, base)


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


def _hours(value: object) -> object:
    """``["09:00-12:00", "14:00-18:00"]`` as times; an end at 24:00 is midnight. They follow each other."""
    if not isinstance(value, list):
        return value
    spans: list[tuple[time, time]] = []
    for one in value:
        found = _OPEN.fullmatch(one) if isinstance(one, str) else None
        if found is None:
            raise ValueError("not hours")
        begin, end = time(int(found[1]), int(found[2])), time(int(found[3]) % 24, int(found[4]))
        if (end <= begin and end != time()) or (spans and (begin < spans[-1][1] or spans[-1][1] == time())):
            raise ValueError("not hours")
        spans.append((begin, end))
    return tuple(spans)


def _in_year(value: object) -> object:
    found = _IN_YEAR.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not a day of the year")
    day = date.fromisoformat(f"2024-{value}")
    return (day.month, day.day)


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
    off: Annotated[Span | None, BeforeValidator(_span)] = None
    work: Annotated[tuple[_Day, ...], BeforeValidator(_tuple)] = ()


_Hours = Annotated[tuple[tuple[time, time], ...], BeforeValidator(_hours)]


class _Season(_Part):
    first: Annotated[tuple[int, int], BeforeValidator(_in_year), Field(alias="from")]
    last: Annotated[tuple[int, int], BeforeValidator(_in_year), Field(alias="until")]
    hours: _Hours


class _Written(_Part):
    """A calendar as it is written; what it leaves out is that of the one it builds on."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
    title: dict[str, str]
    extends: str | None = None
    timezone: Annotated[str | None, BeforeValidator(_zone)] = None
    working_weekdays: Annotated[
        tuple[Annotated[int, BeforeValidator(_weekday)], ...] | None,
        BeforeValidator(_tuple),
        Field(alias="working weekdays", min_length=1),
    ] = None
    hours: Annotated[_Hours | None, Field(alias="working hours", min_length=1)] = None
    seasons: Annotated[tuple[_Season, ...], BeforeValidator(_tuple)] = ()
    published_from: _Day | None = Field(default=None, alias="published from")
    published_until: _Day | None = Field(default=None, alias="published until")
    festivals: dict[str, dict[str, str]] = Field(default_factory=dict)
    days: Annotated[tuple[_Vacation, ...], BeforeValidator(_tuple)] = ()


def _calendar(written: _Written, base: Calendar | None) -> Calendar:
    names = written.festivals
    off: dict[date, Words] = {}
    work: dict[date, Words] = {}
    for vacation in written.days:
        off.update(dict.fromkeys(_days(vacation.off) if vacation.off else (), names[vacation.festival]))
        work.update(dict.fromkeys(vacation.work, names[vacation.festival]))
    if base is None:
        return _whole(written, off, work)
    kept_off = {day: name for day, name in base.holidays.items() if day not in work}
    kept_work = {day: name for day, name in base.extra_workdays.items() if day not in off}
    return replace(
        base,
        id=written.id,
        title=written.title,
        timezone=written.timezone or base.timezone,
        working_weekdays=frozenset(written.working_weekdays) if written.working_weekdays else base.working_weekdays,
        holidays={**kept_off, **off},
        extra_workdays={**kept_work, **work},
        published_from=written.published_from or base.published_from,
        published_until=written.published_until or base.published_until,
        hours=written.hours or base.hours,
        seasons=_seasons(written) or (base.seasons if written.hours is None else ()),
        version=0,
        base=base.name,
    )


def _whole(written: _Written, off: Mapping[date, Words], work: Mapping[date, Words]) -> Calendar:
    """A calendar of its own; that nothing is lacking was checked before."""
    assert written.timezone
    assert written.working_weekdays
    assert written.published_from
    assert written.published_until
    return Calendar(
        id=written.id,
        title=written.title,
        timezone=written.timezone,
        working_weekdays=frozenset(written.working_weekdays),
        holidays=off,
        extra_workdays=work,
        published_from=written.published_from,
        published_until=written.published_until,
        hours=written.hours or USUAL_HOURS,
        seasons=_seasons(written),
    )


def _seasons(written: _Written) -> tuple[Season, ...]:
    return tuple(Season(one.first, one.last, one.hours) for one in written.seasons)


def _days(span: Span) -> list[date]:
    first, last = span
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


_NEEDED = ("timezone", "working weekdays", "published from", "published until")


def _lacking(document: Document) -> list[Finding]:
    """What a calendar that builds on no other must say."""
    plain = document.plain()
    if not isinstance(plain, dict) or "extends" in plain:
        return []
    return [
        _finding(document, (), Said(f"缺少“{key}”。", f"“{key}” is missing."), Said("请补上。", "Add it."))
        for key in _NEEDED
        if key not in plain
    ]


def _strangers(written: _Written, document: Document) -> list[Finding]:
    return [
        _finding(
            document,
            ("days", number, "festival"),
            Said(f"没有名为“{vacation.festival}”的节日。", f"There is no festival “{vacation.festival}”."),
            Said("请在 festivals 里写明名称。", "Name it under “festivals”."),
        )
        for number, vacation in enumerate(written.days)
        if vacation.festival not in written.festivals
    ]


def _contradictions(written: _Written, document: Document) -> list[Finding]:
    """Days that are written twice, or lie outside the time that the calendar says it covers."""
    found: list[Finding] = []
    seen: set[date] = set()
    for number, vacation in enumerate(written.days):
        for day in (*(_days(vacation.off) if vacation.off else ()), *vacation.work):
            if day in seen:
                words = Said(f"{day} 写了两次。", f"{day} is written twice.")
                found.append(_finding(document, ("days", number), words, Said("请保留一处。", "Keep one of them.")))
            elif not (written.published_from or day) <= day <= (written.published_until or day):
                words = Said(f"{day} 不在公布的时间范围内。", f"{day} lies outside the time that is announced.")
                remedy = Said("请更正日期或 published until。", "Correct the day, or “published until”.")
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
            words = Said(f"日历里没有“{last}”这一项。", f"A calendar has no “{last}”.")
            remedy = Said("请删去，或核对写法。", "Remove it, or check how it is written.")
        elif details["type"] == "missing":
            words = Said(f"缺少“{last}”。", f"“{last}” is missing.")
            remedy = Said("请补上。", "Add it.")
        else:
            words = Said("这里的内容不对。", "The value is not right here.")
            remedy = _SHOULD.get(str(last), Said("请对照 china.yaml 的写法。", "See how china.yaml writes it."))
        found.append(_finding(document, path, words, remedy))
    return found


_SHOULD = {
    "off": Said("请写 2026-10-01..2026-10-07 这样的日期。", "Write days such as 2026-10-01..2026-10-07."),
    "hours": Said('请写 ["09:00-12:00", "14:00-18:00"] 这样的时间。', 'Write ["09:00-12:00", "14:00-18:00"].'),
    "working hours": Said(
        '请写 ["09:00-12:00", "14:00-18:00"] 这样的时间。',
        'Write ["09:00-12:00", "14:00-18:00"].',
    ),
    "from": Said("请写 06-01 这样的日期。", "Write a day of the year such as 06-01."),
    "until": Said("请写 09-30 这样的日期。", "Write a day of the year such as 09-30."),
    "timezone": Said("请写 Asia/Shanghai 这样的时区。", "Write a time zone such as Asia/Shanghai."),
    "published from": Said("请写 2026-01-01 这样的日期。", "Write a day such as 2026-01-01."),
    "published until": Said("请写 2026-12-31 这样的日期。", "Write a day such as 2026-12-31."),
}


def _finding(document: Document, path: Any, words: Said, remedy: Said) -> Finding:
    return document.finding(problem("calendar", tuple(path), words, remedy))
