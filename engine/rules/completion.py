"""Completing an ``each`` step: it goes on, or is rejected, as soon as that is decided."""

from __future__ import annotations

from definitions.model.action import Way
from definitions.model.steps.each import EachStep
from engine.draft import Draft
from engine.rules.roles import tell_roles
from engine.rules.tasks import next_turn
from engine.rules.votes import record_votes, verdict
from engine.rules.ways import go_onward, lead_on
from engine.state import Visit


def complete(draft: Draft, visit: Visit, step: EachStep, *, over: bool = False) -> None:
    """Go on from an ``each`` step if it is complete or can no longer be; else ask the next in the order. ``over``: nobody can vote any more."""
    found = verdict(draft.state, visit, step, over=over)
    if found is None:
        next_turn(draft, visit)
        return
    record_votes(draft, visit, step)
    name: str = "rejected"
    way: Way | None = step.rejected
    if step.unasked and not any(item.visit == visit.number and item.kind == "task" for item in draft.state.items):
        # all who were asked have gone
        found, (name, way) = "rejected", step.unasked
    if found == "too few" and step.too_few:
        name, way = found, step.too_few
    if found == "passed" or way is None:
        go_onward(draft, visit, origin=visit.step)
        return
    tell_roles(draft, "informed", way.tell, step=visit.step)
    lead_on(draft, visit, way, name, step.to, "rejected")
