"""Exploring: exactly, as long as there are not too many states; else with less and less taken into account, never with too little possible."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from definitions.exploration.bound import Bounds
from definitions.exploration.graph import Deed, Edge, Graph, Noted, Place
from definitions.exploration.model import Life, Model
from definitions.exploration.moves import BEFORE, Case, Moves
from definitions.exploration.walk import Walk
from definitions.model.definition import Definition

#: Up to so many states every detail is followed.
MOST = 6_000
#: At the last level there is no bound in practice; this one only ends what cannot end.
_LAST = 60_000


@dataclass(frozen=True, slots=True)
class Explored:
    """What was found: the graph, what was noted on the way, and the model by which it was read."""

    graph: Graph
    noted: Noted
    model: Model


def explore(definition: Definition, most: int = MOST) -> Explored:
    """The state space at the first level at which it is small enough.

    Level 0 takes everything into account. 1: a bounded way is taken as open or used up at any time. 2: besides, branches of parallel steps are
    followed one at a time. 3: besides, nothing is remembered of the data.
    """
    model = Model(definition)
    for level in range(3):
        explored = _explored(model, level, most)
        if explored.graph.complete:
            return explored
    return _explored(model, 3, _LAST)


def explore_assuming(explored: Explored, assumed: Mapping[int, int]) -> Explored:
    """The same once more, where of some variables of the model (by index) only these cells are the case."""
    level = explored.graph.level
    return _explored(explored.model.assuming(assumed), level, MOST if level < 3 else _LAST)


def _explored(model: Model, level: int, most: int) -> Explored:
    life = Life(model)
    walk = Walk(model, life, Bounds.of(model.definition, exact=level == 0), solo=level >= 2)
    moves = Moves(walk, data=level < 3)
    graph = Graph(level)
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
        for place, deeds, case in moves.after(graph.places[here], here):
            graph.edges[here].append(reached(place, here, deeds, case))
    return Explored(graph, walk.noted, model)
