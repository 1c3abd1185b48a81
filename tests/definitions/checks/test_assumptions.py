"""What is assumed of conditions that cannot be decided beforehand: explored as if anew, at the price of what it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.exploration.assumption import assumptions
from definitions.exploration.graph import Place
from definitions.exploration.levels import MOST, Explored, explore, explore_assuming, explored_by
from definitions.loader import examine
from definitions.model.definition import Definition
from tests.effort import counted, modest

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = ROOT / "tests" / "definitions" / "everything.yaml"
SHIPPED = ("leave-application", "reception-day", "yearly-assessment", "maintenance-fund")


def definition_of(path: Path) -> Definition:
    found = examine(path.read_text("utf-8"), path.name).definition
    assert found is not None
    return found


def as_told(explored: Explored) -> tuple[list[Place], list[object], set[int]]:
    """All that is asked of a graph."""
    graph = explored.graph
    edges = [[(edge.target, edge.deeds, edge.case) for edge in some] for some in graph.edges]
    return graph.places, [*edges, graph.before, graph.complete], explored.noted.cut


@pytest.mark.parametrize("path", [EVERYTHING, *(ROOT / "definitions/library" / name / "definition.yaml" for name in SHIPPED)],
                         ids=lambda path: f"{path.parent.name}/{path.name}")  # fmt: skip
def test_what_is_known_already_is_found_as_if_it_were_explored_anew(path: Path) -> None:
    explored = explore(definition_of(path))
    for assumption in [*assumptions(explored.model)][:2]:
        again = explore_assuming(explored, assumption)
        anew = explored_by(explored.model.assuming(assumption), explored.graph.level, MOST)
        assert as_told(again) == as_told(anew)


def test_an_assumption_costs_what_it_changes() -> None:
    definition = definition_of(EVERYTHING)
    explored, whole = counted(lambda: explore(definition))
    for assumption in [*assumptions(explored.model)][:3]:
        modest(lambda assumption=assumption: explore_assuming(explored, assumption), most=whole // 2)  # type: ignore[misc]
