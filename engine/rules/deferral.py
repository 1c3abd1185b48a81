"""Laying a matter aside (挂账): its clock stands until a day, and then runs on by itself."""

from __future__ import annotations

from datetime import date, time

from engine.change import Shelved, TimerEnded
from engine.deadlines.calendar import instant
from engine.draft import Draft
from engine.rules.clocks import Alarm, Target, pause, run_on, set_timer
from engine.rules.holders import addressees
from engine.state import Visit


def lay_aside(draft: Draft, visit: Visit, until: date) -> None:
    """Let the clocks of a visit stand until a day begins."""
    pause(draft, visit)
    draft.record(Shelved(visit=visit.number, day=until.isoformat()))
    moment = instant(until, time(0), draft.process.calendar)
    set_timer(draft, Alarm("shelved", max(moment, draft.now)), Target(visit.number))


def take_up_again(draft: Draft, visit: Visit) -> None:
    """Let the clocks run on, and tell those who have the tasks."""
    for timer in draft.state.timers:
        if timer.visit == visit.number and timer.purpose == "shelved":
            draft.record(TimerEnded(timer=timer.number))
    draft.record(Shelved(visit=visit.number, day=None))
    run_on(draft, visit)
    for item in draft.state.open_items(visit.number):
        if item.kind == "task" and not item.waiting:
            draft.tell("resumed", addressees(item), step=visit.step, item=item.number)
