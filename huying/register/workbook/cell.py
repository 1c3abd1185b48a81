"""What stands in a cell, as it is meant: full-width digits, invisible signs and dates as people type them. Nothing is ever guessed."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime, time

from definitions.text import Said

#: What Excel gives for a cell; a formula comes as ``Formula``.
Plain = str | int | float | bool | datetime | date | time | None

#: Signs that show nothing, and those that turn the direction of reading: phone numbers copied from a contact list bring them along.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
#: Control characters, but for blanks and ends of lines.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
#: Chinese punctuation that NFKC would turn into that of an English keyboard; in names and notes it stays as it was written.
_PUNCTUATION = re.compile("[（）；：，！？％～]")
#: From here on Excel no longer keeps every digit.
_MOST_DIGITS = 15
_DATE = re.compile(r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?[日号]?(?: 0?0:00(?::00)?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?月?", re.ASCII)
_OTHER_DATE = re.compile(r"\d{1,2}[-/.年] ?\d{1,2}[-/.月] ?\d{1,4}日?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}) ?[:时点] ?(?:(\d{1,2}) ?分?)?(?::00)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_YES = frozenset({"是", "有", "√", "✓", "✔", "对", "y", "yes", "1", "true", "在用", "在职"})
_NO = frozenset({"否", "无", "没有", "×", "✗", "x", "n", "no", "0", "false", "停用", "离职"})


class Unclear(ValueError):
    """A cell cannot be taken: what is ``wrong`` with it, what to write (``remedy``), and values that would be right, each with its words."""

    def __init__(self, wrong: Said, remedy: Said, *choices: tuple[str, Said]) -> None:
        super().__init__(wrong.en)
        self.wrong = wrong
        self.remedy = remedy
        self.choices = choices


def clean(value: Plain) -> str | None:
    """The value as a text of a plain keyboard, without what cannot be seen; ``None`` for nothing at all."""
    text = _text(value)
    if text.isascii() and text.isprintable():
        # most cells of a large register: nothing there can be unseen
        return " ".join(text.split()) or None
    return _trimmed(unicodedata.normalize("NFKC", text))


def prose(value: Plain) -> str | None:
    """As ``clean``, but Chinese punctuation stays Chinese: for names, addresses and notes."""
    parts = _PUNCTUATION.split(found := _text(value))
    signs = [*_PUNCTUATION.findall(found), ""]
    return _trimmed(
        "".join(unicodedata.normalize("NFKC", part) + sign for part, sign in zip(parts, signs, strict=True))
    )


def _trimmed(text: str) -> str | None:
    return " ".join(_CONTROL.sub("", _UNSEEN.sub("", text)).split()) or None


def _text(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _digits(value)
    if isinstance(value, datetime | date | time):
        raise Unclear(
            Said(
                "Excel 把这里写的内容变成了日期或时间", "Excel has turned what was written here into a date or a time"
            ),
            Said("把该列设为文本格式，再重新填写", "format the column as text, and write it again"),
        )
    return value


def _digits(value: int | float) -> str:
    if abs(value) >= 10**_MOST_DIGITS:
        raise Unclear(
            Said(
                "数字超过 15 位，Excel 已丢掉后面的几位",
                "of a number of more than 15 digits Excel has lost the last ones",
            ),
            Said("把该列设为文本格式，再重新填写", "format the column as text, and write it again"),
        )
    return str(int(value)) if value == int(value) else repr(value)


def day(value: Plain) -> date | None:
    """The day that is meant; a number, an American or a two-digit date is refused, for it could be another."""
    if isinstance(value, datetime):
        if value.time() != time():
            raise _no_day(Said("日期后面还带着时间", "a time of day stands behind the date"), value.date())
        return _within(value.date())
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, time):
        raise _no_day(Said("这里是时间，不是日期", "this is a time of day, not a date"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise _no_day(Said("这是 Excel 内部的日期序号", "this is Excel's own number of a day"), _serial(value))
    text = clean(value)
    return None if text is None else _written(text)


def _written(text: str) -> date:
    found = _DATE.fullmatch(text)
    if found:
        try:
            return _within(date(*map(int, found.groups())))
        except ValueError as error:
            if isinstance(error, Unclear):
                raise
            raise _no_day(Said("没有这一天", "there is no such day")) from None
    if text.isascii() and text.isdigit():
        if len(text) == 8:
            raise _no_day(Said("日期连在一起写了", "the date is written in one"), _joined(text))
        raise _no_day(Said("这是 Excel 内部的日期序号", "this is Excel's own number of a day"), _serial(int(text)))
    if _MONTH.fullmatch(text):
        raise _no_day(Said("没有写到日", "the day is missing"))
    if _OTHER_DATE.fullmatch(text):
        raise _either(text)
    if re.match(r"\d{4}", text) and re.search(r"\d{1,2}:\d{2}", text):
        raise _no_day(Said("日期后面还带着时间", "a time of day stands behind the date"))
    raise _no_day(Said("这不是日期", "this is no date"))


def _joined(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _serial(value: float) -> date | None:
    """The day that Excel means by a number; only ever offered, never taken."""
    return date.fromordinal(date(1899, 12, 30).toordinal() + int(value)) if 10_000 <= value <= 73_000 else None


def _within(found: date) -> date:
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _no_day(
            Said(f"年份应在 {_FIRST_YEAR} 到 {_LAST_YEAR} 之间", f"the year is not in {_FIRST_YEAR} to {_LAST_YEAR}")
        )
    return found


def _either(text: str) -> Unclear:
    """Two numbers and a year, as other countries write it: both days that can be meant are offered."""
    first, second, year = map(int, re.findall(r"\d+", text))
    if year < _FIRST_YEAR:
        return _no_day(Said("看不出哪个是年、哪个是月", "it is not certain which part is the year and which the month"))
    meant = []
    for month, day in {(first, second): None, (second, first): None}:
        with suppress(ValueError):
            meant.append(date(year, month, day))
    if len(meant) == 1:
        return _no_day(Said("年写在了后面", "the year stands last"), *meant)
    return _no_day(
        Said("看不出哪个是月、哪个是日", "it is not certain which part is the month and which the day"), *meant
    )


def _no_day(wrong: Said, *perhaps: date | None) -> Unclear:
    choices = tuple(
        (day.isoformat(), Said(f"{day.year}年{day.month}月{day.day}日", day.isoformat()))
        for day in perhaps
        if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR
    )
    return Unclear(wrong, Said("写成 2026-11-01 或 2026年11月1日", "write it as 2026-11-01"), *choices)


def flag(value: Plain) -> bool | None:
    """Yes or no, as people tick it; ``None`` for nothing at all."""
    text = clean(value)
    if text is None:
        return None
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise Unclear(
        Said("看不出是“是”还是“否”", "this says neither yes nor no"),
        Said("写“是”或“否”", "write 是 or 否 (yes or no)"),
        ("是", Said("是", "yes")),
        ("否", Said("否", "no")),
    )


def clock(value: Plain) -> time | None:
    """An hour of the day, as 9:00 or 9点半 is written; ``None`` for nothing at all."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    text = clean(value)
    if text is None:
        return None
    found = _CLOCK.fullmatch(text.replace("半", "30分"))
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else _no_clock()
    except ValueError as error:
        if isinstance(error, Unclear):
            raise
        return _no_clock()


def _no_clock() -> time:
    raise Unclear(Said("这不是钟点", "this is no hour of the day"), Said("写成 09:00", "write it as 09:00"))


_SEPARATORS = re.compile(r"[、，,;；/\n]")


def several(value: Plain) -> tuple[str, ...]:
    """The parts of an enumeration, each once; 、，,;；/ and ends of lines all divide them."""
    parts = (clean(part) for part in _SEPARATORS.split(_text(value)))
    return tuple(dict.fromkeys(part for part in parts if part))
