"""Sections of guides found by what people type: words with blanks between them, and Chinese without.

All words must be found. A Chinese word that stands nowhere as it was typed is looked for by its pairs of characters: more than half must be there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from huying.guides.guide import Section, all_guides, guide
from huying.guides.shelf import SHELVES, Role

_MOST = 12
_BEFORE, _AFTER = 24, 96
#: What a word is worth in a title, how often it counts in a text, and what all of it is worth in a guide for the reader's own role.
_IN_TITLE, _IN_TEXT_AT_MOST, _OWN = 8.0, 4, 3.0
#: What a guide for those who write processes or run the house is worth to others.
_TECHNICAL: tuple[Role, ...] = ("administrator", "operator", "developer")
_TO_OTHERS = 0.2
_PAIRED = 0.5
#: What people ask with, and which says nothing about what they ask.
_ASKING = re.compile("怎么样?|怎样|如何|为什么|什么|哪里|在哪|吗|呢|的")


@dataclass(frozen=True, slots=True)
class FoundSection:
    """A section that was found: in which guide, and the words around the first place, cut where the word begins and ends."""

    section: Section
    guide: str
    before: str
    word: str
    after: str


def find(sought: str, language: str, role: Role) -> list[FoundSection]:
    """The sections that fit best, the best first, at most twelve; none for an empty question."""
    words = _words(sought[:200])
    if not words:
        return []
    worth = _worth(role)
    scored = [
        (score * worth[section.guide], section)
        for section, title, text in _index(language)
        if (score := _score(words, title, text))
    ]
    scored.sort(key=lambda one: -one[0])
    return [_shown(section, words, language) for _, section in scored[:_MOST]]


def _words(sought: str) -> list[str]:
    """The words that are looked for; single Chinese characters only where there is nothing else."""
    found = _ASKING.sub(" ", _folded(sought)).split()[:8]
    return [word for word in found if len(word) > 1 or word.isascii()] or found


@cache
def _worth(role: Role) -> dict[str, float]:
    """What each guide is worth to a role: its own most, those for other trades little."""
    shelves = sorted(SHELVES, key=lambda shelf: (shelf.role == role, shelf.role not in _TECHNICAL))
    return {
        key: _OWN if shelf.role == role else _TO_OTHERS if shelf.role in _TECHNICAL and role not in _TECHNICAL else 1.0
        for shelf in shelves
        for key in shelf.keys
    }


@cache
def _index(language: str) -> tuple[tuple[Section, str, str], ...]:
    """Every section with its title and its text folded."""
    return tuple(
        (section, _folded(section.title or one.title), _folded(section.text))
        for one in all_guides(language)
        for section in one.sections
    )


def _folded(text: str) -> str:
    """A text without what writing alone makes different: case, width, runs of blanks."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold())


def _score(words: list[str], title: str, text: str) -> float:
    """How well a section fits; 0 if one of the words is not in it."""
    total = 0.0
    for word in words:
        worth = (_IN_TITLE if word in title else 0) + min(text.count(word), _IN_TEXT_AT_MOST)
        worth = worth or _paired(word, title + " " + text)
        if not worth:
            return 0.0
        total += worth
    return total


def _pairs(word: str) -> list[str]:
    han = re.findall(r"[\u3400-\u9fff]{2,}", word)
    return [run[start : start + 2] for run in han for start in range(len(run) - 1)]


def _paired(word: str, text: str) -> float:
    """What part of the pairs of a Chinese word of three characters or more is there, if it is more than half."""
    pairs = _pairs(word)
    share = sum(pair in text for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0
    return share if share > _PAIRED else 0.0


def _shown(section: Section, words: list[str], language: str) -> FoundSection:
    """The section with the words around the first place at which one of those sought stands."""
    text = re.sub(r"\s+", " ", section.text)
    folded = _folded(text)
    wanted = (*words, *(pair for word in words for pair in _pairs(word)))
    word = next((one for one in wanted if one in folded), "")
    start, end = _place(text, folded.find(word), len(word))
    begin = max(0, start - _BEFORE)
    return FoundSection(
        section=section,
        guide=guide(section.guide, language).title,
        before=("…" if begin else "") + text[begin:start],
        word=text[start:end],
        after=text[end : end + _AFTER] + ("…" if end + _AFTER < len(text) else ""),
    )


def _place(text: str, at: int, length: int) -> tuple[int, int]:
    """Where in the text as it was written something stands that was found in it folded: folding makes some signs several."""
    start = end = folded = 0
    for index, sign in enumerate(text):
        if folded <= at:
            start = index
        if folded < at + length:
            end = index + 1
        folded += len(_folded(sign))
    return start, max(start, end)
