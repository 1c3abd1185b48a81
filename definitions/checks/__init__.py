"""The checks that a definition must pass before it is published; each module has one subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from definitions.checks import data, language, people, publicity, references, soundness, time
from definitions.checks.problem import Problem
from definitions.definition import Definition

Check = Callable[[Definition], Iterator[Problem]]


def run(definition: Definition, calendars: Sequence[str]) -> tuple[Problem, ...]:
    """Everything that is wrong; the state space is explored only once all names are right. ``calendars`` are those that there are."""
    found = [*time.check_calendar(definition, calendars)]
    found += [
        problem
        for check in (references.check, people.check, data.check, publicity.check, time.check, language.check)
        for problem in check(definition)
    ]
    if not any(problem.rule.startswith("unknown-") for problem in found):
        found += soundness.check(definition)
    return tuple(found)
