"""Fields as JSON Schema: what a program, or Prefect's interface, must know to fill in a form. The check itself is ``definitions.form``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.expressions.expression import Expression
from definitions.forms.credentials import CREDENTIALS
from definitions.forms.rules import spoken_rules
from definitions.forms.table import MOST_ROWS
from definitions.forms.values import LONGEST
from definitions.model.field import REFERENCES, SEVERAL, Field, code_kind
from definitions.model.pattern import pattern
from definitions.model.reference import Reference, refers_to
from definitions.text import Said, words

#: Names by reference (``organisation:5``, ``industry:law``) of what can be chosen.
Names = Mapping[str, str]

_PATTERNS = {
    "date-time": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$",
    "time": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    "file": "^file:[0-9a-f]{64}$",
}
_FORMATS = {"date": "date", "email": "email"}
#: Types that the standard's own words tell; of the others a schema names the type.
_PLAIN = frozenset(
    {"text", "long text", "integer", "number", "date", "yes/no", "choice", "choices", "phone", "email", "department"}
    | {"departments"}
)
_DEGREES = {"longitude": 180, "latitude": 90}


def form_schema(fields: Mapping[str, Field], language: str, names: Names, *, required: bool = True) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a form; ``names`` are those of what can be chosen, ``required`` holds for fields that do not say it.

    What the standard has no word for stands in ``x-`` keys: ``x-type``, ``x-private``, ``x-unit``, ``x-currency``, the conditions ``x-when`` (asked
    only if it holds) and ``x-required`` (needed if it holds, or ``true`` if needed whenever it is asked), and the rules ``x-not-before``,
    ``x-not-after`` (fields, ``today`` or days), ``x-unique`` (among which issues) and ``x-rules`` (all of them in words).
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_form(fields, language, names, required)}


def _form(fields: Mapping[str, Field], language: str, names: Names, required: bool) -> dict[str, Any]:
    asked = {name: field for name, field in fields.items() if not field.derived}
    return {
        "type": "object",
        "properties": {name: _property(name, field, language, names, required) for name, field in asked.items()},
        "required": needed(fields, required),
        "additionalProperties": False,
    }


def needed(fields: Mapping[str, Field], required: bool) -> list[str]:
    """The fields that must be there whatever else is answered."""
    return [
        name
        for name, field in fields.items()
        if not field.derived and field.when is None and field.default is None and _always(field, required)
    ]


def _always(field: Field, required: bool) -> bool:
    return required if field.required is None else field.required is True


def _property(name: str, field: Field, language: str, names: Names, required: bool) -> dict[str, Any]:
    said = _heading(name, field, language)
    if field.type not in _PLAIN:
        said["x-type"] = field.type
    if field.private:
        said["x-private"] = True
    if field.unit:
        said["x-unit"] = words(field.unit, language)
    if field.when is not None:
        said["x-when"] = field.when.source
    said |= _rules(field, language)
    if isinstance(field.required, Expression):
        said["x-required"] = field.required.source
    elif field.when is not None and _always(field, required):
        said["x-required"] = True
    return {**said, **_type(field, language, names, required)}


def _rules(field: Field, language: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, others in (("x-not-before", field.not_before), ("x-not-after", field.not_after)):
        said |= {key: list(others)} if others else {}
    if field.unique is not None:
        said["x-unique"] = list(field.unique)
    spoken = spoken_rules(field, language)
    return {**said, "x-rules": spoken} if spoken else said


def regular(field: Field) -> str | None:
    """The regular expression of a field's pattern, as browsers and JSON Schema read it."""
    if isinstance(field.pattern, str):
        return pattern(CREDENTIALS[field.pattern].like).regular
    return pattern(field.pattern.like).regular if field.pattern is not None else None


def _heading(name: str, field: Field, language: str) -> dict[str, Any]:
    said: dict[str, Any] = {"title": words(field.title, language, name)}
    if field.help:
        said["description"] = words(field.help, language)
    if field.default is not None:
        said["default"] = field.default
    return said


def _type(field: Field, language: str, names: Names, required: bool) -> dict[str, Any]:
    match field.type:
        case "integer" | "number":
            return {"type": field.type, **_bounds(field, "minimum", "maximum")}
        case "money":
            bounds = _bounds(field, "minimum", "maximum")
            return {"type": "number", "x-currency": field.currency, "x-decimals": 2, **bounds}
        case "yes/no":
            return {"type": "boolean"}
        case "place":
            return _place(field)
        case "table":
            row = _form(field.asked_columns, language, names, required)
            return {"type": "array", "items": row, "maxItems": MOST_ROWS, **_bounds(field, "minItems", "maxItems")}
        case "choices" | "departments" | "people" | "files":
            one = _one(field, language, names)
            return {"type": "array", "items": one, "uniqueItems": True, "maxItems": 100} | _bounds(
                field, "minItems", "maxItems"
            )
        case "choice" | "department" | "person" | "area" | "station" | "file":
            return _one(field, language, names)
        case "issue":
            return {"type": "string", "maxLength": 80}
        case _:
            return _text(field)


def _text(field: Field) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "string"}
    if field.type in _FORMATS:
        said["format"] = _FORMATS[field.type]
    if field.type in _PATTERNS:
        said["pattern"] = _PATTERNS[field.type]
    if like := regular(field):
        said["pattern"] = like
    if field.type in LONGEST:
        said["maxLength"] = field.longest or LONGEST[field.type]
    return said


def _place(field: Field) -> dict[str, Any]:
    address = {"type": "string", "maxLength": field.longest or 200}
    degrees = {name: {"type": ["number", "null"], "minimum": -most, "maximum": most} for name, most in _DEGREES.items()}
    parts = {"type": "object", "properties": {"address": address, **degrees}, "additionalProperties": False}
    return {"anyOf": [parts, address]}


