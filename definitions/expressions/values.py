"""The values of expressions: what sorts there are, how each is written into a text, and how large one may be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from definitions.expressions.error import LONGEST_RESULT, ExpressionError
from definitions.text import Said

#: Stands for a name that is not there, where an expression asks whether it is.
MISSING: Final = object()

#: Numbers larger than this have no meaning in an office, and cost time.
LARGEST_NUMBER = 10**18
#: Decimals that count; what is behind them is the inexactness of binary fractions, so that 0.1 + 0.2 is 0.3.
DECIMALS = 10
#: Longer lists are not walked through; a table has at most 200 rows.
MOST_ITEMS = 1_000


def bounded_text(text: str) -> str:
    """The text, if it is not too long."""
    if len(text) > LONGEST_RESULT:
        raise _too_long()
    return text


def bounded_result(value: object) -> object:
    """What an expression gives, if it is not too much: the texts of a list count together."""
    if isinstance(value, str):
        return bounded_text(value)
    if is_number(value):
        return bounded_number(value)  # type: ignore[arg-type]
    if isinstance(value, list | tuple):
        texts = sum(len(item) for item in items_for("", value) if isinstance(item, str))
        if texts > LONGEST_RESULT:
            raise _too_long()
    return value


def _too_long() -> ExpressionError:
    return ExpressionError(
        f"结果超过 {LONGEST_RESULT} 个字符。", f"The result is longer than {LONGEST_RESULT} characters."
    )


def is_number(value: object) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def bounded_number(value: float) -> float:
    """The number, if it is finite and not too large."""
    # false for what is infinite or no number at all, too
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise ExpressionError("数字过大。", "The number is too large.")
    return round(value, DECIMALS) if isinstance(value, float) else value


_KINDS: tuple[tuple[Any, Said], ...] = (
    (bool, Said("是/否", "yes/no")),
    (str, Said("文字", "a text")),
    (int | float, Said("数字", "a number")),
    (date, Said("日期", "a date")),
    (list | tuple | set | frozenset, Said("列表", "a list")),
    (dict, Said("一组数据", "a record")),
)


def kind(value: object, language: str) -> str:
    """What sort of value this is, in words."""
    if value is None or value is MISSING:
        return Said("空值（未填写）", "an empty value").of(language)
    found = (said for type_, said in _KINDS if isinstance(value, type_))
    return next(found, Said("这种值", "a value")).of(language)


def unfit(name: str, value: object) -> ExpressionError:
    """The error of a function that was given a value which it cannot work on."""
    return ExpressionError(f"{name} 不能用于{kind(value, 'zh')}。", f"{name} cannot be used on {kind(value, 'en')}.")


def text_for(name: str, value: object) -> str:
    """The text that a function was given; ``ExpressionError`` if it is none."""
    if not isinstance(value, str):
        raise unfit(name, value)
    return bounded_text(value)


def items_for(name: str, value: object) -> list[object] | tuple[object, ...]:
    """The list that a function was given; ``ExpressionError`` if it is none, or too long."""
    if not isinstance(value, list | tuple):
        raise unfit(name, value)
    if len(value) > MOST_ITEMS:
        raise ExpressionError(f"列表超过 {MOST_ITEMS} 项。", f"The list has more than {MOST_ITEMS} values.")
    return value


def number_for(name: str, value: object) -> float:
    """The number that a function was given; ``ExpressionError`` if it is none, or too large."""
    if not is_number(value):
        raise unfit(name, value)
    return bounded_number(value)  # type: ignore[arg-type]


def whole_for(name: str, value: object, lowest: int, highest: int) -> int:
    """The whole number within bounds that a function was given; ``ExpressionError`` if it is none."""
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise ExpressionError(
            f"{name} 后面应是 {lowest} 到 {highest} 的整数。",
            f"{name} takes a whole number from {lowest} to {highest}.",
        )
    return value


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
        return str(int(number)) if number == int(number) else format(Decimal(repr(number)), "f")
    if isinstance(value, date):
        return value.isoformat()
    raise ExpressionError(
        f"{kind(value, 'zh')}不能直接写进文字；列表请用 join。",
        f"{kind(value, 'en').capitalize()} cannot be written into a text; use join for a list.",
    )


def filled(value: object) -> bool:
    """Whether the value is filled in: neither empty nor an empty text or list."""
    return value is not MISSING and value is not None and value not in ("", [], (), {})
