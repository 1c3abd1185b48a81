"""Suspended issues: nothing rings in them but this: whoever may resume them is told, again and again, that they still stand."""

from __future__ import annotations

from engine.change import TimerEnded
from engine.deadlines.deadline import reckon
from engine.draft import Draft
from engine.rules.clocks import Alarm, set_timer
from engine.rules.roles import office


def watch(draft: Draft) -> None:
    """Have the clock look after an issue that stands still from now on."""
    due = reckon(draft.definition.resume_within, draft.now, draft.process.calendar)
    set_timer(draft, Alarm("suspended", due.due_at))


def unwatch(draft: Draft) -> None:
    """It goes on, or has come to its end."""
    watching = [timer for timer in draft.state.timers if timer.purpose == "suspended"]
    draft.record_timers([TimerEnded(timer.number) for timer in watching])


def still_suspended(draft: Draft) -> None:
    """Tell those who can decide what is to become of it, and do so again later."""
    if draft.state.suspended:
        answerable = (draft.state.answerable,) if draft.state.answerable else ()
        draft.tell("still-suspended", (*answerable, *draft.state.supervisors, *office(draft)))
        watch(draft)
