"""How far keys, values and remarks reach in a YAML text, and what is put between, taken out or brought into another order there.

It moves characters and decides nothing: whoever calls it reads the text again, and sees whether it says what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Several
from dataclasses import dataclass

from definitions.source.place import Mark
from definitions.source.tree import Mapping, Node, Scalar, Sequence

_LINE_END = re.compile("\r\n|\r|\n")
_REMARK = re.compile(r"(?:^|\s)#", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Extent:
    """An entry of a block: from its key or dash to the end of its value; ``lead`` is where the remarks right above it begin.

    ``headed``: something stands before it on its line, such as the dash of the list that holds it.
    """

    lead: int
    start: int
    end: int
    line_end: int
    indent: int
    headed: bool


class Extents:
    """The characters of one text; all places are offsets from 0."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        found = _LINE_END.search(text)
        self.newline = found[0] if found else "\n"

    # -- where something is

    def offset(self, mark: Mark) -> int:
        """A mark as an offset."""
        return self.starts[mark.line - 1] + mark.column - 1 if mark.line <= len(self.starts) else len(self.text)

    def line_start(self, offset: int) -> int:
        """Where the line of a place begins."""
        before = _LINE_END.split(self.text[:offset])[-1]
        return offset - len(before)

    def line_end(self, offset: int) -> int:
        """Where the line of a place ends, without the sign for it."""
        found = _LINE_END.search(self.text, offset)
        return found.start() if found else len(self.text)

    def end(self, node: Node) -> int:
        """Where a value ends."""
        if isinstance(node, Scalar):
            return self._scalar_end(node)
        if node.written.end is not None:
            return self.offset(node.written.end)
        last = node.items[-1] if isinstance(node, Sequence) else node.entries[-1][1]
        return self.end(last)

    def _scalar_end(self, node: Scalar) -> int:
        end = self.offset(node.written.end or node.mark)
        if node.written.style not in ("|", ">"):
            return end
        # the parser has gone on to what follows: blank lines and its indentation
        body = (
            self.text[: self.line_start(end)]
            if self.text[self.line_start(end) : end].strip() == ""
            else self.text[:end]
        )
        return max(len(body.rstrip()), self.line_end(self.offset(node.mark)))

    def entries(self, holder: Node) -> list[Extent]:
        """The entries of a block, each with its place."""
        places = list[Extent]()
        column = holder.mark.column - 1
        if isinstance(holder, Mapping):
            for key, value in holder.entries:
                places.append(self._place(self.offset(key.mark), self.end(value), key.mark.column - 1, places))
        elif isinstance(holder, Sequence):
            for value in holder.items:
                places.append(self._place(self._dash(value, column), self.end(value), column, places))
        return places

    def _place(self, start: int, end: int, indent: int, before: Several[Extent]) -> Extent:
        first = self.line_start(start)
        headed = self.text[first:start].strip() != ""
        lead = start if headed else self._lead(first, indent, before[-1].line_end if before else 0)
        return Extent(lead, start, end, self.line_end(end), indent, headed)

    def _lead(self, first: int, indent: int, least: int) -> int:
        """Where remarks begin that stand right above a line, as far indented as it is."""
        found = first
        while found > least:
            above = self.line_start(found - len(self._sign_before(found)))
            line = self.text[above : self.line_end(above)]
            if above <= least or not line.strip().startswith("#") or len(line) - len(line.lstrip(" ")) != indent:
                break
            found = above
        return found

    def _sign_before(self, offset: int) -> str:
        return "\r\n" if self.text[:offset].endswith("\r\n") else self.text[offset - 1 : offset]

    def _dash(self, value: Node, column: int) -> int:
        """The dash of an item, on its own line or above it."""
        line = value.mark.line
        while line > 1 and self.text[self.starts[line - 1] + column : self.starts[line - 1] + column + 1] != "-":
            line -= 1
        return self.starts[line - 1] + column

    def remarks(self, node: Node) -> bool:
        """Whether there may be remarks within a value."""
        return _REMARK.search(self.text[self.offset(node.mark) : self.line_end(self.end(node))]) is not None

    # -- in its place

    def key(self, key: Scalar, written: str) -> str:
        """Another key in the place of one."""
        return self._with(self.offset(key.mark), self.offset(key.written.end or key.mark), written)

    def instead(self, node: Node, written: str) -> str:
        """Another value in the place of one that stands on the line of its key."""
        start, end = self.offset(node.mark), self.end(node)
        if isinstance(node, Scalar) and node.value is None and start == end:
            written = f" {written}"
        return self._with(start, end, written)

    def after_colon(self, entry: tuple[Scalar, Node], lines: Several[str]) -> str | None:
        """A value of a key written anew; ``lines`` are those of an entry whose key is ``k``."""
        key = entry[0]
        found = re.compile(r"\s*[:：]").match(self.text, self.offset(key.written.end or key.mark))
        return self._behind(found.end(), entry[1], lines[0].lstrip(" ")[2:], lines[1:]) if found else None

    def after_dash(self, place: Extent, node: Node, lines: Several[str]) -> str | None:
        """A value of a list written anew; ``lines`` are those of an item."""
        return self._behind(place.start + 1, node, lines[0].lstrip(" ")[1:], lines[1:])

    def _behind(self, begin: int, node: Node, tail: str, others: Several[str]) -> str | None:
        """What stands behind a colon or dash gives way; the remark on its line stays there."""
        end = max(begin, self.end(node))
        stop = self.line_end(end)
        if self.line_end(begin) == stop:
            written = "".join([tail, self.text[end:stop], *(self.newline + line for line in others)])
            return self._with(begin, stop, written)
        rest = self.text[begin : self.line_end(begin)]
        if isinstance(node, Scalar):
            if "#" in rest:
                return None
            rest = ""
        else:
            rest = rest if rest.strip().startswith("#") else ""
            end = stop
        return self._with(begin, end, "".join([tail, rest, *(self.newline + line for line in others)]))

    # -- entries of a block

    def lines_at(self, places: Several[Extent], index: int, lines: Several[str]) -> str:
        """Lines before an entry, or behind the last one; as far apart as the others are."""
        apart = [self.newline] if len(places) > 1 and all(map(self._apart, places, places[1:])) else []
        body = self.newline.join(lines)
        if index >= len(places):
            return self._with(places[-1].line_end, places[-1].line_end, "".join([self.newline, *apart, body]))
        place = places[index]
        if place.headed:
            body = f"{body[place.indent :]}{self.newline}{' ' * place.indent}"
            return self._with(place.start, place.start, body)
        return self._with(place.lead, place.lead, "".join([body, self.newline, *apart]))

    def _apart(self, one: Extent, following: Extent) -> bool:
        between = self.text[one.line_end : following.lead]
        return len(_LINE_END.findall(between)) > 1

    def without_lines(self, places: Several[Extent], index: int) -> str | None:
        """Without an entry and the remarks right above it; those above the first one may be about all of them, and stay."""
        place = places[index]
        if place.headed:
            stop = places[index + 1].start
            return None if _REMARK.search(self.text[place.start : stop]) else self._with(place.start, stop, "")
        start = place.lead if index else self.line_start(place.start)
        sign = _LINE_END.match(self.text, place.line_end)
        if sign is None and start:
            return self._with(start - len(self._sign_before(start)), place.line_end, "")
        return self._with(start, sign.end() if sign else place.line_end, "")

    def lines_in_order(self, places: Several[Extent], order: Several[int]) -> str:
        """Entries in another order, each with the remarks right above it."""
        shown = [self.text[one.lead : one.line_end] for one in places]
        whole = [" " * one.indent + text if one.headed else text for one, text in zip(places, shown, strict=True)]
        parts, at = list[str](), 0
        for place, number in zip(places, order, strict=True):
            text = whole[number][place.indent :] if place.headed else whole[number]
            parts += [self.text[at : place.lead], text]
            at = place.line_end
        return "".join([*parts, self.text[at:]])

    # -- entries in brackets

    def slices(self, holder: Node) -> list[tuple[int, int]]:
        """Where each entry in brackets begins and ends."""
        if isinstance(holder, Mapping):
            return [
                (self.offset(key.mark), max(self.offset(key.written.end or key.mark), self.end(value)))
                for key, value in holder.entries
            ]
        return [(self.offset(one.mark), self.end(one)) for one in holder.items] if isinstance(holder, Sequence) else []

    def between(self, holder: Node, index: int, written: str) -> str:
        """One more before an entry in brackets, or behind the last one."""
        slices = self.slices(holder)
        if index >= len(slices):
            return self._with(slices[-1][1], slices[-1][1], f", {written}")
        return self._with(slices[index][0], slices[index][0], f"{written}, ")

    def without(self, holder: Node, index: int) -> str | None:
        """Without one of several in brackets."""
        slices = self.slices(holder)
        last = index == len(slices) - 1
        start, end = (slices[index - 1][1], slices[index][1]) if last else (slices[index][0], slices[index + 1][0])
        return None if _REMARK.search(self.text[start:end]) else self._with(start, end, "")

    def in_order(self, holder: Node, order: Several[int]) -> str:
        """Entries in brackets in another order."""
        slices, parts, at = self.slices(holder), list[str](), 0
        for (start, end), number in zip(slices, order, strict=True):
            parts += [self.text[at:start], self.text[slice(*slices[number])]]
            at = end
        return "".join([*parts, self.text[at:]])

    def _with(self, start: int, end: int, written: str) -> str:
        return self.text[:start] + written + self.text[end:]
