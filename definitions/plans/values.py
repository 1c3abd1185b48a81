"""The small values that plans are written with: a time of day, hours, days, stations, shares of a period."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from definitions.expressions.expression import Expression, Template
from definitions.model.duration import Duration
from definitions.model.shorthand import canonical
from definitions.plans.recurrence import Recurrence
from definitions.text import Said

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)
_SHARE = re.compile(r"(?:the )?([1-9][0-9]?)/([1-9][0-9]?)|([1-9][0-9]?) ?%", re.ASCII)
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.ASCII)
_HALVES = re.compile(r"(half|three quarters|a quarter|two thirds)(?: of the (?:year|half year|quarter|month))?")
_NAMED = {"half": (1, 2), "three quarters": (3, 4), "a quarter": (1, 4), "two thirds": (2, 3)}


class PlanError(ValueError):
    """A value of a plan is wrong; ``message`` and ``remedy`` say it in each language."""

    def __init__(self, message: Said, remedy: Said) -> None:
        super().__init__(f"{message[1]} {remedy[1]}")
        self.message: Mapping[str, str] = {"zh": message[0], "en": message[1]}
        self.remedy: Mapping[str, str] = {"zh": remedy[0], "en": remedy[1]}


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a duty, on one day."""

    begin: time
    end: time

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Stations:
    """At which stations a plan holds: all (nothing named), those of these codes, or those of a kind."""

    codes: tuple[str, ...] = ()
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a period at which reminders go out: a share of it, or a day (month, day)."""

    source: str
    share: Fraction | None = None
    month_day: tuple[int, int] | None = None


def parsed(parse: Callable[[str], Any], *, words: Said, example: str) -> BeforeValidator:
    """A validator that reads texts by ``parse``; what is no text is refused with the example."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            return parse(value)
        if value is None or isinstance(value, bool | int | float | list | dict):
            raise PlanError(
                Said(f"这里应是{words[0]}。", f"This must be {words[1]}."),
                Said(f"例如：{example}。", f"Such as: {example}."),
            )
        return value

    return BeforeValidator(read)


def _time(text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise PlanError(
            Said(f"“{text[:20]}”不是时刻。", f"“{text[:20]}” is no time of day."),
            Said("例如：09:00。", "Such as: 09:00."),
        )
    return time(int(found[1]), int(found[2]))


def _hours(text: str) -> Hours:
    begin, dash, end = re.sub(r"\s*[-–—~～至]\s*", "-", text.strip()).partition("-")
    found = Hours(_time(begin), _time(end)) if dash else None
    if found is None or found.end <= found.begin:
        raise PlanError(
            Said(f"“{text[:30]}”不是起止时间。", f"“{text[:30]}” are no hours of a day."),
            Said("先写开始，再写结束，例如：09:00-11:30。", "First the beginning, then the end: 09:00-11:30."),
        )
    return found


def _day(text: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise PlanError(
            Said(f"“{text[:20]}”不是日期。", f"“{text[:20]}” is no day."),
            Said("例如：2026-03-01。", "Such as: 2026-03-01."),
        ) from None


def _stations(value: Any) -> Any:
    """``every station``, a code, a list of codes, or ``{kind: industry}``."""
    if isinstance(value, Stations):
        return value
    if isinstance(value, str) and " ".join(value.lower().split()) in ("every station", "all stations"):
        return Stations()
    if isinstance(value, dict) and set(value) == {"kind"} and isinstance(value["kind"], str):
        return Stations(kind=value["kind"])
    codes = [value] if isinstance(value, str) else value
    if isinstance(codes, list) and codes and all(isinstance(one, str) and _CODE.fullmatch(one) for one in codes):
        return Stations(codes=tuple(dict.fromkeys(codes)))
    raise PlanError(
        Said("这里没有说清是哪些站点。", "This does not say which stations."),
        Said(
            "请写 every station、站点代码（XG 或 [XG, RY]），或 {kind: industry}。",
            "Write every station, codes (XG or [XG, RY]), or {kind: industry}.",
        ),
    )


def _point(text: str) -> Point:
    words = " ".join(text.lower().split())
    if found := _MONTH_DAY.fullmatch(words):
        return Point(words, month_day=(int(found[1]), int(found[2])))
    if found := _HALVES.fullmatch(words):
        return Point(words, share=Fraction(*_NAMED[found[1]]))
    if found := _SHARE.fullmatch(words.partition(" of the ")[0]):
        share = Fraction(int(found[3]), 100) if found[3] else Fraction(int(found[1]), int(found[2]))
        if 0 < share < 1:
            return Point(words, share=share)
    raise PlanError(
        Said(f"“{text[:30]}”不是提醒的时点。", f"“{text[:30]}” is no point at which to remind."),
        Said(
            "请写份额或日期，例如 half of the year、3/4、75 %、10-31。",
            "Write a share or a day: half of the year, 3/4, 75 %, 10-31.",
        ),
    )


def _points(value: Any) -> Any:
    many = [value] if isinstance(value, str) else value
    return tuple(_point(one) if isinstance(one, str) else one for one in many) if isinstance(many, list) else many


def _given(value: Any) -> Any:
    """A field's value: an expression, ``{text: …}`` with expressions in ``{{ }}``, a number, yes or no, or a list of texts."""
    if isinstance(value, str):
        return Expression.parse(value)
    if isinstance(value, dict) and set(value) == {"text"} and isinstance(value["text"], str):
        return Template.parse(value["text"])
    if isinstance(value, bool | int | float | Expression | Template):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise PlanError(
        Said("这里应是表达式或文字。", "This must be an expression or a text."),
        Said(
            "表达式直接写，例如 day；文字写成 {text: 仙港路 12 号}。",
            "Write an expression as it is, such as day; a text as {text: 12 Xiangang Road}.",
        ),
    )


def _ahead(text: str) -> Duration:
    """How long before a day, in days, weeks or months; hours would make no day of it."""
    found = Duration.parse(text)
    if found.unit in ("minutes", "hours"):
        raise PlanError(
            Said("提前量要以天、周或月计。", "How long ahead is said in days, weeks or months."),
            Said("例如：3 days、5 working days、3 months。", "Such as: 3 days, 5 working days, 3 months."),
        )
    return found


def _announce(text: str) -> Duration:
    length, _, when = canonical(text).rpartition(" ")
    if when.lower() != "before":
        raise PlanError(
            Said(f"“{text[:30]}”没有说清提前多久公告。", f"“{text[:30]}” does not say how long before."),
            Said("例如：3 days before。", "Such as: 3 days before."),
        )
    return _ahead(length)


Every = Annotated[
    Recurrence, parsed(Recurrence.parse, words=Said("多久一次", "how often"), example="month on the 25th")
]
Clock = Annotated[time, parsed(_time, words=Said("时刻", "a time of day"), example="09:00")]
Span = Annotated[Hours, parsed(_hours, words=Said("起止时间", "hours of a day"), example="09:00-11:30")]
Day = Annotated[date, parsed(_day, words=Said("日期", "a day"), example="2026-03-01")]
Where = Annotated[Stations, BeforeValidator(_stations)]
Ahead = Annotated[Duration, parsed(_ahead, words=Said("提前量", "how long before"), example="3 days")]
Announce = Annotated[
    Duration, parsed(_announce, words=Said("提前多久公告", "how long before"), example="3 days before")
]
Points = Annotated[tuple[Point, ...], BeforeValidator(_points)]
Given = Annotated[Any, BeforeValidator(_given)]
Period = Literal["month", "quarter", "half year", "year"]
