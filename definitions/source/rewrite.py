"""A YAML text rewritten by what it says: a value set, put in, taken out, moved, a key renamed; what is not meant stays, remarks and layout too.

``rewritten`` gives a text that says what ``meant`` says, or refuses: nothing is changed by half.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from definitions.finding import Unreadable
from definitions.source import emission
from definitions.source.extent import Extents
from definitions.source.tree import Document, Mapping, Node, Path, Scalar, Sequence, read


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value at a path; what is not there is made: a key at the end of its mapping, an index at the end of its list."""

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class InsertValue:
    """A new value in the list or mapping at ``path``, before the one that stands at ``index``; of a mapping, ``key`` is its name."""

    path: Path
    index: int
    value: Any
    key: str = ""


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """What stands at a path is taken out, with the remarks right above it."""

    path: Path


@dataclass(frozen=True, slots=True)
class MoveValue:
    """What stands at a path comes to stand at ``index`` among those beside it."""

    path: Path
    index: int


@dataclass(frozen=True, slots=True)
class RenameKey:
    """The key at the end of a path becomes another; what refers to it is left alone."""

    path: Path
    key: str


Rewrite = SetValue | InsertValue | RemoveValue | MoveValue | RenameKey


class NotRewritten(Exception):
    """The path leads nowhere, or the text is written in a way in which this cannot be changed in its place."""


def rewritten(text: str, *rewrites: Rewrite) -> str:
    """The text with all rewrites, one after the other; ``NotRewritten`` if one cannot be made, ``Unreadable`` if the text is no YAML."""
    if not rewrites:
        return text
    document = read(text, "")
    for one in rewrites:
        for step in _steps(document.plain(), one):
            document = _once(document, step)
    return document.text


def meant(plain: Any, rewrite: Rewrite) -> Any:
    """What the text says after a rewrite; ``KeyError``, ``IndexError`` or ``TypeError`` if its path leads nowhere."""
    whole = deepcopy(plain)
    inserts = isinstance(rewrite, InsertValue)
    holder = _at(whole, rewrite.path if inserts else rewrite.path[:-1])
    last = None if inserts else rewrite.path[-1]
    match rewrite:
        case SetValue():
            if isinstance(holder, list) and last == len(holder):
                holder.append(deepcopy(rewrite.value))
            else:
                holder[last] = deepcopy(rewrite.value)
        case InsertValue():
            _placed(holder, rewrite.key, deepcopy(rewrite.value), rewrite.index)
        case RemoveValue():
            del holder[last]
        case MoveValue():
            value = holder.pop(last)
            _placed(holder, last, value, rewrite.index)
        case RenameKey():
            if rewrite.key in holder:
                raise KeyError(rewrite.key)
            pairs = [(rewrite.key if key == last else key, value) for key, value in holder.items()]
            holder.clear()
            holder.update(pairs)
    return whole


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, also in the order of their keys, and in what they are (``1`` is not ``true``)."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _at(plain: Any, path: Path) -> Any:
    for part in path:
        plain = plain[part]
    return plain


def _placed(holder: Any, key: Any, value: Any, index: int) -> None:
    if isinstance(holder, list):
        holder.insert(index, value)
        return
    if key in holder or not key:
        raise KeyError(key)
    pairs = list(holder.items())
    pairs.insert(index, (key, value))
    holder.clear()
    holder.update(pairs)


def _steps(plain: Any, rewrite: Rewrite) -> Iterator[Rewrite]:
    """A rewrite as the smallest ones that come to the same: of a list or mapping set anew, only what differs."""
    if not isinstance(rewrite, SetValue):
        yield rewrite
        return
    try:
        before = _at(plain, rewrite.path)
    except (KeyError, IndexError, TypeError):
        yield rewrite
        return
    yield from _differences(tuple(rewrite.path), before, rewrite.value)


def _differences(path: Path, before: Any, after: Any) -> Iterator[Rewrite]:
    if isinstance(before, dict) and isinstance(after, dict) and before and after and set(before) & set(after):
        yield from _of_mappings(tuple(path), before, after)
    elif isinstance(before, list) and isinstance(after, list) and before and after:
        yield from _of_lists(tuple(path), before, after)
    elif not same(before, after):
        yield SetValue(path, after)


def _of_mappings(path: tuple[str | int, ...], before: dict[str, Any], after: dict[str, Any]) -> Iterator[Rewrite]:
    for key in before:
        if key not in after:
            yield RemoveValue((*path, key))
    there = [key for key in before if key in after]
    for index, key in enumerate(after):
        if key not in before:
            yield InsertValue(path, index, after[key], key)
            there.insert(index, key)
        else:
            if there[index] != key:
                yield MoveValue((*path, key), index)
                there.remove(key)
                there.insert(index, key)
            yield from _differences((*path, key), before[key], after[key])


def _of_lists(path: tuple[str | int, ...], before: list[Any], after: list[Any]) -> Iterator[Rewrite]:
    """What is the same at both ends stays; between, item by item."""
    shorter = min(len(before), len(after))
    begin = next((at for at in range(shorter) if not same(before[at], after[at])), shorter)
    most = shorter - begin
    end = next((at for at in range(most) if not same(before[-1 - at], after[-1 - at])), most)
    old, new = before[begin : len(before) - end], after[begin : len(after) - end]
    for at in range(len(old) - 1, len(new) - 1, -1):
        yield RemoveValue((*path, begin + at))
    for at, value in enumerate(new):
        if at < len(old):
            yield from _differences((*path, begin + at), old[at], value)
        else:
            yield InsertValue(path, begin + at, value)


