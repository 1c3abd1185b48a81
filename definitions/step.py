"""Steps and actions: the moves of a process.

A step's kind is told by the one key that names it: ``task``, ``assign``, ``each``, ``choose`` or ``close``. A new kind is a
new class here, a rule in ``engine/entering.py`` and a line in ``docs/semantics.md``; nothing else knows the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag
from pydantic import Field as Constrained

from definitions.field import ShortField
from definitions.node import Guard, Key, Names, Node, Reminders, Text, Within

Stage = Literal["intake", "assignment", "coordination", "closure"]
STAGES: tuple[Stage, ...] = ("intake", "assignment", "coordination", "closure")


class Action(Node):
    """What a person may do with a work item: a form, a guard, where it leads, and who is told.

    ``at most`` bounds how often the action may lead to ``to`` in one issue; after that it leads to ``then``.
    Left out, ``to`` is the step's own ``to`` (in an ``each`` step: the item is done, and the step waits for the others).
    """

    title: Text | None = None
    ask: Mapping[Key, ShortField] = Constrained(default_factory=dict)
    when: Guard | None = None
    to: Key | None = None
    resolution: Key | None = Constrained(default=None, alias="as")
    tell: Names = ()
    at_most: int | None = Constrained(default=None, alias="at most", ge=1, le=100)
    then: Key | None = None


class Overdue(Node):
    """What happens when the deadline has passed: who is told, who may act besides, and whether the issue moves on."""

    tell: Names = ()
    escalate: Key | None = None
    to: Key | None = None
    resolution: Key | None = Constrained(default=None, alias="as")


class Step(Node):
    """What all kinds of steps have in common."""

    title: Text | None = None
    help: Text | None = None
    tell: Names = ()


class WaitingStep(Step):
    """A step that waits for people, and therefore has a deadline."""

    actions: Mapping[Key, Action]
    within: Within | None = None
    remind: Reminders = ()
    overdue: Overdue | None = None


class TaskStep(WaitingStep):
    """One work item: whoever holds the role decides."""

    task: Key
    to: Key | None = None


class EachStep(WaitingStep):
    """One work item for each holder of the roles named; the first role leads, and its answers become the issue's data."""

    each: Names
    until: Literal["all", "any", "lead"] = "all"
    to: Key


class AssignStep(Step):
    """Picks the holder of a role by its strategies, and goes on at once."""

    assign: Key
    to: Key


class Branch(Node):
    """One way out of a ``choose`` step; the last one has no ``when``."""

    when: Guard | None = None
    to: Key


class ChooseStep(Step):
    """Goes on at once by the first branch whose guard holds (hit policy: first)."""

    choose: tuple[Branch, ...] = Constrained(strict=False, min_length=1)


class CloseStep(Step):
    """Ends the issue; the resolution is the one named here, or (``close: true``) the one that the way here named with ``as``."""

    close: Key | Literal[True]


_KINDS: dict[str, str] = {
    "task": "task step",
    "each": "each step",
    "assign": "assign step",
    "choose": "choose step",
    "close": "close step",
}


def _kind(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return next((tag for key, tag in _KINDS.items() if key in value), None)
    return next((tag for key, tag in _KINDS.items() if hasattr(value, key)), None)


AnyStep = Annotated[
    Annotated[TaskStep, Tag("task step")]
    | Annotated[EachStep, Tag("each step")]
    | Annotated[AssignStep, Tag("assign step")]
    | Annotated[ChooseStep, Tag("choose step")]
    | Annotated[CloseStep, Tag("close step")],
    Discriminator(
        _kind,
        custom_error_type="step_kind",
        custom_error_message="A step needs one of: task, each, assign, choose, close",
    ),
]

#: The tags that Pydantic adds to the place of an error, and that no file holds.
TAGS = frozenset(_KINDS.values())
#: The keys of which a step has exactly one.
KINDS = tuple(_KINDS)


def targets(step: AnyStep) -> tuple[str, ...]:
    """The keys of all steps that this one can lead to directly, in the order written, without repeats."""
    found: list[str | None] = []
    if isinstance(step, ChooseStep):
        found += [branch.to for branch in step.choose]
    if isinstance(step, WaitingStep):
        for action in step.actions.values():
            found += [action.to, action.then]
        found.append(step.overdue.to if step.overdue else None)
    if isinstance(step, TaskStep | EachStep | AssignStep):
        found.append(step.to)
    return tuple(dict.fromkeys(key for key in found if key))
