"""Resources: what only so many can have at once, such as a room, a car, a hall, or an hour with somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field as Constrained

from definitions.model.node import Key, Names, Node, Text

_Many = Annotated[int, Constrained(ge=1, le=10_000)]


class Resource(Node):
    """Something that issues book for a time. Its key is its name in the whole house: processes that name it share it.

    ``which`` is the field that says which one (left out: there is only one), ``from`` and ``to`` are dates (both days count) or dates with
    times; without ``to`` it is that one day. ``capacity``: for how many it is at once, or how many for each option. A booking ends with its
    issue, unless the issue ends ``kept as`` one of these resolutions.
    """

    title: Text
    which: Key | None = None
    from_: Key = Constrained(alias="from")
    to: Key | None = None
    capacity: _Many | Mapping[Key, _Many] = 1
    kept_as: Names = Constrained(default=(), alias="kept as")

    def room(self, unit: str) -> int:
        """For how many one of it is at once; one that ``capacity`` does not name is for one."""
        return self.capacity if isinstance(self.capacity, int) else self.capacity.get(unit, 1)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that say what is booked, and when."""
        return tuple(name for name in (self.which, self.from_, self.to) if name is not None)
