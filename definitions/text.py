"""Texts in several languages, and choosing the words of one.

``Said`` is a text of the product itself, always in both languages; what a definition says is a mapping by language, as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Said(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The words in this language: Chinese for ``zh`` and all its kinds (``zh_CN``, ``zh-Hans``), else English."""
        return self.zh if language.startswith("zh") else self.en

    def read(self, languages: Sequence[str], between: str = " ") -> str:
        """The words for whoever reads these languages, one after the other."""
        return between.join(self.of(language) for language in languages)


#: Between the parts of an enumeration, the parts of a sentence, sentences that belong together, and before what explains.
LISTED = Said("、", ", ")
COMMA = Said("，", ", ")
SEMICOLON = Said("；", "; ")
COLON = Said("：", ": ")


def words(text: Mapping[str, str] | None, language: str, default: str = "") -> str:
    """The text in this language (``zh`` or ``zh_CN`` alike), else in the first language that it has, else the default."""
    if not text:
        return default
    return text.get(language) or text.get(language.split("_")[0].split("-")[0]) or next(iter(text.values()))


def spoken(language: str) -> str:
    """The language in which the product speaks to whoever reads this one: ``zh`` or ``en``."""
    return Said("zh", "en").of(language)
