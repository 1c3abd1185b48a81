"""Abstract states and what leads from one to the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from definitions.exploration.model import Box

#: What happens at a step: ``enter``, ``row`` (a branch of a choice), ``act``, ``part`` (one's own part of several), ``way`` (overdue,
#: rejected, failed), ``received``, ``answered``, ``time``, ``complete``, ``reopen``, ``joined``, and beside the steps ``option``, ``withdraw``;
#: the step, or nothing; and which action, row, way or option.
Deed = tuple[str, str, str | int]


class Stay(NamedTuple):
    """An open visit: a leaf waits; one with ``kids`` is a parallel step, of whose ``branches`` so many have ``joined``.

    ``done``: the roles that have done their part of a task for several.
    """

    step: str
    origin: str = ""
    kids: tuple[Stay, ...] = ()
    joined: int = 0
    branches: int = 0
    tolerant: bool = False
    done: tuple[str, ...] = ()


class Place(NamedTuple):
    """An abstract state: the tree of visits (``None``: closed), how often bounded ways were taken, the cells of each variable."""

    root: Stay | None
    counts: tuple[int, ...]
    env: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Something happens (``deeds``, in order) and leads to another state. ``told``: somebody hears of it. Without deeds only data is told apart."""

    target: int
    deeds: tuple[Deed, ...]
    case: tuple[tuple[int, int], ...] = ()

    @property
    def voluntary(self) -> bool:
        """Whether it happens only if the reporter takes the issue back, on which nothing may depend."""
        return bool(self.deeds) and self.deeds[0][0] == "withdraw"


@dataclass
class Graph:
    """All states that can be reached, the first one first, with their edges; ``level`` says how much was left out of account."""

    level: int
    places: list[Place] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    #: The state from which each was reached first, with the edge.
    before: list[tuple[int, Edge] | None] = field(default_factory=list)
    complete: bool = True

    def closed(self) -> Iterator[int]:
        """The states in which the issue is closed."""
        return (index for index, place in enumerate(self.places) if place.root is None)

    def way_to(self, index: int) -> tuple[Edge, ...]:
        """The shortest way to a state."""
        found: list[Edge] = []
        while (step := self.before[index]) is not None:
            index, edge = step
            found.append(edge)
        return tuple(reversed(found))

    def before_any(self, goals: Iterable[int]) -> set[int]:
        """The states from which one of these can be reached, themselves included."""
        back: list[list[int]] = [[] for _ in self.places]
        for index, edges in enumerate(self.edges):
            for edge in edges:
                if not edge.voluntary:
                    back[edge.target].append(index)
        found = set(goals)
        open_ = list(found)
        while open_:
            for index in back[open_.pop()]:
                if index not in found:
                    found.add(index)
                    open_.append(index)
        return found

    def first(self, avoid: Callable[[Edge], bool], goal: Callable[[Edge], bool]) -> tuple[Edge, ...] | None:
        """The shortest way whose last edge is a goal, over edges none of which is to be avoided (a goal may be both)."""
        came: dict[int, tuple[int, Edge] | None] = {0: None}
        open_ = deque([0])
        while open_:
            here = open_.popleft()
            for edge in self.edges[here]:
                if goal(edge):
                    return (*self._trace(came, here), edge)
                if edge.target not in came and not avoid(edge):
                    came[edge.target] = (here, edge)
                    open_.append(edge.target)
        return None

    def _trace(self, came: dict[int, tuple[int, Edge] | None], index: int) -> tuple[Edge, ...]:
        found: list[Edge] = []
        while (step := came[index]) is not None:
            index, edge = step
            found.append(edge)
        return tuple(reversed(found))


@dataclass
class Noted:
    """What going on has met besides: chains that come round by themselves, parallel steps within themselves, rows taken, gaps, overlaps."""

    round: dict[str, tuple[Deed, ...]] = field(default_factory=dict)
    nested: dict[str, tuple[Deed, ...]] = field(default_factory=dict)
    rows: set[tuple[str, int]] = field(default_factory=set)
    #: Per choice: where no row holds, with the case that shows it; ``True`` if the case is decided.
    gaps: dict[str, tuple[Box, bool, tuple[Deed, ...]]] = field(default_factory=dict)
    overlaps: dict[tuple[str, int, int], tuple[Box, tuple[Deed, ...]]] = field(default_factory=dict)
    #: Steps that several do, where there may be nobody to do them.
    unasked: dict[str, tuple[Deed, ...]] = field(default_factory=dict)
    #: Ways by which the issue is closed while other branches are open, as (step, name).
    over: dict[tuple[str, str | int], tuple[Deed, ...]] = field(default_factory=dict)
    actions: set[tuple[str, str]] = field(default_factory=set)
    many: set[str] = field(default_factory=set)
    #: States from which some chain was not followed to its end, because it came round.
    cut: set[int] = field(default_factory=set)
    #: Where the noted events began, for the way that leads there.
    where: dict[tuple[str, object], int] = field(default_factory=dict)