def _bounds(field: Field, low: str, high: str) -> dict[str, Any]:
    given = {low: field.at_least, high: field.at_most}
    return {key: int(value) if value.is_integer() else value for key, value in given.items() if value is not None}


def _one(field: Field, language: str, names: Names) -> dict[str, Any]:
    """One thing chosen: of what can be chosen if that is known, else whatever looks like it."""
    if field.type in ("file", "files"):
        return {"type": "string", "pattern": _PATTERNS["file"]}
    titles = choosable(field, language, names)
    if not titles:
        kind = REFERENCES.get(field.type)
        return {"type": "string", "pattern": f"^{kind}:[0-9]+$" if kind else "^[A-Za-z0-9._-]+$"}
    return {"type": "string", "oneOf": [{"const": key, "title": title} for key, title in titles.items()]}


def choosable(field: Field, language: str, names: Names) -> dict[str, str]:
    """What can be chosen for a field: titles by value, in the order given."""
    if field.of is not None:
        kind = code_kind(field.of)
        return {Reference.parse(name).key: title for name, title in names.items() if refers_to(name, kind)}
    if field.type in REFERENCES:
        return {name: title for name, title in names.items() if refers_to(name, REFERENCES[field.type])}
    return {key: words(title, language, key) for key, title in field.options.items()}


def prefect_schema(
    fields: Mapping[str, Field], language: str, names: Names | None = None, *, title: str = "", required: bool = True
) -> dict[str, Any]:
    """The form as Prefect's interface draws it when a run is resumed: the part of draft 7 that it knows, rows of tables in ``definitions``.

    It shows values, not titles: so its values are titles, in both languages, which ``prefect_answers`` turns back. Then they go through
    ``definitions.form.check`` like everybody's.
    """
    definitions: dict[str, Any] = {}
    asked = {name: field for name, field in fields.items() if not field.derived}
    made = {
        name: _prefect_property(position, name, field, language, names or {}, definitions)
        for position, (name, field) in enumerate(asked.items())
    }
    whole = {"title": title, "type": "object", "properties": made, "required": needed(fields, required)}
    return {**whole, "definitions": definitions}


def prefect_answers(fields: Mapping[str, Field], names: Names, entered: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in such a form, as values: titles become keys again; what is no title stays, and is judged by the check."""
    return {name: _answered(fields[name], names, value) if name in fields else value for name, value in entered.items()}


def prefect_shown(field: Field, names: Names, value: Any) -> Any:
    """A value as such a form shows it, to begin with."""
    labels = _labels(field, names)
    if isinstance(value, list):
        return [labels.get(one, one) if isinstance(one, str) else one for one in value]
    return labels.get(value, value) if isinstance(value, str) else value


def _answered(field: Field, names: Names, value: Any) -> Any:
    if field.type == "table" and isinstance(value, list):
        rows = field.asked_columns
        return [prefect_answers(rows, names, row) if isinstance(row, dict) else row for row in value]
    keys = {label: key for key, label in _labels(field, names).items()}
    if isinstance(value, list):
        return [keys.get(one, one) if isinstance(one, str) else one for one in value]
    return keys.get(value, value) if isinstance(value, str) else value


def _labels(field: Field, names: Names) -> dict[str, str]:
    """What a reader sees of what can be chosen, by key: its title in both languages, and the key where two are called the same."""
    zh, en = (choosable(field, language, names) for language in ("zh", "en"))
    said = {key: title if en[key] == title else f"{title} {en[key]}" for key, title in zh.items()}
    seen = list(said.values())
    # one that is called like another's key would be taken for it
    return {
        key: f"{one} [{key}]" if seen.count(one) > 1 or (one in said and one != key) else one
        for key, one in said.items()
    }


def _prefect_property(
    position: int, name: str, field: Field, language: str, names: Names, definitions: dict[str, Any]
) -> dict[str, Any]:
    said = {**_heading(name, field, language), "position": position}
    kind = _prefect_type(name, field, language, names, definitions)
    if "default" in said:
        said["default"] = prefect_shown(field, names, said["default"])
    described = [part for part in (said.get("description"), *_prefect_notes(field, language)) if part]
    if described:
        said["description"] = "\n\n".join(described)
    return {**said, **kind}


def _prefect_notes(field: Field, language: str) -> list[str]:
    unit = [Said(f"（{words(field.unit, language)}）", f"({words(field.unit, language)})").of(language)]
    when = Said("仅在此条件下填写：", "Only if: ").of(language)
    rules = [spoken] if (spoken := spoken_rules(field, language)) else []
    return rules + (unit if field.unit else []) + ([f"{when}{field.when.source}"] if field.when is not None else [])


def _prefect_type(name: str, field: Field, language: str, names: Names, definitions: dict[str, Any]) -> dict[str, Any]:
    if field.type == "table":
        definitions[name] = prefect_schema(
            field.asked_columns, language, names, title=words(field.title, language, name)
        )
        definitions |= definitions[name].pop("definitions")
        return {"type": "array", "items": {"$ref": f"#/definitions/{name}"}}
    if field.type in SEVERAL:
        one = list(_labels(field, names).values())
        return {"type": "array", "items": {"type": "string", **({"enum": one} if one else {})}}
    if field.type in ("integer", "number", "money"):
        whole = {"type": "integer" if field.type == "integer" else "number"}
        return {**whole, **_bounds(field, "minimum", "maximum")}
    if field.type == "yes/no":
        return {"type": "boolean"}
    one = list(_labels(field, names).values()) if field.type != "file" else []
    said = {"type": "string", **({"enum": one} if one else {})}
    said |= {"pattern": like} if (like := regular(field)) else {}
    return said | ({"format": "date"} if field.type == "date" else {})
