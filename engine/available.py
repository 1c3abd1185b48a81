"""What can be done now, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from definitions.definition import Definition
from definitions.expression import ExpressionError
from definitions.step import Action, WaitingStep
from engine.directory import Actor
from engine.draft import context
from engine.process import Process
from engine.state import State, WorkItem


@dataclass(frozen=True, slots=True)
class Possible:
    """An open work item and the actions that can be taken on it now, by key."""

    item: WorkItem
    actions: Mapping[str, Action]


def available(process: Process, state: State, actor: Actor | None = None) -> tuple[Possible, ...]:
    """Every open item with its possible actions; with an actor, only what this person may do (items claimed by others are left out)."""
    if state.status != "open":
        return ()
    return tuple(
        Possible(item, _actions(process.definition, state, item))
        for item in state.items
        if not item.done and (actor is None or _may(item, actor))
    )


def _may(item: WorkItem, actor: Actor) -> bool:
    return not actor.parties.isdisjoint(item.candidates) and item.owner in (None, actor.party)


def _actions(definition: Definition, state: State, item: WorkItem) -> Mapping[str, Action]:
    step = definition.steps[item.step]
    assert isinstance(step, WaitingStep)
    return {key: action for key, action in step.actions.items() if _holds(definition, state, action)}


def _holds(definition: Definition, state: State, action: Action) -> bool:
    try:
        return action.when is None or action.when.test(context(definition, state))
    except ExpressionError:
        return False
