"""Terms: how long something may take, or by which day it is to be done, as administrators write it.

A term is a duration (``3 working days``), a day that comes round (``by the 25th``, ``by the end of the month``, ``by 12-31``), one day
(``by 2026-12-31``), the day in a field (``until hearing_day``), so long before or after it (``7 days before hearing_day``), or a day close by and an
hour (``same day``, ``by 17:00``, ``next working day by 12:00``). ``until hearing_day or 5 working days`` says what counts where the field is empty.
Where it differs from case to case, ``within`` is a list: the first entry whose guard holds, and whose field is filled in, counts, and the last has
no guard. What a term comes to is reckoned by ``engine.deadline``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic import Field as Constrained

from definitions.calendars.calendar import FIRST_DAY, LAST_DAY
from definitions.model.duration import Duration, DurationError
from definitions.model.node import Guard, Node, each_read
from definitions.model.shorthand import canonical
from definitions.text import Said

Turn = Literal["month", "quarter", "year"]

_TURNS: Mapping[Turn, str] = {"month": "月", "quarter": "季", "year": "年"}
_NTH = re.compile(r"by the ([0-9]{1,2})(?:st|nd|rd|th)", re.ASCII)
_END = re.compile(r"by the end of the (month|quarter|year)", re.ASCII)
_YEARLY = re.compile(r"by ([0-9]{2})-([0-9]{2})", re.ASCII)
_DATE = re.compile(r"by ([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)
_NAME = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*"
_FIELD = re.compile(rf"until ({_NAME})", re.ASCII)
_FROM = re.compile(rf"(.{{1,40}}) (before|after) ({_NAME}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})", re.ASCII)
_CLOSE = re.compile(r"(same day|next day|next working day)(?: (by .+))?", re.ASCII)
_HOUR = re.compile(r"by ([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_OFFICE = "by the end of office hours"
_EITHER = " or "
_CLOSE_ZH = {"same day": "当日", "next day": "次日", "next working day": "下一个工作日", "": ""}


@dataclass(frozen=True, slots=True)
class NextDay:
    """The next day of its kind after the event: of each month, quarter or year; ``day`` 31 is the last one."""

    turn: Turn
    day: int = 31
    month: int | None = None

    def __str__(self) -> str:
        if self.month is not None:
            return f"by {self.month:02}-{self.day:02}"
        return f"by the end of the {self.turn}" if self.day == 31 else f"by the {_ordinal(self.day)}"

    def words(self, locale: str) -> str:
        """The term for readers."""
        if self.month is not None:
            return Said(f"{self.month}月{self.day}日前", str(self)).of(locale)
        turn = f"{_TURNS[self.turn]}底前" if self.day == 31 else f"每月{self.day}日前"
        return Said(turn, str(self)).of(locale)


@dataclass(frozen=True, slots=True)
class OneDay:
    """A day of the calendar."""

    day: date

    def __str__(self) -> str:
        return f"by {self.day.isoformat()}"

    def words(self, locale: str) -> str:
        """The term for readers."""
        return Said(f"{self.day.year}年{self.day.month}月{self.day.day}日前", str(self)).of(locale)


@dataclass(frozen=True, slots=True)
class FieldDay:
    """The day that a field of the issue holds when the step is entered."""

    field: str

    def __str__(self) -> str:
        return f"until {self.field}"

    def words(self, locale: str) -> str:
        """The term for readers; whoever has the field's title says it better."""
        return Said(f"至“{self.field}”所填日期", f"until the day in “{self.field}”").of(locale)


@dataclass(frozen=True, slots=True)
class FromDay:
    """So long before or after a day: that of a field (by its name), or, once the step is entered, the day itself."""

    length: Duration
    when: Literal["before", "after"]
    day: str | date

    def __str__(self) -> str:
        return f"{self.length} {self.when} {self.day}"

    def words(self, locale: str) -> str:
        """The term for readers; whoever has the field's title says it better."""
        day = self.day
        if isinstance(day, date):
            zh, en = f"{day.year}年{day.month}月{day.day}日", day.isoformat()
        else:
            zh, en = f"“{day}”所填日期", f"the day in “{day}”"
        side = "前" if self.when == "before" else "后"
        return Said(f"{zh}{side} {self.length.words('zh')}", f"{self.length} {self.when} {en}").of(locale)


