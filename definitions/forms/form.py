"""Checking what a person entered against the fields that were asked for.

The one place that decides whether an input is right: web form, API, simulation and kernel all ask here. The issue's computed fields are
the kernel's; only those of a table's rows are made here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from definitions.finding import nearest
from definitions.forms.conditions import Message, settle
from definitions.forms.rules import keep_order
from definitions.forms.table import clean_table
from definitions.forms.types import clean, is_empty
from definitions.forms.values import Lookup, Wrong
from definitions.model.field import Field
from definitions.text import words

__all__ = ["Form", "Message", "Wrong", "alone", "check", "fit"]


_ALONE = attrgetter("alone")


class Form(msgspec.Struct, frozen=True):
    """The result of a check: the cleaned values, and a message in each language for every field that is wrong.

    A wrong cell of a table is named ``items.2.amount``: the table, the row as people count, the column.
    """

    values: Mapping[str, Any]
    errors: Mapping[str, Message]


def check(
    fields: Mapping[str, Field],
    entered: Mapping[str, Any],
    *,
    required: bool,
    known: Callable[[str], bool],
    data: Mapping[str, Any] | None = None,
    resolve: Callable[[str, str], str | None] | None = None,
) -> Form:
    """Check values by field name.

    ``required`` is what holds for fields that do not say it; ``known`` tells whether a reference exists, ``resolve`` (kind of reference,
    text) which one people mean. ``data`` is what conditions and rules see besides the answers, ``today`` among it. Text comes from web forms
    too, so ``"3"`` is a right integer and ``"yes"`` a right yes/no. Unknown names are errors: a form older than the definition must not pass.
    A field whose ``when`` does not hold has no value in the result, unless the issue had one and these answers took the ground from it: then
    it is emptied.
    """
    values, errors = _checked(fields, entered, Lookup(known, resolve), required, data or {})
    return Form(values=values, errors=errors)


def alone(fields: Mapping[str, Field]) -> bool:
    """Whether the answers of a form are right or wrong whatever the issue holds, so that ``check`` needs no ``data``."""
    return all(map(_ALONE, fields.values()))


def fit(
    field: Field,
    value: object,
    *,
    known: Callable[[str], bool],
    resolve: Callable[[str, str], str | None] | None = None,
) -> Any:
    """A value that was not entered but computed or brought from elsewhere, as the field keeps it; ``Wrong`` if it cannot."""
    if field.type != "table":
        return clean(field, value, Lookup(known, resolve))
    form = check({"value": field}, {"value": value}, required=False, known=known, resolve=resolve)
    for message in form.errors.values():
        raise Wrong(message["zh"], message["en"])
    return form.values["value"]


def _checked(
    fields: Mapping[str, Field],
    entered: Mapping[str, Any],
    register: Lookup,
    required: bool,
    data: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Message]]:
    values: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    for name, field in fields.items():
        if field.derived:
            continue
        value = entered.get(name, field.default)
        if value is None:
            values[name] = field.blank
            continue
        try:
            if field.type == "table":
                values[name], wrong = clean_table(name, field, value, _row(field, register, required, data), data)
                errors |= wrong
            else:
                values[name] = clean(field, value, register)
        except Wrong as wrong_value:
            errors[name] = wrong_value.message
    settle(fields, values, errors, required=required, data=data)
    keep_order(fields, values, errors, data)
    unasked = [name for name in entered if name not in fields or fields[name].derived]
    return values, {**_not_asked(fields, unasked), **errors} if unasked else errors


def _row(
    field: Field, register: Lookup, required: bool, data: Mapping[str, Any]
) -> Callable[[Mapping[str, Any]], tuple[Mapping[str, Any], Mapping[str, Message]]]:
    asked = field.asked_columns

    def check_row(entered: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Message]]:
        # a row as it is kept has every column: one that is not asked for may come along, empty
        known = {name: cell for name, cell in entered.items() if name in asked or not _left_empty(field, name, cell)}
        return _checked(asked, known, register, required, data)

    return check_row


def _left_empty(table: Field, column: str, cell: Any) -> bool:
    return column in table.columns and is_empty(cell)


def _not_asked(fields: Mapping[str, Field], unasked: Sequence[str]) -> dict[str, Message]:
    askable = {name for name, field in fields.items() if not field.derived}
    return {name: _no_such(name, fields, askable) for name in unasked}


def _no_such(name: str, fields: Mapping[str, Field], askable: set[str]) -> Message:
    if name in fields:
        zh, en = words(fields[name].title, "zh", name), words(fields[name].title, "en", name)
        return {"zh": f"“{zh}”由系统算出，不用填写。", "en": f"“{en}” is computed; it is not filled in."}
    near = nearest(name, askable)
    return {
        "zh": f"表单里没有“{name}”这一项" + (f"，是不是“{near}”？" if near else "。"),
        "en": f"The form has no field “{name}”" + (f"; did you mean “{near}”?" if near else "."),
    }
