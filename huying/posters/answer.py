"""What an address may have filled in beforehand in a report's form: plain answers that the form itself would take, and nothing of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from definitions.forms.types import clean
from definitions.forms.values import Lookup, Wrong
from definitions.model.definition import Definition
from definitions.model.field import Field
from huying.house.house import House
from huying.register.directory.references import known

#: Types of which one answer stands in an address. Whoever is meant, and how they are reached, is never among them.
_TYPES = frozenset({"text", "long text", "choice", "place", "area", "yes/no", "integer"})
_LONGEST = 400
#: What an address says of the form itself; fields of these names are only known as ``field.NAME``.
_OWN = frozenset({"station", "from", "lang"})

Messages = Mapping[str, Mapping[str, str]]


def fillable(definition: Definition) -> Mapping[str, Field]:
    """The fields of a report that can be filled in beforehand, by name, as they are asked."""
    return {name: one for name, one in definition.entered.items() if one.type in _TYPES and _plain(one)}


def given_in(query: Mapping[str, str], definition: Definition) -> dict[str, str]:
    """What an address says for fields of the form: ``field.place=…`` as the form itself names it, or ``place=…``."""
    found: dict[str, str] = {}
    for name in fillable(definition):
        text = query.get(f"field.{name}") or ("" if name in _OWN else query.get(name, ""))
        if text:
            found[name] = text
    return found


def place_field(definition: Definition) -> str | None:
    """The field that says where: the one of a place's type, else the one that takes the address of Open311."""
    fields = fillable(definition)
    told = definition.open311.address if definition.open311 is not None else None
    return next((name for name, one in fields.items() if one.type == "place"), told if told in fields else None)


def _plain(field: Field) -> bool:
    return not (field.private or field.sensitive or field.seen_by or field.derived)


def answers_of(house: House, definition: Definition, given: Mapping[str, str]) -> tuple[dict[str, Any], Messages]:
    """The answers as the form would keep them, and what is wrong with the others; what the form does not ask is left out."""
    answers: dict[str, Any] = {}
    wrong: dict[str, Mapping[str, str]] = {}
    asked = {name: field for name, field in fillable(definition).items() if given.get(name, "").strip()}
    if not asked:
        return answers, wrong
    with house.database.reading() as connection:
        register = Lookup(_known(connection))
        for name, field in asked.items():
            try:
                answers[name] = clean(field, given[name].strip()[:_LONGEST], register)
            except Wrong as error:
                wrong[name] = error.message
    return answers, wrong


def _known(connection: Connection) -> Any:
    return lambda text: known(connection, None, text)
