"""All functions and tests that an expression can use, each bounded.

The two tables are the allow-list; ``docs/reference/expressions.md`` is checked against them, and its examples run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from definitions.expressions import arithmetic, dates, lists
from definitions.expressions.values import MISSING, bounded_text, filled, is_number, shown, text_for, unfit, whole_for

_WIDEST = 20


def _lower(value: object) -> str:
    """A text in small letters."""
    return bounded_text(text_for("lower", value).lower())


def _upper(value: object) -> str:
    """A text in capitals."""
    return bounded_text(text_for("upper", value).upper())


def _trim(value: object) -> str:
    """A text without blanks at its ends."""
    return text_for("trim", value).strip()


def _default(value: object, fallback: object) -> object:
    """The value, or another one where it is empty or missing."""
    return fallback if value is MISSING or value is None else value


def _pad(value: object, width: object) -> str:
    """A whole number with zeros before it, up to a width of at most 20."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise unfit("pad", value)
    return shown(value).zfill(whole_for("pad", width, 1, _WIDEST))


FILTERS: Mapping[str, Callable[..., object]] = {
    "abs": arithmetic.absolute,
    "chinese_date": dates.chinese_date,
    "column": lists.column,
    "count": lists.count,
    "day": dates.day,
    "days_between": dates.days_between,
    "default": _default,
    "first": lists.first,
    "join": lists.join,
    "last": lists.last,
    "length": lists.length,
    "lower": _lower,
    "max": lists.largest,
    "min": lists.smallest,
    "money": arithmetic.money,
    "month": dates.month,
    "pad": _pad,
    "plus_days": dates.plus_days,
    "round": arithmetic.round_number,
    "sum": lists.total,
    "trim": _trim,
    "upper": _upper,
    "weekday": dates.weekday,
    "year": dates.year,
}


def _defined(value: object) -> bool:
    """Whether the name is there at all."""
    return value is not MISSING


def _empty(value: object) -> bool:
    """Whether the value is not filled in: empty, or an empty text or list."""
    return not filled(value)


def _none(value: object) -> bool:
    """Whether the value is empty (not filled in)."""
    return value is None


def _number(value: object) -> bool:
    """Whether the value is a number."""
    return is_number(value)


def _string(value: object) -> bool:
    """Whether the value is a text."""
    return isinstance(value, str)


TESTS: Mapping[str, Callable[[object], bool]] = {
    "defined": _defined,
    "empty": _empty,
    "filled": filled,
    "none": _none,
    "number": _number,
    "string": _string,
}

#: How many arguments each function takes: at least, at most.
ARGUMENTS: Mapping[str, tuple[int, int]] = {
    "column": (1, 1),
    "count": (0, 2),
    "days_between": (1, 1),
    "default": (1, 1),
    "join": (0, 1),
    "max": (0, 1),
    "min": (0, 1),
    "pad": (1, 1),
    "plus_days": (1, 1),
    "round": (0, 1),
    "sum": (0, 1),
}
#: Functions and tests that may be given a name which is not there.
FORGIVING = frozenset({"default", "defined", "empty", "filled"})
