"""How people write times when nobody tells them how: ``60日``, ``15个工作日``, ``到期前三天``, ``15 workdays``, ``６０ days``.

Each is taken as the phrase of the language that it must mean, and ``check --fix`` writes that. What is not clear is left as it is:
``3月`` is March to some.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ZH = {
    "秒": "seconds",
    "分钟": "minutes",
    "个小时": "hours",
    "小时": "hours",
    "个工作小时": "working hours",
    "工作小时": "working hours",
    "个工作日": "working days",
    "工作日": "working days",
    "个自然日": "calendar days",
    "自然日": "calendar days",
    "个日历日": "calendar days",
    "天": "days",
    "日": "days",
    "周": "weeks",
    "个星期": "weeks",
    "星期": "weeks",
    "个月": "months",
    "个季度": "quarters",
    "季度": "quarters",
    "年": "years",
}
_EN = {
    "sec": "second",
    "min": "minute",
    "hr": "hour",
    "h": "hour",
    "work day": "working day",
    "workday": "working day",
    "business day": "working day",
    "workingday": "working day",
    "weekday": "working day",
    "working-day": "working day",
    "work hour": "working hour",
    "business hour": "working hour",
    "office hour": "working hour",
    "natural day": "calendar day",
    "wk": "week",
    "yr": "year",
}
_NUMBER = "[0-9]{1,9}|[零一二两三四五六七八九十百]{1,7}|半"
_UNIT = "|".join(sorted(_ZH, key=len, reverse=True))
_LENGTH = rf"(?:{_NUMBER})(?:{_UNIT})"
_HOUR = r"(?:[0-9]{1,2}(?::[0-9]{2}|[点时]))(?:之前|以前|前)|下班(?:之前|以前|前)"
_BEFORE = "(?:之前|以前|前)"
_NAME = r"[“\"]?([a-z][a-z0-9_-]*)[”\"]?"


def canonical(text: str) -> str:
    """The phrase of the language that a text must mean; the text with plain blanks and digits if it means none."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not re.search("[\u4e00-\u9fff]", plain):
        return _english(plain)
    phrase = plain.replace(" ", "")
    several = re.split("或者|或", phrase)
    said = [_chinese(one) for one in several]
    return " or ".join(one for one in said if one) if all(said) else plain


def _english(plain: str) -> str:
    """With the word of the language for units that have others: workdays, business days."""
    found = re.fullmatch(
        r"(every |up to )?([0-9]{1,9}) ?([A-Za-z][A-Za-z -]*?)s?( (?:before|after)(?: .*)?)?", plain, re.ASCII
    )
    if found is None:
        return plain
    written = " ".join(found[3].lower().split())
    unit = _EN.get(written, written)
    many = "s" if found[2] != "1" else ""
    said = f"{found[1] or ''}{found[2]} {unit}{many}{found[4] or ''}"
    return said if written in _EN or not re.search(r"[0-9] ", plain) else plain


def _chinese(phrase: str) -> str | None:
    for pattern, say in _PHRASES:
        if found := re.fullmatch(pattern, phrase):
            return say(found)
    return None


def _length(text: str) -> str:
    number = re.match(_NUMBER, text)
    assert number is not None
    unit = _ZH[text[number.end() :]]
    if number[0] == "半":
        amount, unit = {"hours": (30, "minutes"), "years": (6, "months")}.get(unit, (0, unit))
    else:
        amount = _amount(number[0])
    return f"{amount} {unit if amount != 1 else unit.removesuffix('s')}"


def _amount(text: str) -> int:
    """The number that digits, or Chinese numerals below a thousand, say."""
    if text.isdigit():
        return int(text)
    total = digit = 0
    for sign in text:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def _hour(text: str | None) -> str:
    if not text:
        return ""
    if text.startswith("下班"):
        return " by the end of office hours"
    found = re.match(r"([0-9]{1,2}):?([0-9]{2})?", text)
    assert found is not None
    return f" by {int(found[1]):02}:{found[2] or '00'}"


def _nth(day: str) -> str:
    number = int(day)
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"by the {number}{ending}"


def _near(day: str) -> str:
    return {"当": "same day", "次": "next day", "第": "next day"}.get(day[0], "next working day")


#: Patterns over the whole of a phrase without blanks, the first that fits, and what each means.
_PHRASES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (rf"({_LENGTH})(?:以内|之内|内)?", lambda one: _length(one[1])),
    (rf"(?:最多|不超过|至多)({_LENGTH})", lambda one: f"up to {_length(one[1])}"),
    (r"到期(?:当日|当天|日|时)", lambda one: "at the deadline"),
    (rf"(?:到期|期满|逾期|超期)后?每隔?({_LENGTH})", lambda one: f"every {_length(one[1])} after"),
    (rf"(?:到期|期满|逾期|超期)后?({_LENGTH})后?", lambda one: f"{_length(one[1])} after"),
    (rf"(?:到期|期满)前({_LENGTH})|提前({_LENGTH})|({_LENGTH}){_BEFORE}", lambda one: f"{_length(one[1] or one[2] or one[3])} before"),
    (
        rf"(当日|当天|次日|第二天|下一?个工作日|次一?个?工作日)(?:以内|之内|内)?({_HOUR})?",
        lambda one: f"{_near(one[1])}{_hour(one[2])}",
    ),
    (rf"({_HOUR})", lambda one: _hour(one[1]).strip()),
    (rf"每月([0-9]{{1,2}})[日号]{_BEFORE}", lambda one: _nth(one[1])),
    (rf"(?:当|本|每)?月[底末]{_BEFORE}", lambda one: "by the end of the month"),
    (rf"(?:当|本|每)?季度?[底末]{_BEFORE}", lambda one: "by the end of the quarter"),
    (rf"(?:当|本|每)?年[底末]{_BEFORE}", lambda one: "by the end of the year"),
    (rf"(?:每年)?([0-9]{{1,2}})月([0-9]{{1,2}})[日号]{_BEFORE}", lambda one: f"by {int(one[1]):02}-{int(one[2]):02}"),
    (
        rf"([0-9]{{4}})年([0-9]{{1,2}})月([0-9]{{1,2}})[日号]{_BEFORE}",
        lambda one: f"by {one[1]}-{int(one[2]):02}-{int(one[3]):02}",
    ),
    (rf"[至到]{_NAME}(?:所填日期)?(?:为止)?", lambda one: f"until {one[1]}"),
    (rf"{_NAME}(?:所填日期)?前({_LENGTH})", lambda one: f"{_length(one[2])} before {one[1]}"),
    (rf"{_NAME}(?:所填日期)?后({_LENGTH})", lambda one: f"{_length(one[2])} after {one[1]}"),
    (
        rf"([0-9]{{4}})年([0-9]{{1,2}})月([0-9]{{1,2}})[日号]([前后])({_LENGTH})",
        lambda one: f"{_length(one[5])} {'before' if one[4] == '前' else 'after'} {one[1]}-{int(one[2]):02}-{int(one[3]):02}",
    ),
)  # fmt: skip
