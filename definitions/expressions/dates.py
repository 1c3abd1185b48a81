"""Functions of expressions on dates.

A date is the text that fields keep, ``2026-02-11``, and a date with time ``2026-02-11T14:30``; so dates compare as they stand.
Working days need a calendar and are no matter of expressions.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from definitions.expressions.error import ExpressionError
from definitions.expressions.values import kind, whole_for

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T[0-9:.+-]{1,30})?", re.ASCII)
#: A hundred years.
MOST_DAYS = 36_600


def _day(function: str, value: object) -> tuple[date, str]:
    """The day that a value names, and what stands behind it (the time of the day, or nothing)."""
    if isinstance(value, date):
        value = value.isoformat()
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        if found:
            return date.fromisoformat(found[1]), found[2] or ""
    except ValueError:
        pass
    raise ExpressionError(
        f"{function} 需要 2026-02-11 这样的日期，这里是{kind(value, 'zh')}。",
        f"{function} needs a date such as 2026-02-11; this is {kind(value, 'en')}.",
    )


def plus_days(value: object, days: object) -> str:
    """The date so many days later (or earlier, with a minus sign)."""
    day, time = _day("plus_days", value)
    try:
        return (day + timedelta(days=whole_for("plus_days", days, -MOST_DAYS, MOST_DAYS))).isoformat() + time
    except OverflowError:
        raise ExpressionError("日期超出了范围。", "The date is out of range.") from None


def days_between(value: object, other: object) -> int:
    """How many days from one date to another, below zero if the other is earlier."""
    return (_day("days_between", other)[0] - _day("days_between", value)[0]).days


def year(value: object) -> int:
    """The year of a date."""
    return _day("year", value)[0].year


def month(value: object) -> int:
    """The month of a date, 1 to 12."""
    return _day("month", value)[0].month


def day(value: object) -> int:
    """The day of the month of a date, 1 to 31."""
    return _day("day", value)[0].day


def weekday(value: object) -> int:
    """The day of the week of a date, 1 (Monday) to 7 (Sunday)."""
    return _day("weekday", value)[0].isoweekday()


def chinese_date(value: object) -> str:
    """A date as Chinese letters write it."""
    found = _day("chinese_date", value)[0]
    return f"{found.year}年{found.month}月{found.day}日"
