"""Cleaning one entered value of a plain type: texts, numbers, money, dates and times, yes or no.

Each cleaner takes what came from a web form or a program and gives the value as it is kept, or raises ``Wrong``. None is ever asked
for an empty value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import msgspec

from definitions.calendars.calendar import FIRST_DAY, LAST_DAY
from definitions.model.field import Field

_PHONE = re.compile(r"^\+?[0-9][0-9 ()-]{4,24}$")
_EMAIL = re.compile(r"^[^@\s<>\"',;]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}$")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", re.ASCII)
_AMOUNT = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,6})?", re.ASCII)
#: How people write an amount: with a sign before it, the word behind it, and separators of thousands.
_AROUND_AMOUNT = re.compile(r"^[¥￥]|元$|(?<=[0-9])[,，](?=[0-9]{3})|\s")
#: Larger numbers cannot be kept exactly; nobody counts so far. An amount has two decimals besides.
_LARGEST = 10.0**15
_LARGEST_AMOUNT = 10.0**12
#: The longest text of each type, unless the field says less.
LONGEST: Mapping[str, int] = {"text": 200, "long text": 5_000, "phone": 26, "email": 254}


class Wrong(ValueError):
    """The value cannot be taken; ``message`` says why in each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message: Mapping[str, str] = {"zh": zh, "en": en}


class Lookup(msgspec.Struct, frozen=True):
    """What a form asks the register: whether a reference exists, and which one people mean by a text (type, text)."""

    known: Callable[[str], bool]
    resolve: Callable[[str, str], str | None] | None = None


Cleaner = Callable[[Field, Any, Lookup], Any]
_Number = TypeVar("_Number", int, float)


def clean_text(field: Field, value: Any, register: Lookup) -> str:
    """A text without odd characters, of one line unless the type is ``long text``."""
    if not isinstance(value, str):
        raise Wrong("这里应填文字。", "This must be a text.")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    # U+FFFD stands where a character was lost on the way
    if any((unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t") or c == "\ufffd" for c in text):
        raise Wrong("文字里有无法显示的字符。", "The text holds characters that cannot be shown.")
    if field.type != "long text" and "\n" in text:
        raise Wrong("这里只能填一行。", "This must be a single line.")
    longest = field.longest or LONGEST.get(field.type, 200)
    if len(text) > longest:
        raise Wrong(
            f"最多 {longest} 个字，现有 {len(text)} 个字。", f"At most {longest} characters; there are {len(text)}."
        )
    return text


def clean_phone(field: Field, value: Any, register: Lookup) -> str:
    """A telephone number as it was written."""
    text = clean_text(field, value, register)
    if text and not _PHONE.match(text):
        raise Wrong("请填写电话号码，例如 13800000000。", "Please give a telephone number, such as 13800000000.")
    return text


def clean_email(field: Field, value: Any, register: Lookup) -> str:
    """An e-mail address as it was written."""
    text = clean_text(field, value, register)
    if text and not _EMAIL.match(text):
        raise Wrong("请填写电子邮箱，例如 name@example.cn。", "Please give an e-mail address, such as name@example.cn.")
    return text


def clean_number(field: Field, value: Any, register: Lookup) -> int | float:
    """A number within the field's bounds; whole if the type is ``integer``."""
    whole = field.type == "integer"
    try:
        if isinstance(value, bool) or len(str(value)) > 30:
            raise ValueError
        number = int(str(value)) if whole else float(str(value))
    except ValueError:
        raise Wrong(
            "这里应填整数。" if whole else "这里应填数字。", f"This must be {'an integer' if whole else 'a number'}."
        ) from None
    return _bounded(field, number, _LARGEST)


def clean_money(field: Field, value: Any, register: Lookup) -> float:
    """An amount with at most two decimals; ``¥1,234.50`` and ``1234.5元`` are taken as people write them."""
    text = _AROUND_AMOUNT.sub("", str(value).strip()) if not isinstance(value, bool) and len(str(value)) <= 30 else ""
    if not _AMOUNT.fullmatch(text):
        raise Wrong("请填写金额，例如 1234.50。", "Please give an amount, such as 1234.50.")
    try:
        amount = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Wrong("请填写金额，例如 1234.50。", "Please give an amount, such as 1234.50.") from None
    if amount != Decimal(text):
        raise Wrong("金额最多两位小数。", "An amount has at most two decimals.")
    return float(_bounded(field, float(amount), _LARGEST_AMOUNT))


def _bounded(field: Field, number: _Number, largest: float) -> _Number:
    low = -largest if field.at_least is None else field.at_least
    high = largest if field.at_most is None else field.at_most
    # written so that “not a number” is refused too
    if not low <= number <= high:
        raise Wrong(f"应在 {low:.15g} 到 {high:.15g} 之间。", f"This must be between {low:.15g} and {high:.15g}.")
    return number


def clean_date(field: Field, value: Any, register: Lookup) -> str:
    """A day, as ``2026-11-27``."""
    try:
        if not _DATE.fullmatch(str(value)):
            raise ValueError(value)
        return _within_reach(date.fromisoformat(str(value)))
    except ValueError as wrong:
        if isinstance(wrong, Wrong):
            raise
        raise Wrong("请填写日期，例如 2026-11-27。", "Please give a date, such as 2026-11-27.") from None


def _within_reach(day: date) -> str:
    """The day as it is kept, if people reckon with its year."""
    if not FIRST_DAY <= day <= LAST_DAY:
        first, last = FIRST_DAY.year, LAST_DAY.year
        raise Wrong(f"年份应在 {first} 到 {last} 之间。", f"The year must be between {first} and {last}.")
    return day.isoformat()


def clean_date_time(field: Field, value: Any, register: Lookup) -> str:
    """A moment on the calendar's clock, as ``2026-11-27T14:30``: to the minute, without an offset."""
    text = str(value)
    day, hour = text[:10], text[11:]
    try:
        if text[10:11] not in ("T", " ") or not (_DATE.fullmatch(day) and _TIME.fullmatch(hour)):
            raise ValueError(value)
        return f"{_within_reach(date.fromisoformat(day))}T{hour[:5]}"
    except ValueError as wrong:
        if isinstance(wrong, Wrong):
            raise
        raise Wrong(
            "请填写日期和时间，例如 2026-11-27 14:30。", "Please give a date and time, such as 2026-11-27 14:30."
        ) from None


def clean_time(field: Field, value: Any, register: Lookup) -> str:
    """A time of day, as ``14:30``."""
    if not _TIME.fullmatch(str(value)):
        raise Wrong("请填写时间，例如 14:30。", "Please give a time, such as 14:30.")
    return str(value)[:5]


_YES_NO = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "0": False}


def clean_yes_no(field: Field, value: Any, register: Lookup) -> bool:
    """Yes or no, as a boolean."""
    answer = value if isinstance(value, bool) else _YES_NO.get(str(value).lower())
    if answer is None:
        raise Wrong("请选“是”或“否”。", "Please answer yes or no.")
    return answer
