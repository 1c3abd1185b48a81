"""What the world outside tells an issue: messages, results of what was carried out, other issues; and what staff do when it failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from definitions.model.step import OutsideStep
from definitions.model.steps.receive import ReceiveStep
from engine.change import Linked, PutBy, TimerEnded, VisitChanged
from engine.directory import Actor
from engine.draft import Draft
from engine.event import Message, Result, Skip, Supply, TryAgain
from engine.noun import Values
from engine.refusal import Gone, StandsStill, Unavailable
from engine.rules.roles import tell_roles
from engine.rules.ways import go_onward, lead_on
from engine.state import Link, Pending, Visit


def message(draft: Draft, event: Message, actor: Actor | None) -> None:
    """A message for the step that waits for one of its name."""
    for visit in draft.state.visits:
        step = draft.definition.steps[visit.step]
        if isinstance(step, ReceiveStep) and step.receive == event.name and not _came(draft, visit):
            values = draft.checked(step.ask, event.values)
            if draft.state.suspended:
                draft.record(PutBy(Pending(visit=visit.number, name=event.name, values=values)))
                return
            draft.fill(values)
            go_onward(draft, visit, origin=visit.origin)
            return
    raise Unavailable(
        f"这件事项现在不等待消息“{event.name}”。", f"This issue does not wait for a message “{event.name}” now."
    )


def _waiting(draft: Draft, number: int) -> tuple[Visit, OutsideStep]:
    visit = draft.state.visit(number)
    step = draft.definition.steps[visit.step] if visit else None
    if visit is None or not isinstance(step, OutsideStep) or _came(draft, visit):
        raise Gone
    return visit, step


def result(draft: Draft, event: Result, actor: Actor | None) -> None:
    """What became of a request or a called issue."""
    visit, step = _waiting(draft, event.visit)
    if event.called is not None and not event.ended and event.failed is None:
        draft.record(VisitChanged(replace(visit, called=event.called)))
        draft.record(Linked(Link(kind="child", issue=event.called)))
    elif draft.state.suspended:
        draft.record(PutBy(Pending(visit=visit.number, values=event.values, failed=event.failed)))
    else:
        _take_over(draft, visit, step, event.values, event.failed)


def _take_over(draft: Draft, visit: Visit, step: OutsideStep, values: Values, failed: str | None) -> None:
    if failed is not None:
        _failed(draft, visit, step, failed)
        return
    draft.fill({name: draft.fitting(name, _found(values, path)) for name, path in step.saves.items()})
    go_onward(draft, visit, origin=visit.origin, reason="answered")


def _came(draft: Draft, visit: Visit) -> bool:
    """Whether what a visit waits for has come already, while the issue stands still."""
    return any(one.visit == visit.number for one in draft.state.pending)


def take_up(draft: Draft, pending: Pending) -> None:
    """The issue goes on: what came while it stood still is taken over, where it is waited for still."""
    visit = draft.state.visit(pending.visit)
    step = draft.definition.steps[visit.step] if visit else None
    if visit is None:
        return
    if isinstance(step, OutsideStep) and not pending.name:
        _take_over(draft, visit, step, pending.values, pending.failed)
    elif isinstance(step, ReceiveStep) and step.receive == pending.name:
        draft.fill(pending.values)
        go_onward(draft, visit, origin=visit.origin)


def _found(values: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; ``None`` where the path leads nowhere."""
    value: Any = values
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _failed(draft: Draft, visit: Visit, step: OutsideStep, why: str) -> None:
    """The definition's own way for it, else an incident that staff see."""
    if step.failure is not None:
        tell_roles(draft, "informed", step.failure.tell, step=visit.step)
        lead_on(draft, visit, step.failure, "failed", step.onward)
    else:
        draft.record(VisitChanged(replace(visit, incident=why[:500])))


def retry(draft: Draft, event: TryAgain, actor: Actor) -> None:
    """Have what failed carried out again: the same effect, with the same key, so that nothing is done twice."""
    if event.thing:
        return
    visit = _failing(draft, event.visit)[0]
    draft.record(VisitChanged(replace(visit, incident=None)))


def skip(draft: Draft, event: Skip, actor: Actor) -> None:
    """Go on without what failed."""
    if event.timer:
        _leave_out(draft, event.timer)
    elif not event.thing:
        _running(draft)
        visit = _waiting(draft, event.visit)[0]
        go_onward(draft, visit, origin=visit.origin)


def supply(draft: Draft, event: Supply, actor: Actor) -> None:
    """Go on with values that staff know."""
    _running(draft)
    visit, step = _failing(draft, event.visit)
    fields = {name: draft.definition.data[name] for name in supplied(step) if name in draft.definition.data}
    draft.fill(draft.checked(fields, event.values))
    go_onward(draft, visit, origin=visit.origin)


def _running(draft: Draft) -> None:
    if draft.state.suspended:
        raise StandsStill


def supplied(step: OutsideStep) -> tuple[str, ...]:
    """The fields that what a step waits for brings."""
    return tuple(step.saves)


def _failing(draft: Draft, number: int) -> tuple[Visit, OutsideStep]:
    visit, step = _waiting(draft, number)
    if visit.incident is None:
        raise Unavailable(
            "这一步没有出错，或正在重试。", "Nothing has failed at this step, or it is being tried again."
        )
    return visit, step


def _leave_out(draft: Draft, number: int) -> None:
    """End a timer that only reminds; one by which the issue goes on cannot be left out."""
    timer = draft.state.timer(number)
    if timer is None:
        raise Gone
    if timer.purpose not in ("remind", "promise-remind"):
        raise Unavailable(
            "事项要靠这个时点继续办理，不能跳过；可以重试，或把事项移到别的环节。",
            "The issue goes on by this moment, which cannot be skipped; try it again, or move the issue to another step.",
        )
    draft.record(TimerEnded(timer=number))
