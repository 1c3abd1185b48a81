"""What ``check --fix`` puts right in a file: what can be meant in one way only, in place, with remarks and layout kept.

These are: a misspelt key or name with one that is near, signs of the Chinese keyboard (in expressions too), tabs, and times in words of the
office. It goes on until nothing is left, and changes no meaning: a sound definition is the same one afterwards, and no correction may bring a
new fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.composition.fragments import Find
from definitions.expressions.error import ExpressionError
from definitions.expressions.expression import Expression, Template
from definitions.expressions.width import plain_expression, plain_text
from definitions.finding import Finding, Unreadable
from definitions.loader import examine
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
from definitions.trials.scenario import SCENARIOS, parse_scenarios

#: Each turn can show what was hidden before; after so many it is enough.
_TURNS = 12
#: How wide a tab may have been meant.
_WIDTHS = (2, 4, 8)


def corrected(text: str, name: str, fragments: Find | None = None, *, calendars: Sequence[str] | None = None) -> str:
    """The text of a definition with all that can be put right; the same text if that is nothing."""

    def look(written: str) -> _Seen | None:
        try:
            examined = examine(written, name, fragments, calendars=calendars)
        except Unreadable:
            return None
        return _Seen(examined.findings, examined.definition)

    return _corrected(text, name, look, Definition)


def corrected_scenarios(text: str, name: str) -> str:
    """The same of a file of scenarios."""

    def look(written: str) -> _Seen | None:
        try:
            read(written, name)
        except Unreadable:
            return None
        try:
            return _Seen((), parse_scenarios(written, name))
        except Unreadable as error:
            return _Seen(error.findings)

    return _corrected(text, name, look, SCENARIOS)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What became of a text that could be read: what is wrong with it, and what it means if its shape is right."""

    findings: Sequence[Finding]
    meaning: object = None


def _corrected(text: str, name: str, look: Callable[[str], _Seen | None], root: Any) -> str:
    for _ in range(_TURNS):
        before = look(text)
        better = _turn(text, name, before, root)
        if better == text or not _harmless(before, look(better)):
            return text
        text = better
    return text


def _harmless(before: _Seen | None, after: _Seen | None) -> bool:
    """Whether nothing got worse: what was sound means the same, and there are no more faults than before."""
    if before is None:
        return True
    if after is None or len(after.findings) > len(before.findings):
        return False
    sound = before.meaning is not None and not before.findings
    return not sound or after.meaning == before.meaning


def _turn(text: str, name: str, seen: _Seen | None, root: Any) -> str:
    """One round: signs first, so that places are those of plain YAML; then words."""
    if edits := narrowed(text):
        return edited(text, edits)
    if seen is None:
        return _without_tabs(text, name)
    document = read(text, name)
    found = [*_misspelt(seen.findings, name), *_times(document, root), *_expressions(document, root)]
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


def _times(document: Document, root: Any) -> Iterator[Edit]:
    """Times that are taken, and not written as the language does."""
    body = document.plain()
    for path, scalar, text in _texts(document):
        phrase = canonical(text)
        if phrase != " ".join(text.split()) and _is_time(body, path, root) and _reads(phrase):
            yield from _instead(document, scalar, phrase)


def _expressions(document: Document, root: Any) -> Iterator[Edit]:
    """Expressions, and those of texts, in which signs stand that are no plain ones; only if they can be read then."""
    body = document.plain()
    for path, scalar, text in _texts(document):
        kinds = {slot.annotation for slot in wanted_at(root, body, path)}
        within = next((kind for kind in (Expression, Template) if kind in kinds), None)
        if within is None:
            continue
        style = scalar.written.style
        mended = (plain_expression if within is Expression else plain_text)(text, '"' if style == "'" else "'")
        if mended == text or not _is_one(within, mended):
            continue
        begins = not style and (mended[0] in "'\"[{" or within is Template)
        yield from _instead(document, scalar, f'"{mended}"' if begins else f"{style}{mended}{style}")


def _is_one(kind: type[Expression | Template], text: str) -> bool:
    try:
        kind.parse(text)
    except ExpressionError:
        return False
    return True


def _texts(document: Document) -> Iterator[tuple[tuple[str | int, ...], Scalar, str]]:
    """All texts that are no blocks, with their places."""
    for path, scalar in _scalars(document.root, ()):
        if isinstance(scalar.value, str) and scalar.written.style not in ("|", ">"):
            yield path, scalar, scalar.value


def _instead(document: Document, scalar: Scalar, text: str) -> Iterator[Edit]:
    """Another text in the place of one that stands in one line."""
    length = span(scalar.mark, scalar.written, lines_of(document.text))
    if length is not None and scalar.written.end is not None and scalar.written.end.line == scalar.mark.line:
        yield Edit(scalar.mark.line, scalar.mark.column, length, text)


def _scalars(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield from _scalars(value, (*path, str(key.value)))
    elif isinstance(node, Items):
        for index, value in enumerate(node.items):
            yield from _scalars(value, (*path, index))


def _is_time(body: Any, path: tuple[str | int, ...], root: Any) -> bool:
    """Whether a time stands at a place."""
    if path[0] == "deadlines":
        return True
    return any(_timely(one) for one in wanted_at(root, body, path)) or path[-1] == "wait"


def _timely(slot: Slot) -> bool:
    entries = slot.items.alternatives() if slot.items else ()
    kinds = (slot.annotation, *(one.annotation for one in entries))
    # of an entry of a list of terms every kind of term is named; a length is always one of them
    return any(kind in (Duration, Reminder, Terms) for kind in kinds)


def _reads(phrase: str) -> bool:
    """Whether a phrase is one of the language."""
    return phrase.isascii()
