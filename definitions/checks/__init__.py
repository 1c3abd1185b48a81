"""The checks that a definition must pass before it is published; each module has one subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from definitions.checks import (
    audience,
    books,
    data,
    escalation,
    exclusion,
    flow,
    language,
    message,
    open311,
    option,
    people,
    privacy,
    publicity,
    references,
    resolutions,
    soundness,
    tables,
    tally,
    terms,
    time,
    undecided,
    votes,
)
from definitions.exploration.levels import explore
from definitions.model.definition import Definition
from definitions.problem import Problem, problem
from definitions.text import Said

_NO_START = problem(
    "no-start",
    ("intake",),
    Said("受理阶段没有步骤，事项无处开始。", "Intake has no step, so there is nowhere to begin."),
    Said("请在 intake 里至少写一步，第一步就是起点。", "Give intake a step: the first one is the start."),
)
Check = Callable[[Definition], Iterator[Problem]]
#: What needs no exploring.
_ALONE: tuple[Check, ...] = (
    references.check,
    people.check,
    exclusion.check,
    escalation.check,
    option.check,
    data.check,
    books.check,
    publicity.check,
    open311.check,
    privacy.check,
    time.check,
    votes.check_counting,
    language.check,
    message.check,
    tables.check,
    tally.check,
)


class Checked(NamedTuple):
    """What is wrong, and what could not be decided and was taken as possible."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def run(definition: Definition, calendars: Sequence[str]) -> tuple[Problem, ...]:
    """Everything that is wrong. ``calendars`` are those that there are."""
    return checked(definition, calendars).problems


def alone(definition: Definition, calendars: Sequence[str]) -> Checked:
    """What is wrong with each part by itself, whatever ways an issue takes."""
    found = [*time.check_calendar(definition, calendars)]
    found += [one for check in _ALONE for one in check(definition)]
    return Checked(tuple(found if definition.intake else (*found, _NO_START)))


def checked(definition: Definition, calendars: Sequence[str]) -> Checked:
    """Everything that is wrong, and what is to be said besides; the state space is explored only once all names are right."""
    found = [*alone(definition, calendars).problems]
    if not definition.intake or any(one.rule.startswith("unknown-") for one in found):
        return Checked(tuple(found))
    explored = explore(definition)
    found += [
        p
        for check in (soundness.check, flow.check, audience.check, terms.check_filled)
        for p in check(definition, explored)
    ]
    found += resolutions.check(definition)
    said = {one.path for one in found}
    found += [one for one in votes.check(definition, explored) if one.path not in said]
    return Checked(tuple(found), tuple(undecided.notes(definition, explored)))
