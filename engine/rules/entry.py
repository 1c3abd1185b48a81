"""Entering steps: what each kind of step does when an issue comes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from definitions.model.step import Step
from definitions.model.steps.assign import AssignStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.close import CloseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.link import LinkStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.publish import PublishStep
from definitions.model.steps.receive import ReceiveStep
from definitions.model.steps.register import RegisterStep
from definitions.model.steps.request import RequestStep
from definitions.model.steps.set import SetStep
from definitions.model.steps.start import StartStep
from definitions.model.steps.task import TaskStep
from definitions.model.steps.wait import WaitStep
from engine.change import BranchJoined, Entered
from engine.draft import Draft
from engine.rules import automatic, waits
from engine.rules.booking import release
from engine.rules.clocks import pause, start_clock
from engine.rules.closure import close
from engine.rules.continuation import begun_or_continued
from engine.rules.exit import composite_of, destination, leave
from engine.rules.limits import restart_limits
from engine.rules.number import give
from engine.rules.roles import assign, tell_roles
from engine.rules.supervision import name_supervisor
from engine.rules.tasks import open_items, waits_for_nobody
from engine.rules.votes import record_votes
from engine.state import Visit

#: More steps than this in one event mean a loop without a person; the checks refuse such definitions before.
_MOST_STEPS = 500


class Arrival(msgspec.Struct, frozen=True):
    """From where a step is entered: the resolution named on the way, the branch (its parallel visit), and the waiting step left."""

    resolution: str | None = None
    parent: int | None = None
    origin: str | None = None

    def named(self, resolution: str | None) -> Arrival:
        """The same with the resolution that was named last."""
        return msgspec.structs.replace(self, resolution=resolution) if resolution else self


Onward = tuple[str, Arrival]
Rule = Callable[[Draft, str, Any, Arrival], Onward | None]

ANYWHERE = Arrival()


def enter(draft: Draft, step: str, arrival: Arrival = ANYWHERE) -> None:
    """Go to a step, and on through steps that need nobody, until one waits or the issue is closed."""
    following: Onward | None = (step, arrival)
    while following is not None:
        draft.entered += 1
        if draft.entered > _MOST_STEPS:
            raise RuntimeError(f"more than {_MOST_STEPS} steps in one event, from {step}")
        following = _enter_one(draft, *following)


def _enter_one(draft: Draft, key: str, arrival: Arrival) -> Onward | None:
    """Enter one step; where to go on at once, or ``None`` when the issue (or this branch) waits or is closed."""
    composite = draft.state.visit(arrival.parent)
    parallel = draft.definition.steps[composite.step] if composite is not None else None
    if composite is not None and isinstance(parallel, ParallelStep) and key == parallel.to:
        return _join(draft, composite, parallel, arrival)
    step = draft.definition.steps[key]
    if key in draft.definition.restarting:
        restart_limits(draft, key)
    if step.supervised_by:
        name_supervisor(draft, step.supervised_by, key)
    if step.give:
        give(draft, step.give, key)
    if step.release:
        release(draft, step.release)
    return RULES[type(step)](draft, key, step, arrival)


def _on(step: Step, arrival: Arrival) -> Onward:
    """The step's own way on."""
    assert step.onward is not None
    return step.onward, arrival.named(step.ended)


def _task(draft: Draft, key: str, step: TaskStep | EachStep, arrival: Arrival) -> Onward | None:
    visit = _visit(draft, key, step, arrival)
    open_items(draft, visit, step)
    _inform(draft, key, step)
    if isinstance(step, EachStep) and waits_for_nobody(draft, visit):
        return _of_nobody(draft, visit, step, arrival)
    start_clock(draft, visit)
    _stand_still(draft, visit)
    return None


def _of_nobody(draft: Draft, visit: Visit, step: EachStep, arrival: Arrival) -> Onward:
    """There is nobody to ask: the step's own way for that; a vote with nobody is not passed."""
    record_votes(draft, visit, step)
    if step.unasked is None:
        leave(draft, visit)
        return _on(step, arrival)
    name, way = step.unasked
    tell_roles(draft, "informed", way.tell, step=visit.step)
    target, resolution = destination(draft, visit, way, name), way.resolution
    if target is None:
        target, resolution = step.to, resolution or step.ended
    left = (composite_of(draft, visit, way.leaves) if way.leaves else None) or visit
    leave(draft, left, "rejected")
    return target, Arrival(resolution, left.parent, arrival.origin)


