"""What the clock will bring."""

from __future__ import annotations

from datetime import datetime

from engine.state import State, Timer


def due(state: State, now: datetime) -> tuple[Timer, ...]:
    """The timers whose moment has come, in the order in which they fire."""
    ready = (timer for timer in state.timers if timer.due_at <= now)
    return tuple(sorted(ready, key=lambda timer: (timer.due_at, timer.number)))


def next_moment(state: State) -> datetime | None:
    """When the clock acts next, if nobody does anything before."""
    return min((timer.due_at for timer in state.timers), default=None)


def deadline_of(state: State) -> datetime | None:
    """The earliest moment from which a step that is open now is overdue."""
    return min((visit.due_at for visit in state.visits if visit.due_at), default=None)
