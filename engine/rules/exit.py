"""Leaving a step: what is open in it ends, with a reason."""

from __future__ import annotations

from definitions.model.action import BACK, Way
from definitions.model.steps.call import CallStep
from engine.change import EndReason, ItemEnded, Left, TimerEnded
from engine.draft import Draft
from engine.effect import Notify
from engine.rules.continuation import stop, stop_part
from engine.rules.roles import hand_up
from engine.state import Party, Visit


def leave(draft: Draft, visit: Visit, reason: EndReason = "left") -> None:
    """End a visit with its branches, open items and timers."""
    for child in draft.state.children(visit.number):
        leave(draft, child, reason)
    for item in draft.state.open_items(visit.number):
        stop_part(draft, item)
        draft.record(ItemEnded(item=item.number, reason=reason))
    stop_clock(draft, visit)
    stop(draft, visit)
    if visit.called is not None and reason != "answered":
        _forsake(draft, visit, visit.called)
    draft.record(Left(visit=visit.number))


def _forsake(draft: Draft, visit: Visit, called: Party) -> None:
    """Have the issue that a visit called hear that nobody waits for it any more."""
    step = draft.definition.steps[visit.step]
    if isinstance(step, CallStep):
        draft.effect(Notify(issue=called, news="forsaken", relation=step.when_left))


def stop_clock(draft: Draft, visit: Visit) -> None:
    """End the timers of a visit."""
    timers = (*draft.state.timers, *draft.state.held)
    draft.record_timers([TimerEnded(timer.number) for timer in timers if timer.visit == visit.number])


def leave_everything(draft: Draft, reason: EndReason) -> None:
    """End all visits."""
    for visit in draft.state.visits:
        if visit.parent is None:
            leave(draft, visit, reason)


def composite_of(draft: Draft, visit: Visit, step: str) -> Visit | None:
    """The visit of a parallel step in one of whose branches a visit lies."""
    above: Visit | None = visit
    while above is not None and above.step != step:
        above = draft.state.visit(above.parent)
    return above


def destination(draft: Draft, visit: Visit, way: Way, name: str) -> str | None:
    """Where a way leads this time: its bound may be used up, and its ladder at its end."""
    target = way.to
    if way.at_most is not None and target is not None:
        if draft.count(f"{visit.step}.{name}") > way.at_most:
            return way.then
    elif draft.definition.counts_steps:
        draft.count(f"{visit.step}.{name}")
    if way.hand_up is not None and not hand_up(draft, way.hand_up, visit.step):
        return way.then or target
    return (visit.origin or draft.definition.start) if target == BACK else target
