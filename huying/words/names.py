"""Names that the register has in both languages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, func, literal_column

from definitions.text import spoken

#: Not a parameter: PostgreSQL takes two for two different things where it groups.
_NOTHING = literal_column("''", String)


def named(of: Any, language: str) -> Any:
    """The name in this language: the column of a table's columns, or the value of a row; the Chinese one where there is no other."""
    if spoken(language) == "zh":
        return of.name_zh
    if isinstance(of.name_en, ColumnElement):
        return func.coalesce(func.nullif(of.name_en, _NOTHING), of.name_zh)
    return of.name_en or of.name_zh
