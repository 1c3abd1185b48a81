"""What can be done now, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from definitions.expressions.expression import ExpressionError
from definitions.model.action import Action
from definitions.model.step import WaitingStep
from definitions.model.steps.each import EachStep
from engine.context import context
from engine.directory import Actor, Directory
from engine.draft import Draft
from engine.process import Process
from engine.rules.extensions import may_extend, may_shelve
from engine.rules.handover import mechanics
from engine.rules.holders import pending_signatures
from engine.rules.participation import may_reopen, may_urge, may_withdraw
from engine.state import State, WorkItem

Handing = Literal[
    "claim",
    "release",
    "delegate",
    "recall",
    "transfer",
    "reply",
    "question",
    "consult",
    "sign",
    "add-signer",
    "answer",
    "extend",
    "shelve",
    "unshelve",
]
Taking = Literal["withdraw", "urge", "reopen"]
Moving = Literal[
    "move", "reassign", "suspend", "resume", "cancel", "merge", "split", "reopen", "supervise", "move-deadline"
]


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
    if actor is not None and any(state.acted.get(other) == actor.party for other in step.other_than):
        return {}
    return {key: action for key, action in step.actions.items() if _holds(process, state, action, now)}


def _holds(process: Process, state: State, action: Action, now: datetime | None) -> bool:
    if action.when is None:
        return True
    facts = state.facts
    moment = now or (facts.opened_at if facts else None)
    assert moment is not None
    try:
        return action.when.test(context(process, state, moment, action.when.names))
    except ExpressionError:
        return False


def handings(
    process: Process, state: State, item: WorkItem, actor: Actor, now: datetime, directory: Directory
) -> tuple[Handing, ...]:
    """What a person may do with an open item besides its actions."""
    if state.suspended or state.status != "open" or item.done:
        return ()
    found: list[Handing] = []
    if item.offered is not None and item.offered in actor.parties:
        found.append("reply")
    if item.waiting or not may_act(item, actor):
        return tuple(found)
    if item.kind != "task":
        return (*found, "answer")
    draft = Draft(process, state, now, directory)
    rules = mechanics(draft, item)
    own = not actor.parties.isdisjoint(item.candidates)
    several = len(item.candidates) > 1 or item.candidates[0] != actor.party
    each = isinstance(process.step(item.step), EachStep)
    wanted: list[tuple[Handing, bool]] = [
        ("claim", own and item.owner is None and several),
        ("release", own and item.owner == actor.party and several),
        ("delegate", own and rules.delegate and item.delegate is None),
        ("recall", own and item.delegate is not None),
        ("transfer", own and rules.transfer != "no" and item.offered is None),
        ("question", rules.question),
        ("consult", rules.consult),
        ("sign", rules.add_signer and not each and not pending_signatures(state, item)),
        ("add-signer", rules.add_signer and each),
        ("extend", own and may_extend(draft, item)),
        ("shelve", own and may_shelve(draft, item)),
        ("unshelve", _shelved(state, item)),
    ]
    return (*found, *(name for name, may in wanted if may))


def _shelved(state: State, item: WorkItem) -> bool:
    visit = state.visit(item.visit)
    return visit is not None and visit.shelved_until is not None


def takings(process: Process, state: State, actor: Actor, now: datetime, directory: Directory) -> tuple[Taking, ...]:
    """What somebody who takes part may do with the issue as a whole."""
    draft = Draft(process, state, now, directory)
    reporter = state.facts.reporter if state.facts else None
    wanted: list[tuple[Taking, bool]] = [
        ("withdraw", state.status == "open" and actor.party == reporter and may_withdraw(process, state, draft)),
        ("urge", state.status == "open" and not state.suspended and may_urge(draft, actor)),
        ("reopen", may_reopen(draft, actor)),
    ]
    return tuple(name for name, may in wanted if may)


def movings(state: State, actor: Actor) -> tuple[Moving, ...]:
    """What staff may do with the issue outside the rules."""
    if not actor.manages:
        return ()
    if state.status != "open":
        return ("reopen",)
    if state.suspended:
        return ("resume", "cancel")
    return ("move", "reassign", "suspend", "cancel", "merge", "split", "supervise", "move-deadline")
