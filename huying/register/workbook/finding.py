"""What is wrong with a workbook, cell by cell: where, what stands there, what is wrong, and what would be right."""

from __future__ import annotations

import re

from definitions.text import Said
from engine.noun import Noun

_LONGEST = 40
_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


class SheetFinding(Noun, frozen=True):
    """One finding. ``sheet`` is a key of the layout, or the name of a tab that is none; ``row`` and ``letter`` are as Excel counts them.

    ``key`` is the column's; ``choices`` are values that would be right, each with its words; ``error``: the row cannot be written as it is.
    """

    sheet: str
    row: int | None
    letter: str | None
    key: str | None
    found: str
    wrong: Said
    remedy: Said
    choices: tuple[tuple[str, Said], ...] = ()
    error: bool = True


def quoted(text: str) -> str:
    """A cell's text as a finding shows it: cut, with mobile numbers masked."""
    masked = _MOBILE.sub(r"\1****\2", " ".join(text.split()))
    return masked if len(masked) <= _LONGEST else masked[: _LONGEST - 1] + "…"


def letter(index: int) -> str:
    """The letter of a column by its place from 0: A … Z, AA …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
