"""Signs of the Chinese keyboard where YAML wants plain ones: ``task：clerk``, ``{zh：信访，en：Petition}``, ``[clerk、deputy]``, wide blanks.

Only what can be meant in no other way is taken so: signs between keys and values, never those within a text, a quote, a remark or a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from definitions.source.edit import Edit
from definitions.source.excerpt import lines_of

#: Whether there is anything to look for.
_WIDE = re.compile("[：，、　“]")
_KEY = r"[a-z][a-z0-9_-]*(?:[ \u3000][a-z0-9_-]+){0,3}|\"[^\"]*\"|'[^']*'"
_BEGINS = re.compile(rf"^([ ]*)((?:-[ \u3000]+)*)({_KEY})[ \u3000]*([：:])(?=[ \u3000]|$|(?<=：))[ \u3000]*")
#: A key within braces, behind the sign that parts it from the one before.
_INSIDE = re.compile(rf"([{{,，])([ \u3000]*)({_KEY})[ \u3000]*([：:])(?=[ \u3000]|(?<=：))[ \u3000]*")
_NAME = r"[a-z][a-z0-9_-]*(?:[ \u3000][a-z0-9_-]+){0,3}"
#: A list of names alone, up to the end of the value.
_NAMES = re.compile(
    rf"\[[ \u3000]*{_NAME}(?:[ \u3000]*[，、,][ \u3000]*{_NAME})+[ \u3000]*\](?=[ \u3000]*(?:$|[,，}}\]]|[ \u3000]#))"
)
#: An expression in Chinese quotes: no text begins with braces.
_QUOTES = re.compile(r"“(\{\{[^“”\"\\]*)”(?=[ \u3000]*(?:$|[,，}]|[ \u3000]#))")
_BLOCK = re.compile(r"[:：][ \u3000]*[|>][-+0-9]*[ \u3000]*$")
_LANGUAGE = re.compile(r"(?<![a-z])[a-z]{2}[ \u3000]*[:：][ \u3000]*$")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")


def narrowed(text: str) -> tuple[Edit, ...]:
    """What has to give way so that YAML reads what was meant; nothing in a text that is written with plain signs."""
    return tuple(_Lines(lines_of(text)).edits()) if _WIDE.search(text) else ()


class _Lines:
    """Walks through lines, and knows which of them begin with a key."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = lines
        #: The depth of braces and brackets that are open, and the indentation of a block or of a text that goes on.
        self._open = 0
        self._block: int | None = None
        self._goes_on: int | None = None
        #: The quote of a text that began above.
        self._quote: str | None = None

    def edits(self) -> Iterator[Edit]:
        for number, line in enumerate(self._lines, 1):
            indent = len(line) - len(line.lstrip(" "))
            if self._quote is not None:
                self._quote = None if self._quote in line else self._quote
                continue
            if not line.strip() or line.lstrip().startswith("#") or self._within(indent):
                continue
            edits = {column: (length, text) for column, length, text in self._line(line)}
            yield from (Edit(number, column + 1, length, new) for column, (length, new) in sorted(edits.items()))
            self._follow(line, indent)

    def _within(self, indent: int) -> bool:
        """Whether a line belongs to a block, or to a text that began above."""
        if self._block is not None and indent > self._block:
            return True
        self._block = None
        return self._goes_on is not None and indent > self._goes_on

    def _follow(self, line: str, indent: int) -> None:
        plain = re.sub(r"(^|[ \u3000])#.*$", "", _QUOTED.sub(lambda found: "q" * len(found[0]), line)).rstrip(" \u3000")
        begin = _BEGINS.match(line) if self._open == 0 else None
        self._open = max(0, self._open + len(re.findall(r"[{\[]", plain)) - len(re.findall(r"[}\]]", plain)))
        opened = re.search(r"(?:^ *|[:：,，\[{-][ \u3000]*)([\"'])", plain)
        self._quote = opened[1] if opened else None
        self._block = indent if _BLOCK.search(plain) else None
        value = plain[begin.end() :] if begin else ""
        if self._open == 0:
            # only a text without quotes can go on in the next line
            self._goes_on = indent if value and self._block is None and value[0] not in "{[q\"'“" else None

    def _line(self, line: str) -> Iterator[tuple[int, int, str]]:
        """The edits of a line: column (from 0), length, text."""
        quoted = [found.span() for found in _QUOTED.finditer(line)]
        first = _BEGINS.match(line) if self._open == 0 else None
        if first is not None and not (first[2] and re.search(r"[ \u3000]", first[3])):
            yield from self._key(line, first, 3)
        for found in _INSIDE.finditer(line):
            if self._outside(found.start(), quoted, line) and (found[1] == "{" or self._in_braces(line, found.start())):
                if found[1] == "，":
                    yield found.start(), 1, "," if found[2] else ", "
                yield from self._key(line, found, 3)
        yield from self._brackets(line, quoted)

    def _key(self, line: str, found: re.Match[str], key: int) -> Iterator[tuple[int, int, str]]:
        """A key with its colon: wide blanks become plain ones, and behind the colon stands one."""
        for at in range(found.start(), found.end()):
            if line[at] == "\u3000":
                yield at, 1, " "
        colon = found.start(key + 1)
        if line[colon] == "：":
            yield colon, 1, ":" if colon + 1 == len(line) or line[colon + 1] in " \u3000" else ": "

    def _brackets(self, line: str, quoted: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
        for found in _NAMES.finditer(line):
            before = line[: found.start()].rstrip(" \u3000")
            if self._outside(found.start(), quoted, line) and before.endswith((":", "：", "-", "[", ",", "，")):
                plain = {"，": ", ", "、": ", ", "\u3000": " "}
                yield from ((at, 1, plain[line[at]]) for at in range(*found.span()) if line[at] in plain)
        for found in _QUOTES.finditer(line):
            before = line[: found.start()].rstrip(" \u3000")
            if (
                before.endswith((":", "："))
                and self._outside(found.start(), quoted, line)
                and not _LANGUAGE.search(line[: found.start()])
            ):
                yield found.start(), 1, '"'
                yield found.end() - 1, 1, '"'
        if (trailing := re.search(r"(?<=[a-z0-9}\]])[ \u3000]*\u3000[ \u3000]*$", line)) and self._outside(
            trailing.start(), quoted, line
        ):
            yield trailing.start(), len(line) - trailing.start(), ""

    def _outside(self, at: int, quoted: list[tuple[int, int]], line: str) -> bool:
        remark = re.search(r"(?:^|[ \u3000])#", _QUOTED.sub(lambda found: "q" * len(found[0]), line))
        return not any(start <= at < end for start, end in quoted) and not (remark and remark.start() <= at)

    def _in_braces(self, line: str, at: int) -> bool:
        """Whether the innermost bracket that is open at a column is a brace."""
        depth = list[str]()
        for sign in _QUOTED.sub(lambda found: "q" * len(found[0]), line)[:at]:
            if sign in "{[":
                depth.append(sign)
            elif sign in "}]" and depth:
                depth.pop()
        return depth[-1] == "{" if depth else self._open > 0
