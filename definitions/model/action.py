"""Actions: what people may do with a task, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic import Field as Constrained

from definitions.model.field import ShortField
from definitions.model.node import Guard, Key, Length, Names, Node, Patterns, Text
from definitions.model.number import Numberings
from definitions.model.tell import Tells, told_roles

#: Where an action may lead instead of to a step: to the step from which this one was entered.
BACK = "back"


class Pledge(Node):
    """A promise given with an action: the fields that say what is promised, and by which day."""

    what: Key
    by: Key


class Registration(Node):
    """An entry in the yearly file of everybody who holds a role; ``points`` is an expression, ``title`` a template."""

    of: Names
    kind: Key
    title: Patterns = Constrained(default_factory=dict)
    points: Guard | None = None
    when: Guard | None = None


class Way(Node):
    """Where the issue goes, and what happens on the way there.

    ``hand up`` gives a role to the next rung of its ladder; when there is none, the way leads to ``then``. ``at most`` bounds how often it leads
    to ``to`` in one issue; after that it leads to ``then``. ``leaves`` names a parallel step all of whose branches end.
    """

    to: Key | None = None
    resolution: Key | None = Constrained(default=None, alias="as")
    tell: Tells = ()
    hand_up: Key | None = Constrained(default=None, alias="hand up")
    at_most: int | None = Constrained(default=None, alias="at most", ge=1, le=100)
    then: Key | None = None
    leaves: Key | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that are told."""
        return told_roles(self.tell)


class Action(Way):
    """What a person may do with a work item: a form, a guard, where it leads, and who is told.

    Left out, ``to`` is the step's own ``to`` (in an ``each`` step: the item is done, and the step waits for the others). ``edit`` names fields of
    the issue that may be changed on the way. ``give`` gives numbers, ``book`` books a resource or is refused, ``release`` frees it. ``vote``
    counts towards the quorum of an ``each`` step.
    ``by`` says which of the step's roles may; left out, all of them may.
    """

    title: Text | None = None
    help: Text | None = None
    by: Names = ()
    ask: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    edit: Names = ()
    when: Guard | None = None
    set: Mapping[Key, Guard] = Constrained(default_factory=dict)
    give: Numberings = Constrained(default_factory=dict)
    book: Key | None = None
    release: Key | None = None
    vote: Literal["for", "against"] | None = None
    promise: Pledge | None = None
    register_: Registration | None = Constrained(default=None, alias="register")
    supervised_by: Key | None = Constrained(default=None, alias="supervised by")


class Overdue(Way):
    """What happens when the deadline has passed, at once or so long ``after``: who is told, who may act besides, and whether the issue moves on."""

    after: Length | None = None
    escalate: Key | None = None


def _rungs(value: Any) -> Any:
    if isinstance(value, Mapping | Overdue):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


#: One rung, or a ladder of several, the first one first.
Rungs = Annotated[tuple[Overdue, ...], BeforeValidator(_rungs, json_schema_input_type=Overdue | list[Overdue])]


class Mechanics(Node):
    """What else may be done with a task, beside its actions; what is left out is as an office would have it."""

    delegate: bool = True
    transfer: Literal["free", "with consent", "no"] = "with consent"
    question: bool = True
    consult: bool = True
    add_signer: bool = Constrained(default=True, alias="add signer")
