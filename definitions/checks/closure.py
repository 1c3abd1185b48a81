"""Every issue can be closed from wherever it is: somebody can act or a clock leads on, and the way there comes to an end.

A condition that cannot be decided beforehand (over what is counted, computed, or two fields compared) may come out the same way every time: the
issue has to come to its end then too.
"""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.passage import deeds_of, passage, title
from definitions.exploration.assumption import Assumption, assumptions, said
from definitions.exploration.domain import said_of
from definitions.exploration.graph import Deed, Graph, Place, Stay
from definitions.exploration.levels import Explored, explore_assuming
from definitions.exploration.model import guards_at
from definitions.model.definition import Definition
from definitions.model.step import Step, WaitingStep
from definitions.problem import Problem, problem
from definitions.text import Said


def check_closing(definition: Definition, explored: Explored, plain: set[str | int]) -> Iterator[Problem]:
    """States in which nobody can act and no clock will, and those from which the issue can no longer be closed; not of ``plain`` steps."""
    told: set[str] = set(map(str, plain))
    yield from _ends(definition, explored, told)
    for assumption in assumptions(explored.model):
        again = explore_assuming(explored, assumption)
        for index, key in _unending(definition, again, told):
            yield _only_if(definition, again, assumption, index, _hinging(definition, again, assumption, index) or key)


def _ends(definition: Definition, explored: Explored, told: set[str]) -> Iterator[Problem]:
    for index, key in _stuck(definition, explored, told):
        yield _nobody(definition, explored, index, key)
    for index, key in _lost(definition, explored, told):
        yield _no_end(definition, explored.graph, index, key)


def _unending(definition: Definition, explored: Explored, told: set[str]) -> Iterator[tuple[int, str]]:
    yield from _stuck(definition, explored, told)
    yield from _lost(definition, explored, told)


def _stuck(definition: Definition, explored: Explored, told: set[str]) -> Iterator[tuple[int, str]]:
    """The states in which nobody can act, each with its step, of which nothing was told yet."""
    for index in _all_stuck(explored):
        key = _guarded(definition, explored.graph.places[index])
        if key not in told:
            told.add(key)
            yield index, key


def _all_stuck(explored: Explored) -> list[int]:
    graph, cut = explored.graph, explored.noted.cut
    return [index for index in range(1, len(graph.places)) if index not in cut and _still(graph, index)]


def _lost(definition: Definition, explored: Explored, told: set[str]) -> Iterator[tuple[int, str]]:
    """The first states from which the issue can no longer be closed, each with its step."""
    graph = explored.graph
    closing = graph.before_any([*graph.closed(), *_all_stuck(explored), *explored.noted.cut])
    for index in range(1, len(graph.places)):
        came = graph.before[index]
        if index in closing or came is None or (came[0] not in closing and came[0] != 0):
            continue
        place = graph.places[index]
        key = _entered_last(came[1].deeds) or _guarded(definition, place)
        if key in told or not told.isdisjoint(_open_steps(place.root)):
            continue
        told.add(key)
        yield index, key


def _still(graph: Graph, index: int) -> bool:
    root = graph.places[index].root
    return root is not None and all(edge.voluntary for edge in graph.edges[index]) and not _tolerant(root)


def _tolerant(visit: Stay) -> bool:
    return visit.tolerant or any(_tolerant(kid) for kid in visit.kids)


def _open_steps(visit: Stay | None) -> set[str]:
    return {visit.step}.union(*map(_open_steps, visit.kids)) if visit is not None else set()


def _guarded(definition: Definition, place: Place) -> str:
    """The step of a state of which there is something to say: the first that waits for people."""
    steps = sorted(_leaf_steps(place.root), key=list(definition.steps).index)
    return next((key for key in steps if isinstance(definition.steps[key], WaitingStep)), steps[0])


def _leaf_steps(visit: Stay | None) -> set[str]:
    if visit is None:
        return set()
    return set().union(*map(_leaf_steps, visit.kids)) if visit.kids else {visit.step}


def _entered_last(deeds: tuple[Deed, ...]) -> str | None:
    return next((key for kind, key, _ in reversed(deeds) if kind == "enter"), None)


def _nobody(definition: Definition, explored: Explored, index: int, key: str) -> Problem:
    graph = explored.graph
    zh, en = passage(definition, deeds_of(graph.way_to(index)))
    name = title(definition, key)
    case = _case(explored, index)
    if_zh, if_en = (f"，而{case[0]}的时候" if case[0] else "时"), (f", when {case[1]}" if case[1] else "")
    return problem(
        "nobody-can-act",
        (definition.stage_of[key], key),
        Said(
            f"走到“{name[0]}”{if_zh}，谁也办不了，也没有期限把它推走：{zh}。",
            f"At “{name[1]}”{if_en}, nobody can act, and no clock leads on: {en}.",
        ),
        _remedy(definition.steps[key]),
    )


def _remedy(step: Step) -> Said:
    if isinstance(step, WaitingStep):
        return Said(
            "请让至少一种办理不写 when，或补上这种情形，或在 overdue 写 to: 下一步。",
            "Let one action have no when, cover this case too, or let overdue lead on with to:.",
        )
    return Said("请在 overdue 写 to: 下一步。", "Let overdue lead on with to:.")


def _case(explored: Explored, index: int) -> Said:
    """The data for which nobody can act, as far as the guards of the actions tell it apart."""
    case: dict[int, int] = {}
    while (came := explored.graph.before[index]) is not None and not came[1].deeds:
        case.update(dict(came[1].case))
        index = came[0]
    return said_of(explored.model.variables, case)


def _no_end(definition: Definition, graph: Graph, index: int, key: str) -> Problem:
    zh, en = passage(definition, deeds_of(graph.way_to(index)))
    name = title(definition, key)
    return problem(
        "cannot-close",
        (definition.stage_of[key], key),
        Said(
            f"走到“{name[0]}”以后，无论怎样办，事项再也不能办结：{zh}。",
            f"From “{name[1]}” on the issue can never be closed, whatever is done: {en}.",
        ),
        Said("请让它有一条路通向 close 步骤。", "Let a way lead from there to a close step."),
    )


def _hinging(definition: Definition, explored: Explored, assumption: Assumption, index: int) -> str | None:
    """The open step at which what can be done hinges on what is assumed, if there is one."""
    names = {explored.model.variables[one].name for one in assumption}
    for key in sorted(_leaf_steps(explored.graph.places[index].root), key=list(definition.steps).index):
        conditions = [explored.model.guards[guard] for guard in guards_at(definition.steps[key])]
        if any(not names.isdisjoint((*one.reads, *one.atoms)) for one in conditions):
            return key
    return None


def _only_if(definition: Definition, explored: Explored, assumption: Assumption, index: int, key: str) -> Problem:
    zh, en = passage(definition, deeds_of(explored.graph.way_to(index)))
    name, case = title(definition, key), said(explored.model, assumption)
    return problem(
        "held-up-by-a-condition",
        (definition.stage_of[key], key),
        Said(
            f"走到“{name[0]}”以后，如果{case[0]}，而且一直如此，事项就再也不能办结：{zh}。",
            f"From “{name[1]}” on, if {case[1]}, and that stays so, the issue can never be closed: {en}.",
        ),
        Said(
            "请另写一种不看这个条件的办理（例如退回、终止），或在 overdue 写 to: 下一步。",
            "Give it an action that does not depend on it (to return it, or to call it off), or let overdue lead on with to:.",
        ),
    )
