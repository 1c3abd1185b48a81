"""Leading on: by which way an issue leaves a step, and where that takes it."""

from __future__ import annotations

from definitions.model.action import Way
from engine.change import EndReason
from engine.draft import Draft
from engine.rules.entry import Arrival, enter
from engine.rules.exit import composite_of, destination, leave
from engine.state import Visit


def lead_on(draft: Draft, visit: Visit, way: Way, name: str, default: str | None, reason: EndReason = "left") -> bool:
    """Leave a visit by a way, or by the step's own (``default``); ``False`` if there is none, and nothing happens."""
    target, resolution = destination(draft, visit, way, name), way.resolution
    if target is None:
        target, resolution = default, resolution or draft.definition.steps[visit.step].ended
    if target is None:
        return False
    left = (composite_of(draft, visit, way.leaves) if way.leaves else None) or visit
    go_on(draft, left, target, origin=visit.step, resolution=resolution, reason=reason)
    return True


def go_onward(draft: Draft, visit: Visit, *, origin: str | None, reason: EndReason = "left") -> None:
    """Leave a visit by its step's own way, with the resolution that the step names there."""
    step = draft.definition.steps[visit.step]
    assert step.onward is not None
    go_on(draft, visit, step.onward, origin=origin, resolution=step.ended, reason=reason)


def go_on(
    draft: Draft,
    visit: Visit,
    target: str,
    *,
    origin: str | None,
    resolution: str | None = None,
    reason: EndReason = "left",
) -> None:
    """Leave a visit and enter a step in its place."""
    leave(draft, visit, reason)
    enter(draft, target, Arrival(resolution=resolution, parent=visit.parent, origin=origin))
