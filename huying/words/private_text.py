"""Private data that somebody wrote into a text for all: mobile numbers, identity numbers, bank cards; found, said and made unreadable.

An identity number counts with a right check digit (GB 11643), a bank card with a right one by Luhn (ISO/IEC 7812-1): other long numbers, such as
those of issues and documents, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from definitions.model.field import Field
from definitions.text import Said

MOBILE, IDENTITY, CARD = (
    Said("手机号", "a mobile number"),
    Said("身份证号", "an identity number"),
    Said("银行卡号", "the number of a bank card"),
)
#: Full-width figures are as long as narrow ones: what is found stands at the same place in both.
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_LONG = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?([0-9](?:[ -]?[0-9]){9,18}[Xx]?)(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class PrivatePart:
    """A part of a text that is private data of a kind, from ``start`` to before ``end``."""

    kind: Said
    start: int
    end: int


def private_parts(text: str) -> Iterator[PrivatePart]:
    """What is private in a text, in its order."""
    for found in _LONG.finditer(text.translate(_NARROW)):
        digits = re.sub(r"[ -]", "", found[1])
        kind = _kind(digits)
        if kind is not None:
            yield PrivatePart(kind, found.start(1), found.end(1))


def masked(text: str) -> str:
    """A text with the middle of private numbers made unreadable."""
    parts, at = [], 0
    for one in private_parts(text):
        number = text[one.start : one.end]
        parts += [text[at : one.start], f"{number[:3]}****{number[-2:]}"]
        at = one.end
    return "".join((*parts, text[at:]))


def masked_within(value: Any) -> Any:
    """The same of every text in a value that leaves the house, however it is nested. A text that is nothing but such a number was meant to be one."""
    if isinstance(value, str):
        return (
            value if any(part.start == 0 and part.end == len(value) for part in private_parts(value)) else masked(value)
        )
    if isinstance(value, Mapping):
        return {key: masked_within(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(masked_within(one) for one in value)
    return value


def told_of(fields: Mapping[str, Field], entered: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What whoever fills in a form is told of private data in texts that many read, by field."""
    found: dict[str, Mapping[str, str]] = {}
    for name, field in fields.items():
        value = entered.get(name)
        if field.type not in ("text", "long text") or not isinstance(value, str):
            continue
        # a field with a pattern asks for just such a number
        if field.private or field.seen_by or field.pattern is not None:
            continue
        kinds = list(dict.fromkeys(part.kind for part in private_parts(value)))
        if kinds:
            zh, en = "、".join(kind.zh for kind in kinds), ", ".join(kind.en for kind in kinds)
            found[name] = {
                "zh": f"这里写了{zh}，经手的人都会看到。请删去，联系方式填在“电话”里；确实要写的，再提交一次。",
                "en": f"This holds {en}, and all who work on it will read it. Please take it out, and give the number as your telephone; "
                "if it has to stay, send the form once more.",
            }
    return found


def _kind(digits: str) -> Said | None:
    if len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789":
        return MOBILE
    if len(digits) == 18 and _is_identity(digits):
        return IDENTITY
    return CARD if 16 <= len(digits) <= 19 and digits[0] in "3456" and _luhn(digits) else None


def _is_identity(number: str) -> bool:
    if not number[:17].isdigit():
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    rest = sum(int(figure) * weight for figure, weight in zip(number[:17], _WEIGHTS, strict=True)) % 11
    return born.year >= 1900 and number[17].upper() == "10X98765432"[rest]


def _luhn(number: str) -> bool:
    if not number.isdigit():
        return False
    doubled = (int(figure) * (1 + at % 2) for at, figure in enumerate(reversed(number)))
    return sum(figure - 9 if figure > 9 else figure for figure in doubled) % 10 == 0
