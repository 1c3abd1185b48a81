"""What other programs report by Open311: the fields that take what they send, and nothing that they cannot send."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said

#: Types that an attribute of the standard can carry: texts, numbers, moments, and one or several of a list.
CARRIED = frozenset(
    {
        *("text", "long text", "phone", "email", "integer", "number", "money", "date", "date-time", "time"),
        *("yes/no", "choice", "choices", "department", "departments", "area", "station"),
    }
)
_TEXTS = ("text", "long text")
_FIELD = Said("字段", "field")


def check(definition: Definition) -> Iterator[Problem]:
    """The fields that are named are filled in at the beginning and fit; whatever must be filled in can be sent."""
    said = definition.open311
    if said is None:
        return
    taken = {"description": (said.description, _TEXTS), "address": (said.address, (*_TEXTS, "place"))}
    for key, (name, types) in taken.items():
        if name is not None:
            yield from _named(definition, ("open311", key), name, types)
    named = {said.description, said.address}
    for name, field in definition.entered.items():
        if (
            field.required is True
            and field.when is None
            and not field.derived
            and name not in named
            and not _sendable(field)
        ):
            yield _cannot_be_sent(name, field)


def _named(definition: Definition, path: Path, name: str, types: tuple[str, ...]) -> Iterator[Problem]:
    field = definition.entered.get(name)
    if field is None:
        yield unknown("unknown-field", path, _FIELD, name, definition.entered)
    elif field.type not in types:
        kinds = "、".join(types)
        yield problem(
            "wrong-type",
            path,
            Said(f"“{name}”的类型是“{field.type}”，这里要 {kinds}。", f"“{name}” has the type “{field.type}”."),
            Said("请换一个字段，或改它的类型。", f"Name a field of the type {' or '.join(types)}."),
        )


def _sendable(field: Field) -> bool:
    return field.type in CARRIED and not field.sensitive


def _cannot_be_sent(name: str, field: Field) -> Problem:
    return problem(
        "open311-field",
        ("fields", name, "required"),
        Said(
            f"“{name}”必填，类型是“{field.type}”{'，又是敏感个人信息' if field.sensitive else ''}，用 Open311 报送的程序填不了。",
            f"“{name}” is required and {'sensitive' if field.sensitive else f'has the type “{field.type}”'}, which a program that "
            "speaks Open311 cannot send.",
        ),
        Said("请改为可以不填，或去掉 open311。", "Let it be left out, or take open311 away."),
    )
