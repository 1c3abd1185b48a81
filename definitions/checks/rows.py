"""The branches of a choice: each can be taken, one is for every case, and no two contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.passage import deeds_to, passage
from definitions.exploration.domain import said_of
from definitions.exploration.levels import Explored
from definitions.exploration.model import guards_of
from definitions.model.definition import Definition
from definitions.model.step import Step
from definitions.model.steps.choose import ChooseStep
from definitions.problem import Path, Problem, problem
from definitions.text import Said


def check_rows(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Every choice and parallel step to which an issue can come."""
    reached = {k for edges in explored.graph.edges for edge in edges for kind, k, _ in edge.deeds if kind == "enter"}
    for key, step in definition.steps.items():
        if step.branches and key in reached:
            path: Path = (definition.stage_of[key], key)
            yield from _dead(path, key, step, explored)
            if isinstance(step, ChooseStep):
                yield from _gap(definition, path, key, step, explored)
                yield from _overlaps(definition, path, key, explored)


def _dead(path: Path, key: str, step: Step, explored: Explored) -> Iterator[Problem]:
    rows, within = step.branches, step.step_kind.key
    if isinstance(step, ChooseStep):
        for index, row in enumerate(rows[:-1]):
            if not guards_of(row):
                yield problem(
                    "dead-branch",
                    (*path, within, index),
                    Said(
                        "这一条总是成立，后面的永远走不到。",
                        "This branch always holds; those after it are never taken.",
                    ),
                    Said("请给它写 when，或放到最后。", "Give it a when, or put it last."),
                )
                return
    for index, row in enumerate(rows):
        guards = guards_of(row)
        if (key, index) in explored.noted.rows or not guards or not step.lead(row):
            continue
        alone = explored.model.decide(guards, explored.model.full)
        if alone is not None and not any(all(held) for held in alone):
            said = Said("这一条的条件不可能成立。", "The condition of this branch can never hold.")
        else:
            said = Said(
                "走到这里时，这一条永远轮不到：前面的已经包括了它，或前面的步骤已经排除了它。",
                "This branch is never taken: those before it hold whenever it does, or the way here rules it out.",
            )
        yield problem(
            "dead-branch",
            (*path, within, index),
            said,
            Said("请改正条件，或删去这一条。", "Correct it, or remove the branch."),
        )


def _gap(definition: Definition, path: Path, key: str, step: ChooseStep, explored: Explored) -> Iterator[Problem]:
    """No row for some case: the kernel would take the last one, though its condition does not hold."""
    found = explored.noted.gaps.get(key)
    last = (*path, "choose", len(step.choose) - 1)
    if found is None:
        return
    box, decided, deeds = found
    if decided:
        zh, en = said_of(explored.model.variables, dict(box.masks))
        way = passage(definition, deeds_to(explored.graph, explored.noted, "gap", key, deeds))
        when = (f"{zh}时，" if zh else "", f" when {en}" if en else "")
        said = Said(
            f"{when[0]}没有一条成立，就会走最后一条：{way[0]}。",
            f"No row of “{key}” matches{when[1]}, and the last one would be taken: {way[1]}.",
        )
    else:
        said = Said(
            "看不出这些条件是否包括了所有情形；都不成立时会走最后一条。",
            "It cannot be told whether one of these conditions always holds; if none does, the last branch is taken.",
        )
    yield problem(
        "no-otherwise",
        last,
        said,
        Said("请补上这种情形，或让最后一条不写条件。", "Cover this case, or let the last branch have no condition."),
    )


def _overlaps(definition: Definition, path: Path, key: str, explored: Explored) -> Iterator[Problem]:
    """Two rows hold at once against the hit policy: the kernel would take neither."""
    for (choice, one, other), (box, deeds) in explored.noted.overlaps.items():
        if choice != key:
            continue
        zh, en = said_of(explored.model.variables, dict(box.masks))
        way = passage(definition, deeds_to(explored.graph, explored.noted, "overlap", (choice, one, other), deeds))
        yield problem(
            "rows-overlap",
            (*path, "choose", other),
            Said(
                f"{f'{zh}时，' if zh else ''}第 {one + 1} 条和第 {other + 1} 条同时成立，两条都不算：{way[0]}。",
                f"Rows {one + 1} and {other + 1} both hold{f' when {en}' if en else ''}, so neither counts: {way[1]}.",
            ),
            Said("请让条件互不重叠，或写 hit policy: first。", "Let them not overlap, or write hit policy: first."),
        )