@dataclass(frozen=True, slots=True)
class CloseDay:
    """A day close by, and until which hour of it: a time, ``office`` for the end of office hours, or ``None`` for the whole day.

    Without a day (``by 17:00``) it is the next such hour on a day that is worked.
    """

    day: Literal["same day", "next day", "next working day", ""]
    hour: time | Literal["office"] | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.day, self._hour()) if part)

    def _hour(self) -> str:
        if self.hour is None:
            return ""
        return _OFFICE if self.hour == "office" else f"by {self.hour:%H:%M}"

    def words(self, locale: str) -> str:
        """The term for readers."""
        hour = "" if self.hour is None else "下班前" if self.hour == "office" else f"{self.hour:%H:%M}前"
        return Said(f"{_CLOSE_ZH[self.day]}{hour or '内'}", str(self)).of(locale)


Term = Duration | NextDay | OneDay | FieldDay | FromDay | CloseDay
#: Terms that need a field of the issue.
OfField = FieldDay | FromDay
#: Units that are reckoned to the moment, not to a day.
EXACT = frozenset({"minutes", "hours", "working hours"})


def field_of(term: Term) -> str | None:
    """The field that a term reads; ``None`` if it needs none."""
    if isinstance(term, FieldDay):
        return term.field
    return term.day if isinstance(term, FromDay) and isinstance(term.day, str) else None


@lru_cache(2048)
def parse_term(text: str) -> Term:
    """The term that a phrase names; ``DurationError`` says what would be right."""
    phrase = canonical(text)
    if found := _FIELD.fullmatch(phrase):
        return FieldDay(found[1])
    if found := _FROM.fullmatch(phrase):
        return _from(text, found)
    if found := _CLOSE.fullmatch(phrase.lower()):
        return _close(text, found)
    if not phrase.lower().startswith("by "):
        return Duration.parse(text)
    term = _by(phrase.lower())
    if term is None:
        raise _wrong(text)
    return term


def _from(text: str, found: re.Match[str]) -> Term:
    length, when, day = Duration.parse(found[1]), found[2], found[3]
    named = _there(day) if day[0].isdigit() else day
    if named is None or length.unit in EXACT:
        raise _wrong(text)
    return FromDay(length, "before" if when == "before" else "after", named)


def _close(text: str, found: re.Match[str]) -> Term:
    days: dict[str, Literal["same day", "next day", "next working day"]] = {
        "same day": "same day", "next day": "next day", "next working day": "next working day"
    }  # fmt: skip
    hour = _by(found[2]) if found[2] else CloseDay("")
    if not isinstance(hour, CloseDay):
        raise _wrong(text)
    return CloseDay(days[found[1]], hour.hour)


def _by(phrase: str) -> Term | None:
    if phrase == _OFFICE:
        return CloseDay("", "office")
    if found := _HOUR.fullmatch(phrase):
        return CloseDay("", time(int(found[1]), int(found[2])))
    if (found := _NTH.fullmatch(phrase)) and 1 <= int(found[1]) <= 31:
        return NextDay("month", int(found[1]))
    if found := _END.fullmatch(phrase):
        turns: dict[str, Turn] = {"month": "month", "quarter": "quarter", "year": "year"}
        return NextDay(turns[found[1]])
    if found := _YEARLY.fullmatch(phrase):
        month, day = int(found[1]), int(found[2])
        # the 29th of February comes round as the month's last day
        return NextDay("year", day, month) if _there(f"2024-{month:02}-{day:02}") else None
    if (found := _DATE.fullmatch(phrase)) and (one := _there(found[1])):
        return OneDay(one)
    return None


