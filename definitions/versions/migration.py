"""The plan of a migration as an administrator writes it: YAML beside the definition, checked against both versions.

::

    steps:
      study: research                                    # another name
      reply: {to: answer, deadline: recompute, tasks: reissue}
    fields: {phone: mobile}
    roles: {handler: department}
    deadlines: keep                                      # for all steps and limits that say nothing else

What is not named goes by its own name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, ValidationError
from pydantic import Field as Constrained

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, Unreadable, nearest
from definitions.model.definition import Definition
from definitions.model.node import Key, Node
from definitions.problem import problem
from definitions.source.tree import Document, read
from definitions.text import Said


class StepEntry(Node):
    """Where a step goes, and what becomes of its deadline and its tasks."""

    to: Key | None = None
    deadline: Literal["keep", "recompute"] | None = None
    tasks: Literal["keep", "reissue"] | None = None


ShortStep = Annotated[StepEntry, BeforeValidator(lambda value: {"to": value} if isinstance(value, str) else value)]


class MigrationFile(Node):
    """All that a plan may say."""

    steps: Mapping[Key, ShortStep] = Constrained(default_factory=dict)
    fields: Mapping[Key, Key] = Constrained(default_factory=dict)
    roles: Mapping[Key, Key] = Constrained(default_factory=dict)
    deadlines: Literal["keep", "recompute"] = "keep"


def read_migration(source: str | bytes, name: str, old: Definition, new: Definition) -> MigrationFile:
    """The plan in a file; ``Unreadable`` says where it is wrong, or names what one of the versions does not have."""
    document = read(source, name)
    if document.findings:
        raise Unreadable(document.findings)
    try:
        found = MigrationFile.model_validate(document.plain() or {})
    except ValidationError as error:
        raise Unreadable(document.findings_of(problems_of_shape(error, document.plain(), MigrationFile))) from None
    unknown = [_unknown(document, *each) for each in _names(found, old, new)]
    twice = [_twice(document, place) for place in _collisions(found, old, new)]
    if unknown or twice:
        raise Unreadable([*unknown, *twice])
    return found


def _names(
    found: MigrationFile, old: Definition, new: Definition
) -> Iterator[tuple[tuple[str, ...], str, Collection[str], bool]]:
    """Every name that a version does not have: its place, the name, those that there are, and whether it is a key."""
    for key, entry in found.steps.items():
        if key not in old.steps:
            yield ("steps", key), key, old.steps, True
        if entry.to is not None and entry.to not in new.steps:
            yield ("steps", key), entry.to, new.steps, False
    for part, names, here, there in (
        ("fields", found.fields, old.data, new.data),
        ("roles", found.roles, old.roles, new.roles),
    ):
        for before, after in names.items():
            if before not in here:
                yield (part, before), before, here, True
            if after not in there:
                yield (part, before), after, there, False


def _collisions(found: MigrationFile, old: Definition, new: Definition) -> Iterator[tuple[str, ...]]:
    """Fields of which two would become one: a value would be lost."""
    goes = {name: name for name in old.data if name in new.data} | dict(found.fields)
    several = list(goes.values())
    yield from (("fields", name) for name in found.fields if several.count(goes[name]) > 1)


def _unknown(document: Document, place: tuple[str, ...], name: str, known: Collection[str], key: bool) -> Finding:
    near, where = nearest(name, known), Said("原版", "old") if key else Said("新版", "new")
    message = Said(f"{where[0]}里没有“{name}”。", f"The {where[1]} version has no “{name}”.")
    listed = list(known)[:12]
    remedy = (
        Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
        if near
        else Said(f"现有：{'、'.join(listed)}。", f"There are: {', '.join(listed)}.")
    )
    return document.finding(problem("unknown-name", place, message, remedy), key=key)


def _twice(document: Document, place: tuple[str, ...]) -> Finding:
    twice = problem(
        "fields-become-one",
        place,
        Said(
            f"“{place[-1]}”和另一项会合成一项，有一个值会丢失。",
            f"“{place[-1]}” and another would become one field, and a value would be lost.",
        ),
        Said("请给另一项也写明去处，或换一个名字。", "Say where the other one goes, or choose another name."),
    )
    return document.finding(twice, key=True)
