"""Roles: who may hold a task, and how one of them is picked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Constrained

from definitions.node import Key, Node, Text

#: Where to look for people: the issue's station, or the nearest station of the areas above it.
Place = Literal["station", "station above"]

#: How one is picked out of several, tried in the order written; ties are settled by the next, and at last by name order.
Pick = Literal["on duty", "least loaded", "first"]

#: The role that every definition has: the person who raised the issue.
REPORTER = "reporter"


class Role(Node):
    """Who takes part: exactly one source of people, and how one of them is picked (left out: all may act)."""

    title: Text | None = None
    staff_of: Place | None = Constrained(default=None, alias="staff of")
    deputies_of: Place | None = Constrained(default=None, alias="deputies of")
    liaison_of: Place | None = Constrained(default=None, alias="liaison officers of")
    departments: Key | None = None
    function: Key | None = None
    pick: tuple[Pick, ...] = Constrained(default=(), strict=False)
    answerable: bool = False
    fallback: Key | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys that name a source of people; a sound role has one."""
        named = {
            "staff of": self.staff_of,
            "deputies of": self.deputies_of,
            "liaison officers of": self.liaison_of,
            "departments": self.departments,
        }
        return tuple(key for key, value in named.items() if value is not None)

    @property
    def place(self) -> Place | None:
        """The place whose people are looked for; ``None`` for departments named in a field."""
        return self.staff_of or self.deputies_of or self.liaison_of
