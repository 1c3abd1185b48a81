"""Waits as they were seen in a log: by step, and how those of one issue go together."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from engine.simulation.patience import waited

#: So many waits of a step are kept, from the shortest to the longest; and so many issues.
_KEPT, _COURSES = 201, 5_000

#: The steps of one issue in their order, each with the minutes that it waited.
Course = Sequence[tuple[str, float]]


def seen_waits(courses: Sequence[Course]) -> Mapping[str, tuple[float, ...]]:
    """By step the waits from the shortest to the longest at equal shares."""
    return {step: _kept(waits) for step, waits in _sorted(courses).items()}


def _sorted(courses: Sequence[Course]) -> Mapping[str, list[float]]:
    seen: defaultdict[str, list[float]] = defaultdict(list)
    for course in courses:
        for step, minutes in course:
            seen[step].append(minutes)
    return {step: sorted(waits) for step, waits in seen.items()}


def _kept(waits: Sequence[float]) -> tuple[float, ...]:
    if len(waits) <= _KEPT:
        return tuple(round(one, 1) for one in waits)
    return tuple(round(waited(waits, n / (_KEPT - 1)), 1) for n in range(_KEPT))


def shares(courses: Sequence[Course]) -> tuple[Mapping[str, float], ...]:
    """Of each issue, at each of its steps: the share of all waits there that were shorter than its own."""
    several = list(courses) if len(courses) <= _COURSES else random.Random(1).sample(list(courses), _COURSES)
    seen = _sorted(courses)
    return tuple({step: _share(seen[step], minutes) for step, minutes in course} for course in several)


def _share(waits: Sequence[float], minutes: float) -> float:
    """Of waits that are the same, the middle."""
    place = (bisect_left(waits, minutes) + bisect_right(waits, minutes) - 1) / 2
    return place / max(1, len(waits) - 1)
