"""Closing an issue: everything open ends, and whoever waited for it hears of it."""

from __future__ import annotations

from definitions.model.definition import Definition
from definitions.model.reference import refers_to
from definitions.model.steps.close import CloseStep, From
from engine.change import Closed
from engine.draft import Draft
from engine.effect import Notify
from engine.noun import Value, Values
from engine.rules.booking import end_bookings
from engine.rules.exit import leave_everything
from engine.rules.merger import merge_into
from engine.rules.roles import tell_roles
from engine.rules.suspension import unwatch


def close(draft: Draft, key: str, step: CloseStep, named: str | None) -> None:
    """The step ``close``: the resolution is its own, the value of a field, or the one named on the way here."""
    into = draft.state.data.get(step.into) if step.into else None
    if isinstance(into, str) and refers_to(into, "issue"):
        merge_into(draft, into, step.into or "into")
    leave_everything(draft, "closed")
    tell_roles(draft, "closed", step.tell, step=key)
    finish(draft, _resolution(draft, step, named), key)


def _resolution(draft: Draft, step: CloseStep, named: str | None) -> str:
    if isinstance(step.close, From):
        value = draft.state.data.get(step.close.from_)
        named = value if isinstance(value, str) else named
    elif step.close is not True:
        named = step.close
    return named or next(iter(draft.definition.resolutions))


def finish(draft: Draft, resolution: str, step: str | None = None) -> None:
    """Record the end, and tell the reporter, whoever answers for the issue, its supervisors, and the issue that called it."""
    unwatch(draft)
    end_bookings(draft, resolution)
    draft.record(Closed(resolution=resolution, at=draft.now))
    state = draft.state
    assert state.facts is not None
    answerable = (state.answerable,) if state.answerable else ()
    draft.tell("closed", (state.facts.reporter, *answerable, *state.supervisors), step=step)
    if state.facts.parent:
        values = {**public_data(draft.definition, state.data), "resolution": resolution}
        draft.effect(Notify(issue=state.facts.parent, news="ended", values=values))


def public_data(definition: Definition, data: Values) -> dict[str, Value]:
    """The values that everybody may read."""
    return {name: value for name, value in data.items() if name in definition.data and definition.data[name].open}
