"""What a cell says in its column: a code, a day, an entry of a list. Raises ``Unclear`` with what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time

from definitions.forms.address import clean_email, clean_phone
from definitions.forms.values import Lookup, Wrong
from definitions.model.field import Field
from definitions.text import Said
from huying.register.workbook import login
from huying.register.workbook.cell import Plain, Unclear, clean, clock, day, flag, prose, several
from huying.register.workbook.choices import OptionList
from huying.register.workbook.layout import ColumnKind, SheetColumn
from huying.register.workbook.raw import Dated, Formula, Timed, Value

Written = str | int | float | bool | date | time | tuple[str, ...] | None
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_CALENDAR = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_PHONE, _MAIL = Field(type="phone"), Field(type="email")
_NOBODY = Lookup(lambda _: False)
_MOBILE_DIGITS = 11
#: Here the result of a formula is as good as what somebody typed.
_WORKED_OUT: tuple[ColumnKind, ...] = ("text", "flag", "position", "degree")
_FAULTS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def plain(value: Value, kind: ColumnKind) -> Plain:
    """The value without its wrapping; a formula only where its result will do."""
    if isinstance(value, Dated | Timed):
        return value.at
    if not isinstance(value, Formula):
        if isinstance(value, str) and value in _FAULTS:
            raise _worked_out(Said("这里是公式出的错", "this is the error of a formula"))
        return value
    if value.result is None or isinstance(value.result, bool) or value.result in _FAULTS:
        raise _worked_out(Said("公式没有可用的结果", "the formula has no result"))
    if kind not in _WORKED_OUT:
        raise _worked_out(Said("这里是公式", "this is a formula"))
    return value.result


def _worked_out(wrong: Said) -> Unclear:
    return Unclear(wrong, Said("复制后“选择性粘贴—值”，或直接填写", "copy and paste its value, or write it out"))


def written(column: SheetColumn, value: Value, choices: Mapping[str, OptionList]) -> Written:
    """The value of a cell; ``None`` (or nothing, of several) if it is empty."""
    bare = plain(value, column.kind)
    if column.kind == "choice":
        return _choice(column, bare, choices)
    if column.kind == "several":
        return tuple(dict.fromkeys(choices[column.options].code(part) for part in several(bare)))
    return _READERS[column.kind](column, bare)


def _choice(column: SheetColumn, value: Plain, choices: Mapping[str, OptionList]) -> str | None:
    text = clean(value)
    if text is None:
        return None
    if column.options == "lists" and text not in choices["lists"] and _CODE.fullmatch(text):
        return text
    return choices[column.options].code(text)


def _text(column: SheetColumn, value: Plain) -> str | None:
    text = prose(value)
    if text is not None and len(text) > column.longest:
        raise Unclear(
            Said(
                f"最多 {column.longest} 个字，现有 {len(text)} 个",
                f"there are {len(text)} characters, {column.longest} at most",
            ),
            Said("写短一些", "shorten it"),
        )
    return text


def _code(_: SheetColumn, value: Plain) -> str | None:
    text = clean(value)
    if text is None or _CODE.fullmatch(text):
        return text
    better = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-_")[:40]
    offered = ((better, Said(better, better)),) if better and _CODE.fullmatch(better) else ()
    raise Unclear(
        Said("代码只能用字母、数字、- 和 _，最多 40 个", "a code consists of letters, digits, - and _, 40 at most"),
        Said("改成这样的代码，如 XG01", "change it to such a code, as XG01"),
        *offered,
    )


def _login(_: SheetColumn, value: Plain) -> str | None:
    text = clean(value)
    if text is None or login.PATTERN.fullmatch(text):
        return text
    better = text.casefold().replace(" ", "")
    offered = ((better, Said(better, better)),) if login.PATTERN.fullmatch(better) else ()
    raise Unclear(
        Said(
            "登录名以小写字母开头，只能用小写字母、数字和 . - _",
            "a login begins with a small letter; small letters, digits and . - _ follow",
        ),
        Said("改成拼音，或留空由系统取一个", "write pinyin, or leave it empty"),
        *offered,
        ("", Said("留空，由系统取", "leave it empty")),
    )


def _phone(_: SheetColumn, value: Plain) -> str | None:
    text = clean(value)
    if text is None:
        return None
    if text.isdigit() and text.startswith("1") and abs(len(text) - _MOBILE_DIGITS) in (1, 2):
        few = len(text) < _MOBILE_DIGITS
        count = abs(len(text) - _MOBILE_DIGITS)
        raise Unclear(
            Said(
                f"手机号{'少' if few else '多'}了 {count} 位",
                f"the number has {count} {'digit' if count == 1 else 'digits'} too {'few' if few else 'many'}",
            ),
            Said("手机号是 11 位", "a mobile number has 11 digits"),
        )
    return _cleaned(lambda: clean_phone(_PHONE, text, _NOBODY))


def _mail(_: SheetColumn, value: Plain) -> str | None:
    text = clean(value)
    return None if text is None else _cleaned(lambda: clean_email(_MAIL, text, _NOBODY))


def _cleaned(reader: Callable[[], str]) -> str:
    try:
        return reader()
    except Wrong as wrong:
        words = Said(wrong.message["zh"].rstrip("。"), wrong.message["en"].rstrip("."))
        raise Unclear(
            words, Said("改正，或留空", "put it right, or leave it empty"), ("", Said("留空", "leave it empty"))
        ) from None


def _position(_: SheetColumn, value: Plain) -> int | None:
    text = clean(value)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    raise Unclear(
        Said("顺序应是 0、1、2 这样的数", "a position is a whole number"),
        Said("写数字，或留空", "write a number, or leave it empty"),
    )


def _degree(column: SheetColumn, value: Plain) -> float | None:
    text = clean(value)
    if text is None:
        return None
    most = 90 if column.key == "latitude" else 180
    try:
        found = float(text.rstrip("°"))
    except ValueError:
        found = float("nan")
    if -most <= found <= most:
        return found
    raise Unclear(
        Said(
            f"{column.title.zh}应是 {-most} 到 {most} 之间的度数",
            f"the {column.title.en.casefold()} is a number of degrees from {-most} to {most}",
        ),
        Said("写成 24.4795 这样，或留空", "write it as 24.4795, or leave it empty"),
    )


_READERS: Mapping[ColumnKind, Callable[[SheetColumn, Plain], Written]] = {
    "text": _text,
    "code": _code,
    "login": _login,
    "phone": _phone,
    "mail": _mail,
    "day": lambda _, value: day(value),
    "flag": lambda _, value: flag(value),
    "clock": lambda _, value: clock(value),
    "position": _position,
    "degree": _degree,
}
