"""How often bounded ways were taken: ``at most`` counts in each issue, and leads elsewhere once it is used up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from definitions.model.action import BACK, Way
from definitions.model.definition import Definition

#: How often each bounded way was taken; -1: not counted, so it may be open or used up.
Counts = tuple[int, ...]


@dataclass(frozen=True)
class Bounds:
    """The bounded ways of a definition, by step and name, each with its place among the counts and its bound."""

    start: str
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    most: Counts = ()
    exact: bool = True

    @classmethod
    def of(cls, definition: Definition, *, exact: bool) -> Bounds:
        """Those of a definition; ``exact``: they are counted."""
        bounded: dict[tuple[str, str], int] = {}
        for key, step in definition.steps.items():
            for name, way in step.ways():
                if way.at_most is not None and way.to is not None:
                    bounded[key, name] = max(way.at_most, bounded.get((key, name), 0))
        for name, option in definition.options.items():
            if option.at_most is not None:
                bounded["", f"options.{name}"] = option.at_most
        if definition.reopen is not None:
            bounded["", "reopen"] = definition.reopen.at_most
        places = {place: index for index, place in enumerate(bounded)}
        return cls(definition.start, places, tuple(bounded.values()), exact)

    @property
    def none(self) -> Counts:
        """The counts of an issue that was just opened."""
        return tuple(0 if self.exact else -1 for _ in self.most)

    def taken(self, index: int, counts: Counts) -> Counts | None:
        """The counts after a bounded way was taken once more; ``None`` if it is used up."""
        before = counts[index]
        if before == self.most[index]:
            return None
        return counts if before < 0 else (*counts[:index], before + 1, *counts[index + 1 :])

    def lead(self, step: str, origin: str, way: Way, name: str, counts: Counts) -> Iterator[tuple[str | None, Counts]]:
        """Where a way out of a step leads, and the counts then: its bound may be used up, its ladder at its end."""
        index = self.places.get((step, name)) if way.at_most is not None and way.to is not None else None
        if index is None:
            yield from ((to, counts) for to in self._handed(origin, way))
            return
        after = self.taken(index, counts)
        if after is not None:
            yield from ((to, after) for to in self._handed(origin, way))
        if after is None or counts[index] < 0:
            yield way.then, counts

    def _handed(self, origin: str, way: Way) -> tuple[str | None, ...]:
        target = (origin or self.start) if way.to == BACK else way.to
        return (target,) if way.hand_up is None else tuple(dict.fromkeys((target, way.then or target)))
