"""Cleaning telephone numbers and e-mail addresses: kept as they were written, but for full-width signs; refused if nobody can be reached there."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any

import idna

from definitions.forms.characters import narrow
from definitions.forms.values import Lookup, Wrong, clean_text
from definitions.model.field import Field

#: The number itself, and the extension behind it, as people write one.
_PHONE = re.compile(
    r"(?P<number>\+?[0-9() .-]*[0-9])(\s*(转|转接|分机|分机号|ext\.?|extension|x|#)\s*[:.]?\s*[0-9]{1,6})?",
    re.ASCII | re.I,
)
_SEVERAL = re.compile(r"[/,;、|]|或|和|\bor\b", re.I)
#: The shortest number that people are called back at, and the longest of the plan for all countries (E.164).
_FEWEST_DIGITS, _MOST_DIGITS = 5, 15
#: Names that no mail ever reaches (RFC 6761, RFC 6762).
#: A number with its area code, or of a mobile phone, has at least so many digits.
_NATIONAL = 10
_NOWHERE = ("invalid", "localhost", "local")
_LONGEST_BEFORE_AT = 64


def clean_phone(field: Field, value: Any, register: Lookup) -> str:
    """A telephone number as it was written, with its extension."""
    text = narrow(clean_text(field, value, register))
    if not text:
        return text
    found = _PHONE.fullmatch(text)
    if found is None:
        raise _no_phone(text)
    number = found["number"]
    if number.count("(") != number.count(")"):
        raise Wrong("电话号码的括号不成对。", "The brackets of the telephone number do not match.")
    if not _FEWEST_DIGITS <= sum(character.isdigit() for character in number) <= _MOST_DIGITS:
        raise Wrong(
            f"电话号码的位数不对，应有 {_FEWEST_DIGITS} 到 {_MOST_DIGITS} 位数字，分机号另写“转801”。",
            f"A telephone number has {_FEWEST_DIGITS} to {_MOST_DIGITS} digits; write an extension as ext. 801.",
        )
    return text


def digits(number: str) -> str:
    """The digits of a telephone number, by which it is told from others however it was written; without the country code of China."""
    found = "".join(character for character in narrow(number) if character.isdigit())
    for code in ("0086", "86"):
        if found.startswith(code) and len(found) - len(code) >= _NATIONAL:
            return found.removeprefix(code)
    return found


def _no_phone(text: str) -> Wrong:
    if _SEVERAL.search(text):
        return Wrong("这里只填一个号码，其他号码请写在别处。", "This takes one number; give others elsewhere.")
    if any(character.isdigit() for character in text) and not text[0].isdigit() and text[0] not in "+(":
        return Wrong("分机号前面还缺总机号码，例如 0592-5147085转801。", "The number before the extension is missing.")
    return Wrong(
        "请填写电话号码，例如 13800000000 或 0592-5147085转801。",
        "Please give a telephone number, such as 13800000000 or 0592-5147085 ext. 801.",
    )


def clean_email(field: Field, value: Any, register: Lookup) -> str:
    """An e-mail address; Python's own reader of mails and the rules of domain names (IDNA 2008) decide.

    A Chinese domain is kept in its ASCII form.
    """
    text = narrow(clean_text(field, value, register))
    if not text:
        return text
    before, at, domain = text.rpartition("@")
    if not at or not before or any(character.isspace() for character in text):
        raise _no_address()
    if not before.isascii():
        raise Wrong(
            "邮箱“@”前面只能用英文字母、数字和符号。", "Before the @ only English letters, digits and signs can stand."
        )
    if before.startswith(".") or before.endswith(".") or ".." in before:
        raise Wrong(
            "邮箱“@”前面的点不能在开头、结尾，也不能连写。", "Before the @, a dot cannot stand first, last or twice."
        )
    return f"{_local(before)}@{_domain(domain)}"


def _local(text: str) -> str:
    """The part before the “@”, if it says the same with nothing quoted and no comment."""
    try:
        found = Address(addr_spec=f"{text}@example.com").username
    except (MessageError, ValueError, IndexError):
        raise _no_address() from None
    if found != text or '"' in text or len(text) > _LONGEST_BEFORE_AT:
        raise _no_address()
    return found


def _domain(text: str) -> str:
    wrong = Wrong(
        "邮箱“@”后面不是能收信的域名，例如 example.cn。",
        "After the @ stands no domain that takes mail, such as example.cn.",
    )
    try:
        name = text.lower() if text.isascii() else idna.encode(text, uts46=True, std3_rules=True).decode()
        idna.encode(name, std3_rules=True)
    except (idna.IDNAError, UnicodeError):
        raise wrong from None
    *above, top = name.split(".")
    if not above or not top or top.isdigit() or top in _NOWHERE:
        raise wrong
    return name if not text.isascii() else text


def _no_address() -> Wrong:
    return Wrong("请填写电子邮箱，例如 name@example.cn。", "Please give an e-mail address, such as name@example.cn.")
