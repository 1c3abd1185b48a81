"""The clocks of an issue: deadlines begin, stand still, run again and are put off, and what rings with them is set anew.

What has a deadline is a *target*: a visit, a work item with a deadline of its own, or a limit of the issue or a stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from definitions.calendars.calendar import FIRST_DAY, LAST_DAY
from definitions.model.clock import Alarms
from definitions.model.reference import reference
from definitions.model.step import TimedStep
from definitions.model.term import CloseDay, FromDay, OneDay, Term, Terms, parse_term
from engine.change import (
    DeadlineMoved,
    GuardFailed,
    ItemDue,
    LimitChanged,
    TimerEnded,
    TimerHeld,
    TimerSet,
    VisitChanged,
)
from engine.deadlines.deadline import Deadline, Pause, again, reckon, stays
from engine.draft import Draft
from engine.rules.holders import addressees
from engine.rules.reminders import moments, next_after
from engine.state import State, Timer, TimerPurpose, Visit, WorkItem

#: Of what has passed: a deadline, or the time to answer a question.
_LATE = ("overdue", "unanswered")


class Target(msgspec.Struct, frozen=True):
    """What has a deadline: a visit, one of its items, or (``visit`` 0) a limit."""

    visit: int = 0
    item: int | None = None
    limit: str | None = None

    def __str__(self) -> str:
        if self.limit is not None:
            return reference("limit", self.limit)
        return reference("visit", self.visit) if self.item is None else reference("item", self.item)

    def has(self, timer: Timer) -> bool:
        """Whether a timer rings for this target."""
        return timer.promise is None and (timer.visit, timer.item, timer.limit) == (self.visit, self.item, self.limit)


NOTHING = Target()


def begun(draft: Draft, terms: Terms | None, step: str) -> Deadline | None:
    """The deadline of a period that begins now."""
    return reckon(term_of(draft, terms, step), draft.now, draft.process.calendar) if terms else None


def term_of(draft: Draft, terms: Terms, step: str) -> Term:
    """The first of the terms whose guard holds now and whose day is filled in; if there is none, today: no clock waits for what nobody wrote."""
    for choice in terms.choices:
        if choice.when is None or draft.holds(choice.when, step):
            term = _of_field(draft, choice.is_, choice.field, step) if choice.field else choice.is_
            if term is not None:
                return term
    return CloseDay("same day")


def _of_field(draft: Draft, term: Term, name: str, step: str) -> Term | None:
    day = day_of(draft.state.data.get(name))
    if day is None:
        draft.record(GuardFailed(step=step, guard=str(term), why=f"{name} holds no day"))
        return None
    return FromDay(term.length, term.when, day) if isinstance(term, FromDay) else OneDay(day)


def day_of(value: object) -> date | None:
    """The day that a field's value says, within the years that a calendar can reckon with."""
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def start_clock(draft: Draft, visit: Visit) -> None:
    """Set the reminders and the ladder of a visit, and of those of its items that have a deadline of their own."""
    for target in targets_of(draft.state, visit):
        start_timers(draft, target)


def targets_of(state: State, visit: Visit) -> tuple[Target, ...]:
    """What has a deadline in a visit: the visit itself, then its open items."""
    own = (Target(visit.number),) if visit.deadline else ()
    items = state.open_items(visit.number)
    # a question has a clock of its own, which does not stand with the others
    return (*own, *[Target(visit.number, one.number) for one in items if one.deadline and not one.runs_alone])


def deadline_at(state: State, target: Target) -> Deadline | None:
    """The deadline of a target."""
    if target.limit is not None:
        clock = state.limits.get(target.limit)
        return clock.deadline if clock else None
    if target.item is not None:
        item = state.item(target.item)
        return item.deadline if item else None
    visit = state.visit(target.visit)
    return visit.deadline if visit else None


def stands(state: State, target: Target) -> bool:
    """Whether the clock of a target stands."""
    if target.limit is not None:
        return state.limits[target.limit].paused_at is not None
    visit, item = state.visit(target.visit), state.item(target.item)
    return visit is not None and visit.paused_at is not None and not (item and item.runs_alone)


class Alarm(msgspec.Struct, frozen=True):
    """One thing that rings: which reminder or rung by ``index``, and how often it has rung before."""

    purpose: TimerPurpose
    moment: datetime
    index: int = 0
    times: int = 0


def set_timer(draft: Draft, alarm: Alarm, target: Target = NOTHING, promise: int | None = None) -> None:
    """Have the clock act at a moment."""
    timer = Timer(
        number=draft.next_number(),
        visit=target.visit,
        purpose=alarm.purpose,
        due_at=alarm.moment,
        item=target.item,
        promise=promise,
        limit=target.limit,
        index=alarm.index,
        times=alarm.times,
    )
    draft.record(TimerSet(timer))


