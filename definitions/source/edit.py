"""Edits of a text by places: what stands around them, remarks and line ends too, stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_END = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """So many characters at a place (from 1) give way to a text."""

    line: int
    column: int
    length: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits; of two that overlap only the first counts."""
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    parts, at = list[str](), 0
    for one in sorted(set(edits)):
        start = starts[one.line - 1] + one.column - 1
        if start < at:
            continue
        parts += [text[at:start], one.text]
        at = start + one.length
    return "".join([*parts, text[at:]])
