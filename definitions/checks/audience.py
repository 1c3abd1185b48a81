"""Somebody hears of every event that leads an issue on to a wait; where nobody is to, the definition says so (``tell: nobody``)."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.passage import deeds_of, passage, title
from definitions.exploration.graph import Deed, Edge
from definitions.exploration.levels import Explored
from definitions.model.action import Way
from definitions.model.definition import Definition
from definitions.model.step import Step, TimedStep, WaitingStep
from definitions.problem import Problem, problem
from definitions.text import Said


def check(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Each wait for something other than a person to which some event leads in silence."""
    told: set[str] = set()
    graph = explored.graph
    for index, edges in enumerate(graph.edges):
        for edge in edges if index else ():
            key = _silent(definition, edge)
            if key is not None and key not in told:
                told.add(key)
                zh, en = passage(definition, deeds_of((*graph.way_to(index), edge)))
                name = title(definition, key)
                yield problem(
                    "tells-nobody",
                    (definition.stage_of[key], key),
                    Said(
                        f"事项走到“{name[0]}”时没有人知道：{zh}。",
                        f"Nobody hears that the issue has come to “{name[1]}”: {en}.",
                    ),
                    Said(
                        "请写 tell: 角色；如果本来就不必告知，请写 tell: nobody。",
                        "Write tell: and a role; if nobody has to hear of it, write tell: nobody.",
                    ),
                )


def _silent(definition: Definition, edge: Edge) -> str | None:
    """The wait to which an event leads without telling anybody, unless it says that this is meant."""
    last = next((deed for deed in reversed(edge.deeds) if deed[0] in ("enter", "pass", "joined")), None)
    if last is None or last[0] != "enter":
        return None
    step = definition.steps[last[1]]
    if isinstance(step, WaitingStep) or not isinstance(step, TimedStep):
        return None
    return None if any(_heard(definition, deed) for deed in edge.deeds) else last[1]


def _heard(definition: Definition, deed: Deed) -> bool:
    """Whether somebody hears of a deed, or nobody is to."""
    kind, key, which = deed
    if kind in ("option", "withdraw"):
        return kind == "withdraw" or "tell" in definition.options[str(which)].model_fields_set
    step = definition.steps[key]
    if kind == "enter":
        return _says(step) or step.supervised_by is not None or step.step_kind.heard
    if kind in ("act", "part") and isinstance(step, WaitingStep):
        action = step.actions[str(which)]
        return _says(action) or action.hand_up is not None or action.promise is not None or bool(action.supervised_by)
    if kind == "way" and isinstance(step, TimedStep):
        way: Way = step.overdue[which] if isinstance(which, int) else step.way(which)
        return _says(way) or way.hand_up is not None
    return kind == "reopen"


def _says(part: Step | Way) -> bool:
    """Whether it tells somebody, or says ``tell: nobody``."""
    return bool(part.tell) or "tell" in part.model_fields_set
