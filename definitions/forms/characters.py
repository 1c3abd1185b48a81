"""What a reader sees of a text: characters that show nothing, or turn the direction in which the others are read, are no part of it.

A text with nothing to be seen is empty. Joiners stay where they join (an emoji of several, a Persian word); everything else that shows nothing is
left out, so that no text can look like another, reorder what stands beside it, or be blank and count as filled in.
"""

from __future__ import annotations

import re
import unicodedata

#: Zero-width, directional and tag characters, and what Unicode keeps for more of them (Default_Ignorable_Code_Point but for what is shown).
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
#: Zero-width joiner and non-joiner, unless they stand between two characters that are no blanks.
_LOOSE_JOINERS = re.compile("(?<![^\\s\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\s\u200c\u200d])")
#: Letters and marks that are drawn as nothing: fillers of Hangul and braille, variation selectors, the grapheme joiner.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))
)
#: What offices write: letters, signs and Chinese that are all seen as they stand, the first of them no blank.
_SIGN = "!-~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u3001-\u3130\u3400-\u9fff\uff01-\uff9f"
_ORDINARY = re.compile(f"[{_SIGN}][{_SIGN} \n\u3000]*")
_FULL_WIDTH_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


def seen(text: str) -> str:
    """The text without what shows nothing; empty if nothing is left to be seen but blanks. Control characters are not its business."""
    if text.isascii() or _ORDINARY.fullmatch(text):
        return text
    kept = _LOOSE_JOINERS.sub("", _UNSEEN.sub("", text))
    return kept if any(_visible(character) for character in kept) else ""


def blank_to_read(text: str) -> bool:
    """Whether a reader sees nothing in it."""
    return not any(_visible(character) for character in text)


def narrow(text: str) -> str:
    """Digits, letters and signs as an English keyboard writes them: full-width ones and the many dashes stand for the same."""
    return unicodedata.normalize("NFKC", text).translate(_FULL_WIDTH_DASHES).strip()


def _visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "Z" and not (
        character.isspace() or character in _BLANK_LETTERS or unicodedata.category(character) == "Cf"
    )
