"""Last days that have passed already on the day of the check: whoever looks says which day it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from definitions.model.definition import Definition
from definitions.model.step import TimedStep, WaitingStep
from definitions.model.steps.each import EachStep
from definitions.model.term import OneDay, Terms
from definitions.problem import Path, Problem, problem
from definitions.text import Said


def check(definition: Definition, today: date) -> Iterator[Problem]:
    """Terms that name one day, before today."""
    for path, terms in _terms(definition):
        for index, choice in enumerate(terms.choices):
            term = choice.is_
            if isinstance(term, OneDay) and term.day < today:
                yield problem(
                    "day-past",
                    (*path, index) if len(terms.choices) > 1 and not terms.plain else path,
                    Said(
                        f"{term.day}已经过去（今天是{today}），一到这里就逾期。",
                        f"{term.day} has passed (today is {today}): whatever comes here is overdue at once.",
                    ),
                    Said(
                        "请改成以后的日期，或写多久，例如 5 working days。",
                        "Write a day to come, or how long, for example 5 working days.",
                    ),
                )


def _terms(definition: Definition) -> Iterator[tuple[Path, Terms]]:
    """All terms, each with its place."""
    for name, limit in definition.limits.items():
        yield ("limits", name, "within"), limit.within
    yield ("questions", "within"), definition.questions.within
    for key, step in definition.steps.items():
        path = (definition.stage_of[key], key)
        if isinstance(step, TimedStep) and step.within is not None:
            yield (*path, "within"), step.within
        if isinstance(step, EachStep):
            for role, terms in step.within_each.items():
                yield (*path, "within each", role), terms
        if isinstance(step, WaitingStep) and step.questions is not None:
            yield (*path, "questions", "within"), step.questions.within
