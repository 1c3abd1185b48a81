"""What can be done now, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from definitions.expressions.expression import ExpressionError
from definitions.model.action import Action
from definitions.model.option import StandingOption
from definitions.model.step import WaitingStep
from engine.context import context
from engine.deeds.deed import Prospect
from engine.deeds.registry import offered
from engine.directory import Actor, Directory
from engine.draft import Draft
from engine.noun import Values
from engine.process import Process
from engine.rules.exclusion import may_not
from engine.rules.holders import ANSWERED
from engine.rules.option import may_take
from engine.rules.rows import row_of, seen
from engine.state import State, WorkItem


@dataclass(frozen=True, slots=True)
class Possible:
    """An open work item and the actions that can be taken on it now, by key."""

    item: WorkItem
    actions: Mapping[str, Action]


def available(
    process: Process, state: State, actor: Actor | None = None, now: datetime | None = None
) -> tuple[Possible, ...]:
    """Every open item with its possible actions; with an actor, only what this person may do (items claimed by others are left out)."""
    if state.status != "open" or state.suspended:
        return ()
    return tuple(
        Possible(item, _actions(process, state, item, actor, now))
        for item in state.items
        if not item.done and not item.waiting and (actor is None or may_act(item, actor))
    )


def up_to_date(process: Process, state: State, now: datetime, directory: Directory) -> State:
    """The state with what its fields count over other issues by now, as the next event will find it."""
    if not process.definition.counted or state.status != "open":
        return state
    draft = Draft(process, state, now, directory)
    draft.fill({})
    return draft.state


def may_act(item: WorkItem, actor: Actor) -> bool:
    """Whether an item is somebody's to act on."""
    if item.delegate is not None and item.delegate in actor.parties:
        return True
    return not actor.parties.isdisjoint(item.candidates) and item.owner in (None, actor.party)


def _actions(
    process: Process, state: State, item: WorkItem, actor: Actor | None, now: datetime | None
) -> Mapping[str, Action]:
    step = process.definition.steps[item.step]
    if item.kind != "task" or not isinstance(step, WaitingStep):
        return {}
    if actor is not None and may_not(process.definition, state, item, actor):
        return {}
    row = seen(row_of(state, step, item))
    return {key: action for key, action in step.offered(item.role).items() if _holds(process, state, action, now, row)}


def _holds(process: Process, state: State, action: Action, now: datetime | None, row: Values) -> bool:
    if action.when is None:
        return True
    facts = state.facts
    moment = now or (facts.opened_at if facts else None)
    assert moment is not None
    try:
        return action.when.test(context(process, state, moment, action.when.names, row))
    except ExpressionError:
        return False


def handings(
    process: Process, state: State, item: WorkItem, actor: Actor, now: datetime, directory: Directory
) -> tuple[str, ...]:
    """What a person may do with an open item besides its actions."""
    if state.status != "open" or item.done or (state.suspended and item.kind not in ANSWERED):
        return ()
    asked = ("reply",) if item.offered is not None and item.offered in actor.parties else ()
    if item.waiting or not may_act(item, actor) or may_not(process.definition, state, item, actor):
        return asked
    if item.kind != "task":
        return (*asked, "answer")
    return (*asked, *offered("item", Prospect(state, actor, Draft(process, state, now, directory), item)))


def takings(process: Process, state: State, actor: Actor, now: datetime, directory: Directory) -> tuple[str, ...]:
    """What somebody who takes part may do with the issue as a whole."""
    return offered("issue", Prospect(state, actor, Draft(process, state, now, directory)))


def movings(state: State, actor: Actor) -> tuple[str, ...]:
    """What staff may do with the issue outside the rules."""
    return offered("staff", Prospect(state, actor)) if actor.manages else ()


def options(
    process: Process, state: State, actor: Actor, now: datetime, directory: Directory
) -> Mapping[str, StandingOption]:
    """The standing options that somebody can take now, by key."""
    draft = Draft(process, state, now, directory)
    return {key: option for key, option in process.definition.options.items() if may_take(draft, key, actor)}
