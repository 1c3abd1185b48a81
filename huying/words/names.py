"""Names that the register has in both languages."""

from __future__ import annotations

from typing import Any

from definitions.text import spoken


def named(of: Any, language: str) -> Any:
    """The name in this language: the column of a table's columns, or the value of a row."""
    return of.name_zh if spoken(language) == "zh" else of.name_en
