"""The order of days: what the days and times of a form may not be before or after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from definitions.model.field import Field

#: What a day may be compared with, besides fields and days of the calendar.
TODAY = "today"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bound:
    """A value may not be before ``other`` (or, ``after``, not after it): ``today``, a day, or a field, of the ``title`` given.

    ``mirrored``: it is the other field that says so; changing this one must not break it.
    """

    other: str
    after: bool
    title: Mapping[str, str] | None = None
    mirrored: bool = False

    @property
    def field(self) -> str | None:
        """The field that it is compared with, if it is one."""
        return None if self.other == TODAY or is_day(self.other) else self.other


def is_day(text: str) -> bool:
    """Whether it is written like a day of the calendar."""
    return _DAY.fullmatch(text) is not None


def own_bounds(field: Field) -> tuple[Bound, ...]:
    """What a field says itself."""
    return (
        *(Bound(one, after=False) for one in field.not_before),
        *(Bound(one, after=True) for one in field.not_after),
    )


def bind(fields: Iterable[tuple[str, Field]], known: Mapping[str, Field]) -> None:
    """Have each field know the titles of those that it is compared with, and which ones are compared with it."""
    mirrored: dict[str, list[Bound]] = {}
    for name, field in known.items():
        for bound in own_bounds(field):
            mirrored.setdefault(bound.other, []).append(Bound(name, not bound.after, field.title, mirrored=True))
    for name, field in fields:
        own = own_bounds(field)
        if own or name in mirrored:
            field.bind((*(_titled(one, known) for one in own), *mirrored.get(name, ())))
        if field.columns:
            bind(field.columns.items(), field.columns)


def _titled(bound: Bound, known: Mapping[str, Field]) -> Bound:
    other = known.get(bound.other)
    return Bound(bound.other, bound.after, other.title if other else None)
