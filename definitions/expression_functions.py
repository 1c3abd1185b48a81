"""Everything that an expression can do besides comparing: arithmetic, filters and tests, each bounded.

The two tables at the end are the allow-list; ``docs/reference/expressions.md`` is checked against them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from definitions.expression_error import LONGEST_RESULT, ExpressionError

#: Stands for a name that is not there, where an expression asks whether it is.
MISSING: Final = object()

#: Numbers larger than this have no meaning in an office, and cost time.
LARGEST_NUMBER = 10**18
_WIDEST = 20


def bounded_text(text: str) -> str:
    """The text, if it is not too long."""
    if len(text) > LONGEST_RESULT:
        raise ExpressionError(
            f"结果超过 {LONGEST_RESULT} 个字符。", f"The result is longer than {LONGEST_RESULT} characters."
        )
    return text


def is_number(value: object) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def bounded_number(value: float) -> float:
    """The number, if it is finite and not too large."""
    # false for what is infinite or no number at all, too
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise ExpressionError("数字过大。", "The number is too large.")
    return value


def _numbers(left: object, right: object) -> tuple[Any, Any]:
    if not (is_number(left) and is_number(right)):
        raise ExpressionError(
            f"{kind(left, 'zh')}和{kind(right, 'zh')}不能这样计算。",
            f"Cannot calculate with {kind(left, 'en')} and {kind(right, 'en')}.",
        )
    return bounded_number(left), bounded_number(right)  # type: ignore[arg-type]


def add(left: object, right: object) -> object:
    """Two numbers added, or two texts joined."""
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > LONGEST_RESULT:
            bounded_text(left + right)
        return left + right
    a, b = _numbers(left, right)
    return bounded_number(a + b)


def subtract(left: object, right: object) -> object:
    """One number less another."""
    a, b = _numbers(left, right)
    return bounded_number(a - b)


def multiply(left: object, right: object) -> object:
    """Two numbers multiplied; a text is never repeated."""
    a, b = _numbers(left, right)
    return bounded_number(a * b)


def divide(left: object, right: object) -> object:
    """One number divided by another, not by zero."""
    a, b = _numbers(left, right)
    if b == 0:
        raise ExpressionError("不能除以零。", "Cannot divide by zero.")
    return bounded_number(a / b)


ARITHMETIC: Mapping[str, Callable[[object, object], object]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
}

_KINDS: tuple[tuple[Any, str, str], ...] = (
    (bool, "是/否", "yes/no"),
    (str, "文字", "a text"),
    (int | float, "数字", "a number"),
    (date, "日期", "a date"),
    (list | tuple | set | frozenset, "列表", "a list"),
    (dict, "一组数据", "a record"),
)


def kind(value: object, language: str) -> str:
    """What sort of value this is, in words."""
    if value is None or value is MISSING:
        return "空值（未填写）" if language == "zh" else "an empty value"
    found = next(((zh, en) for type_, zh, en in _KINDS if isinstance(value, type_)), ("这种值", "a value"))
    return found[0] if language == "zh" else found[1]


def _unfit(name: str, value: object) -> ExpressionError:
    return ExpressionError(f"{name} 不能用于{kind(value, 'zh')}。", f"{name} cannot be used on {kind(value, 'en')}.")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _unfit(name, value)
    return bounded_text(value)


def _length(value: object) -> int:
    """How many characters a text has, or values a list."""
    if isinstance(value, str | list | tuple | set | frozenset | dict):
        return len(value)
    raise _unfit("length", value)


def _lower(value: object) -> str:
    """A text in small letters."""
    return bounded_text(_text("lower", value).lower())


def _upper(value: object) -> str:
    """A text in capitals."""
    return bounded_text(_text("upper", value).upper())


def _trim(value: object) -> str:
    """A text without blanks at its ends."""
    return _text("trim", value).strip()


def _default(value: object, fallback: object) -> object:
    """The value, or another one where it is empty or missing."""
    return fallback if value is MISSING or value is None else value


def _join(values: object, separator: object = "、") -> str:
    """The values of a list as one text, with a separator between them."""
    if not isinstance(values, list | tuple):
        raise _unfit("join", values)
    between = _text("join", separator)
    parts: list[str] = []
    total = 0
    for value in values:
        parts.append(shown(value))
        total += len(parts[-1]) + len(between)
        if total > LONGEST_RESULT + len(between):
            raise ExpressionError(
                f"结果超过 {LONGEST_RESULT} 个字符。", f"The result is longer than {LONGEST_RESULT} characters."
            )
    return between.join(parts)


def _pad(value: object, width: object) -> str:
    """A whole number with zeros before it, up to a width of at most 20."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _unfit("pad", value)
    if isinstance(width, bool) or not isinstance(width, int) or not 1 <= width <= _WIDEST:
        raise ExpressionError(f"pad 的宽度应为 1 到 {_WIDEST}。", f"The width of pad must be 1 to {_WIDEST}.")
    return shown(value).zfill(width)


def shown(value: object) -> str:
    """A single value as a text: an empty one as nothing, a whole number without a decimal point."""
    if isinstance(value, str):
        return bounded_text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        number = bounded_number(value)
        return str(int(number)) if number == int(number) else str(number)
    if isinstance(value, date):
        return value.isoformat()
    raise ExpressionError(
        f"{kind(value, 'zh')}不能直接写进文字；列表请用 join。",
        f"{kind(value, 'en').capitalize()} cannot be written into a text; use join for a list.",
    )


def _filled(value: object) -> bool:
    """Whether the value is filled in: neither empty nor an empty text or list."""
    return value is not MISSING and value is not None and value not in ("", [], (), {})


FILTERS: Mapping[str, Callable[..., object]] = {
    "default": _default,
    "join": _join,
    "length": _length,
    "lower": _lower,
    "pad": _pad,
    "trim": _trim,
    "upper": _upper,
}


def _defined(value: object) -> bool:
    """Whether the name is there at all."""
    return value is not MISSING


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
    "filled": _filled,
    "none": _none,
    "number": _number,
    "string": _string,
}

#: How many arguments each filter takes: at least, at most.
ARGUMENTS: Mapping[str, tuple[int, int]] = {"default": (1, 1), "join": (0, 1), "pad": (1, 1)}
#: Filters and tests that may be given a name which is not there.
FORGIVING = frozenset({"default", "defined", "filled"})
