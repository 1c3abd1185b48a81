"""Roles: who may hold a task, and how one of them is picked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field as Constrained

from definitions.model.node import FieldOrColumn, Key, Names, Node, Text

#: How one is picked out of several, tried in the order written; ties are settled by the next, and at last by reference.
Pick = Literal["designated", "on duty", "least loaded", "round robin", "last", "random", "first"]

#: The role that every definition has: the person who raised the issue.
REPORTER = "reporter"
#: Whose people are looked for: the issue's station, the next one above, or the nearest (itself first) that has somebody. Any other
#: word is a level of areas, such as ``district``: the stations of the area of that level in which the issue's station lies.
PLACES = ("station", "station above", "nearest station")


#: The sources that look for people where they serve.
SERVING = frozenset({"staff of", "members of", "deputies of", "liaison officers of"})


class Role(Node):
    """Who takes part: exactly one source of people, what they must have, and how one of them is picked (left out: all may act).

    ``industry``, ``competence`` and ``area`` name a field that holds what to look for (``industry: station``: the station's own).
    ``ladder`` lists the levels from the lowest: handing the role up moves it to the next one that has somebody.
    ``chosen by`` names a field: which role it is in this issue is what ``among`` says for its option, else ``otherwise``.
    ``cap``: who has so many open tasks is not picked as long as somebody else is there. ``other than``: who can never act in this role, as at a
    step. ``by name``: the reporter reads the names of those who hold it, and not only the role's title.
    """

    title: Text | None = None
    staff_of: str | None = Constrained(default=None, alias="staff of", max_length=60)
    deputies_of: str | None = Constrained(default=None, alias="deputies of", max_length=60)
    liaison_of: str | None = Constrained(default=None, alias="liaison officers of", max_length=60)
    members_of: str | None = Constrained(default=None, alias="members of", max_length=60)
    departments: FieldOrColumn | None = None
    departments_for: Key | None = Constrained(default=None, alias="departments for")
    people: FieldOrColumn | None = None
    who_did: Key | None = Constrained(default=None, alias="who did")
    chosen_by: Key | None = Constrained(default=None, alias="chosen by")
    among: Mapping[str, Key] = Constrained(default_factory=dict)
    otherwise: Key | None = None
    function: Key | None = None
    industry: Key | None = None
    competence: Key | None = None
    area: Key | None = None
    level: Key | None = None
    speaks: Literal["reporter"] | None = None
    ladder: tuple[Key, ...] = Constrained(default=(), strict=False)
    pick: tuple[Pick, ...] = Constrained(default=(), strict=False)
    designated: Key | None = None
    cap: int | None = Constrained(default=None, ge=1, le=10_000)
    other_than: Names = Constrained(default=(), alias="other than")
    answerable: bool = False
    by_name: bool = Constrained(default=False, alias="by name")
    fallback: Key | None = None

    @cached_property
    def serving(self) -> bool:
        """Whether it looks for people where they serve, whatever the issue says."""
        return not SERVING.isdisjoint(self.sources)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The keys that name a source of people; a sound role has one."""
        named = {
            "staff of": self.staff_of,
            "deputies of": self.deputies_of,
            "liaison officers of": self.liaison_of,
            "members of": self.members_of,
            "departments": self.departments,
            "departments for": self.departments_for,
            "people": self.people,
            "who did": self.who_did,
            "chosen by": self.chosen_by,
        }
        return tuple(key for key, value in named.items() if value is not None)

    def standing_for(self, option: object) -> str | None:
        """The role that this one is, where it is chosen by the option of a field; ``None`` if none is said for it."""
        return self.among.get(option, self.otherwise) if isinstance(option, str) else self.otherwise

    @property
    def place(self) -> str | None:
        """The place whose people are looked for (for ``members of``: the organisation's code); ``None`` for people named otherwise."""
        return self.staff_of or self.deputies_of or self.liaison_of or self.members_of

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the issue that the role reads, by the key that names them."""
        named = {
            "departments": self.departments,
            "departments for": self.departments_for,
            "people": self.people,
            "chosen by": self.chosen_by,
            "industry": self.industry if self.industry != "station" else None,
            "competence": self.competence,
            "area": self.area,
            "designated": self.designated,
        }
        return {key: value for key, value in named.items() if value is not None}
