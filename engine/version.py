"""A state as another version of its definition has it: whatever is called otherwise there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import force_setattr, replace

from engine.change import Migrated
from engine.state import Party, State


def migrated(state: State, change: Migrated) -> None:
    """Write into a state that nobody else has seen what its steps, roles and fields are called from now on."""
    steps, roles = change.steps, change.roles
    force_setattr(state, "data", _renamed(state.data, change.fields))
    force_setattr(state, "roles", _united(state.roles, roles))
    force_setattr(state, "relay", _united(state.relay, roles))
    force_setattr(state, "rungs", {roles.get(role, role): level for role, level in state.rungs.items()})
    force_setattr(state, "acted", {steps.get(step, step): by for step, by in state.acted.items()})
    force_setattr(state, "hands", {steps.get(step, step): by for step, by in state.hands.items()})
    force_setattr(state, "counts", _counted_anew(state.counts, steps))
    force_setattr(state, "stopped", {steps.get(step, step): clock for step, clock in state.stopped.items()})
    force_setattr(state, "stopped_parts", {steps.get(step, step): of for step, of in state.stopped_parts.items()})
    # a step that has no place in the new version is nowhere to go back to
    visits = (replace(v, step=steps.get(v.step, v.step), origin=steps.get(v.origin or "")) for v in state.visits)
    force_setattr(state, "visits", tuple(visits))
    items = (replace(i, step=steps.get(i.step, i.step), role=roles.get(i.role, i.role)) for i in state.items)
    force_setattr(state, "items", tuple(items))
    force_setattr(state, "promises", tuple(replace(one, role=roles.get(one.role, one.role)) for one in state.promises))
    force_setattr(state, "limits", {key: clock for key, clock in state.limits.items() if key not in change.limits})
    came = (replace(one, values=_renamed(one.values, change.fields)) if one.name else one for one in state.pending)
    force_setattr(state, "pending", tuple(came))


def _renamed(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The values by their new names; one whose name another value takes is gone."""
    taken = set(names.values())
    kept = {name: value for name, value in data.items() if name not in names and name not in taken}
    return {**kept, **{new: data[old] for old, new in names.items() if old in data}}


def _united(parties: Mapping[str, tuple[Party, ...]], roles: Mapping[str, str]) -> dict[str, tuple[Party, ...]]:
    """Those who hold a role, by its new name; those of two roles that became one hold it together."""
    united: dict[str, tuple[Party, ...]] = {}
    for role, several in parties.items():
        name = roles.get(role, role)
        united[name] = tuple(dict.fromkeys((*united.get(name, ()), *several)))
    return united


def _counted_anew(counts: Mapping[str, int], steps: Mapping[str, str]) -> dict[str, int]:
    """How often each step was entered and each action taken (``step.action``), by the new names of the steps."""
    anew: dict[str, int] = {}
    for key, times in counts.items():
        step, dot, action = key.partition(".")
        name = f"{steps.get(step, step)}{dot}{action}"
        anew[name] = anew.get(name, 0) + times
    return anew