def set_timers(draft: Draft, target: Target, pending: frozenset[int] | None = frozenset()) -> None:
    """Set what rings for a target: reminders still to come, and the rungs of its ladder.

    Of a deadline that has passed already only those rungs are set that are still to come, or were ``pending`` (by index) before it was put off,
    or held while its clock stood; all of them if ``pending`` is ``None``.
    """
    due = deadline_at(draft.state, target)
    if due is None:
        return
    if draft.state.held and (kept := [timer for timer in draft.state.held if target.has(timer)]):
        draft.record_timers([TimerEnded(timer.number) for timer in kept])
        pending = None if pending is None else pending | {timer.index for timer in kept}
    visit, item, limit = target.visit, target.item, target.limit
    timers = [
        TimerSet(
            Timer(
                number=number,
                visit=visit,
                purpose=rings.purpose,
                due_at=rings.moment,
                item=item,
                limit=limit,
                index=rings.index,
            )
        )
        for number, rings in enumerate(_alarms(draft, target, due, pending), draft.next_number())
    ]
    draft.record_timers(timers)


def start_timers(draft: Draft, target: Target) -> None:
    """Set what rings for a target whose time begins; if it is up already, every rung is still to come, and rings at once."""
    set_timers(draft, target, None)


def _alarms(draft: Draft, target: Target, due: Deadline, pending: frozenset[int] | None) -> list[Alarm]:
    visit, calendar, now = draft.state.visit(target.visit), draft.process.calendar, draft.now
    if visit is not None and waits(draft, visit):
        return [Alarm("wait", due.due_at, 0)]
    item = draft.state.item(target.item) if target.item is not None else None
    alarms = alarms_of(draft, target)
    late: TimerPurpose = "unanswered" if item is not None and item.runs_alone else "overdue"
    reminding, reached = moments(due, alarms, calendar)
    found: list[Alarm] = []
    for index, (reminder, moment) in enumerate(zip(alarms.remind, reminding, strict=True)):
        while reminder.every and reminder.offset and moment <= now:
            moment = next_after(moment, reminder.offset, calendar)
        if moment > now:
            found.append(Alarm("remind", moment, index))
    for (index, _), moment in zip(alarms.rungs, reached, strict=True):
        if due.due_at > now or moment > now or pending is None or index in pending:
            found.append(Alarm(late, moment, index))
    return found


def waits(draft: Draft, visit: Visit) -> bool:
    """Whether the visit's deadline is the end of a wait."""
    step = draft.definition.steps[visit.step]
    return isinstance(step, TimedStep) and step.waits_for_time


def alarms_of(draft: Draft, target: Target) -> Alarms:
    """What rings for a target."""
    if target.limit is not None:
        return draft.definition.limits[target.limit].alarms  # type: ignore[index]
    item = draft.state.item(target.item) if target.item is not None else None
    if item is not None and item.runs_alone:
        return draft.definition.questions_at(item.step).alarms
    visit = draft.state.visit(target.visit)
    step = draft.definition.steps[visit.step] if visit else None
    assert isinstance(step, TimedStep)
    return step.alarms


def end_timers(draft: Draft, target: Target) -> frozenset[int]:
    """End what rings for a target; the rungs that were still to come, by index."""
    ended = [timer for timer in draft.state.timers if target.has(timer) and timer.purpose != "shelved"]
    for timer in ended:
        draft.record(TimerEnded(timer=timer.number))
    return frozenset(timer.index for timer in ended if timer.purpose in _LATE)


def end_clock(draft: Draft, target: Target) -> None:
    """End whatever rings for a target that is done with, or was held while its clock stood."""
    for timer in (*draft.state.timers, *draft.state.held):
        if target.has(timer):
            draft.record(TimerEnded(timer=timer.number))


def hold_timers(draft: Draft, timers: tuple[Timer, ...]) -> None:
    """End timers whose clock stops; a rung that should have fired already, while nothing could fire, is kept for when the clock runs again.

    So are those of a deadline that no pause moves: it may have passed by then.
    """
    for timer in timers:
        late = timer.purpose == "overdue" and (timer.due_at <= draft.now or _stays(draft, timer))
        draft.record(TimerHeld(timer=timer.number) if late else TimerEnded(timer=timer.number))


def _stays(draft: Draft, timer: Timer) -> bool:
    due = deadline_at(draft.state, Target(timer.visit, timer.item, timer.limit))
    return due is not None and not due.rule.startswith("on ") and stays(parse_term(due.rule))


def pause(draft: Draft, visit: Visit) -> None:
    """Let the clocks of a visit stand still."""
    if visit.paused_at is None:
        alone = {item.number for item in draft.state.open_items(visit.number) if item.runs_alone}
        timers = [timer for timer in draft.state.timers if timer.visit == visit.number and timer.item not in alone]
        hold_timers(draft, tuple(timers))
        draft.record(VisitChanged(replace(visit, paused_at=draft.now)))


