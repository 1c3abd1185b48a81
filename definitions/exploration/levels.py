"""Exploring: exactly, as long as there are not too many states; else with less and less taken into account, never with too little possible."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from definitions.exploration.bound import Bounds
from definitions.exploration.graph import Deed, Edge, Graph, Noted, Place
from definitions.exploration.model import Life, Model
from definitions.exploration.moves import BEFORE, Case, Found, Moves
from definitions.exploration.walk import Walk
from definitions.model.definition import Definition

#: Up to so many states every detail is followed.
MOST = 6_000
#: At the last level there is no bound in practice; this one only ends what cannot end.
_LAST = 60_000


@dataclass(frozen=True, slots=True)
class Explored:
    """What was found: the graph, what was noted on the way, and the model by which it was read.

    ``asked``: of each state the variables (a mask) about which its guards asked; it goes on in the same way whatever is assumed of others.
    """

    graph: Graph
    noted: Noted
    model: Model
    asked: list[int]


def explore(definition: Definition, most: int = MOST) -> Explored:
    """The state space at the first level at which it is small enough.

    Level 0 takes everything into account. 1: a bounded way is taken as open or used up at any time. 2: besides, branches of parallel steps are
    followed one at a time. 3: besides, nothing is remembered of the data.
    """
    model = Model(definition)
    for level in range(3):
        explored = explored_by(model, level, most)
        if explored.graph.complete:
            return explored
    return explored_by(model, 3, _LAST)


def explore_assuming(explored: Explored, assumed: Mapping[int, int]) -> Explored:
    """The same once more, where of some variables of the model (by index) only these cells are the case."""
    level = explored.graph.level
    known = Foreknown(explored, sum(1 << index for index in assumed))
    return explored_by(explored.model.assuming(assumed), level, MOST if level < 3 else _LAST, known)


class Foreknown:
    """What an exploration found that nothing is changed of by what is assumed of some variables (a mask)."""

    def __init__(self, explored: Explored, assumed: int) -> None:
        self._explored = explored
        places = zip(explored.graph.places, explored.asked, strict=False)
        self._index = {place: index for index, (place, asked) in enumerate(places) if not asked & assumed}

    def after(self, place: Place, here: int, noted: Noted) -> Iterable[Found] | None:
        """What follows on a state, if that is known; ``here``: its index this time."""
        index = self._index.get(place)
        if index is None:
            return None
        graph = self._explored.graph
        if index in self._explored.noted.cut:
            noted.cut.add(here)
        return [(graph.places[edge.target], edge.deeds, edge.case) for edge in graph.edges[index]]


def explored_by(model: Model, level: int, most: int, before: Foreknown | None = None) -> Explored:
    """The state space as a model tells it, at one level, up to so many states; ``before``: what need not be gone through again."""
    life = Life(model)
    walk = Walk(model, life, Bounds.of(model.definition, exact=level == 0), solo=level >= 2)
    moves = Moves(walk, data=level < 3)
    graph, asked = Graph(level), list[int]()
    known: dict[Place, int] = {}
    open_: deque[int] = deque()

    def reached(place: Place, before: int, deeds: tuple[Deed, ...], case: Case) -> Edge:
        index = known.get(place)
        if index is not None:
            return Edge(index, deeds, case)
        index = known[place] = len(graph.places)
        graph.places.append(place)
        graph.edges.append([])
        edge = Edge(index, deeds, case)
        graph.before.append((before, edge) if before >= 0 else None)
        open_.append(index)
        return edge

    reached(BEFORE, -1, (), ())
    while open_:
        here = open_.popleft()
        if len(graph.places) > most:
            graph.complete = False
            break
        model.asked = 0
        place = graph.places[here]
        found = before.after(place, here, walk.noted) if before is not None else None
        for follows, deeds, case in moves.after(place, here) if found is None else found:
            graph.edges[here].append(reached(follows, here, deeds, case))
        asked.append(model.asked)
    return Explored(graph, walk.noted, model, asked)
