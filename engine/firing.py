"""The clock's part: reminders, deadlines that have passed, waits that are over."""

from __future__ import annotations

from definitions.step import TimedStep, WaitStep
from engine.change import ItemClaimed, ItemWidened, TimerFired
from engine.draft import Draft
from engine.event import Fire
from engine.holding import addressees
from engine.leading import go_on, lead_on
from engine.outcome import Occasion
from engine.people import hand_up, holders, tell_roles
from engine.promising import fire as fire_promise
from engine.promising import waiting_for_promises
from engine.refusal import Gone
from engine.state import Party, Timer, Visit, WorkItem


def fire(draft: Draft, event: Fire) -> None:
    """A timer's moment has come."""
    timer = draft.state.timer(event.timer)
    if timer is None or timer.due_at > draft.now:
        raise Gone
    draft.record(TimerFired(timer=timer.number))
    if timer.promise is not None:
        fire_promise(draft, timer)
        settle_promises(draft)
        return
    visit = draft.state.visit(timer.visit)
    if visit is None:
        return
    if timer.purpose == "wait":
        step = draft.process.step(visit.step)
        assert isinstance(step, WaitStep)
        go_on(draft, visit, step.to, origin=visit.origin)
    elif timer.purpose == "overdue":
        _overdue(draft, visit, timer)
    else:
        _tell_holders(draft, visit, timer, "reminded")


def settle_promises(draft: Draft) -> None:
    """Let the issue go on from where it waits for promises, if none is open any more."""
    for visit in waiting_for_promises(draft):
        step = draft.process.step(visit.step)
        assert isinstance(step, WaitStep)
        go_on(draft, visit, step.to, origin=visit.origin)


def _late(draft: Draft, visit: Visit, timer: Timer) -> tuple[WorkItem, ...]:
    """The open items that a timer is about; those with a deadline of their own are not late with the others."""
    items = [item for item in draft.state.open_items(visit.number) if item.kind == "task" and not item.waiting]
    if timer.item is not None:
        return tuple(item for item in items if item.number == timer.item)
    own = {other.item for other in draft.state.timers if other.visit == visit.number and other.item is not None}
    return tuple(item for item in items if item.number not in own)


def _tell_holders(draft: Draft, visit: Visit, timer: Timer, occasion: Occasion) -> None:
    for item in _late(draft, visit, timer):
        draft.tell(occasion, addressees(item), step=visit.step, item=item.number)


def _overdue(draft: Draft, visit: Visit, timer: Timer) -> None:
    step = draft.process.step(visit.step)
    assert isinstance(step, TimedStep)
    late = step.overdue
    moves = late is not None and timer.item is None and bool(late.to or late.hand_up)
    if not moves:
        # where the issue moves on by itself, there is nothing left for the holders to hurry with
        _tell_holders(draft, visit, timer, "overdue")
    if late is None:
        return
    tell_roles(draft, "overdue", late.tell, step=visit.step)
    if late.escalate:
        _escalate(draft, visit, timer, holders(draft, late.escalate))
    if late.hand_up and late.to is None and late.then is None:
        hand_up(draft, late.hand_up, visit.step)
    elif moves:
        lead_on(draft, visit, late, "overdue", None, "overdue")


def _escalate(draft: Draft, visit: Visit, timer: Timer, parties: tuple[Party, ...]) -> None:
    """Those one level up may act too, and are told once; a claim no longer keeps them out."""
    items = _late(draft, visit, timer)
    for item in items:
        draft.record(ItemWidened(item=item.number, candidates=parties))
        if item.owner is not None:
            draft.record(ItemClaimed(item=item.number, owner=None))
    if items:
        draft.tell("escalated", parties, step=visit.step, item=items[0].number)
