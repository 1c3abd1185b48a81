"""Recurrences and points of a period in words, for readers who do not write plans."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from definitions.calendars.reader import WEEKDAYS
from definitions.plans.recurrence import Pick, Recurrence
from definitions.plans.values import Point
from definitions.text import COMMA, LISTED, Said, spoken

_PERIODS: Mapping[str, Said] = {
    "week": Said("每周", "every week"),
    "month": Said("每月", "every month"),
    "quarter": Said("每季度", "every quarter"),
    "year": Said("每年", "every year"),
}
_ZH_DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_EN_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_MOVES: Mapping[str, Said] = {
    "next working day": Said("遇非工作日顺延", "moved to the next working day"),
    "previous working day": Said("遇非工作日提前", "moved to the working day before"),
    "same day": Said("", ""),
}


def how_often(rule: Recurrence, moves: str, language: str) -> str:
    """How often something comes round: ``每月25日，遇非工作日顺延``."""
    said, moved = _rule(rule, language), _MOVES[moves].of(language)
    return COMMA.of(language).join(part for part in (said, moved) if part)


def points_words(points: tuple[Point, ...], language: str) -> str:
    """When those behind are reminded: ``过半时、3/4 时、11月30日``."""
    return LISTED.of(language).join(_point(point, language) for point in points)


def _rule(rule: Recurrence, language: str) -> str:
    zh = spoken(language) == "zh"
    if rule.cron is not None:
        return f"cron {rule.source}"
    if rule.unit == "day":
        daily = rule.picks[0].what == "day"
        return (Said("每天", "every day") if daily else Said("每个工作日", "every working day")).of(language)
    every = _PERIODS[rule.unit].of(language)
    picks = Said("、", " and ").of(language).join(_pick(rule.unit, pick, zh=zh) for pick in rule.picks)
    return f"{every}{picks}" if zh else f"{every} on {picks}"


def _pick(unit: str, pick: Pick, *, zh: bool) -> str:
    if pick.what == "date":
        return f"{pick.number}月{pick.day}日" if zh else f"{pick.number:02}-{pick.day:02}"
    if pick.what == "day" and unit == "month" and pick.number > 0:
        return f"{pick.number}日" if zh else f"the {pick.number}{_suffix(pick.number)}"
    if pick.what == "weekday" and unit == "week":
        return _ZH_DAYS[pick.day - 1] if zh else WEEKDAYS[pick.day - 1].capitalize()
    what = {
        "day": Said("一天", "day"),
        "working day": Said("个工作日", "working day"),
        "weekday": (f"个{_ZH_DAYS[pick.day - 1]}", WEEKDAYS[pick.day - 1].capitalize()),
    }[pick.what][not zh]
    if zh and pick.what == "day":
        return "第一天" if pick.number > 0 else "最后一天"
    if zh:
        return f"第{_nth(pick.number)}{what}" if pick.number > 0 else f"最后一{what}"
    return f"the {_EN_ORDINALS.get(pick.number, str(pick.number) + _suffix(pick.number))} {what}"


def _suffix(number: int) -> str:
    return "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _nth(number: int) -> str:
    return "零一二三四五六七八九十"[number] if number <= 10 else str(number)


def _point(point: Point, language: str) -> str:
    zh = spoken(language) == "zh"
    if point.month_day is not None:
        month, day = point.month_day
        return f"{month}月{day}日" if zh else f"{month:02}-{day:02}"
    assert point.share is not None
    if point.share == Fraction(1, 2):
        return "过半时" if zh else "at half"
    return f"{point.share} 时" if zh else f"at {point.share}"
