"""Logins for those who have none yet: from the name, as it is read in pinyin, with a number behind it if somebody has it already."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

PATTERN = re.compile(r"[a-z][a-z0-9._-]{1,59}")
_LONGEST = 40


def invented(name: str, taken: Container[str]) -> str:
    """A login for somebody of this name that nobody has."""
    base = _spelt(name)
    if base not in taken:
        return base
    return next(login for n in range(2, 100_000) if (login := f"{base}{n}") not in taken)


def _spelt(name: str) -> str:
    # imported here: its table takes a tenth of a second, and most files bring logins of their own
    from pypinyin import Style, lazy_pinyin

    read = "".join(lazy_pinyin(name.replace("·", ""), style=Style.NORMAL, v_to_u=False, errors="default"))
    plain = unicodedata.normalize("NFKD", read.casefold()).encode("ascii", "ignore").decode()
    letters = re.sub(r"[^a-z0-9]", "", plain).lstrip("0123456789")[:_LONGEST]
    return letters if len(letters) >= 2 else f"person{letters}"
