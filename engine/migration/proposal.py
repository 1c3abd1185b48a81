"""A plan proposed by itself: what has the same name in both versions goes there; the rest is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from definitions.finding import nearest
from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.versions.counterparts import Counterparts, counterparts
from engine.migration.plan import MigrationPlan, StepMove, Tasks


@dataclass(frozen=True, slots=True)
class Question:
    """What has no counterpart by its name: a ``step``, ``field`` or ``role``.

    ``nearest`` is what it was renamed to, by all that is alike, else the nearest name in the new version, if there is one.
    """

    kind: str
    name: str
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, and what it leaves open. An issue that is at an open step needs an answer; an open field keeps its value, unseen."""

    plan: MigrationPlan
    questions: tuple[Question, ...]


def propose(old: Definition, new: Definition) -> Proposal:
    """A plan from one version to another."""
    named = counterparts(old, new)
    resting = [key for key, step in old.steps.items() if step.rests]
    steps = {key: StepMove(key, tasks=_tasks(old, new, key)) for key in old.steps if key in new.steps}
    roles = {role: role for role in old.roles if role in new.roles}
    fields = {name: name for name in old.data if name in new.data}
    return Proposal(
        MigrationPlan(steps=steps, fields=fields, roles=roles),
        (
            *_open(named, "step", resting, steps, (key for key, step in new.steps.items() if step.rests)),
            *_open(named, "role", old.roles, roles, new.roles),
            *_open(named, "field", old.data, fields, new.data),
        ),
    )


def _tasks(old: Definition, new: Definition, key: str) -> Tasks:
    """Where one person's task became one of several people, or the other way round, it can only be given out anew."""
    here, there = old.steps[key], new.steps[key]
    others = type(here) is not type(there) and isinstance(here, WaitingStep) and isinstance(there, WaitingStep)
    return "reissue" if others else "keep"


def _open(
    named: Counterparts, kind: str, names: Iterable[str], found: Iterable[str], choices: Iterable[str]
) -> list[Question]:
    known, several = set(found), list(choices)
    renamed = {old: new for old, new in named.of(kind).items() if new in several}
    return [Question(kind, name, renamed.get(name) or nearest(name, several)) for name in names if name not in known]
