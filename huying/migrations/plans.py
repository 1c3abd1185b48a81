"""The plan between two versions: proposed by their names, completed by what an administrator wrote, kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from definitions.model.definition import Definition
from definitions.versions.migration import MigrationFile
from engine.migration.plan import MigrationPlan, StepMove
from engine.migration.proposal import Question, propose
from huying.house.house import House
from huying.house.processes import Version


@dataclass(frozen=True, slots=True)
class Prepared:
    """The versions that are left and entered, the plan between them, and what it leaves open."""

    leaving: Version
    entering: Version
    plan: MigrationPlan
    questions: tuple[Question, ...]


def prepare(house: House, key: str, leaving: int, entering: int, file: MigrationFile | None = None) -> Prepared:
    """The plan from one version of a definition to another; ``NotFound`` if there is none."""
    old, new = house.processes.version(key, leaving), house.processes.version(key, entering)
    before, after = definition_of(house, old), definition_of(house, new)
    proposal = propose(before, after)
    if file is None:
        return Prepared(old, new, proposal.plan, proposal.questions)
    plan = completed(proposal.plan, file)
    open_still = tuple(
        question
        for question in proposal.questions
        if question.name not in {"step": plan.steps, "field": plan.fields, "role": plan.roles}[question.kind]
    )
    return Prepared(old, new, plan, open_still)


def definition_of(house: House, version: Version) -> Definition:
    """The definition of a version."""
    return house.processes.process(version.id).definition


def completed(plan: MigrationPlan, file: MigrationFile) -> MigrationPlan:
    """A proposed plan with what somebody wrote laid over it."""
    steps = {key: replace(move, deadline=file.deadlines) for key, move in plan.steps.items()}
    for key, entry in file.steps.items():
        known = steps.get(key)
        steps[key] = StepMove(
            entry.to or (known.to if known else key),
            entry.deadline or file.deadlines,
            entry.tasks or (known.tasks if known and entry.to in (None, known.to) else "keep"),
        )
    return MigrationPlan(steps, {**plan.fields, **file.fields}, {**plan.roles, **file.roles}, file.deadlines)


def plain(plan: MigrationPlan) -> dict[str, Any]:
    """A plan as JSON."""
    return {
        "steps": {
            key: {"to": move.to, "deadline": move.deadline, "tasks": move.tasks} for key, move in plan.steps.items()
        },
        "fields": dict(plan.fields),
        "roles": dict(plan.roles),
        "limits": plan.limits,
    }


def restored(data: Mapping[str, Any]) -> MigrationPlan:
    """The plan that ``plain`` made this from."""
    steps = {key: StepMove(**move) for key, move in data["steps"].items()}
    return MigrationPlan(steps, data["fields"], data["roles"], data["limits"])
