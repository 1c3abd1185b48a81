"""Cleaning one entered value of a plain type: texts, dates and times, yes or no.

Each cleaner takes what came from a web form or a program and gives the value as it is kept, or raises ``Wrong``. None is ever asked
for an empty value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from definitions.calendars.calendar import FIRST_DAY, LAST_DAY
from definitions.forms.characters import seen
from definitions.model.field import Field

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
#: Control characters, halves of a pair, and what stands where a character was lost on the way.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", re.ASCII)
#: The longest text of each type, unless the field says less.
LONGEST: Mapping[str, int] = {"text": 200, "long text": 5_000, "phone": 40, "email": 254}


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


def clean_text(field: Field, value: Any, register: Lookup) -> str:
    """A text as its reader sees it, without odd characters, of one line unless the type is ``long text``."""
    if not isinstance(value, str):
        raise Wrong("这里应填文字。", "This must be a text.")
    text = seen(unicodedata.normalize("NFC", value.replace("\r\n", "\n"))).strip()
    if _UNSHOWN.search(text):
        raise Wrong("文字里有无法显示的字符。", "The text holds characters that cannot be shown.")
    if field.type != "long text" and "\n" in text:
        raise Wrong("这里只能填一行。", "This must be a single line.")
    longest = field.longest or LONGEST.get(field.type, 200)
    if len(text) > longest:
        raise Wrong(
            f"最多 {longest} 个字，现有 {len(text)} 个字。", f"At most {longest} characters; there are {len(text)}."
        )
    return text


def clean_date(field: Field, value: Any, register: Lookup) -> str:
    """A day, as ``2026-11-27``."""
    try:
        if not _DATE.fullmatch(str(value)):
            raise ValueError(value)
        day = date.fromisoformat(str(value))
    except ValueError:
        raise Wrong("请填写日期，例如 2026-11-27。", "Please give a date, such as 2026-11-27.") from None
    return _within_reach(day).isoformat()


def _within_reach(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        first, last = FIRST_DAY.year, LAST_DAY.year
        raise Wrong(f"年份应在 {first} 到 {last} 之间。", f"The year must be between {first} and {last}.")
    return day


def clean_date_time(field: Field, value: Any, register: Lookup) -> str:
    """A moment on the calendar's clock, as ``2026-11-27T14:30``: to the minute, without an offset."""
    text = str(value)
    day, hour = text[:10], text[11:]
    try:
        if text[10:11] not in ("T", " ") or not (_DATE.fullmatch(day) and _TIME.fullmatch(hour)):
            raise ValueError(value)
        found = date.fromisoformat(day)
    except ValueError:
        raise Wrong(
            "请填写日期和时间，例如 2026-11-27 14:30。", "Please give a date and time, such as 2026-11-27 14:30."
        ) from None
    return f"{_within_reach(found).isoformat()}T{hour[:5]}"


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
