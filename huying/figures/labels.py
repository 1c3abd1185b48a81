"""What the keys of figures are called, and in which order they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from definitions.text import Said, words
from huying.database.tables import (
    areas,
    definition_versions,
    mandates,
    memberships,
    organisations,
    participants,
    stations,
)
from huying.figures.question import FigureAxis
from huying.house.house import House
from huying.words.channels import channel_title
from huying.words.names import named

_NONE: Mapping[str, Said] = {
    "area": Said("（不属于这一级）", "(of no area of this level)"),
    "deputy": Said("（没有责任代表）", "(no deputy)"),
    "department": Said("（没有交给部门）", "(no department)"),
    "kind": Said("（没有类别）", "(no kind)"),
    "step": Said("（已办结）", "(closed)"),
}
_WITHOUT = Said("（无）", "(none)")
#: Behind everything that has a name.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Labels:
    """By axis: what each key is called, and by what it is sorted."""

    axes: tuple[FigureAxis, ...]
    known: tuple[Mapping[object, tuple[str, str]], ...]
    language: str

    def labels(self, keys: tuple[object, ...]) -> tuple[str, ...]:
        """What the keys of a row are called."""
        return tuple(self._one(index, key)[0] for index, key in enumerate(keys))

    def order(self, keys: tuple[object, ...]) -> tuple[str, ...]:
        """By what a row is sorted."""
        return tuple(self._one(index, key)[1] for index, key in enumerate(keys))

    def _one(self, index: int, key: object) -> tuple[str, str]:
        if key is None:
            return _NONE.get(self.axes[index].name, _WITHOUT).of(self.language), _LAST
        return self.known[index].get(key, (str(key), str(key)))


def labels_of(house: House, axes: tuple[FigureAxis, ...], cells: Iterable[tuple[object, ...]], language: str) -> Labels:
    """The names of all keys of these cells."""
    several = list(cells)
    with house.database.reading() as connection:
        known = tuple(
            _names(house, connection, axis.name, {keys[index] for keys in several if keys[index] is not None}, language)
            for index, axis in enumerate(axes)
        )
    return Labels(axes, known, language)


def _names(
    house: House, connection: Connection, axis: str, keys: Collection[object], language: str
) -> Mapping[object, tuple[str, str]]:
    match axis:
        case "station" | "area":
            table = stations if axis == "station" else areas
            query = select(table.c.id, named(table.c, language).label("name"), table.c.code)
            return {row.id: (row.name, row.code) for row in connection.execute(query) if row.id in keys}
        case "deputy":
            # whoever is asked for by a number that is no deputy's stays a number
            query = select(participants.c.id, participants.c.name).where(participants.c.id.in_(keys), is_deputy())
            return {row.id: (row.name, f"{row.id:012}") for row in connection.execute(query)}
        case "department":
            columns = organisations.c.id, named(organisations.c, language).label("name")
            query = select(*columns).where(organisations.c.id.in_(keys))
            return {row.id: (row.name, f"{row.id:012}") for row in connection.execute(query)}
        case "channel":
            known = house.channels.all()
            return {key: (channel_title(known, str(key), language), str(key)) for key in keys}
        case "process" | "step" | "kind":
            return _of_processes(house, connection, axis, keys, language)
    return {}


def is_deputy() -> ColumnElement[bool]:
    """Whether a participant is a deputy, or has been one: their names are public."""
    elected = exists().where(mandates.c.participant_id == participants.c.id)
    serves = exists().where(memberships.c.participant_id == participants.c.id, memberships.c.function == "deputy")
    return or_(participants.c.kind == "deputy", elected, serves)


def _of_processes(
    house: House, connection: Connection, axis: str, keys: Collection[object], language: str
) -> Mapping[object, tuple[str, str]]:
    """What processes, their steps and kinds of matters are called, in the newest version that has them."""
    newest = select(func.max(definition_versions.c.id)).group_by(definition_versions.c.key)
    found: dict[object, tuple[str, str]] = {}
    for number in connection.execute(newest.order_by(func.max(definition_versions.c.id))).scalars():
        definition = house.processes.process(number).definition
        if axis == "process":
            found[definition.id] = (words(definition.title, language, definition.id), definition.id)
        elif axis == "step":
            for place, (key, step) in enumerate(definition.steps.items()):
                found[f"{definition.id}/{key}"] = (words(step.title, language, key), f"{definition.id}{place:04}")
        elif definition.sorted_by:
            for key, title in (definition.fields[definition.sorted_by].options or {}).items():
                found.setdefault(key, (words(title, language, key), key))
    return {key: one for key, one in found.items() if key in keys}
