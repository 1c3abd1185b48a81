"""Values as YAML text: short ones in brackets, long ones line by line, each so that it is read back as it was meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from definitions.finding import Unreadable
from definitions.source.tree import read

#: A list or mapping in brackets is no longer than this; a longer one stands line by line.
WIDEST = 110
#: How much deeper each level of a block stands.
STEP = 2

#: What may stand without quotes, if it is read back as the same text.
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`，、：“”　][^\n\r\t]*")
_AFTER_FLOW = re.compile(r"[,\[\]{}，、“”]|: |：| #")


def inline(value: Any, *, within: bool = False) -> str:
    """A value on one line; ``within``: it stands in brackets, where commas and brackets mean something."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_text(str(key), True)}: {inline(one, within=True)}" for key, one in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(inline(one, within=True) for one in value) + "]"
    return _scalar(value, within)


def entry(key: str, value: Any, indent: int) -> list[str]:
    """A key and its value as lines, so far indented."""
    head, blanks = f"{_text(key, False)}:", " " * indent
    if _flat(value, indent + len(head)):
        shown = inline(value)
        return [f"{blanks}{head} {shown}" if shown else f"{blanks}{head}"]
    if isinstance(value, str):
        return [f"{blanks}{head} {_mark(value)}", *_literal(value, indent + STEP)]
    return [f"{blanks}{head}", *block(value, indent + STEP)]


def item(value: Any, indent: int) -> list[str]:
    """A value of a list as lines, with its dash so far indented."""
    blanks = " " * indent
    if _flat(value, indent + 1):
        return [f"{blanks}- {inline(value)}"]
    if isinstance(value, str):
        return [f"{blanks}- {_mark(value)}", *_literal(value, indent + STEP)]
    first, *others = block(value, indent + STEP)
    return [f"{blanks}- {first[indent + STEP :]}", *others]


def fits(value: Any, column: int) -> bool:
    """Whether a value stands on one line that begins at a column."""
    return value is not None and _flat(value, column)


def block(value: Any, indent: int) -> list[str]:
    """A list or mapping that is not empty, line by line."""
    if isinstance(value, dict):
        return [line for key, one in value.items() for line in entry(str(key), one, indent)]
    return [line for one in value for line in item(one, indent)]


def _flat(value: Any, before: int) -> bool:
    """Whether a value stands on one line."""
    if isinstance(value, str):
        return "\n" not in value or not _literal_keeps(value)
    if not isinstance(value, dict | list) or not value:
        return True
    return not _tall(value) and before + len(inline(value)) <= WIDEST


def _tall(value: Any) -> bool:
    """Whether it holds more than one level of lists and mappings, or a text of several lines."""
    inner = value.values() if isinstance(value, dict) else value
    return any((isinstance(one, str) and "\n" in one) or (isinstance(one, dict | list) and _deep(one)) for one in inner)


def _deep(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return any(isinstance(one, dict | list) and one for one in inner)


def _literal_keeps(value: str) -> bool:
    """Whether a block with ``|`` gives the text back: no blanks at its beginning, nothing that YAML would not show."""
    lines = value.split("\n")
    return (
        value.strip("\n") != ""
        and not value.startswith((" ", "\n"))
        and not any("\t" in line or "\r" in line for line in lines)
    )


def _mark(value: str) -> str:
    ends = len(value) - len(value.rstrip("\n"))
    return {0: "|-", 1: "|"}.get(ends, "|+")


def _literal(value: str, indent: int) -> Iterator[str]:
    body = value[:-1] if value.endswith("\n") else value
    for line in body.split("\n"):
        yield " " * indent + line if line else ""


def _scalar(value: Any, within: bool) -> str:
    if value is None:
        return "null" if within else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return _text(str(value), within)


def _text(value: str, within: bool) -> str:
    """A text: plain if it is read so, else in quotes."""
    if _PLAIN.fullmatch(value) and not (within and _AFTER_FLOW.search(value)) and _reads(value, value, within):
        return value
    if '"' in value and "'" not in value and _reads(single := f"'{value}'", value, within):
        return single
    return quoted(value)


def quoted(value: str) -> str:
    """A text in double quotes."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7f")


def _reads(written: str, value: str, within: bool) -> bool:
    around = f"[{{k: {written}}}, {written}]" if within else f"k: {written}\nl:\n  - {written}"
    try:
        found = read(around, "").plain()
    except Unreadable:
        return False
    meant: Any = [{"k": value}, value] if within else {"k": value, "l": [value]}
    return bool(found == meant)
