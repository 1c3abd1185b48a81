"""What was found, marked in the texts where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huying.search.letters import is_han, plain, sounds
from huying.search.question import TypedText

#: Around what was found, so many characters of a text are shown.
_AROUND = 24


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A piece of a text; ``hit``: it is what was looked for."""

    text: str
    hit: bool = False


def marked(text: str, asked: TypedText) -> tuple[MarkedPiece, ...]:
    """A text in pieces; one piece alone if nothing is found in it."""
    pieces: list[MarkedPiece] = []
    at = 0
    for begin, end in _spans(text, asked):
        if begin > at:
            pieces.append(MarkedPiece(text[at:begin]))
        pieces.append(MarkedPiece(text[begin:end], hit=True))
        at = end
    if at < len(text) or not pieces:
        pieces.append(MarkedPiece(text[at:]))
    return tuple(pieces)


def excerpt(text: str, asked: TypedText) -> tuple[MarkedPiece, ...]:
    """The part of a text around the first thing found, in pieces; nothing if there is none."""
    line = " ".join(text.split())
    spans = _spans(line, asked)
    if not spans:
        return ()
    begin = max(0, spans[0][0] - _AROUND)
    end = min(len(line), spans[0][1] + 2 * _AROUND)
    pieces = marked(line[begin:end], asked)
    before, after = ("…" if begin else ""), ("…" if end < len(line) else "")
    return (
        tuple(MarkedPiece(f"{sign}") for sign in [before] if sign)
        + pieces
        + tuple(MarkedPiece(sign) for sign in [after] if sign)
    )


def _spans(text: str, asked: TypedText) -> list[tuple[int, int]]:
    """Where something that was looked for stands, without overlaps, in order."""
    low = plain(text)
    if len(low) != len(text):
        # a sign that is several when it is made plain would move all that follows
        low = text.lower()
    found = sorted(span for word in asked.words for span in _written(low, word.text))
    if not found:
        found = sorted(span for word in asked.words for span in _heard(low, word.tokens))
    kept: list[tuple[int, int]] = []
    for begin, end in found:
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept


def _written(text: str, word: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(re.escape(word), text):
        yield match.span()


def _heard(text: str, tokens: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where Han characters sound like a word of at least two."""
    size = len(tokens)
    if size < 2 or not all(map(is_han, tokens)):
        return
    wanted = sounds(tokens)
    heard = [sounds((sign,)) for sign in text]
    for at in range(len(text) - size + 1):
        if [one for sound in heard[at : at + size] for one in sound] == wanted:
            yield at, at + size
