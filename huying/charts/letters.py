"""How wide a text is and where it breaks, without a font at hand: measured generously, so that it fits in whichever font the reader has."""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("ijlftrI.,:;|!'()[]/ ·-")
_BROAD = frozenset("mwMW@%&")
#: What must not begin a line, and what must not end one.
_NOT_FIRST = frozenset("，。、；：？！）》”’％…,.;:?!)%")
_NOT_LAST = frozenset("（《“‘([")
_BOLD = 1.07


def plain(text: str) -> str:
    """The text on one line, without characters that XML cannot hold or that turn the direction of writing."""
    kept = (
        c
        for c in " ".join(text.split())
        if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co")
        and unicodedata.bidirectional(c) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    )
    return "".join(kept)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how many units a line takes at a size of the font, rather too many than too few."""
    return sum(_em(c) for c in text) * size * (_BOLD if bold else 1)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in ("W", "F", "A"):
        return 1.3 if unicodedata.category(character) == "So" else 1
    if character in _NARROW:
        return 0.38
    if character in _BROAD:
        return 0.95
    return 0.72 if character.isupper() else 0.6


def wrap(text: str, room: float, size: float, *, bold: bool = False, most: int = 4) -> tuple[str, ...]:
    """The text in lines that fit the room; what does not fit into ``most`` lines ends with an ellipsis."""
    lines, line = [], ""
    for piece in _pieces(text):
        if width(line + piece.rstrip(), size, bold=bold) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = ""
        for character in piece:
            # a piece longer than a line is broken anywhere
            if width(line + character, size, bold=bold) > room and line:
                lines.append(line)
                line = ""
            line += character
    lines.append(line.strip())
    lines = [line for line in lines if line] or [""]
    if len(lines) > most:
        last = lines[most - 1]
        while width(last + "…", size, bold=bold) > room and last:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return tuple(lines)


def _pieces(text: str) -> list[str]:
    """What may not be torn apart: words with the blank after them, and Chinese characters with their punctuation."""
    pieces: list[str] = []
    for character in text:
        last = pieces[-1][-1] if pieces else ""
        joined = (
            character == " "
            or character in _NOT_FIRST
            or last in _NOT_LAST
            or not (last == " " or _wide(character) or _wide(last))
        )
        if pieces and joined:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in ("W", "F")
