"""Standing options: what somebody can do with an issue besides the tasks, at any step of a stage or as long as it is open."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field as Constrained

from definitions.model.field import ShortField
from definitions.model.node import Guard, Key, Names, Node, Text
from definitions.model.tell import Tells, told_roles


class StandingOption(Node):
    """Open to the roles in ``by`` beside every task, ``during`` some stages or steps (left out: as long as the issue is open).

    It leaves the tasks as they are, unless ``to`` leads the whole issue to a step; ``to: back`` there leads back. ``at most``: how often in one
    issue. It is not open at the step to which it leads.
    """

    title: Text | None = None
    help: Text | None = None
    by: Names
    during: Names = ()
    when: Guard | None = None
    ask: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    edit: Names = ()
    set: Mapping[Key, Guard] = Constrained(default_factory=dict)
    to: Key | None = None
    resolution: Key | None = Constrained(default=None, alias="as")
    tell: Tells = ()
    at_most: int | None = Constrained(default=None, alias="at most", ge=1, le=100)

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that are told."""
        return told_roles(self.tell)

    def open_at(self, steps: Mapping[str, str]) -> bool:
        """Whether it is open to an issue that is at these steps (each with its stage); not where it has led already."""
        return (
            bool(steps)
            and self.to not in steps
            and (not self.during or not {*steps, *steps.values()}.isdisjoint(self.during))
        )
