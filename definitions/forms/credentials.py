"""Numbers of people and bodies that every office writes: what they look like, and whether their check digit is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from definitions.calendars.calendar import FIRST_DAY
from definitions.forms.characters import narrow
from definitions.forms.values import Wrong
from definitions.model.pattern import pattern
from definitions.text import Said

#: GB 11643-1999: the weight of each of the 17 digits, and the check character by remainder (ISO 7064, MOD 11-2).
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
#: GB 32100-2015: digits and letters but for I, O, S, V, Z; the weights are the powers of 3 (ISO 7064, MOD 31-3).
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Credential:
    """A kind of number: what it is called, what it looks like, whether one is right, and one that is."""

    title: Said
    like: str
    right: Callable[[str], bool]
    example: str


def _id_number(text: str) -> bool:
    born = text[6:14]
    try:
        day = date.fromisoformat(f"{born[:4]}-{born[4:6]}-{born[6:]}")
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text[:17], strict=True))
    return day >= FIRST_DAY and text[17] == _ID_CHECKS[total % 11]


def _credit_code(text: str) -> bool:
    total = sum(pow(3, place, 31) * _CREDIT_LETTERS.index(sign) for place, sign in enumerate(text[:17]))
    return text[17] == _CREDIT_LETTERS[-total % 31]


#: By the name that a definition writes: ``pattern: id number``.
CREDENTIALS: Mapping[str, Credential] = {
    "id number": Credential(
        Said("居民身份证号码", "identity card number"), r"[1-9]\d{16}[0-9X]", _id_number, "11010519491231002X"
    ),
    "credit code": Credential(
        Said("统一社会信用代码", "unified social credit code"),
        "[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}",
        _credit_code,
        "91350100M000100Y43",
    ),
    "postcode": Credential(Said("邮政编码", "postcode"), "[0-9]{6}", lambda _: True, "361000"),
}


def clean_credential(kind: str, text: str) -> str:
    """The number in digits and capital letters, without blanks; ``Wrong`` if it cannot be one of its kind."""
    credential = CREDENTIALS[kind]
    plain = "".join(narrow(text).upper().split())
    title = credential.title
    if not pattern(credential.like).fits(plain):
        raise Wrong(
            f"{title.zh}的写法不对，例如 {credential.example}。",
            f"The {title.en} is written otherwise, such as {credential.example}.",
        )
    if not credential.right(plain):
        raise Wrong(
            f"{title.zh}有误，校验不通过，请核对。",
            f"The {title.en} is wrong: its check digit does not fit; please compare it.",
        )
    return plain