def _assign(draft: Draft, key: str, step: AssignStep, arrival: Arrival) -> Onward:
    assign(draft, step.assign)
    _inform(draft, key, step)
    return _on(step, arrival)


def _choose(draft: Draft, key: str, step: ChooseStep, arrival: Arrival) -> Onward:
    _inform(draft, key, step)
    branch = automatic.choose(draft, key, step)
    target = step.lead(branch)
    assert target is not None
    return target, arrival.named(step.outcome(branch))


def _parallel(draft: Draft, key: str, step: ParallelStep, arrival: Arrival) -> Onward | None:
    """Start the branches whose guards hold; with none, go on."""
    _inform(draft, key, step)
    branches = [branch for branch in step.parallel if automatic.branch_holds(draft, branch, key)]
    if not branches:
        return _on(step, arrival)
    visit = _visit(draft, key, step, arrival)
    draft.record(BranchJoined(visit=visit.number, joined=0, branches=len(branches)))
    for branch in branches:
        if draft.state.visit(visit.number) is None or draft.state.status != "open":
            break
        assert branch.to is not None
        enter(draft, branch.to, Arrival(branch.resolution, visit.number, arrival.origin))
    return None


def _join(draft: Draft, composite: Visit, step: ParallelStep, arrival: Arrival) -> Onward | None:
    """One branch has ended; when enough have, the parallel step is left and the issue goes on behind it."""
    joined = composite.joined + 1
    draft.record(BranchJoined(visit=composite.number, joined=joined, branches=composite.branches))
    if joined < step.join.needed(composite.branches):
        return None
    leave(draft, draft.state.visit(composite.number) or composite, "joined")
    return step.to, Arrival(step.resolution or arrival.resolution, composite.parent, arrival.origin)


def _close(draft: Draft, key: str, step: CloseStep, arrival: Arrival) -> None:
    close(draft, key, step, arrival.resolution)


def _stand_still(draft: Draft, visit: Visit) -> None:
    """A suspended issue can come to a step, when another system answers, say; no clock runs there before it is resumed."""
    if draft.state.suspended:
        pause(draft, draft.state.visit(visit.number) or visit)


def _at_once(rule: Callable[[Draft, str, Any], None]) -> Rule:
    """A step that does one thing and goes on."""

    def run(draft: Draft, key: str, step: Any, arrival: Arrival) -> Onward:
        rule(draft, key, step)
        _inform(draft, key, step)
        return _on(step, arrival)

    return run


def _waiting(rule: Callable[[Draft, Visit, Any], bool]) -> Rule:
    """A step that waits for something other than a person, unless the rule says that there is nothing to wait for."""

    def run(draft: Draft, key: str, step: Any, arrival: Arrival) -> Onward | None:
        visit = _visit(draft, key, step, arrival)
        _inform(draft, key, step)
        if rule(draft, visit, step):
            _stand_still(draft, visit)
            return None
        leave(draft, visit)
        return _on(step, arrival)

    return run


#: What happens when an issue comes to a step, by its kind; the answer is where it goes on at once.
RULES: Mapping[type[Step], Rule] = {
    TaskStep: _task,
    EachStep: _task,
    AssignStep: _assign,
    ChooseStep: _choose,
    ParallelStep: _parallel,
    WaitStep: _waiting(waits.wait),
    ReceiveStep: _waiting(waits.await_),
    CallStep: _waiting(waits.call),
    RequestStep: _waiting(waits.request),
    StartStep: _at_once(automatic.start_issue),
    LinkStep: _at_once(automatic.link),
    SetStep: _at_once(automatic.set_fields),
    RegisterStep: _at_once(automatic.register),
    PublishStep: _at_once(automatic.publish),
    CloseStep: _close,
}


def _visit(draft: Draft, key: str, step: Step, arrival: Arrival) -> Visit:
    visit = Visit(
        number=draft.next_number(),
        step=key,
        entered_at=draft.now,
        parent=arrival.parent,
        deadline=begun_or_continued(draft, step, key),
        origin=arrival.origin,
    )
    draft.record(Entered(visit))
    if draft.definition.counts_steps:
        draft.count(key)
    return visit


def _inform(draft: Draft, key: str, step: Step) -> None:
    """Tell those whom the step names, and the named supervisors, who hear of every step."""
    if step.tell:
        tell_roles(draft, "informed", step.tell, step=key)
    if draft.state.supervisors and not isinstance(step, CloseStep):
        draft.tell("informed", draft.state.supervisors, step=key)
