"""Ways within a definition: paths as addresses, the sections that they begin with, and the faults that lie on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, unquote

from definitions.loader import LIBRARY, examine
from definitions.source.tree import Document, Node, Scalar, read
from definitions.source.tree import Mapping as Branches
from definitions.text import Said

Way = tuple[str | int, ...]

#: What the sections of a definition are called that hold things by name; in the order of the file.
SECTIONS: Mapping[str, Said] = {
    "fields": Said("登记什么", "What is entered"),
    "roles": Said("由谁来办", "Who takes part"),
    "resolutions": Said("办理结果", "How it can end"),
    "deadlines": Said("期限", "Times"),
    "limits": Said("总期限", "Limits"),
    "intake": Said("受理", "Intake"),
    "assignment": Said("分派", "Assignment"),
    "coordination": Said("协调", "Coordination"),
    "closure": Said("办结", "Closure"),
    "options": Said("随时可办", "At any time"),
    "texts": Said("共用文字", "Shared texts"),
}
WHOLE = Said("基本情况", "The whole process")


def as_way(path: Sequence[str | int]) -> str:
    """A path as it stands in an address."""
    return "/".join(quote(str(one), safe="") for one in path)


def path_of(way: str, body: Any) -> Way:
    """The path of an address in a body; where it leads nowhere, as far as it leads."""
    found = list[str | int]()
    for part in (unquote(one) for one in way.split("/") if one):
        if isinstance(body, list):
            if not part.isdecimal() or int(part) >= len(body):
                break
            found.append(int(part))
        elif isinstance(body, dict) and part in body:
            found.append(part)
        else:
            break
        body = body[found[-1]]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FaultAt:
    """A fault of the text, and the path at which it lies."""

    path: Way
    message: str


def faults_of(source: str, name: str, calendars: Sequence[str], language: str) -> tuple[FaultAt, ...]:
    """What is wrong with a text that can be read, each with its path."""
    document = document_of(source)
    found = examine(source, name, calendars=calendars).findings
    return tuple(FaultAt(path_at(document, one.line, one.column), one.message[language]) for one in found)


def path_at(document: Document, line: int, column: int = 1) -> Way:
    """The path of what stands at a place of a text: the last entry that begins there or before it, as deep as it goes."""
    path, node = list[str | int](), document.root
    while True:
        begun = [(key, below) for key, mark, below in _children(node) if (mark.line, mark.column) <= (line, column)]
        if not begun:
            return tuple(path)
        key, node = begun[-1]
        path.append(key)


def _children(node: Node) -> Iterator[tuple[str | int, Any, Node]]:
    if isinstance(node, Branches):
        yield from ((str(key.value), key.mark, below) for key, below in node.entries)
    elif not isinstance(node, Scalar):
        yield from ((index, below.mark, below) for index, below in enumerate(node.items))


@lru_cache(maxsize=8)
def document_of(source: str) -> Document:
    """The tree of a text; the last few are remembered, since a form asks for the same one again and again. ``Unreadable`` if there is none."""
    return read(source, "definition.yaml")


@cache
def shipped_bodies() -> Mapping[str, Any]:
    """What the shipped definitions say, by name."""
    paths = sorted(LIBRARY.glob("*/definition.yaml"))
    return {path.parent.name: read(path.read_text("utf-8"), path.name).plain() for path in paths}


def limit_title(key: str, language: str) -> str:
    """What a limit is of: the whole issue, or a stage."""
    return SECTIONS.get(key, Said("全程", "The whole issue")).of(language)
