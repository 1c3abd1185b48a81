"""Exclusion (回避): who may not act on a task, however they came to it."""

from __future__ import annotations

from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.model.tell import NOBODY


def excluded(definition: Definition, step: str, role: str) -> tuple[str, ...]:
    """What ``other than`` comes to for whoever acts in a role at a step: names of steps, of roles and of fields.

    What the definition and the role say holds at every step besides, but never for the very role or step that it names: it would have nobody.
    Without a step (``""``) only what the role itself says counts.
    """
    at, spec = definition.steps.get(step), definition.roles.get(role)
    own = at.other_than if isinstance(at, WaitingStep) else ()
    if NOBODY in own:
        return ()
    usual = (*(definition.other_than if at is not None else ()), *(spec.other_than if spec else ()))
    if not usual:
        return own
    itself = {role, step, *((spec.people, spec.departments) if spec else ())}
    return tuple(dict.fromkeys((*own, *(name for name in usual if name not in itself))))
