"""Leaving a step: what is open in it ends, with a reason."""

from __future__ import annotations

from typing import Literal

from engine.change import ItemEnded, Left, TimerEnded
from engine.draft import Draft
from engine.state import Visit


def leave(draft: Draft, visit: Visit, reason: Literal["left", "overdue", "closed"] = "left") -> None:
    """End a visit with its open items and timers."""
    for item in draft.state.open_items(visit.number):
        draft.record(ItemEnded(item=item.number, reason=reason))
    for timer in draft.state.timers:
        if timer.visit == visit.number:
            draft.record(TimerEnded(timer=timer.number))
    draft.record(Left(visit=visit.number))


def close_everything(draft: Draft) -> None:
    """End all visits, before the issue is closed."""
    for visit in draft.state.visits:
        leave(draft, visit, "closed")