def _once(document: Document, rewrite: Rewrite) -> Document:
    try:
        wanted = meant(document.plain(), rewrite)
    except (KeyError, IndexError, TypeError) as error:
        raise NotRewritten(rewrite) from error
    if same(document.plain(), wanted):
        return document
    for way in (_in_place, _anew):
        text = way(document, rewrite, wanted)
        found = _saying(text, wanted) if text is not None else None
        if found is not None:
            return found
    raise NotRewritten(rewrite)


def _saying(text: str, wanted: Any) -> Document | None:
    """The text as a tree, if it says what is wanted."""
    try:
        found = read(text, "")
    except Unreadable:
        return None
    return found if not found.findings and same(found.plain(), wanted) else None


def _in_place(document: Document, rewrite: Rewrite, wanted: Any) -> str | None:
    return _Text(document).of(rewrite)


def _anew(document: Document, rewrite: Rewrite, wanted: Any) -> str | None:
    """The nearest value around the place that holds no remarks, written anew as a whole."""
    path = tuple(rewrite.path) if isinstance(rewrite, InsertValue) else tuple(rewrite.path)[:-1]
    node = document.find(path) if path else None
    if node is None or Extents(document.text).remarks(node):
        return None
    return _Text(document).set(path, node, _at(wanted, path))


class _Text:
    """One rewrite of one text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.extents = Extents(document.text)

    def of(self, rewrite: Rewrite) -> str | None:
        path = tuple(rewrite.path)
        if isinstance(rewrite, InsertValue):
            return self.insert(path, rewrite.index, rewrite.key, rewrite.value)
        node, holder = self.document.find(path), self.document.find(path[:-1])
        if isinstance(rewrite, SetValue):
            return self._set_or_add(path, node, holder, rewrite.value)
        if holder is None or isinstance(holder, Scalar):
            return None
        index = _index(holder, path[-1])
        match rewrite:
            case RemoveValue():
                return self.remove(path[:-1], holder, index)
            case MoveValue():
                return self.move(holder, index, rewrite.index)
        if not isinstance(holder, Mapping):
            return None
        key = emission.inline(rewrite.key, within=bool(holder.written.style))
        return self.extents.key(holder.entries[index][0], key)

    def _set_or_add(self, path: Path, node: Node | None, holder: Node | None, value: Any) -> str | None:
        if node is not None:
            return self.set(path, node, value)
        return self.insert(path[:-1], _size(holder), str(path[-1]), value) if holder is not None else None

    def set(self, path: Path, node: Node, value: Any) -> str | None:
        """The value at a path gives way to another."""
        holder = self.document.find(path[:-1]) if path else None
        if holder is None or isinstance(holder, Scalar):
            return None
        within = bool(holder.written.style)
        if within or (_on_line(node) and emission.fits(value, node.mark.column)):
            return self.extents.instead(node, _like(node, value, within))
        index = _index(holder, path[-1])
        place = self.extents.entries(holder)[index]
        if isinstance(holder, Mapping):
            return self.extents.after_colon(holder.entries[index], emission.entry("k", value, place.indent))
        return self.extents.after_dash(place, node, emission.item(value, place.indent))

    def insert(self, path: Path, index: int, key: str, value: Any) -> str | None:
        """One more among those of a list or mapping."""
        holder = self.document.find(path)
        if holder is None:
            return None
        if _size(holder) == 0:
            return self.set(path, holder, [value] if isinstance(holder, Sequence) else {key: value})
        listed = isinstance(holder, Sequence)
        if holder.written.style:
            shown = emission.inline(value, within=True)
            return self.extents.between(
                holder, index, shown if listed else f"{emission.inline(key, within=True)}: {shown}"
            )
        places = self.extents.entries(holder)
        indent = places[0].indent
        lines = emission.item(value, indent) if listed else emission.entry(key, value, indent)
        return self.extents.lines_at(places, index, lines)

    def remove(self, path: Path, holder: Node, index: int) -> str | None:
        """One of several is taken out; the last of a mapping or list leaves it empty."""
        if _size(holder) == 1:
            return self.set(path, holder, [] if isinstance(holder, Sequence) else {})
        if holder.written.style:
            return self.extents.without(holder, index)
        return self.extents.without_lines(self.extents.entries(holder), index)

    def move(self, holder: Node, index: int, to: int) -> str:
        """One of several changes its place among them."""
        order = [number for number in range(_size(holder)) if number != index]
        order.insert(to, index)
        if holder.written.style:
            return self.extents.in_order(holder, order)
        return self.extents.lines_in_order(self.extents.entries(holder), order)


def _like(node: Node, value: Any, within: bool) -> str:
    """A value on one line; a text keeps the quotes of the one before it."""
    text = emission.inline(value, within=within)
    if (
        isinstance(node, Scalar)
        and isinstance(value, str)
        and node.written.style in ("'", '"')
        and text[:1] not in "'\""
    ):
        return f"'{text}'" if node.written.style == "'" and "'" not in text else emission.quoted(value)
    return text


def _size(holder: Node | None) -> int:
    match holder:
        case Mapping():
            return len(holder.entries)
        case Sequence():
            return len(holder.items)
    return 0


def _index(holder: Mapping | Sequence, last: str | int) -> int:
    if isinstance(holder, Mapping):
        return next(index for index, (key, _) in enumerate(holder.entries) if key.value == last)
    return int(last)


def _on_line(node: Node) -> bool:
    """Whether a value stands on the line of its key: a single one but for blocks, or one in brackets."""
    if isinstance(node, Scalar):
        return node.written.style not in ("|", ">") and node.value is not None
    return node.written.style == "["
