"""What turns without a person: chains of automatic steps that come round, clocks that ring for ever, parallel steps that start within themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from definitions.checks.passage import deeds_of, deeds_to, passage, title
from definitions.exploration.graph import Deed, Edge, Graph
from definitions.exploration.levels import Explored
from definitions.model.definition import Definition
from definitions.model.step import Step, TimedStep
from definitions.model.term import may_have_passed
from definitions.problem import Problem, problem
from definitions.text import Said


def turning(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Every loop has a person, another system, or a bound."""
    graph, noted = explored.graph, explored.noted
    told: set[str] = set()
    for found, last in noted.round.items():
        key, round_ = _first_round(found, last)
        if key in told:
            continue
        told.add(key)
        zh, en = passage(definition, deeds_to(graph, noted, "round", found, round_))
        name = title(definition, key)
        yield problem(
            "automatic-loop",
            (definition.stage_of[key], key),
            Said(
                f"“{name[0]}”会自己不停地绕圈，没有人参与：{zh}。",
                f"“{name[1]}” can go round for ever without a person: {en}.",
            ),
            Said("请在圈里放一个 task，或改变 to。", "Put a task into the loop, or change a to."),
        )
    for key, last in noted.nested.items():
        zh, en = passage(definition, deeds_to(graph, noted, "nested", key, last))
        name = title(definition, key)
        yield problem(
            "parallel-in-itself",
            (definition.stage_of[key], key),
            Said(
                f"“{name[0]}”的一路又走回它自己，会一层套一层地重新开始：{zh}。",
                f"A branch of “{name[1]}” leads back to it, so that it starts again within itself: {en}.",
            ),
            Said(
                f"请在离开这一路时写 leaves: {key}，或让它只在这一路之内返回。",
                f"Say leaves: {key} on the way out, or let it return within the branch only.",
            ),
        )
    yield from _by_the_clock(definition, graph)


def _first_round(key: str, deeds: Sequence[Deed]) -> tuple[str, Sequence[Deed]]:
    """The first step of a chain that belongs to the circle in which it ends, and the chain until it comes there again."""
    at = [index for index, (kind, step, _) in enumerate(deeds) if (kind, step) == ("enter", key)]
    if len(at) < 2:
        return key, deeds
    circle = {step for kind, step, _ in deeds[at[-2] :] if kind == "enter"}
    entered = [(index, step) for index, (kind, step, _) in enumerate(deeds) if kind == "enter" and step in circle]
    first = entered[0][1]
    again = next(index for index, step in entered[1:] if step == first)
    return first, deeds[: again + 1]


def _by_the_clock(definition: Definition, graph: Graph) -> Iterator[Problem]:
    for key, name, by in _first(definition, graph, partial(_rings, definition)):
        yield problem(
            "loop-without-person",
            (definition.stage_of[key], key),
            Said(
                f"“{name[0]}”只靠时间一圈一圈地转，没有人参与，也没有次数：{by[0]}。",
                f"“{name[1]}” turns by the clock alone, without a person and without a bound: {by[1]}.",
            ),
            Said(
                "请在圈里放一个 task、receive 或 request；要等到某一天，请写 wait: until 日期字段。",
                "Put a task, receive or request into the loop; to wait for a day, write wait: until and a field.",
            ),
        )
    for key, name, by in _first(definition, graph, partial(_spins, definition)):
        yield problem(
            "overdue-for-ever",
            (definition.stage_of[key], key),
            Said(
                f"“{name[0]}”的日期如果已经过去，一到就逾期，会不停地绕圈：{by[0]}。",
                f"If the day of “{name[1]}” has passed, it is overdue as soon as it begins, and goes round for ever: {by[1]}.",
            ),
            Said(
                "请在逾期的去向上写次数，例如 at most: 1, then: 另一步。",
                "Bound the way when it is overdue, for example at most: 1, then: another step.",
            ),
        )


def _first(
    definition: Definition, graph: Graph, turns: Callable[[Edge], bool]
) -> Iterator[tuple[str, Said, tuple[str, str]]]:
    """Of the circles of edges of one sort the first, if there is one: the step from which it goes on, its title, and the way there."""
    for index in sorted(_on_cycles(graph, turns))[:1]:
        edge = next(edge for edge in graph.edges[index] if turns(edge))
        key = edge.deeds[0][1]
        yield key, title(definition, key), passage(definition, deeds_of((*graph.way_to(index), edge)))


def _rings(definition: Definition, edge: Edge) -> bool:
    """Whether a clock alone leads on: not where people can end the wait by keeping their promises."""
    if not edge.deeds or edge.deeds[0][0] not in ("time", "way"):
        return False
    step = definition.steps[edge.deeds[0][1]]
    return isinstance(step, TimedStep) and step.waits_for_time


def _spins(definition: Definition, edge: Edge) -> bool:
    """Whether a deadline leads on that may have passed when the step is entered."""
    if not edge.deeds or edge.deeds[0][0] != "way" or not isinstance(edge.deeds[0][2], int):
        return False
    step = definition.steps[edge.deeds[0][1]]
    return _may_be_late_at_once(step)


def _may_be_late_at_once(step: Step) -> bool:
    if not isinstance(step, TimedStep) or step.within is None:
        return False
    return step.clock == "continues" or any(may_have_passed(one.is_) for one in step.within)


def _on_cycles(graph: Graph, turns: Callable[[Edge], bool]) -> set[int]:
    """The states on a cycle of edges of one sort (or that only tell data apart)."""
    onward = {
        index: [edge.target for edge in edges if not edge.deeds or turns(edge)]
        for index, edges in enumerate(graph.edges)
    }
    left = {index for index, targets in onward.items() if targets}
    shrinking = True
    while shrinking:
        fewer = {index for index in left if any(target in left for target in onward[index])}
        back = {target for index in fewer for target in onward[index]}
        fewer &= back
        shrinking, left = fewer != left, fewer
    return {index for index in left if any(turns(edge) for edge in graph.edges[index])}
