"""The names that a template asks for, each with the paragraph in which it stands; lists that are gone through are followed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jinja2 import TemplateSyntaxError, nodes

from huying.papers.sandbox import Sandbox, unsafe
from huying.papers.template import Paragraph

#: What docxtpl reads as: this whole row, cell, paragraph or piece of text.
_WHOLE = re.compile(r"^(\{\{|\{%|\{#)(-?)\s*(?:tr|tc|p|r)\s+")
#: Chinese quotation marks are read as plain ones, as docxtpl does.
_QUOTES = str.maketrans("“”‘’", "\"\"''")
#: Behind the path of a list: each of what stands in it.
EACH = "[]"


@dataclass(frozen=True, slots=True)
class AskedName:
    """A name by its path (``asked.tasks[].unit``), and where it is asked for: ``looped`` through, ``printed``, or chosen by."""

    path: str
    at: Paragraph
    looped: bool = False
    printed: bool = False


class UnreadableMark(Exception):
    """What stands between braces in a paragraph cannot be read, or may not be used."""

    def __init__(self, at: Paragraph, what: str) -> None:
        super().__init__(what)
        self.at, self.what = at, what


def asked_names(paragraphs: Sequence[Paragraph]) -> list[AskedName]:
    """Every name, in the order of the document; ``UnreadableMark`` for the first mark that is none."""
    found: list[AskedName] = []
    for part in dict.fromkeys(one.part for one in paragraphs):
        mine = [one for one in paragraphs if one.part == part and one.marks]
        found += _of_part(mine)
    return found


def _of_part(mine: Sequence[Paragraph]) -> Iterator[AskedName]:
    # one line for each paragraph, so that a line tells the paragraph
    source = "\n".join("".join(_plain(mark) for mark in one.marks) for one in mine)
    try:
        tree = Sandbox().parse(source)
    except TemplateSyntaxError as wrong:
        raise UnreadableMark(mine[min(wrong.lineno, len(mine)) - 1], wrong.message or "") from wrong
    for node in tree.find_all(nodes.Node):
        if (offence := unsafe(node)) is not None:
            raise UnreadableMark(mine[node.lineno - 1], offence)
    yield from _below(tree, {}, mine)


def _plain(mark: str) -> str:
    return _WHOLE.sub(r"\1\2 ", mark).translate(_QUOTES).replace("\n", " ")


def _below(node: nodes.Node, loops: Mapping[str, str], mine: Sequence[Paragraph]) -> Iterator[AskedName]:
    if isinstance(node, nodes.For):
        path = _path(node.iter, loops)
        if path is not None:
            yield AskedName(path, mine[node.lineno - 1], looped=True)
        inner = dict(loops)
        if isinstance(node.target, nodes.Name):
            inner |= {node.target.name: f"{path}{EACH}", "loop": "loop"}
        for child in (*node.body, *node.else_):
            yield from _below(child, inner, mine)
        return
    path = _path(node, loops)
    if path is not None:
        if not path.startswith("loop"):
            yield AskedName(path, mine[node.lineno - 1])
        return
    for child in node.iter_child_nodes():
        for one in _below(child, loops, mine):
            yield replace(one, printed=True) if isinstance(node, nodes.Output) and _path(child, loops) else one


def _path(node: nodes.Node, loops: Mapping[str, str]) -> str | None:
    """The path of a name, or of a step from one; ``None`` for anything else."""
    if isinstance(node, nodes.Name):
        return loops.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        head = _path(node.node, loops)
        return None if head is None else f"{head}.{node.attr}"
    return None
