"""The clocks of the issue and of its stages.

They run while the issue is there, stand while it waits, and go on where they stood when it comes back.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from definitions.model.clock import NOTICE
from definitions.model.limit import Limit
from definitions.model.steps.parallel import ParallelStep
from engine.change import LimitChanged, Unheard
from engine.deadlines.deadline import Pause, reckon
from engine.draft import Draft
from engine.effect import Occasion
from engine.rules.clocks import (
    Target,
    begun,
    end_clock,
    hold_timers,
    put_off,
    set_timers,
    start_timers,
    with_pause,
)
from engine.rules.holders import addressees
from engine.rules.roles import office, tell_roles
from engine.state import LimitClock, Timer


def settle_limits(draft: Draft) -> None:
    """After an event: start, stop or let run on whatever should."""
    for key, limit in draft.definition.limits.items():
        clock, runs = draft.state.limits.get(key), _runs(draft, key)
        if clock is None:
            if runs:
                _begin(draft, key, limit)
        elif runs and clock.paused_at is not None:
            _run_on(draft, key, clock, clock.paused_at)
        elif not runs and clock.paused_at is None:
            hold_timers(draft, tuple(timer for timer in draft.state.timers if timer.limit == key))
            draft.record(LimitChanged(limit=key, clock=replace(clock, paused_at=draft.now)))


def _runs(draft: Draft, key: str) -> bool:
    state, stage_of = draft.state, draft.definition.stage_of
    if state.status != "open" or state.suspended:
        return False
    for visit in state.visits:
        if visit.paused_at is None and (key == "issue" or key == stage_of[visit.step]):
            step = draft.definition.steps[visit.step]
            if not step.limits_stand and not isinstance(step, ParallelStep):
                return True
    return False


def _begin(draft: Draft, key: str, limit: Limit) -> None:
    due = begun(draft, limit.within, f"limits.{key}")
    assert due is not None
    draft.record(LimitChanged(limit=key, clock=LimitClock(deadline=due)))
    start_timers(draft, Target(limit=key))


def restart_limits(draft: Draft, step: str) -> None:
    """Let the limits that begin anew at a step do so, whatever was used or extended before."""
    for key, limit in draft.definition.limits.items():
        if step in limit.restarts_at and key in draft.state.limits:
            end_clock(draft, Target(limit=key))
            _begin(draft, key, limit)


def extend_limits(draft: Draft, keys: tuple[str, ...], length: str) -> None:
    """Give limits the time by which a step was extended."""
    for key in keys:
        clock, target = draft.state.limits.get(key), Target(limit=key)
        if clock is not None:
            due = clock.deadline
            extended = (*due.extensions, length)
            put_off(
                draft,
                target,
                reckon(due.rule, due.start, draft.process.calendar, due.pauses, extended),
                "extended",
                length,
            )


def _run_on(draft: Draft, key: str, clock: LimitClock, since: datetime) -> None:
    target = Target(limit=key)
    due = with_pause(draft, target, Pause(since=since, until=max(draft.now, since)))
    draft.record(LimitChanged(limit=key, clock=replace(clock, deadline=due, paused_at=None)))
    set_timers(draft, target)


def fire_limit(draft: Draft, timer: Timer) -> None:
    """A reminder, or a rung of the ladder, of the issue or a stage."""
    key = timer.limit or ""
    limit = draft.definition.limits[key]  # type: ignore[index]
    if timer.purpose == "remind":
        _tell_busy(draft, "reminded", key)
        return
    rung = limit.overdue[timer.index] if timer.index != NOTICE and timer.index < len(limit.overdue) else None
    if rung is None or rung.after is None:
        _tell_busy(draft, "overdue", key)
    if rung is None:
        return
    if not tell_roles(draft, "overdue", rung.tell, limit=key) and rung.tell:
        draft.record(Unheard(step=f"limits.{key}", roles=rung.told))
        answerable = (draft.state.answerable,) if draft.state.answerable else ()
        draft.tell("overdue", answerable or office(draft), limit=key)


def _tell_busy(draft: Draft, occasion: Occasion, key: str) -> None:
    """Everybody who has an open task in the stage (or the issue) is told to hurry; whoever answers for the issue hears of it."""
    stage_of, state = draft.definition.stage_of, draft.state
    reporter = state.facts.reporter if state.facts else None
    for item in state.items:
        if not item.done and not item.waiting and key in ("issue", stage_of[item.step]):
            parties = [party for party in addressees(item) if party != reporter]
            draft.tell(occasion, parties, step=item.step, item=item.number, limit=key)
    if state.answerable:
        draft.tell(occasion, (state.answerable,), limit=key)
