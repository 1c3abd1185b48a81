"""Clocks that go on where they stood when an issue comes back to a step."""

from __future__ import annotations

from definitions.model.step import Step, TimedStep
from engine.change import ClockStopped
from engine.deadlines.deadline import Deadline, Pause, reckon
from engine.draft import Draft
from engine.rules.clocks import begun
from engine.state import StoppedClock, Visit


def stop(draft: Draft, visit: Visit) -> None:
    """Keep the deadline of a step that is left, if it goes on when the issue comes back."""
    step = draft.process.step(visit.step)
    if isinstance(step, TimedStep) and step.clock == "continues" and visit.deadline is not None:
        clock = StoppedClock(deadline=visit.deadline, since=visit.paused_at or draft.now)
        draft.record(ClockStopped(step=visit.step, clock=clock))


def begun_or_continued(draft: Draft, step: Step, key: str) -> Deadline | None:
    """The deadline of a step that is entered: anew, or with what it stood for since it was left given back."""
    if not isinstance(step, TimedStep):
        return None
    stopped = draft.state.stopped.get(key) if step.clock == "continues" else None
    if stopped is None:
        return begun(draft, step.within, key)
    due, stood = stopped.deadline, Pause(since=stopped.since, until=max(draft.now, stopped.since))
    return reckon(due.rule, due.start, draft.process.calendar, (*due.pauses, stood), due.extensions)
