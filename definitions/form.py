"""Checking what a person entered against the fields that were asked for.

The one place that decides whether an input is right: web form, API, simulation and kernel all ask here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from definitions.field import Field
from definitions.finding import nearest
from definitions.text import words

_PHONE = re.compile(r"^\+?[0-9][0-9 ()-]{4,24}$")
_EMAIL = re.compile(r"^[^@\s<>\"',;]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}$")
_PARTY = re.compile(r"^organisation:[0-9]{1,18}$")
#: Larger numbers cannot be kept exactly; nobody counts so far.
_LARGEST = 10.0**15
_LONGEST = {"text": 200, "long text": 5_000, "phone": 26, "email": 254}

Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """The result of a check: the cleaned values, and a message in each language for every field that is wrong."""

    values: Mapping[str, Any]
    errors: Mapping[str, Message]


class _Wrong(ValueError):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = {"zh": zh, "en": en}


def check(
    fields: Mapping[str, Field], entered: Mapping[str, Any], *, required: bool, known: Callable[[str], bool]
) -> Form:
    """Check values by field name.

    ``required`` is what holds for fields that do not say it; ``known`` tells whether a department exists. Text comes from web forms too,
    so ``"3"`` is a right integer and ``"yes"`` a right yes/no. Unknown names are errors: a form older than the definition must not pass.
    """
    values: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    for name in entered:
        if name not in fields:
            near = nearest(name, fields)
            errors[name] = {
                "zh": f"表单里没有“{name}”这一项" + (f"，是不是“{near}”？" if near else "。"),
                "en": f"The form has no field “{name}”" + (f"; did you mean “{near}”?" if near else "."),
            }
    for name, field in fields.items():
        try:
            value = _cleaned(field, entered.get(name), known)
            if value in (None, (), "") and (required if field.required is None else field.required):
                zh, en = words(field.title, "zh", name), words(field.title, "en", name)
                raise _Wrong(f"请填写“{zh}”。", f"Please fill in “{en}”.")
            values[name] = None if value == "" else value
        except _Wrong as wrong:
            errors[name] = wrong.message
    return Form(values=values, errors=errors)


def _cleaned(field: Field, value: Any, known: Callable[[str], bool]) -> Any:
    if value is None or value == "" or value == []:
        return () if field.type in ("choices", "departments") else None
    return _CLEANERS[field.type](field, value, known)


def _text(field: Field, value: Any, known: Callable[[str], bool]) -> str:
    if not isinstance(value, str):
        raise _Wrong("这里应填文字。", "This must be a text.")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    # U+FFFD stands where a character was lost on the way
    if any((unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t") or c == "\ufffd" for c in text):
        raise _Wrong("文字里有无法显示的字符。", "The text holds characters that cannot be shown.")
    if field.type != "long text" and "\n" in text:
        raise _Wrong("这里只能填一行。", "This must be a single line.")
    longest = field.longest or _LONGEST[field.type]
    if len(text) > longest:
        raise _Wrong(
            f"最多 {longest} 个字，现有 {len(text)} 个字。", f"At most {longest} characters; there are {len(text)}."
        )
    return text


def _phone(field: Field, value: Any, known: Callable[[str], bool]) -> str:
    text = _text(field, value, known)
    if text and not _PHONE.match(text):
        raise _Wrong("请填写电话号码，例如 13800000000。", "Please give a telephone number, such as 13800000000.")
    return text


def _email(field: Field, value: Any, known: Callable[[str], bool]) -> str:
    text = _text(field, value, known)
    if text and not _EMAIL.match(text):
        raise _Wrong(
            "请填写电子邮箱，例如 name@example.cn。", "Please give an e-mail address, such as name@example.cn."
        )
    return text


def _number(field: Field, value: Any, known: Callable[[str], bool]) -> int | float:
    whole = field.type == "integer"
    try:
        if isinstance(value, bool) or len(str(value)) > 30:
            raise ValueError
        number = int(str(value)) if whole else float(str(value))
    except ValueError:
        raise _Wrong(
            "这里应填整数。" if whole else "这里应填数字。", f"This must be {'an integer' if whole else 'a number'}."
        ) from None
    low = -_LARGEST if field.at_least is None else field.at_least
    high = _LARGEST if field.at_most is None else field.at_most
    # written so that “not a number” is refused too
    if not low <= number <= high:
        raise _Wrong(f"应在 {low:.15g} 到 {high:.15g} 之间。", f"This must be between {low:.15g} and {high:.15g}.")
    return number


def _date(field: Field, value: Any, known: Callable[[str], bool]) -> str:
    try:
        if len(str(value)) != len("2026-11-27"):
            raise ValueError(value)
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _Wrong("请填写日期，例如 2026-11-27。", "Please give a date, such as 2026-11-27.") from None


_YES_NO = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "0": False}


def _yes_no(field: Field, value: Any, known: Callable[[str], bool]) -> bool:
    answer = value if isinstance(value, bool) else _YES_NO.get(str(value).lower())
    if answer is None:
        raise _Wrong("请选“是”或“否”。", "Please answer yes or no.")
    return answer


def _choice(field: Field, value: Any, known: Callable[[str], bool]) -> str:
    if not isinstance(value, str) or value not in field.options:
        zh, en = ("、".join(words(t, language) for t in field.options.values()) for language in ("zh", "en"))
        raise _Wrong(f"请从中选择：{zh}。", f"Please choose one of: {en.replace('、', ', ')}.")
    return value


def _department(field: Field, value: Any, known: Callable[[str], bool]) -> str:
    if not isinstance(value, str) or not _PARTY.match(value) or not known(value):
        raise _Wrong("没有这个部门，请从名单中选择。", "There is no such department; please choose one from the list.")
    return value


def _many(
    one: Callable[[Field, Any, Callable[[str], bool]], str],
) -> Callable[[Field, Any, Callable[[str], bool]], tuple[str, ...]]:
    def clean(field: Field, value: Any, known: Callable[[str], bool]) -> tuple[str, ...]:
        several = value if isinstance(value, list | tuple) else [value]
        if len(several) > 100:
            raise _Wrong("选择的太多了，最多 100 项。", "Too many are chosen; at most 100.")
        return tuple(dict.fromkeys(one(field, item, known) for item in several))

    return clean


_CLEANERS: Mapping[str, Callable[[Field, Any, Callable[[str], bool]], Any]] = {
    "text": _text,
    "long text": _text,
    "phone": _phone,
    "email": _email,
    "integer": _number,
    "number": _number,
    "date": _date,
    "yes/no": _yes_no,
    "choice": _choice,
    "choices": _many(_choice),
    "department": _department,
    "departments": _many(_department),
}
