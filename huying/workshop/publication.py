"""What publishing a draft would mean: whose work changes, how many issues are under way and by which version, and who must agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.versions.difference import Difference
from huying.house.house import House
from huying.processes.versions import records
from huying.rights.views.holders import who_may
from huying.workshop.scenario import CourseWords

#: So many names are said of those who may agree; the others are counted.
_NAMES = 6


@dataclass(frozen=True, slots=True)
class Touched:
    """A role whose work changes, and at which steps."""

    role: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Underway:
    """Open issues by the version that they follow, the latest first; they go on by it."""

    total: int = 0
    versions: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whoever besides oneself may agree to what is proposed: some names, and how many more there are."""

    names: tuple[str, ...] = ()
    more: int = 0


def touched(definition: Definition, found: Iterable[Difference], language: str, now: datetime) -> tuple[Touched, ...]:
    """Whose work changes: those who act at a step that does, or are told of it."""
    say, at = CourseWords(definition, language, now), defaultdict[str, list[str]](list)
    for one in found:
        step = definition.steps.get(one.key) if one.part == "step" else None
        if step is None:
            if one.part == "role":
                at[one.key] += []
            continue
        for role in (*(step.acting if isinstance(step, WaitingStep) else ()), *step.told):
            title = say.step(one.key)
            if title not in at[role]:
                at[role].append(title)
    return tuple(Touched(say.role(role), tuple(steps)) for role, steps in at.items())


def underway(house: House, key: str) -> Underway:
    """How many issues of a process are open."""
    several = tuple((one.version.version, one.open) for one in records(house, key) if one.open)
    return Underway(sum(number for _, number in several), several)


def agreement(house: House, action: str, person: int, language: str, now: datetime) -> Agreement:
    """Who else may agree."""
    names = tuple(dict.fromkeys(one.name for one in who_may(house, action, language, now) if one.id != person))
    return Agreement(names[:_NAMES], max(0, len(names) - _NAMES))
