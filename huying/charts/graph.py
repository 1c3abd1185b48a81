"""A definition as a graph: its steps, and every way out of each with where it leads.

Both pictures are layouts of it: ``flow`` and ``lanes`` from left to right in the field's notation, ``portal/diagram`` in one column for a phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from definitions.model.action import Action, Overdue, Way
from definitions.model.definition import Definition
from definitions.model.step import Branch, Stage, Step, WaitingStep
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.task import TaskStep

#: How a way out is taken: an action, a branch, by itself when the step is over (``on``), or what else a step may write.
How = Literal["action", "branch", "on", "rejected", "nobody", "too few", "failed", "overdue"]


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step, with the part of the definition that says it. ``to``: a step, ``back``, or ``None`` where it leads nowhere: somebody's
    own part is done, people are told, or a role is handed up. ``then``: it is taken when the bound of the way is used up, or its ladder at an end.
    """

    how: How
    to: str | None
    name: str = ""
    way: Way | None = None
    branch: Branch | None = None
    then: bool = False


@dataclass(frozen=True, slots=True)
class Vertex:
    """A step with its ways out, in the order in which they are shown."""

    key: str
    stage: Stage
    step: Step
    exits: tuple[Exit, ...]


@dataclass(frozen=True, slots=True)
class StepGraph:
    """All steps by key, in the order of the definition; ``before``: the steps that lead directly to each, others than itself."""

    definition: Definition
    vertices: Mapping[str, Vertex]
    before: Mapping[str, tuple[str, ...]]


def graph_of(definition: Definition) -> StepGraph:
    """The graph of a definition that the checks found sound."""
    before: dict[str, list[str]] = {}
    vertices: dict[str, Vertex] = {}
    for key, step in definition.steps.items():
        vertices[key] = Vertex(key, definition.stage_of[key], step, tuple(_exits(step)))
        for target in step.targets():
            if target != key:
                before.setdefault(target, []).append(key)
    return StepGraph(definition, vertices, {key: tuple(several) for key, several in before.items()})


_HOW: Mapping[str, How] = {"rejected": "rejected", "nobody": "nobody", "too few": "too few"}


def _exits(step: Step) -> Iterator[Exit]:
    """What people do or the data decide, then how it goes on by itself, then what goes wrong, and the clock last."""
    if isinstance(step, WaitingStep):
        default = None if isinstance(step, EachStep) else step.onward
        for name, action in step.actions.items():
            yield from _of_way("action", name, action, default)
    yield from (Exit("branch", step.lead(branch), branch=branch) for branch in step.branches)
    if step.onward and not isinstance(step, TaskStep | ChooseStep):
        yield Exit("on", step.onward)
    others = [way for way in step.ways() if not isinstance(way[1], Action)]
    for name, way in sorted(others, key=lambda one: isinstance(one[1], Overdue)):
        if isinstance(way, Overdue):
            yield from _of_way("overdue", name, way, None)
        else:
            yield from _of_way(_HOW.get(name, "failed"), name, way, step.onward)


def _of_way(how: How, name: str, way: Way, default: str | None) -> Iterator[Exit]:
    yield Exit(how, way.to or default, name, way)
    if way.then:
        yield Exit(how, way.then, name, way, then=True)
