"""Clocks that go on where they stood when an issue comes back to a step."""

from __future__ import annotations

from definitions.model.step import Step, TimedStep
from definitions.model.steps.each import EachStep
from engine.change import ClockStopped
from engine.deadlines.deadline import Deadline, Pause, reckon
from engine.draft import Draft
from engine.rules.clocks import begun
from engine.state import Party, StoppedClock, Visit, WorkItem


def stop(draft: Draft, visit: Visit) -> None:
    """Keep the deadline of a step that is left, if it goes on when the issue comes back."""
    step = draft.definition.steps[visit.step]
    if isinstance(step, TimedStep) and step.clock == "continues" and visit.deadline is not None:
        clock = StoppedClock(deadline=visit.deadline, since=visit.paused_at or draft.now)
        draft.record(ClockStopped(step=visit.step, clock=clock))


def stop_part(draft: Draft, item: WorkItem) -> None:
    """Keep the deadline that a part of a step has for itself, once it is done or left, if it goes on when the issue comes back."""
    step, visit = draft.definition.steps[item.step], draft.state.visit(item.visit)
    if not (isinstance(step, TimedStep) and step.clock == "continues") or item.deadline is None or item.kind != "task":
        return
    stands = visit.paused_at if visit and not item.runs_alone else None
    clock = StoppedClock(deadline=item.deadline, since=stands or draft.now)
    draft.record(ClockStopped(step=item.step, clock=clock, part=_part(item.candidates[0], item.row)))


def _part(party: Party, row: int | None) -> str:
    """Whose part of a step it is."""
    return party if row is None else f"{party} {row}"


def own_begun_or_continued(
    draft: Draft, step: EachStep, key: str, whose: tuple[str, Party, int | None]
) -> Deadline | None:
    """The deadline that a part has for itself, because its role has one; ``whose``: the role, the party and the row that it is about."""
    role, party, row = whose
    terms = step.within_each.get(role)
    stopped = draft.state.stopped_parts.get(key, {}).get(_part(party, row)) if step.clock == "continues" else None
    return begun(draft, terms, key) if stopped is None or terms is None else _continued(draft, stopped)


def begun_or_continued(draft: Draft, step: Step, key: str) -> Deadline | None:
    """The deadline of a step that is entered: anew, or with what it stood for since it was left given back."""
    if not isinstance(step, TimedStep):
        return None
    stopped = draft.state.stopped.get(key) if step.clock == "continues" else None
    return begun(draft, step.within, key) if stopped is None else _continued(draft, stopped)


def _continued(draft: Draft, stopped: StoppedClock) -> Deadline:
    due, stood = stopped.deadline, Pause(since=stopped.since, until=max(draft.now, stopped.since))
    return reckon(due.rule, due.start, draft.process.calendar, (*due.pauses, stood), due.extensions)
