"""Arithmetic of expressions: exact to ten decimals, as offices count, and bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from definitions.expressions.error import LONGEST_RESULT, ExpressionError
from definitions.expressions.values import (
    DECIMALS,
    bounded_number,
    bounded_text,
    is_number,
    kind,
    number_for,
    whole_for,
)


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


# wide enough for the largest number with all its decimals
_WIDE = Context(prec=60)


def _rounded(value: float, digits: int) -> Decimal:
    # half away from zero, as offices round; Python's own rounding would make 2.5 a 2
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE)


def round_number(value: object, digits: object = 0) -> object:
    """A number rounded to whole ones, or to so many decimals (0 to 10); a half goes up."""
    places = whole_for("round", digits, 0, DECIMALS)
    rounded = _rounded(number_for("round", value), places)
    return float(rounded) if places else int(rounded)


def absolute(value: object) -> object:
    """A number without its minus sign."""
    return abs(number_for("abs", value))


def money(value: object) -> str:
    """An amount with two decimals."""
    return format(_rounded(number_for("money", value), 2), "f")
