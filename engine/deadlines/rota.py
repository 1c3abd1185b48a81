"""Whose turn it is: the one who has had the fewest turns, of those whose last one is longest ago, in the order of the register.

With everybody there this is plain taking turns. Who is passed over (away, or busy elsewhere) falls behind, and catches up when they are back;
who is new begins with as many turns as whoever has the fewest. Pure: what has been is passed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that turns were given: all among whom was chosen, and those who serve (after swaps, too)."""

    among: tuple[int, ...]
    served: tuple[int, ...]


def turns_had(past: Iterable[Turn]) -> Counter[int]:
    """How many turns each has had; newcomers were given those of whoever had the fewest."""
    had: Counter[int] = Counter()
    for turn in past:
        _welcome(had, turn.among)
        had.update(turn.served)
    return had


def in_turn(
    people: Sequence[int], past: Sequence[Turn], seats: int, passed_over: Collection[int] = ()
) -> tuple[int, ...]:
    """Those whose turn it is now, as many as there are seats, if there are so many."""
    had = turns_had(past)
    _welcome(had, people)
    last: dict[int, int] = {}
    for number, turn in enumerate(past):
        last.update(dict.fromkeys(turn.served, number))
    ready = [person for person in people if person not in passed_over]
    # sorting is stable: among equals the order of the register counts
    return tuple(sorted(ready, key=lambda person: (had[person], last.get(person, -1)))[:seats])


def _welcome(had: Counter[int], people: Iterable[int]) -> None:
    fewest = min(had.values(), default=0)
    for person in people:
        had.setdefault(person, fewest)
