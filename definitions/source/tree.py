"""Reading YAML safely, with the place of every key and value.

The one door through which YAML enters the house. It knows the YAML 1.2 core schema without its octal and hexadecimal
numbers: ``on``, ``off``, ``yes``, ``no``, dates and ``0592`` stay text. It runs nothing, follows no alias, makes no object
of a tag, and stops at limits of size, depth and number of values. It does not know what a definition is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Steps
from dataclasses import dataclass, field
from typing import Any

import yaml

from definitions.finding import Finding, Unreadable, in_order
from definitions.problem import Problem
from definitions.source.characters import REFUSED, checked_text
from definitions.source.edit import Edit, edited
from definitions.source.excerpt import excerpted, lines_of
from definitions.source.place import Mark, Written, place_in, span
from definitions.source.width import narrowed
from definitions.source.words import FAULTS, syntax_fault

#: The deepest nesting, and the most keys and values, of a file.
DEEPEST = 30
MOST_VALUES = 20_000
#: After this many faults reading stops; more would help nobody.
MOST_FINDINGS = 100

# the C parser is some ten times faster; both give the same events
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
# with a point or an exponent: a long row of digits is a number of something, not a quantity, and stays text
_FLOAT = re.compile(r"[-+]?(?=.*[.eE])((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", re.ASCII)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

Path = Steps[str | int]


class _Tree:
    """What every node can be asked: where something stands below it."""

    __slots__ = ()

    def find(self: Node, path: Path) -> Node | None:  # type: ignore[misc]
        """The value at a path of keys and indices; ``None`` if there is none."""
        node, _, whole = _walk(self, path)
        return node if whole else None

    def at(self: Node, path: Path, *, key: bool = False) -> Mark:  # type: ignore[misc]
        """Where the value at a path stands (or its key); where the path leads nowhere, the last place on the way."""
        return _there(self, path, key).mark


@dataclass(frozen=True, slots=True)
class Scalar(_Tree):
    """A single value; a key's value is always text, as it is written."""

    value: str | int | float | bool | None
    mark: Mark
    written: Written = field(default=Written(), compare=False)

    def plain(self) -> str | int | float | bool | None:
        """The value itself."""
        return self.value


@dataclass(frozen=True, slots=True)
class Sequence(_Tree):
    """A list of values."""

    items: tuple[Node, ...]
    mark: Mark
    written: Written = field(default=Written(), compare=False)

    def plain(self) -> list[Any]:
        """The values as a list of plain values."""
        return [item.plain() for item in self.items]


@dataclass(frozen=True, slots=True)
class Mapping(_Tree):
    """Keys and their values in the order written; of a repeated key only the first is here."""

    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark
    written: Written = field(default=Written(), compare=False)

    def plain(self) -> dict[str, Any]:
        """The entries as a dictionary of plain values."""
        return {str(key.value): node.plain() for key, node in self.entries}

    def entry(self, key: str) -> tuple[Scalar, Node] | None:
        """The key as it stands in the file, and its value."""
        return next((entry for entry in self.entries if entry[0].value == key), None)


Node = Mapping | Sequence | Scalar


@dataclass(frozen=True, slots=True)
class Document:
    """A file that could be read; with ``findings`` it is good for looking for more faults, and for nothing else."""

    name: str
    root: Node
    findings: tuple[Finding, ...] = ()
    text: str = field(default="", repr=False)

    def plain(self) -> Any:
        """The whole document as dictionaries, lists and plain values."""
        return self.root.plain()

    def find(self, path: Path) -> Node | None:
        """The value at a path of keys and indices; ``None`` if there is none."""
        return self.root.find(path)

    def at(self, path: Path, *, key: bool = False) -> Mark:
        """Where the value at a path stands (or its key); where the path leads nowhere, the last place on the way."""
        return self.root.at(path, key=key)

    def finding(self, problem: Problem, *, key: bool | None = None) -> Finding:
        """A problem as a finding with excerpt: with the key of its path, or the value, or a part of a value that is a text.

        Left out, ``key`` is as the problem wants it: the value if that is a single one, else the key, and a key that is not known itself.
        """
        if key is None:
            key = problem.rule == "unknown-key" or not isinstance(self.find(problem.path), Scalar)
        node, lines = _there(self.root, problem.path, key), lines_of(self.text)
        mark, length = node.mark, span(node.mark, node.written, lines)
        if problem.position is not None and not key and isinstance(node, Scalar) and isinstance(node.value, str):
            mark = place_in(node.value, node.mark, node.written, lines, problem.position)
            length = problem.length or 1
        instead = problem.instead[1] if problem.instead and _is(node, problem.instead[0]) else None
        said = problem.message, problem.remedy
        found = Finding(problem.rule, self.name, mark.line, mark.column, *said, instead=instead)
        return excerpted(found, lines, length)

    def findings_of(self, problems: Iterable[Problem]) -> tuple[Finding, ...]:
        """Problems as findings, in the order of the file."""
        return in_order([self.finding(one) for one in problems])


def _is(node: Node, word: str) -> bool:
    """Whether a word is all that is written, without quotes: then it can be put right by itself."""
    return isinstance(node, Scalar) and node.value == word and not node.written.style


def _there(root: Node, path: Path, key: bool) -> Node:
    """The value at a path or its key; where the path leads nowhere, the last key on the way, or value in a list."""
    node, last, whole = _walk(root, path)
    return last if last is not None and (key or not whole) else node


