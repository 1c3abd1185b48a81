"""Entering steps: what each kind of step does when an issue comes to it."""

from __future__ import annotations

from definitions.step import AssignStep, ChooseStep, CloseStep, EachStep, TaskStep, WaitingStep
from engine.calendar import Deadline, deadline, remind_at
from engine.change import Closed, Entered, ItemOpened, TimerSet
from engine.draft import Draft
from engine.leaving import close_everything, leave
from engine.people import assign, holders, office, told
from engine.state import Timer, Visit, WorkItem

#: More automatic steps than this in a row mean a loop without a person; the checks refuse such definitions before.
_LONGEST_CHAIN = 200


def enter(draft: Draft, step: str, resolution: str | None = None) -> None:
    """Go to a step, and on through steps that need nobody, until one waits for people or the issue is closed."""
    following: str | None = step
    for _ in range(_LONGEST_CHAIN):
        if following is None:
            return
        following = _enter_one(draft, following, resolution)
    raise RuntimeError(f"more than {_LONGEST_CHAIN} automatic steps in a row from {step}")


def _enter_one(draft: Draft, key: str, resolution: str | None) -> str | None:
    """Enter one step; the step to go on to at once, or ``None`` when the issue waits or is closed."""
    step = draft.process.step(key)
    if isinstance(step, TaskStep | EachStep):
        return _wait(draft, key, step)
    if isinstance(step, AssignStep):
        assign(draft, step.assign)
        draft.tell("informed", told(draft, step.tell), step=key)
        return step.to
    if isinstance(step, ChooseStep):
        draft.tell("informed", told(draft, step.tell), step=key)
        return next(b.to for b in step.choose if b.when is None or draft.holds(b.when, key))
    _close(draft, key, step, resolution)
    return None


def _wait(draft: Draft, key: str, step: TaskStep | EachStep) -> str | None:
    due = deadline(draft.now, step.within, draft.process.calendar) if step.within else None
    visit = _visit(draft, key, due)
    roles = (step.task,) if isinstance(step, TaskStep) else step.each
    for role in roles:
        parties = holders(draft, role)
        groups = (parties or office(draft),) if isinstance(step, TaskStep) else tuple((party,) for party in parties)
        for candidates in groups:
            _open_item(draft, visit, role, candidates)
    draft.tell("informed", told(draft, step.tell), step=key)
    if not draft.state.open_items(visit.number) and isinstance(step, EachStep):
        # nobody was named: there is nothing to wait for
        leave(draft, visit)
        return step.to
    if due:
        _set_timers(draft, visit, step, due)
    return None


def _visit(draft: Draft, key: str, due: Deadline | None) -> Visit:
    visit = Visit(
        number=draft.next_number(),
        step=key,
        entered_at=draft.now,
        due_at=due.due_at if due else None,
        due_on=due.due_on.isoformat() if due else None,
        provisional=due.provisional if due else False,
    )
    draft.record(Entered(visit))
    return visit


def _open_item(draft: Draft, visit: Visit, role: str, candidates: tuple[str, ...]) -> None:
    item = WorkItem(number=draft.next_number(), visit=visit.number, step=visit.step, role=role, candidates=candidates)
    draft.record(ItemOpened(item))
    draft.tell("task", candidates, step=visit.step, item=item.number)


def _set_timers(draft: Draft, visit: Visit, step: WaitingStep, due: Deadline) -> None:
    for reminder in step.remind:
        moment = remind_at(due, reminder, draft.process.calendar)
        if moment > draft.now:
            draft.record(
                TimerSet(Timer(number=draft.next_number(), visit=visit.number, purpose="remind", due_at=moment))
            )
    draft.record(TimerSet(Timer(number=draft.next_number(), visit=visit.number, purpose="overdue", due_at=due.due_at)))


def _close(draft: Draft, key: str, step: CloseStep, resolution: str | None) -> None:
    close_everything(draft)
    named = resolution if step.close is True else step.close
    draft.record(Closed(resolution=named or next(iter(draft.definition.resolutions))))
    roles = [*step.tell, "reporter"]
    answerable = draft.definition.answerable_role()
    given = draft.state.roles.get(answerable, ()) if answerable else ()
    parties = tuple(dict.fromkeys((*told(draft, roles), *given)))
    draft.tell("closed", parties, step=key)
