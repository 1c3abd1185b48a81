"""The values of fields in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from definitions.field import Field
from definitions.text import words
from huying.locale import translations
from huying.views.moments import date_words


@dataclass(frozen=True, slots=True)
class Value:
    """A field that was filled in: its name, its title and its value in words; ``long`` texts have lines."""

    name: str
    title: str
    text: str
    private: bool = False
    long: bool = False


def values_in_words(
    fields: Mapping[str, Field], data: Mapping[str, Any], names: Mapping[str, str], language: str, *, private: bool
) -> tuple[Value, ...]:
    """What was filled in, in the order of the fields; private fields only if the reader may see them."""
    return tuple(
        Value(
            name=name,
            title=words(field.title, language, name),
            text=value_in_words(field, data[name], names, language),
            private=field.private,
            long=field.type == "long text",
        )
        for name, field in fields.items()
        if data.get(name) not in (None, "", (), []) and (private or not field.private)
    )


def value_in_words(field: Field, value: Any, names: Mapping[str, str], language: str) -> str:
    """One value; ``names`` holds the names of departments by reference."""
    if isinstance(value, list | tuple):
        separator = "、" if language == "zh" else ", "
        return separator.join(value_in_words(field, one, names, language) for one in value)
    match field.type:
        case "choice" | "choices":
            return words(field.options.get(value), language, str(value))
        case "department" | "departments":
            return names.get(value, str(value))
        case "yes/no":
            _ = translations(language).gettext
            return _("Yes") if value else _("No")
        case "date":
            return date_words(date.fromisoformat(value), language)
        case "number":
            return f"{value:.15g}"
        case _:
            return str(value)


def parties_in(fields: Mapping[str, Field], data: Mapping[str, Any]) -> set[str]:
    """The references of the departments that the data names."""
    found: set[str] = set()
    for name, field in fields.items():
        if field.type in ("department", "departments") and data.get(name):
            value = data[name]
            found.update([value] if isinstance(value, str) else value)
    return found
