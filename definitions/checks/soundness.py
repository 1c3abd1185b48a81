"""The process is sound: everything can be reached, every issue can be closed from wherever it is, and nobody is left with nothing to do.

Decided by exploring the abstract state space (``definitions/exploration``); what is plain from one step alone is said of that step.
"""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.closure import check_closing
from definitions.checks.loops import turning
from definitions.checks.passage import deeds_to, passage
from definitions.checks.rows import check_rows
from definitions.exploration.levels import Explored
from definitions.model.action import Action
from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.task import TaskStep
from definitions.problem import Path, Problem, problem
from definitions.text import Said

#: What is said of a step in a simpler way; that nobody can act there needs not be said besides.
_SIMPLER = ("no-actions", "leads-nowhere", "each-never-completes")


def check(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Steps one by one, then what only the whole shows."""
    simple = [*_steps(definition), *_branches_end(definition)]
    yield from simple
    plain = {problem.path[1] for problem in simple if problem.rule in _SIMPLER}
    never = {problem.path[1] for problem in simple if problem.rule == "branch-never-joins"}
    yield from _unreachable(definition, explored)
    yield from check_rows(definition, explored)
    yield from _never_possible(definition, explored)
    turns = [*turning(definition, explored)]
    yield from turns
    yield from _over(definition, explored)
    yield from check_closing(definition, explored, plain | never | {problem.path[1] for problem in turns})


# -- one step alone


def _steps(definition: Definition) -> Iterator[Problem]:
    for key, step in definition.steps.items():
        path: Path = (definition.stage_of[key], key)
        for index, branch in enumerate(step.branches):
            if step.lead(branch) is None:
                yield _leads_nowhere((*path, step.step_kind.key, index), str(index + 1))
        if isinstance(step, EachStep) and step.until.kind == "lead" and len(step.each) < 2:
            yield problem(
                "lead-alone",
                (*path, "until"),
                Said("只有一个角色，不必写 until: lead。", "There is only one role, so until: lead says nothing."),
                Said("请改为 until: all。", "Write until: all."),
            )
        if isinstance(step, WaitingStep):
            yield from _actions(path, key, step)


def _actions(path: Path, key: str, step: WaitingStep) -> Iterator[Problem]:
    if not step.actions:
        yield problem(
            "no-actions",
            (*path, "actions"),
            Said(f"“{key}”没有任何办理方式。", f"There is nothing that can be done at “{key}”."),
            Said("请至少写一个 action。", "Give it at least one action."),
        )
    for name, action in step.actions.items():
        ends = action.then is None or action.hand_up is not None
        # what was handed up stays where it is, and there is no task any more
        if (
            isinstance(step, TaskStep)
            and action.to is None
            and step.to is None
            and ends
            and not _part_of_it(step, action)
        ):
            yield _leads_nowhere((*path, "actions", name), name)
    if isinstance(step, EachStep) and all(_leaves(action) for action in step.actions.values()) and step.actions:
        yield problem(
            "each-never-completes",
            (*path, "actions"),
            Said(
                "每种办理都直接离开这一步，就不必等所有人。",
                "Every action leaves the step at once, so nobody is waited for.",
            ),
            Said("请让至少一个 action 不写 to。", "Let at least one action have no to."),
        )


def _part_of_it(step: TaskStep, action: Action) -> bool:
    """Whether an action is one role's part of a step that others lead on."""
    return step.parted(action) and not all(map(step.parted, step.actions.values()))


def _leaves(action: Action) -> bool:
    return action.to is not None or action.hand_up is not None


def _leads_nowhere(path: Path, name: str) -> Problem:
    return problem(
        "leads-nowhere",
        path,
        Said(f"办理“{name}”之后不知道往哪走。", f"After “{name}” there is no way on."),
        Said("请写 to: 下一步。", "Say to: the next step."),
    )


def _branches_end(definition: Definition) -> Iterator[Problem]:
    """Every branch of a parallel step can come to where the branches join, or leaves the step, and says so."""
    ways_out = {key: step.targets() for key, step in definition.steps.items()}
    leaving = {
        key: {way.leaves for _, way in step.ways() if way.leaves is not None} for key, step in definition.steps.items()
    }
    for key, step in definition.steps.items():
        if not isinstance(step, ParallelStep):
            continue
        for index, branch in enumerate(step.parallel):
            reached = _reached(ways_out, branch.to) if branch.to else set()
            if branch.to and step.to not in reached and not any(leaving.get(one) for one in reached):
                yield problem(
                    "branch-never-joins",
                    (definition.stage_of[key], key, "parallel", index),
                    Said(f"从“{branch.to}”走不到汇合处“{step.to}”。", f"The branch “{branch.to}” never comes to “{step.to}”."),
                    Said(f"请让它最后走到 {step.to}。", f"Let it lead to {step.to} in the end."),
                )  # fmt: skip


def _reached(ways: dict[str, tuple[str, ...]], start: str) -> set[str]:
    """Every key that can be reached from one, itself included."""
    found, open_ = {start}, [start]
    while open_:
        for key in ways.get(open_.pop(), ()):
            if key not in found:
                found.add(key)
                open_.append(key)
    return found


# -- the whole


def entered(explored: Explored) -> set[str]:
    """The steps to which an issue can come."""
    graph, noted = explored.graph, explored.noted
    chains = [edge.deeds for edges in graph.edges for edge in edges]
    chains += [*noted.round.values(), *noted.nested.values()]
    return {key for deeds in chains for kind, key, _ in deeds if kind == "enter"}


def _unreachable(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Steps to which no issue comes; of several one behind the other the first."""
    lost = definition.steps.keys() - entered(explored)
    behind = {to for key in lost for to in definition.steps[key].targets() if to != key}
    told = (lost - behind) or lost
    leads = {to for key in definition.steps.keys() - lost for to in definition.steps[key].targets()}
    if definition.reopen is not None:
        leads.add(definition.reopen.to)
    for key in definition.steps:
        if key not in told:
            continue
        if key in leads:
            said = Said(
                f"没有一件事项会走到“{key}”：通向它的条件或办理方式都不会出现。",
                f"No issue ever comes to “{key}”: what leads there never happens.",
            )
        else:
            said = Said(f"没有任何一步会走到“{key}”。", f"Nothing leads to the step “{key}”.")
        remedy = Said(f"请让某一步写 to: {key}，或删去它。", f"Let a step lead here with to: {key}, or remove it.")
        yield problem("unreachable-step", (definition.stage_of[key], key), said, remedy)


def _never_possible(definition: Definition, explored: Explored) -> Iterator[Problem]:
    reached, taken = entered(explored), explored.noted.actions
    for key, step in definition.steps.items():
        if key not in reached or not isinstance(step, WaitingStep):
            continue
        for name, action in step.actions.items():
            if action.when is not None and (key, name) not in taken:
                yield problem(
                    "never-possible",
                    (definition.stage_of[key], key, "actions", name),
                    Said(
                        f"“{name}”永远办不了：走到这里的事项，条件“{action.when}”都不成立。",
                        f"“{name}” is never possible: “{action.when}” holds for no issue that comes here.",
                    ),
                    Said("请改正 when，或删去这种办理。", "Correct its when, or remove the action."),
                )


def _over(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """An issue is closed out of one branch while others are open, and nobody has said that this is meant."""
    for by, last in explored.noted.over.items():
        key, name = by
        zh, en = passage(definition, deeds_to(explored.graph, explored.noted, "over", by, last))
        yield problem(
            "closes-over-others",
            way_path(definition, key, name),
            Said(
                f"事项从一路里直接办结，别的几路还有任务没办完：{zh}。",
                f"This closes the issue out of one branch while there are tasks in others: {en}.",
            ),
            Said(
                "如果就是要一并结束，请写 leaves: 并行步骤的名字；否则请通向汇合处。",
                "If all branches are to end, say leaves: and the parallel step; else lead to where the branches join.",
            ),
        )


def way_path(definition: Definition, key: str, name: str | int) -> Path:
    """The place of a way out of a step: an action by name, a rung by number, or a key of the step."""
    base: Path = (definition.stage_of[key], key)
    step = definition.steps[key]
    if isinstance(name, int):
        return (*base, "overdue", name) if len(getattr(step, "overdue", ())) > 1 else (*base, "overdue")
    actions = step.actions if isinstance(step, WaitingStep) else {}
    return (*base, "actions", name) if name in actions else (*base, name)
