"""What may be allowed to whoever has a task: more time (延期), or to lay the matter aside (挂账); how much, by whom, and who is told."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic import Field as Constrained

from definitions.model.duration import Duration
from definitions.model.node import Names, Node
from definitions.model.shorthand import canonical
from definitions.model.tell import Tells, told_roles


def _most(value: Any) -> Any:
    return Duration.parse(canonical(value).removeprefix("up to ")) if isinstance(value, str) else value


Most = Annotated[
    Duration,
    BeforeValidator(_most),
    PlainSerializer(lambda most: f"up to {most}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["up to 10 working days"]}),
]


class Allowance(Node):
    """``approved by`` names who decides: the first role the first time, the second the second time, and so on; with nobody named it is taken at once.

    ``at most`` is how often; left out, as often as somebody is named to approve it, else once.
    """

    approved_by: Names = Constrained(default=(), alias="approved by")
    at_most: int | None = Constrained(default=None, alias="at most", ge=1, le=20)
    tell: Tells = ()

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that hear that it was allowed."""
        return told_roles(self.tell)

    @property
    def times(self) -> int:
        """How often it may be had in one visit of the step."""
        return self.at_most or max(1, len(self.approved_by))

    def approver(self, earlier: int) -> str | None:
        """The role that decides when it was had so often before; later ones go to the last role named."""
        return self.approved_by[min(earlier, len(self.approved_by) - 1)] if self.approved_by else None


class Extension(Allowance):
    """More time: asked for before the deadline has passed, with a reason. ``also``: the limits (``issue``, a stage) that get the same time."""

    by: Most
    also: Names = ()


class Shelving(Allowance):
    """Laying aside: the clock stands until a day, at most so long."""

    for_: Most = Constrained(alias="for")
