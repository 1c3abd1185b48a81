"""The text of a mail that is HTML: read in one pass, whatever is wrong with it; nothing in it is fetched, run, or shown as markup."""

from __future__ import annotations

import html
import re

#: Of a longer one only the beginning is read.
_LONGEST = 2_000_000
_SILENT = frozenset({"script", "style", "head", "title", "noscript", "template"})
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "ul", "ol", "pre", "section"}
)
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,15})")


def words_of(markup: str) -> str:
    """The words, with quotations (``blockquote``) marked by ``>`` as in plain mail."""
    return _Reading(markup[:_LONGEST]).words()


class _Reading:
    """One pass over a text, piece by piece."""

    def __init__(self, markup: str) -> None:
        self._markup, self._lower, self._at = markup, markup.lower(), 0
        self._lines: list[str] = [""]
        self._depth = 0

    def words(self) -> str:
        """All of it."""
        while self._at < len(self._markup):
            begin = self._markup.find("<", self._at)
            if begin < 0:
                break
            self._say(self._markup[self._at : begin])
            self._at = begin
            if not self._tag():
                break
        self._say(self._markup[self._at :])
        kept = [line.strip() for line in self._lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()

    def _tag(self) -> bool:
        """Read a tag, if it is one; whether anything is left to be read."""
        sign = self._markup[self._at + 1 : self._at + 2]
        if not (sign.isascii() and (sign.isalpha() or sign in ("/", "!", "?"))):
            self._say("<")
            self._at += 1
            return True
        comment = self._markup.startswith("<!--", self._at)
        end = self._markup.find("-->" if comment else ">", self._at)
        if end < 0:
            # it never ends: what is left is no text
            self._at = len(self._markup)
            return False
        inside = self._markup[self._at + 1 : end]
        self._at = end + (3 if comment else 1)
        found = None if comment else _NAME.match(inside)
        return self._met(found[1].lower(), inside.startswith("/")) if found else True

    def _met(self, name: str, closing: bool) -> bool:
        if name in _SILENT and not closing:
            end = self._lower.find(f"</{name}", self._at)
            self._at = len(self._markup) if end < 0 else end
            return end >= 0
        if name == "blockquote":
            self._depth = max(0, min(self._depth + (-1 if closing else 1), 20))
            self._break()
        elif name in _BREAKS and (not closing or name not in ("br", "hr")):
            self._break()
        elif name in ("td", "th") and not closing:
            self._lines[-1] += " "
        return True

    def _break(self) -> None:
        if self._lines[-1].strip("> ") or not self._lines[-1]:
            self._lines.append("> " * self._depth)
        else:
            self._lines[-1] = "> " * self._depth

    def _say(self, text: str) -> None:
        said = " ".join(html.unescape(text).replace("\xa0", " ").split(" "))
        said = re.sub(r"\s+", " ", said)
        if said.strip() or (said and self._lines[-1].strip()):
            self._lines[-1] += said
