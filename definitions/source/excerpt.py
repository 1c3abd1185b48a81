"""The line of a file that a finding shows, and how much of it is meant.

The one place where findings get their excerpts. It knows lines and columns, and nothing of YAML or of definitions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from definitions.finding import Finding

#: More of a long line than this is not shown.
LONGEST_EXCERPT = 160
#: So much of a long line is shown before the place that is meant.
_BEFORE = 60

_LINE_END = re.compile("\r\n|\r|\n")
# a key or a value as it stands in a line, up to the sign that ends it
_WORD = re.compile(r"[^\s,\[\]{}：，]+?(?=:?(?:\s|$)|[,\[\]{}：，])")
# what a terminal would obey instead of showing it
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text, counted as editors and the YAML parser count them."""
    return tuple(_LINE_END.split(text))


def harmless(text: str) -> str:
    """The text with a visible sign for each character that would move or turn what stands around it."""
    return _UNSEEN.sub(lambda found: " " if found[0] == "\t" else "\ufffd", text)


def excerpted(finding: Finding, lines: Sequence[str], length: int | None = None) -> Finding:
    """The finding with its line; ``length`` in characters is kept within the line, and is the word there if it is not given."""
    if not 1 <= finding.line <= len(lines):
        return finding
    line, start = lines[finding.line - 1], finding.column - 1
    if length is None:
        word = _WORD.match(line, start)
        length = len(word[0]) if word else 1
    first = max(0, start - _BEFORE) if len(line) > LONGEST_EXCERPT else 0
    shown = harmless(line[first : first + LONGEST_EXCERPT])
    fitting = max(1, min(length, len(line.rstrip()) - start, first + len(shown) - start))
    return replace(finding, length=fitting, excerpt=shown, excerpt_column=first + 1)
