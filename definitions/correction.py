"""What ``check --fix`` puts right in a definition's file: what can be meant in one way only, in place, with remarks and layout kept.

These are: a misspelt key or name with one that is near, signs of the Chinese keyboard, tabs, and times in words of the office. It goes on until
nothing is left, and changes no meaning: a sound definition is the same one afterwards, and no correction may bring a new fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from definitions.composition.fragments import Find
from definitions.finding import Finding, Unreadable
from definitions.loader import Examined, examine
from definitions.model.definition import Definition
from definitions.model.duration import Duration, Reminder
from definitions.model.shorthand import canonical
from definitions.model.term import Terms
from definitions.model.vocabulary import Slot, wanted_at
from definitions.source.edit import Edit, edited
from definitions.source.excerpt import lines_of
from definitions.source.place import span
from definitions.source.tree import Document, Mapping, Node, Scalar, read
from definitions.source.tree import Sequence as Items
from definitions.source.width import narrowed

#: Each turn can show what was hidden before; after so many it is enough.
_TURNS = 12
#: How wide a tab may have been meant.
_WIDTHS = (2, 4, 8)


def corrected(text: str, name: str, fragments: Find | None = None, *, calendars: Sequence[str] | None = None) -> str:
    """The text of a definition with all that can be put right; the same text if that is nothing."""

    def look(written: str) -> Examined | None:
        try:
            return examine(written, name, fragments, calendars=calendars)
        except Unreadable:
            return None

    for _ in range(_TURNS):
        before = look(text)
        better = _turn(text, name, before)
        if better == text or not _harmless(before, look(better)):
            return text
        text = better
    return text


def _harmless(before: Examined | None, after: Examined | None) -> bool:
    """Whether nothing got worse: what was sound means the same, and there are no more faults than before."""
    if before is None:
        return True
    if after is None or len(after.findings) > len(before.findings):
        return False
    sound = before.definition is not None and not before.findings
    return not sound or after.definition == before.definition


def _turn(text: str, name: str, examined: Examined | None) -> str:
    """One round: signs first, so that places are those of plain YAML; then words."""
    if edits := narrowed(text):
        return edited(text, edits)
    if examined is None:
        return _without_tabs(text, name)
    found = [*_misspelt(examined.findings, name), *_times(read(text, name))]
    return edited(text, found)


def _misspelt(findings: Sequence[Finding], name: str) -> Iterator[Edit]:
    for one in findings:
        if one.instead is not None and one.file == name:
            yield Edit(one.line, one.column, one.length, one.instead)


def _without_tabs(text: str, name: str) -> str:
    """Blanks for the tabs before a line, if all widths that can be read say the same."""
    readings = dict[str, Any]()
    for width in _WIDTHS:
        lines = text.splitlines(keepends=True)
        tried = "".join(_untabbed(line, width) for line in lines)
        try:
            readings[tried] = read(tried, name).plain()
        except Unreadable:
            continue
    same = readings and all(plain == next(iter(readings.values())) for plain in readings.values())
    return next(iter(readings)) if same else text


def _untabbed(line: str, width: int) -> str:
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].replace("\t", " " * width) + rest


def _times(document: Document) -> Iterator[Edit]:
    """Times that are taken, and not written as the language does."""
    body, lines = document.plain(), lines_of(document.text)
    for path, scalar in _scalars(document.root, ()):
        value = scalar.value
        if not isinstance(value, str) or scalar.written.style in ("|", ">"):
            continue
        phrase = canonical(value)
        if phrase == " ".join(value.split()) or not _is_time(body, path) or not _reads(phrase):
            continue
        length = span(scalar.mark, scalar.written, lines)
        if length is not None and scalar.written.end is not None and scalar.written.end.line == scalar.mark.line:
            yield Edit(scalar.mark.line, scalar.mark.column, length, phrase)


def _scalars(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield from _scalars(value, (*path, str(key.value)))
    elif isinstance(node, Items):
        for index, value in enumerate(node.items):
            yield from _scalars(value, (*path, index))


def _is_time(body: Any, path: tuple[str | int, ...]) -> bool:
    """Whether a time stands at a place."""
    if path[0] == "deadlines":
        return True
    return any(_timely(one) for one in wanted_at(Definition, body, path)) or path[-1] == "wait"


def _timely(slot: Slot) -> bool:
    entries = slot.items.alternatives() if slot.items else ()
    kinds = (slot.annotation, *(one.annotation for one in entries))
    # of an entry of a list of terms every kind of term is named; a length is always one of them
    return any(kind in (Duration, Reminder, Terms) for kind in kinds)


def _reads(phrase: str) -> bool:
    """Whether a phrase is one of the language."""
    return phrase.isascii()
