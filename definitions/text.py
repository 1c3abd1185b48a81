"""Choosing the words of one language from a text in several."""

from __future__ import annotations

from collections.abc import Mapping


def words(text: Mapping[str, str] | None, language: str, default: str = "") -> str:
    """The text in this language (``zh`` or ``zh_CN`` alike), else in the first language that it has, else the default."""
    if not text:
        return default
    return text.get(language) or text.get(language.split("_")[0].split("-")[0]) or next(iter(text.values()))
