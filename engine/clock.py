"""The clocks of a visit: deadlines and reminders are set, stand still, and run again."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from definitions.duration import Duration
from definitions.step import EachStep, TimedStep, WaitStep
from engine.calendar import Deadline, deadline, last_day, remind_at
from engine.change import ItemDue, TimerSet, VisitChanged
from engine.draft import Draft
from engine.frozen import changed
from engine.leaving import stop_clock
from engine.state import Timer, TimerPurpose, Visit, WorkItem


def due_of(draft: Draft, duration: Duration | None) -> Deadline | None:
    """When a period that begins now ends."""
    return deadline(draft.now, duration, draft.process.calendar) if duration else None


def start_clock(draft: Draft, visit: Visit, step: TimedStep) -> None:
    """Set the reminders and the deadline of a visit, and of those of its items that have one of their own."""
    if visit.due_at is not None:
        _set(draft, step, _deadline(draft, visit.due_at, visit.due_on), visit.number, None)
    for item in draft.state.open_items(visit.number):
        if item.due_at is not None:
            _set(draft, step, _deadline(draft, item.due_at, item.due_on), visit.number, item.number)


def set_timer(
    draft: Draft,
    purpose: TimerPurpose,
    due_at: datetime,
    *,
    visit: int = 0,
    item: int | None = None,
    promise: int | None = None,
) -> None:
    """Have the clock act at a moment."""
    timer = Timer(number=draft.next_number(), visit=visit, purpose=purpose, due_at=due_at, item=item, promise=promise)
    draft.record(TimerSet(timer))


def pause(draft: Draft, visit: Visit) -> None:
    """Let the clocks of a visit stand still."""
    if visit.paused_at is None:
        stop_clock(draft, visit)
        draft.record(VisitChanged(changed(visit, paused_at=draft.now)))


def run_on(draft: Draft, visit: Visit) -> None:
    """Let the clocks of a visit run again: every deadline is later by the time for which they stood."""
    if visit.paused_at is None:
        return
    step = draft.process.step(visit.step)
    assert isinstance(step, TimedStep)
    later = _later(draft, visit, step.within, visit.due_at, visit.due_on)
    running = changed(visit, paused_at=None, due_at=later[0], due_on=later[1])
    draft.record(VisitChanged(running))
    if isinstance(step, WaitStep) and step.within is None:
        if running.due_at is not None:
            set_timer(draft, "wait", running.due_at, visit=visit.number)
        return
    _items_later(draft, visit, step)
    start_clock(draft, running, step)


def _items_later(draft: Draft, visit: Visit, step: TimedStep) -> None:
    """Move on the deadlines that items have of their own."""
    for item in draft.state.open_items(visit.number):
        within = step.within_each.get(item.role) if isinstance(step, EachStep) else None
        due_at, due_on = _later(draft, visit, within, item.due_at, item.due_on)
        if due_at is not None and due_at != item.due_at:
            draft.record(ItemDue(item=item.number, due_at=due_at, due_on=due_on))


def _later(
    draft: Draft, visit: Visit, within: Duration | None, due_at: datetime | None, due_on: str | None
) -> tuple[datetime | None, str | None]:
    """A deadline moved on by a pause that ends now: by the working days in it, by its days, or exactly."""
    if due_at is None or visit.paused_at is None:
        return due_at, due_on
    zone, calendar = draft.process.calendar.zone, draft.process.calendar
    if within is None or within.unit in ("hours", "minutes"):
        moved = due_at + (draft.now - visit.paused_at)
        return moved, moved.astimezone(zone).date().isoformat()
    first, last = visit.paused_at.astimezone(zone).date(), draft.now.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    working = within.unit == "working days"
    count = sum(1 for day in days if not working or calendar.works(day))
    if count == 0:
        return due_at, due_on
    length = Duration(count, "working days" if working else "days")
    day = last_day((due_at - timedelta(microseconds=1)).astimezone(zone).date(), length, calendar)
    return datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(due_at.tzinfo), day.isoformat()


def _deadline(draft: Draft, due_at: datetime, due_on: str | None) -> Deadline:
    zone = draft.process.calendar.zone
    local = due_at.astimezone(zone)
    exact = local.time() != time(0) or due_on == local.date().isoformat()
    day = (due_at - timedelta(microseconds=1)).astimezone(zone).date()
    return Deadline(due_at, local.date() if exact else day, provisional=False, exact=exact)


def _set(draft: Draft, step: TimedStep, due: Deadline, visit: int, item: int | None) -> None:
    for reminder in step.remind:
        moment = remind_at(due, reminder, draft.process.calendar)
        if moment > draft.now:
            set_timer(draft, "remind", moment, visit=visit, item=item)
    set_timer(draft, "overdue", due.due_at, visit=visit, item=item)


def own_due(draft: Draft, step: EachStep, role: str) -> Deadline | None:
    """The deadline that an item has for itself, because its role has one."""
    return due_of(draft, step.within_each.get(role))


def paused_by_question(draft: Draft, visit: Visit) -> bool:
    """Whether somebody was asked for information that the visit waits for."""
    return any(item.kind == "question" for item in draft.state.open_items(visit.number))


def waiting_for_turn(items: tuple[WorkItem, ...]) -> WorkItem | None:
    """The item whose turn is next."""
    return next((item for item in items if item.waiting), None)