def _there(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _wrong(text: str) -> DurationError:
    shown = text.strip()[:40]
    return DurationError(
        {"zh": f"“{shown}”不是期限。", "en": f"“{shown}” is no term."},
        {
            "zh": "请写“3 working days”“by the 25th”“by the end of the month”“by 12-31”“by 2026-12-31”“by 17:00”“same day”“next working day by 12:00”"
            "“until 字段名”或“7 days before 字段名”。",
            "en": "Write “3 working days”, “by the 25th”, “by the end of the month”, “by 12-31”, “by 2026-12-31”, “by 17:00”, “same day”, "
            "“next working day by 12:00”, “until” and a field, or “7 days before” and a field.",
        },
    )


class Choice(Node):
    """One entry of a list of terms: it counts when its guard is the first that holds."""

    when: Guard | None = None
    is_: Annotated[
        Term,
        BeforeValidator(lambda value: parse_term(value) if isinstance(value, str) else value),
        PlainSerializer(str, return_type=str),
        WithJsonSchema({"type": "string"}),
    ] = Constrained(alias="is")

    @cached_property
    def field(self) -> str | None:
        """The field that it reads; ``None`` if it needs none."""
        return field_of(self.is_)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a step or limit, in the order in which their guards are tried."""

    choices: tuple[Choice, ...]

    def __iter__(self) -> Iterator[Choice]:
        return iter(self.choices)

    @property
    def only(self) -> Term | None:
        """The term, if there is but one."""
        return self.choices[0].is_ if len(self.choices) == 1 else None

    @property
    def plain(self) -> bool:
        """Whether no guard decides: one term, or several of which each counts where the field of the one before it is empty."""
        return all(choice.when is None for choice in self.choices)

    def words(self, locale: str) -> str:
        """The terms for readers, in their order."""
        said = list(dict.fromkeys(choice.is_.words(locale) for choice in self.choices))
        return Said(" 或 ", " or ").of(locale).join(said)

    def __str__(self) -> str:
        return (_EITHER if self.plain else "; ").join(str(choice.is_) for choice in self.choices)


def may_have_passed(term: Term) -> bool:
    """Whether its last day may lie before the day on which it begins."""
    return isinstance(term, OneDay | FieldDay | FromDay) or (
        isinstance(term, CloseDay) and term.day == "same day" and term.hour is not None
    )


def terms_of(text: str) -> Terms:
    """The terms that a phrase names, each for where the one before it is empty: ``until day or 5 working days``."""
    return Terms(tuple(Choice(is_=parse_term(one)) for one in _alternatives(text)))


def _alternatives(text: str) -> list[str]:
    """The terms of a phrase as they are written, or as the language says them if that is how they are taken apart."""
    return text.split(_EITHER) if _EITHER in text else canonical(text).split(_EITHER) if "或" in text else [text]


def parse_terms(value: Any) -> Any:
    """The terms that a text or a list says; anything else stays as it is, and is refused by its type."""
    if isinstance(value, str):
        return terms_of(value)
    if isinstance(value, list):
        return Terms(
            each_read(Choice, {index: {"is": one} if isinstance(one, str) else one for index, one in enumerate(value)})
        )
    return value


def plain_terms(terms: Terms) -> Any:
    """Terms as they are written."""
    if terms.plain:
        return str(terms)
    return [choice.model_dump(mode="json", by_alias=True, exclude_none=True) for choice in terms]


_ENTRY = {
    "type": "object",
    "properties": {"when": {"type": "string"}, "is": {"type": "string"}},
    "required": ["is"],
    "additionalProperties": False,
}
#: A term, or a list of terms by guard.
Within = Annotated[
    Terms,
    BeforeValidator(parse_terms),
    PlainSerializer(plain_terms),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string", "examples": ["3 working days", "1 month", "by the 25th", "until day or 5 days"]},
                {"type": "array", "minItems": 1, "items": {"oneOf": [{"type": "string"}, _ENTRY]}},
            ]
        }
    ),
]
