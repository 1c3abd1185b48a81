"""What the conditions of fields decide: which answers are asked for, and which must be there.

Conditions are asked once every answer is cleaned, so the order of the fields does not matter. One that cannot be evaluated does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.expressions.expression import Expression, ExpressionError
from definitions.forms.types import clean, is_empty
from definitions.forms.values import Lookup, Wrong
from definitions.model.field import Field
from definitions.text import words

Message = Mapping[str, str]


def settle(
    fields: Mapping[str, Field],
    values: dict[str, Any],
    errors: dict[str, Message],
    *,
    required: bool,
    data: Mapping[str, Any],
) -> None:
    """Drop from cleaned values what is not asked for, and add an error for what is missing."""
    context: dict[str, Any] = {}
    for name, field in fields.items():
        if field.conditional and not context:
            context = context_of(fields, values, data)
        needed = required if field.required is None else field.required
        if field.when is not None and not holds(field.when, context):
            _drop(name, field, values, errors, data)
            context[name] = context[name.replace("-", "_")] = values.get(name, data.get(name))
        elif needed and not field.derived and is_empty(values.get(name)) and _surely(needed, context):
            zh, en = words(field.title, "zh", name), words(field.title, "en", name)
            if not _wrong(name, errors):
                errors[name] = {"zh": f"请填写“{zh}”。", "en": f"Please fill in “{en}”."}


def context_of(fields: Mapping[str, Field], values: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What conditions see: nothing filled in, then the issue's data, then the answers; then what is computed from them."""
    context = spelled({**{name: field.blank for name, field in fields.items()}, **data, **values})
    for name, field in fields.items():
        if field.compute is not None:
            context[name] = context[name.replace("-", "_")] = computed(field, context)
    return context


def holds(condition: Expression, context: Mapping[str, Any]) -> bool:
    """Whether a condition of a field holds."""
    try:
        return condition.test(context)
    except ExpressionError:
        return False


def computed(field: Field, context: Mapping[str, Any]) -> Any:
    """The value of a computed field; blank if it cannot be computed, or does not fit the field's type."""
    try:
        value = field.compute.evaluate(context) if field.compute is not None else None
        return clean(field, value, Lookup(lambda _: False))
    except (ExpressionError, Wrong):
        return field.blank


def spelled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names that expressions use: hyphens are underscores there."""
    return {**values, **{name.replace("-", "_"): value for name, value in values.items() if "-" in name}}


def _surely(needed: bool | Expression, context: Mapping[str, Any]) -> bool:
    return holds(needed, context) if isinstance(needed, Expression) else needed


def _wrong(name: str, errors: Mapping[str, Message]) -> bool:
    return any(error == name or error.startswith(f"{name}.") for error in errors)


def _drop(name: str, field: Field, values: dict[str, Any], errors: dict[str, Message], data: Mapping[str, Any]) -> None:
    """Forget an answer that is not asked for; what the issue had is emptied only if this form took the ground from it."""
    values.pop(name, None)
    for wrong in [error for error in errors if error == name or error.startswith(f"{name}.")]:
        del errors[wrong]
    if field.when is not None and not is_empty(data.get(name)) and holds(field.when, spelled(data)):
        values[name] = field.blank
