"""Bytes of a mail made text, whatever they claim to be: what a client declares is a hint, and often wrong."""

from __future__ import annotations

import codecs
import re

#: What Chinese clients declare, and what they send all the same: names and places need characters beyond the old sets.
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "hz"})
#: Ways to write text, by the names that Python gives them; everything else that is called a charset is none.
_TEXT = re.compile(
    r"utf-(8|8-sig|16|16-[bl]e|32|32-[bl]e|7)|ascii|gb18030|hz|big5|big5hkscs|cp\d{2,5}|iso8859-\d+|koi8-[ru]|tis-620"
    r"|shift_jis|euc_jp|iso2022_jp|euc_kr|johab|mac-?roman"
)
_CLAIMS = {
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "utf-8",
    "8bit": "utf-8",
}
#: Controls, and characters that turn the direction of a line or are seen as nothing, but for line ends and tabs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


def charset(claimed: str) -> str:
    """The name of what is claimed, as Python knows it; UTF-8 for what nobody knows."""
    name = claimed.strip().strip("\"'").lower()
    name = _CLAIMS.get(name, name)
    try:
        found = codecs.lookup(name).name if name.isascii() and len(name) < 40 else ""
    except (LookupError, ValueError):
        found = ""
    if found in _CHINESE and found != "hz":
        return "gb18030"
    return ("big5hkscs" if found == "big5" else found) if _TEXT.fullmatch(found) else "utf-8"


def text_of(content: bytes, claimed: str = "") -> str:
    """The text; what is not what it claims is read as UTF-8 or GB18030, and only then with replacements."""
    first = charset(claimed) if claimed else "utf-8"
    for name in dict.fromkeys((first, "utf-8", "gb18030")):
        try:
            return clean(content.decode(name))
        except (UnicodeError, ValueError):
            continue
    return clean(content.decode(first, "replace"))


def clean(text: str) -> str:
    """The text without what nobody sees and what turns it around; lines end as everywhere."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
