"""Steps that wait for something other than a person's task: a time, a message, a called issue, an answer over HTTP."""

from __future__ import annotations

from msgspec.structs import replace

from definitions.model.step import TimedStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.request import RequestStep
from definitions.model.steps.wait import WaitStep
from engine.change import VisitChanged
from engine.deadlines.deadline import reckon, wait_until
from engine.draft import Draft
from engine.effect import OpenIssue, Request
from engine.rules.clocks import day_of, start_clock
from engine.state import Visit


def call(draft: Draft, visit: Visit, step: CallStep) -> bool:
    """The step ``call``."""
    values = {name: draft.value(expression, visit.step) for name, expression in step.with_.items()}
    draft.effect(OpenIssue(definition=step.call, values=values, step=visit.step, visit=visit.number))
    return await_(draft, visit, step)


def request(draft: Draft, visit: Visit, step: RequestStep) -> bool:
    """The step ``request``."""
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
    return await_(draft, visit, step)


def await_(draft: Draft, visit: Visit, step: TimedStep) -> bool:
    """The step ``receive``, and every other once what it waits for is under way."""
    start_clock(draft, visit)
    return True


def wait(draft: Draft, visit: Visit, step: WaitStep) -> bool:
    """The step ``wait``; ``False`` when there is nothing to wait for."""
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
