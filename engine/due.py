"""What the clock will bring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.deadlines.deadline import Deadline
from engine.state import State, Timer, Visit


def due(state: State, now: datetime) -> tuple[Timer, ...]:
    """The timers whose moment has come, in the order in which they fire."""
    ready = (timer for timer in state.timers if timer.due_at <= now)
    return tuple(sorted(ready, key=lambda timer: (timer.due_at, timer.number)))


def next_moment(state: State) -> datetime | None:
    """When the clock acts next, if nobody does anything before."""
    return min((timer.due_at for timer in state.timers), default=None)


def earliest(state: State) -> Deadline | None:
    """The earliest deadline whose clock runs: of a step, a task in it, a stage, or the whole issue."""
    return min(_running(state), key=lambda one: one.due_at, default=None)


def begun(state: State) -> datetime | None:
    """When the period of the earliest running deadline began; ``None`` if none runs."""
    first = earliest(state)
    return first.start if first else None


def _running(state: State) -> Iterator[Deadline]:
    going = {visit.number for visit in state.visits if visit.paused_at is None}
    yield from (visit.deadline for visit in state.visits if visit.deadline and visit.number in going)
    yield from (
        item.deadline
        for item in state.items
        if item.kind == "task" and item.deadline and not item.done and item.visit in going
    )
    yield from (clock.deadline for clock in state.limits.values() if clock.paused_at is None)


def standing_since(state: State) -> datetime | None:
    """Since when every clock of an open issue stands; ``None`` if one runs, or there is none."""
    timed: list[Visit] = [visit for visit in state.visits if visit.deadline or visit.paused_at]
    stopped = [visit.paused_at for visit in timed]
    if state.status != "open" or not stopped or not all(stopped) or earliest(state) is not None:
        return None
    return max(moment for moment in stopped if moment is not None)