def run_on(draft: Draft, visit: Visit) -> None:
    """Let the clocks of a visit run again, unless something else keeps them: every deadline gets back what it stood for."""
    visit = draft.state.visit(visit.number) or visit
    if visit.paused_at is None or visit.shelved_until or draft.state.suspended or paused_by_question(draft, visit):
        return
    stood = Pause(since=visit.paused_at, until=max(draft.now, visit.paused_at))
    for target in targets_of(draft.state, visit):
        _record(draft, target, with_pause(draft, target, stood))
    current = draft.state.visit(visit.number)
    assert current is not None
    draft.record(VisitChanged(replace(current, paused_at=None)))
    for target in targets_of(draft.state, visit):
        # while a clock stands no timer is there, so whatever has not rung yet is still to come
        set_timers(draft, target)


def set_back(draft: Draft, target: Target, due: Deadline) -> None:
    """Give a target the deadline that it has brought along; only what is still to ring is set, and nobody is told."""
    end_clock(draft, target)
    _record(draft, target, due)
    set_timers(draft, target)


def with_pause(draft: Draft, target: Target, stood: Pause) -> Deadline:
    """The deadline of a target with one more pause."""
    due = deadline_at(draft.state, target)
    assert due is not None
    return reckon(due.rule, due.start, draft.process.calendar, (*due.pauses, stood), due.extensions)


def put_off(
    draft: Draft,
    target: Target,
    due: Deadline,
    why: Literal["extended", "moved", "reckoned"],
    length: str | None = None,
) -> None:
    """Give a target another deadline, with a line for people to read; what rings for it is set anew, unless its clock stands."""
    before = deadline_at(draft.state, target)
    assert before is not None
    said = DeadlineMoved(target=str(target), why=why, before=before.due_on, after=due.due_on, length=length)
    draft.record(said)
    _record(draft, target, due)
    if not stands(draft.state, target):
        set_timers(draft, target, end_timers(draft, target))
    if why != "extended" and before.due_at != due.due_at:
        _say(draft, target)


def _say(draft: Draft, target: Target) -> None:
    """Tell those whose deadline was moved, and whoever answers for the issue."""
    state, visit = draft.state, draft.state.visit(target.visit)
    for item in state.items:
        if not item.done and not item.waiting and item.kind == "task" and _concerns(target, item):
            draft.tell("rescheduled", addressees(item), step=item.step, item=item.number)
    if state.answerable:
        draft.tell("rescheduled", (state.answerable,), step=visit.step if visit else None, limit=target.limit)


def _concerns(target: Target, item: WorkItem) -> bool:
    if target.limit is not None:
        return True
    return item.number == target.item or (target.item is None and item.visit == target.visit and item.deadline is None)


def _record(draft: Draft, target: Target, due: Deadline) -> None:
    state = draft.state
    if target.limit is not None:
        draft.record(LimitChanged(limit=target.limit, clock=replace(state.limits[target.limit], deadline=due)))
    elif target.item is not None:
        draft.record(ItemDue(item=target.item, deadline=due))
    elif (visit := state.visit(target.visit)) is not None:
        draft.record(VisitChanged(replace(visit, deadline=due)))


def all_targets(state: State) -> Iterator[Target]:
    """Whatever has a deadline now."""
    for visit in state.visits:
        yield from targets_of(state, visit)
        yield from (Target(visit.number, item.number) for item in state.open_items(visit.number) if item.runs_alone)
    for limit in state.limits:
        yield Target(limit=limit)


def reckon_again(draft: Draft) -> bool:
    """Reckon every deadline again by the calendar of today; whether anything came to another moment, or is provisional no more."""
    moved = False
    for target in list(all_targets(draft.state)):
        before = deadline_at(draft.state, target)
        assert before is not None
        after = again(before, draft.process.calendar)
        if (before.due_at, before.provisional) != (after.due_at, after.provisional):
            put_off(draft, target, after, "reckoned")
            moved = True
        else:
            moved = _ring_otherwise(draft, target, after) or moved
    return moved


def _ring_otherwise(draft: Draft, target: Target, due: Deadline) -> bool:
    """Set what is still to ring anew where the calendar has changed its moment, though not the deadline itself; whether there was any."""
    there = [timer for timer in draft.state.timers if target.has(timer) and timer.due_at > draft.now]
    pending = frozenset(timer.index for timer in there if timer.purpose in _LATE)
    wanted = {(alarm.purpose, alarm.index): alarm.moment for alarm in _alarms(draft, target, due, pending)}
    moved = False
    for timer in there:
        moment = wanted.get((timer.purpose, timer.index))
        if timer.purpose == "shelved" or moment == timer.due_at:
            continue
        draft.record(TimerEnded(timer=timer.number))
        if moment is not None:
            set_timer(draft, Alarm(timer.purpose, moment, timer.index, timer.times), target)
        moved = True
    return moved


def paused_by_question(draft: Draft, visit: Visit) -> bool:
    """Whether somebody was asked for information that the visit waits for, and still has time to answer."""
    return any(item.holds_the_clock for item in draft.state.open_items(visit.number))


def waiting_for_turn(items: tuple[WorkItem, ...]) -> WorkItem | None:
    """The item whose turn is next."""
    return next((item for item in items if item.waiting), None)
