"""Services: the definitions in force that take reports by Open311, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from definitions.checks.open311 import CARRIED
from definitions.forms.rules import spoken_rules
from definitions.model.definition import Definition
from definitions.model.field import REFERENCES, Field, code_kind
from definitions.model.reference import refers_to
from definitions.text import words
from huying.errors import NotFound
from huying.house.house import House
from huying.issues.reporter import CONTACT
from huying.issues.views.choices import choices

_NUMBERS = ("integer", "number", "money")
_MOMENTS = ("date", "date-time")
_SEVERAL = ("choices", "departments")
#: The standard's own names of the ways in which an answer is given.
_DATATYPES: Mapping[str, str] = {
    "long text": "text",
    **dict.fromkeys(_NUMBERS, "number"),
    **dict.fromkeys(_MOMENTS, "datetime"),
    **dict.fromkeys(("yes/no", "choice", "department", "area", "station"), "singlevaluelist"),
    **dict.fromkeys(_SEVERAL, "multivaluelist"),
}
YES_NO: Mapping[str, Mapping[str, str]] = {"yes": {"zh": "是", "en": "Yes"}, "no": {"zh": "否", "en": "No"}}


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of request: its code is the definition's key; ``metadata``: it has attributes of its own."""

    code: str
    name: str
    description: str
    metadata: bool
    group: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """One more question of a service; ``values`` are (key, name) of what can be chosen."""

    code: str
    datatype: str
    required: bool
    description: str
    hint: str
    values: tuple[tuple[str, str], ...]


def services(house: House, language: str, now: datetime) -> tuple[Service, ...]:
    """All services, in the order of their codes."""
    return tuple(_service(definition, language) for definition in _offered(house, now))


def service_of(house: House, code: str, now: datetime) -> Definition:
    """The definition behind a service; ``NotFound`` if none takes reports by this code."""
    for definition in _offered(house, now):
        if definition.id == code:
            return definition
    raise NotFound(f"没有代码为“{code}”的服务。", f"service_code “{code}” was not found")


def attributes(house: House, definition: Definition, language: str) -> tuple[Attribute, ...]:
    """What a service asks for beside what all of them do, in the order of its form."""
    asked = asked_apart(definition)
    known = choices(house, asked.values(), language, public=True)
    return tuple(_attribute(name, field, known, language) for name, field in asked.items())


def asked_apart(definition: Definition) -> Mapping[str, Field]:
    """The fields that are attributes: those which clients can fill in and no standard part of a request fills."""
    said = definition.open311
    assert said is not None
    standard = {said.description, said.address, *CONTACT}
    return {
        name: field
        for name, field in definition.entered.items()
        if name not in standard and field.type in CARRIED and not (field.derived or field.sensitive)
    }


def _offered(house: House, now: datetime) -> Iterator[Definition]:
    keys = sorted(line.key for line in house.processes.all_in_force(now))
    for key in keys:
        definition = house.processes.process(house.processes.in_force(key, now).id).definition
        if definition.open311 is not None and not definition.opened_by:
            yield definition


def _service(definition: Definition, language: str) -> Service:
    said = definition.open311
    return Service(
        code=definition.id,
        name=words(definition.title, language, definition.id),
        description=words(definition.help, language),
        metadata=bool(asked_apart(definition)),
        group=words(said.group, language) if said else "",
    )


def _attribute(name: str, field: Field, known: Mapping[str, str], language: str) -> Attribute:
    return Attribute(
        code=name,
        datatype=_DATATYPES.get(field.type, "string"),
        required=field.required is True and field.when is None,
        description=words(field.title, language, name),
        hint=_hint(field, language),
        values=tuple(_values(field, known, language)),
    )


def _hint(field: Field, language: str) -> str:
    return " ".join((words(field.help, language), *spoken_rules(field, language))).strip()


def _values(field: Field, known: Mapping[str, str], language: str) -> Iterator[tuple[str, str]]:
    if field.type == "yes/no":
        yield from ((key, words(title, language)) for key, title in YES_NO.items())
    elif field.options:
        yield from ((key, words(title, language)) for key, title in field.options.items())
    elif field.of is not None or field.type in ("department", "departments", "area", "station"):
        yield from (one for one in known.items() if _offers(field, one[0]))


def _offers(field: Field, offered: str) -> bool:
    kind = code_kind(field.of) if field.of is not None else REFERENCES[field.type]
    return refers_to(offered, kind)
