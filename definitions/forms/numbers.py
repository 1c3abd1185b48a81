"""Cleaning numbers and amounts as people write them: taken as they were meant, or refused; never read as another number."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any, TypeVar

from definitions.forms.characters import narrow
from definitions.forms.values import Lookup, Wrong
from definitions.model.field import Field

#: Separators of thousands stand before every three digits, or nowhere: ``1,2345`` may be a slip of the finger for anything.
_WHOLE = re.compile(r"[+-]?([0-9]{1,30}|[0-9]{1,3}(,[0-9]{3}){1,9})", re.ASCII)
DECIMAL = re.compile(
    rf"(?P<whole>{_WHOLE.pattern})(\.(?P<decimals>[0-9]{{1,24}}))?(e[+-]?[0-9]{{1,2}})?", re.ASCII | re.I
)
_AMOUNT = re.compile(rf"{_WHOLE.pattern}(\.[0-9]{{1,6}})?", re.ASCII)
#: How people write an amount: with a sign before it, the word behind it.
_AROUND_AMOUNT = re.compile(r"^[¥$]\s*|\s*元$")
_LONGEST = 40
#: Larger numbers cannot be kept exactly; nobody counts so far. An amount has two decimals besides.
_LARGEST = 10.0**15
_LARGEST_AMOUNT = 10.0**12

_Number = TypeVar("_Number", int, float)


def clean_number(field: Field, value: Any, register: Lookup) -> int | float:
    """A number within the field's bounds; whole if the type is ``integer``."""
    whole = field.type == "integer"
    text = written(value)
    if not (_WHOLE if whole else DECIMAL).fullmatch(text):
        raise Wrong(
            "这里应填整数，例如 12。" if whole else "这里应填数字，例如 12.5。",
            f"This must be {'an integer, such as 12' if whole else 'a number, such as 12.5'}.",
        )
    plain = text.replace(",", "")
    return _bounded(field, int(plain) if whole else _exact(plain), _LARGEST)


def written(value: Any) -> str:
    """What was written, in digits of the keyboard; nothing that could be a number gives an empty text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # what a program sends as a number of a hundred thousand digits is not worth writing out
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return ""
    text = str(value)
    return narrow(text) if len(text) <= _LONGEST else ""


def _exact(text: str) -> float:
    number = float(text)
    if math.isfinite(number) and Decimal(repr(number)) != Decimal(text):
        raise Wrong("小数位数太多，最多约 15 位数字。", "There are too many decimals; at most about 15 digits.")
    return number


def clean_money(field: Field, value: Any, register: Lookup) -> float:
    """An amount with at most two decimals; ``¥1,234.50`` and ``1234.5元`` are taken as people write them."""
    text = _AROUND_AMOUNT.sub("", written(value))
    if not _AMOUNT.fullmatch(text):
        raise Wrong("请填写金额，例如 1234.50。", "Please give an amount, such as 1234.50.")
    amount = Decimal(text.replace(",", ""))
    if amount != round(amount, 2):
        raise Wrong("金额最多两位小数。", "An amount has at most two decimals.")
    return float(_bounded(field, float(amount), _LARGEST_AMOUNT))


def _bounded(field: Field, number: _Number, largest: float) -> _Number:
    low = -largest if field.at_least is None else field.at_least
    high = largest if field.at_most is None else field.at_most
    # written so that “not a number” is refused too
    if not low <= number <= high:
        raise Wrong(f"应在 {low:.15g} 到 {high:.15g} 之间。", f"This must be between {low:.15g} and {high:.15g}.")
    return number