def _walk(node: Node, path: Path) -> tuple[Node, Scalar | None, bool]:
    """The last node reached, its key if it has one, and whether the whole path was walked."""
    last: Scalar | None = None
    for step in path:
        if isinstance(node, Mapping) and (entry := node.entry(str(step))):
            last, node = entry
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            last, node = None, node.items[step]
        elif isinstance(node, Mapping) and step == 0:
            # one entry may be written without the list around it
            continue
        else:
            return node, last, False
    return node, last, True


def read(text: str | bytes, name: str) -> Document:
    """The tree of a YAML text; ``name`` is what findings call the file. ``Unreadable`` if there is no tree to speak of."""
    checked = checked_text(text, name)
    try:
        return _Reader(checked, name).document()
    except Unreadable as error:
        lines = lines_of(checked)
        raise Unreadable(excerpted(finding, lines) for finding in error.findings) from None


class _Reader:
    """Builds the tree from the parser's events, one look ahead, so that limits stop it before anything grows."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._count = 0
        self._findings: list[Finding] = []
        narrow = narrowed(text)
        #: How many more characters than in the file stand before a column, by line.
        self._more: dict[int, list[Edit]] = {}
        for edit in narrow:
            self._more.setdefault(edit.line, []).append(edit)
        self._events: Iterator[Any] = yaml.parse(edited(text, narrow), Loader=_LOADER)

    def document(self) -> Document:
        try:
            root = self._root()
        except yaml.MarkedYAMLError as error:
            raise Unreadable([*self._findings, syntax_fault(error, self._text, self._name)]) from None
        except yaml.YAMLError:
            raise self._fatal("yaml-syntax", Mark(1, 1)) from None
        lines = lines_of(self._text)
        return Document(self._name, root, tuple(excerpted(found, lines) for found in self._findings), self._text)

    def _root(self) -> Node:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise self._fatal("yaml-empty", Mark(1, 1))
        root = self._node(next(self._events), 1)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._fatal("yaml-several-documents", self._mark(after))
        if isinstance(root, Scalar) and root.value is None and not self._findings:
            raise self._fatal("yaml-empty", root.mark)
        return root

    def _node(self, event: Any, depth: int) -> Node:
        mark = self._mark(event)
        self._count += 1
        if self._count > MOST_VALUES:
            raise self._fatal("yaml-too-many-values", mark)
        if depth > DEEPEST:
            raise self._fatal("yaml-too-deep", mark)
        if isinstance(event, yaml.AliasEvent):
            self._fault("yaml-alias", mark, event.anchor)
            return Scalar(None, mark)
        self._refuse_properties(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            if hidden := REFUSED.search(event.value):
                self._fault("yaml-character", mark, f"U+{ord(hidden[0]):04X}")
            return Scalar(_value(event), mark, Written(event.style or "", self._end(event)))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, mark, depth)
        return self._mapping(event, mark, depth)

    def _refuse_properties(self, event: Any, mark: Mark) -> None:
        if event.anchor is not None:
            self._fault("yaml-anchor", mark, event.anchor)
        if event.tag is not None:
            self._fault("yaml-tag", mark, event.tag)

    def _sequence(self, start: Any, mark: Mark, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(tuple(items), mark, self._flow(start, event))

    def _mapping(self, start: Any, mark: Mark, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            found = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(event, yaml.ScalarEvent):
                self._fault("yaml-key-not-text", found.mark)
            elif event.value in entries:
                self._fault("yaml-duplicate-key", found.mark, event.value, entries[event.value][0].mark.line)
            else:
                entries[event.value] = (Scalar(event.value, found.mark, found.written), value)
        return Mapping(tuple(entries.values()), mark, self._flow(start, event))

    def _mark(self, event: Any) -> Mark:
        return self._there(event.start_mark)

    def _end(self, event: Any) -> Mark:
        return self._there(event.end_mark)

    def _there(self, mark: Any) -> Mark:
        """A place of the parser in the file, where wide signs may stand for more plain ones."""
        line, column = mark.line + 1, mark.column + 1
        for edit in self._more.get(line, ()):
            if edit.column < column:
                column -= min(len(edit.text) - edit.length, column - edit.column)
        return Mark(line, column)

    def _flow(self, start: Any, end: Any) -> Written:
        """How a list or mapping in brackets is written; others have no end of their own."""
        return Written("[", self._end(end)) if start.flow_style else Written()

    def _fault(self, rule: str, mark: Mark, *details: object) -> None:
        self._findings.append(_finding(rule, self._name, mark, *details))
        if len(self._findings) >= MOST_FINDINGS:
            raise Unreadable(self._findings)

    def _fatal(self, rule: str, mark: Mark) -> Unreadable:
        return Unreadable([*self._findings, _finding(rule, self._name, mark)])


def _finding(rule: str, name: str, mark: Mark, *details: object) -> Finding:
    message, remedy = FAULTS[rule]
    shown = [str(detail)[:60] for detail in details]
    return Finding(rule, name, mark.line, mark.column, {k: v.format(*shown) for k, v in message.items()}, remedy)


def _value(event: Any) -> str | int | float | bool | None:
    """What a scalar means: quoted and block ones are text, plain ones follow the core schema."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= 40 and _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
