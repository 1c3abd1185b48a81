"""Steps that wait for something other than a person's task: a time, a message, a called issue, an answer over HTTP."""

from __future__ import annotations

from msgspec.structs import replace

from definitions.model.step import CallStep, ReceiveStep, RequestStep, WaitStep
from engine.change import VisitChanged
from engine.deadlines.deadline import reckon, wait_until
from engine.draft import Draft
from engine.effect import OpenIssue, Request
from engine.rules.clocks import day_of, start_clock
from engine.state import Visit


def begin_waiting(draft: Draft, visit: Visit, step: WaitStep | ReceiveStep | CallStep | RequestStep) -> bool:
    """Set what ends the wait; ``False`` when there is nothing to wait for."""
    if isinstance(step, WaitStep):
        return _wait(draft, visit, step)
    carry_out(draft, visit, step)
    start_clock(draft, visit)
    return True


def carry_out(draft: Draft, visit: Visit, step: ReceiveStep | CallStep | RequestStep) -> None:
    """Have the work done that the visit waits for."""
    if isinstance(step, CallStep):
        values = {name: draft.value(expression, visit.step) for name, expression in step.with_.items()}
        draft.effect(OpenIssue(definition=step.call, values=values, step=visit.step, visit=visit.number))
    elif isinstance(step, RequestStep):
        call = step.request
        path = draft.text(call.path, visit.step) if call.path else {}
        draft.effect(
            Request(
                visit=visit.number,
                step=visit.step,
                connection=call.to,
                path=next(iter(path.values()), ""),
                send={name: draft.value(expression, visit.step) for name, expression in call.send.items()},
                save=call.save,
            )
        )


def _wait(draft: Draft, visit: Visit, step: WaitStep) -> bool:
    if step.until == "promises":
        if not any(promise.status == "open" for promise in draft.state.promises):
            return False
        start_clock(draft, visit)
        return True
    if step.length is not None:
        end = reckon(step.length, draft.now, draft.process.calendar)
    else:
        named = day_of(draft.state.data.get(step.until or ""))
        if named is None:
            return False
        end = wait_until(named, draft.now, draft.process.calendar)
    if end.due_at <= draft.now:
        return False
    waiting = replace(visit, deadline=end)
    draft.record(VisitChanged(waiting))
    start_clock(draft, waiting)
    return True
