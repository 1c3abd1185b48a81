"""Places in a YAML file: how far a value reaches, and where a character of a text stands in the file.

It reads lines that a parser has already understood, and decides nothing; where it loses its way it answers with the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# how long an escape is in double quotes, when it is not two characters
_ESCAPES = {"x": 4, "u": 6, "U": 10}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Written:
    """How a value is written: its style (a quote, ``|``, ``>``, ``[`` for brackets, or nothing), and where it ends, if that is known."""

    style: str = ""
    end: Mark | None = None


def span(mark: Mark, written: Written, lines: Sequence[str]) -> int | None:
    """How many characters a value takes on its first line; ``None`` if its end is not known."""
    if written.end is None or mark.line > len(lines):
        return None
    if written.end.line == mark.line:
        return max(1, written.end.column - mark.column)
    return max(1, len(lines[mark.line - 1].rstrip()) - mark.column + 1)


def place_in(value: str, mark: Mark, written: Written, lines: Sequence[str], offset: int) -> Mark:
    """Where a character of a text value stands in the file; offsets count from 0."""
    if mark.line > len(lines):
        return mark
    if written.style == "|":
        return _in_block(value, mark, lines, offset)
    raw = "\n".join(lines[mark.line - 1 :])
    start = mark.column - 1
    if written.style == ">":
        start = raw.find("\n") + 1
    elif written.style in ("'", '"'):
        start += 1
    found = _follow(raw, start, value, min(offset, len(value)), written.style)
    if found is None:
        return mark
    before = raw[:found]
    return Mark(mark.line + before.count("\n"), found - before.rfind("\n"))


def _in_block(value: str, mark: Mark, lines: Sequence[str], offset: int) -> Mark:
    """In a block every line stands as it is, behind the indentation of the first one that is not empty."""
    body = lines[mark.line :]
    first = next((line for line in body if line.strip()), "")
    before = value[:offset]
    row = mark.line + 1 + before.count("\n")
    return Mark(row, len(first) - len(first.lstrip(" ")) + len(before) - before.rfind("\n"))


def _follow(raw: str, at: int, value: str, offset: int, style: str) -> int | None:
    """Walk through the raw text as the parser did, until so many characters of the value have been met."""
    met = 0
    while at < len(raw):
        step, counted = _step(raw, at, value[met : met + 1], style)
        if met == offset and counted:
            return at
        if step == 0:
            return None
        at, met = at + step, met + counted
    return at if met == offset else None


def _step(raw: str, at: int, wanted: str, style: str) -> tuple[int, int]:
    """How far to go in the raw text for the next character of the value, and how many characters of the value that gives (0 or 1)."""
    here = raw[at]
    if style == "'" and raw.startswith("''", at):
        return 2, 1
    if style == '"' and here == "\\":
        following = raw[at + 1 : at + 2]
        # a line that goes on: the parser drops the end of the line and the indentation
        return (2, 0) if following == "\n" else (_ESCAPES.get(following, 2), 1)
    if here == wanted:
        return 1, 1
    if here in " \t\n":
        rest = raw[at:]
        blank = len(rest) - len(rest.lstrip(" \t\n"))
        return blank, int(wanted in (" ", "\n") and wanted != "")
    # the value has ended: what stands here closes it
    return (0, 1) if not wanted else (0, 0)
