"""Every wait for a person has a deadline."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.calendar import calendars
from definitions.checks.problem import Problem, problem, unknown
from definitions.definition import Definition
from definitions.step import EachStep, TimedStep, WaitStep


def check(definition: Definition) -> Iterator[Problem]:
    """Waiting steps say how long, and what happens then; the calendar exists."""
    if definition.calendar not in calendars():
        yield unknown("unknown-calendar", ("calendar",), ("日历", "calendar"), definition.calendar, calendars())
    for key, step in definition.steps.items():
        path = (definition.stage_of[key], key)
        if isinstance(step, EachStep):
            for role in step.within_each:
                if role not in step.each:
                    yield unknown("unknown-role", (*path, "within each", role), ("角色", "role"), role, step.each)
        if not isinstance(step, TimedStep) or (isinstance(step, WaitStep) and step.length is not None):
            continue
        if step.within is None:
            yield problem(
                "no-deadline",
                path,
                (f"步骤“{key}”一直等下去，却没有期限。", f"The step “{key}” waits without a deadline."),
                ("请写期限，例如 within: 3 working days。", "Give it one, for example within: 3 working days."),
            )
        elif not step.overdue:
            yield problem(
                "no-overdue",
                path,
                (f"步骤“{key}”没有写逾期后怎么办。", f"The step “{key}” does not say what happens when it is overdue."),
                (
                    "请写 overdue，例如 overdue: {tell: clerk} 或 overdue: {escalate: supervisor}。",
                    "Say it, for example overdue: {tell: clerk} or overdue: {escalate: supervisor}.",
                ),
            )
