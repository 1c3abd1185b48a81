"""The vocabulary of the language, read off the model: which keys each part has, where each part may stand, and what may stand at a place.

Nothing is listed here: a key that is added to the model is known at once. What is said of it is for ``definitions/composition/shape.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from definitions.problem import Path

Part = type[BaseModel]


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand at a place: the annotation of the model, and what is said of it besides."""

    annotation: Any
    metadata: tuple[Any, ...] = ()
    examples: tuple[Any, ...] = ()

    def alternatives(self) -> tuple[Slot, ...]:
        """What it is at last: one, or each member of a union; what may be left out counts for nothing."""
        origin, arguments = get_origin(self.annotation), get_args(self.annotation)
        if origin is Annotated:
            return Slot(arguments[0], (*self.metadata, *arguments[1:]), self.examples).alternatives()
        if origin in (Union, UnionType):
            several = [Slot(one, self.metadata, self.examples) for one in arguments if one is not type(None)]
            return tuple(one for each in several for one in each.alternatives())
        return (self,)

    @property
    def part(self) -> Part | None:
        """The part of the language that it is, if it is one."""
        return self.annotation if isinstance(self.annotation, type) and issubclass(self.annotation, BaseModel) else None

    @property
    def items(self) -> Slot | None:
        """What each entry of a list is, if it is one."""
        if get_origin(self.annotation) is tuple:
            return Slot(get_args(self.annotation)[0])
        if isinstance(self.annotation, type) and is_dataclass(self.annotation):
            # terms are a list that is wrapped
            several = [one.type for one in fields(self.annotation)]
            if len(several) == 1 and "tuple" in str(several[0]):
                return Slot(_resolved(self.annotation)).items
        return None

    @property
    def values(self) -> Slot | None:
        """What stands behind each name, if it is a mapping of names."""
        named = get_origin(self.annotation)
        if isinstance(named, type) and issubclass(named, Mapping):
            return Slot(get_args(self.annotation)[1])
        return None


def _resolved(kind: type) -> Any:
    from typing import get_type_hints

    return next(iter(get_type_hints(kind, include_extras=True).values()))


def keys(part: Part) -> Mapping[str, FieldInfo]:
    """The keys of a part as they are written."""
    return {field.alias or name: field for name, field in part.model_fields.items()}


def field_wanted(field: FieldInfo) -> Slot:
    """What stands behind a key."""
    return Slot(field.annotation, tuple(field.metadata), tuple(field.examples or ()))


def wanted_at(root: Any, body: Any, path: Path) -> tuple[Slot, ...]:
    """What may stand at a path of a body, as far as what is written on the way tells; nothing where the path leads out of the model."""
    found = Slot(root).alternatives()
    for step in path:
        found = tuple(one for each in _fitting(found, body) for one in _below(each, body, step))
        body = _value(body, step)
    return found


def part_at(root: Any, body: Any, path: Path) -> Part | None:
    """The part that is written at a path; ``None`` if none may stand there."""
    value = body
    for step in path:
        value = _value(value, step)
    several = wanted_at(root, body, path)
    if isinstance(value, Mapping):
        # one entry may be written without the list around it
        several += tuple(one for each in several if each.items for one in each.items.alternatives())
    return next((one.part for one in _fitting(several, value) if one.part is not None), None)


def _value(body: Any, step: str | int) -> Any:
    try:
        return body[step]
    except (KeyError, IndexError, TypeError):
        return body if step == 0 else None


def _fitting(several: tuple[Slot, ...], value: Any) -> tuple[Slot, ...]:
    """Of several kinds of steps, the one whose key is there; of several parts, those with the most of the keys that are there."""
    parts = [one for one in several if one.part is not None]
    if len(parts) < 2 or not isinstance(value, Mapping):
        return several
    kinds = [one for one in parts if (kind := getattr(one.part, "step_kind", None)) and kind.key in value]
    if kinds:
        return (kinds[0],)
    known = {one: len(set(value) & set(keys(one.part))) for one in parts if one.part}
    best = max(known.values())
    return tuple(one for one in several if known.get(one, best) == best)


def _below(wanted: Slot, value: Any, step: str | int) -> Iterator[Slot]:
    """What may stand one step further down."""
    if wanted.part is not None:
        field = keys(wanted.part).get(str(step))
        if field is not None:
            yield from field_wanted(field).alternatives()
    elif (items := wanted.items) is not None:
        entries = items.alternatives()
        if isinstance(step, int):
            yield from entries
        else:
            # one entry may be written without the list around it
            yield from (one for entry in entries for one in _below(entry, value, step))
    elif (values := wanted.values) is not None:
        yield from values.alternatives()


@dataclass(frozen=True, slots=True)
class Berth:
    """A way down to a part: the part above it, and the key behind which it stands there."""

    above: Part
    key: str


@cache
def berths(root: Any) -> Mapping[Part, tuple[Berth, ...]]:
    """Every part of the language, in the order of the model, with all the places where it may stand; the root has none."""
    found: dict[Part, list[Berth]] = {}
    waiting: list[tuple[Part, Berth | None]] = [(part, None) for part in _parts_in(Slot(root))]
    while waiting:
        part, berth = waiting.pop(0)
        new = part not in found
        several = found.setdefault(part, [])
        if berth is not None and berth not in several:
            several.append(berth)
        if new:
            waiting += [
                (below, Berth(part, key))
                for key, field in keys(part).items()
                for below in _parts_in(field_wanted(field))
            ]
    return {part: tuple(several) for part, several in found.items()}


def _parts_in(wanted: Slot) -> Iterator[Part]:
    for one in wanted.alternatives():
        if one.part is not None:
            yield one.part
        elif (inner := one.items or one.values) is not None:
            yield from _parts_in(inner)
