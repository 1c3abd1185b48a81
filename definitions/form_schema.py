"""Fields as JSON Schema: what a program must know to fill in a form. The check itself is ``definitions.form``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.field import Field
from definitions.text import words

_LONGEST = {"text": 200, "long text": 5_000, "phone": 26, "email": 254}
_FORMATS = {"date": "date", "email": "email"}


def form_schema(
    fields: Mapping[str, Field], language: str, departments: Mapping[str, str], *, required: bool = True
) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a form; ``departments`` are names by reference, ``required`` holds for fields that do not say it."""
    needed = [name for name, field in fields.items() if (required if field.required is None else field.required)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {name: _property(name, field, language, departments) for name, field in fields.items()},
        "required": needed,
        "additionalProperties": False,
    }


def _property(name: str, field: Field, language: str, departments: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"title": words(field.title, language, name)}
    if field.help:
        said["description"] = words(field.help, language)
    if field.private:
        said["x-private"] = True
    return {**said, **_type(field, language, departments)}


def _type(field: Field, language: str, departments: Mapping[str, str]) -> dict[str, Any]:
    match field.type:
        case "integer" | "number":
            bounds = {"minimum": _whole(field.at_least), "maximum": _whole(field.at_most)}
            return {"type": field.type, **{key: value for key, value in bounds.items() if value is not None}}
        case "yes/no":
            return {"type": "boolean"}
        case "choice":
            return _one({key: words(title, language, key) for key, title in field.options.items()})
        case "choices":
            return _many({key: words(title, language, key) for key, title in field.options.items()})
        case "department":
            return _one(departments)
        case "departments":
            return _many(departments)
        case _:
            said: dict[str, Any] = {"type": "string"}
            if field.type in _FORMATS:
                said["format"] = _FORMATS[field.type]
            if field.type in _LONGEST:
                said["maxLength"] = field.longest or _LONGEST[field.type]
            return said


def _whole(bound: float | None) -> float | None:
    return int(bound) if bound is not None and bound.is_integer() else bound


def _one(titles: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "string", "oneOf": [{"const": key, "title": title} for key, title in titles.items()]}


def _many(titles: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "array", "items": _one(titles), "uniqueItems": True, "maxItems": 100}
