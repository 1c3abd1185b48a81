"""The shape of the process: everything can be reached, everything ends, and no loop turns without a person.

Guards are taken as able to hold and not to hold; what they really allow is a later, finer check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.action import BACK, Action
from definitions.checks.problem import Path, Problem, problem
from definitions.definition import Definition
from definitions.step import (
    AnyStep,
    ChooseStep,
    CloseStep,
    EachStep,
    ParallelStep,
    TaskStep,
    TimedStep,
    WaitingStep,
    WaitStep,
    targets,
    ways,
)


def check(definition: Definition) -> Iterator[Problem]:
    """Reachability, closure, ways out of every waiting step, and automatic loops."""
    ways_out = _graph(definition)
    yield from _unreachable(definition, ways_out)
    yield from _endless(definition, ways_out)
    for key, step in definition.steps.items():
        path: Path = (definition.stage_of[key], key)
        yield from _step(path, key, step)
    yield from _automatic_loops(definition)
    yield from _branches_end(definition, ways_out)


def _graph(definition: Definition) -> dict[str, tuple[str, ...]]:
    """Where each step can lead directly; ``back`` leads to every waiting step from which one can come here through steps that do not wait."""
    ways_out = {key: targets(step) for key, step in definition.steps.items()}
    if definition.reopen:
        # a closed issue can go on there
        for key, step in definition.steps.items():
            if isinstance(step, CloseStep):
                ways_out[key] = (definition.reopen.to,)
    backs = [key for key, step in definition.steps.items() if any(way.to == BACK for way in ways(step))]
    for key in backs:
        ways_out[key] = tuple(dict.fromkeys((*ways_out[key], *_before(definition, ways_out, key))))
    return ways_out


def _before(definition: Definition, ways_out: Mapping[str, tuple[str, ...]], key: str) -> Iterator[str]:
    open_, seen = [key], {key}
    while open_:
        one = open_.pop()
        for other, leads in ways_out.items():
            if one in leads and other not in seen:
                seen.add(other)
                if isinstance(definition.steps[other], WaitingStep):
                    yield other
                else:
                    open_.append(other)


def _branches_end(definition: Definition, ways_out: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Every branch of a parallel step can come to where the branches join."""
    for key, step in definition.steps.items():
        if not isinstance(step, ParallelStep):
            continue
        for index, branch in enumerate(step.parallel):
            if branch.to and step.to not in reached(ways_out, branch.to):
                yield problem(
                    "branch-never-joins",
                    (definition.stage_of[key], key, "parallel", index),
                    (
                        f"从“{branch.to}”走不到汇合处“{step.to}”。",
                        f"The branch “{branch.to}” never comes to “{step.to}”.",
                    ),
                    (f"请让它最后走到 {step.to}。", f"Let it lead to {step.to} in the end."),
                )


def reached(ways: Mapping[str, tuple[str, ...]], start: str) -> set[str]:
    """Every key that can be reached from one, itself included."""
    found, open_ = {start}, [start]
    while open_:
        for key in ways[open_.pop()]:
            if key not in found:
                found.add(key)
                open_.append(key)
    return found


def _unreachable(definition: Definition, ways: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    for key in ways.keys() - reached(ways, definition.start):
        yield problem(
            "unreachable-step",
            (definition.stage_of[key], key),
            (f"没有任何一步会走到“{key}”。", f"Nothing leads to the step “{key}”."),
            (f"请让某一步写 to: {key}，或删去它。", f"Let a step lead here with to: {key}, or remove it."),
        )


def _endless(definition: Definition, ways: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    ends = {key for key, step in definition.steps.items() if isinstance(step, CloseStep)}
    for key in reached(ways, definition.start):
        if ends.isdisjoint(reached(ways, key)):
            yield problem(
                "cannot-close",
                (definition.stage_of[key], key),
                (f"走到“{key}”以后，事项再也不能办结。", f"From “{key}” on, the issue can never be closed."),
                ("请让它通向一个 close 步骤。", "Let it lead to a close step."),
            )


def _step(path: Path, key: str, step: AnyStep) -> Iterator[Problem]:
    match step:
        case ChooseStep():
            yield from _branches(path, step)
        case EachStep() if step.until.kind == "lead" and len(step.each) < 2:
            yield problem(
                "lead-alone",
                (*path, "until"),
                ("只有一个角色，不必写 until: lead。", "There is only one role, so until: lead says nothing."),
                ("请改为 until: all。", "Write until: all."),
            )
        case _:
            pass
    if isinstance(step, WaitingStep):
        yield from _actions(path, key, step)


def _branches(path: Path, step: ChooseStep) -> Iterator[Problem]:
    *guarded, last = step.choose
    if last.when is not None or last.if_:
        yield problem(
            "no-otherwise",
            (*path, "choose", len(guarded)),
            ("所有条件都不成立时，不知道往哪走。", "When no guard holds, there is no way on."),
            ("请让最后一条不写 when。", "Let the last branch have no when."),
        )
    for index, branch in enumerate(step.choose):
        if branch.to is None and step.to is None:
            yield _leads_nowhere((*path, "choose", index), str(index + 1))
    for index, branch in enumerate(guarded):
        if branch.when is None and not branch.if_:
            yield problem(
                "dead-branch",
                (*path, "choose", index),
                ("这一条总是成立，后面的永远走不到。", "This branch always holds; those after it are never taken."),
                ("请给它写 when，或放到最后。", "Give it a when, or put it last."),
            )


def _actions(path: Path, key: str, step: WaitingStep) -> Iterator[Problem]:
    if not step.actions:
        yield problem(
            "no-actions",
            (*path, "actions"),
            (f"“{key}”没有任何办理方式。", f"There is nothing that can be done at “{key}”."),
            ("请至少写一个 action。", "Give it at least one action."),
        )
    elif all(action.when is not None for action in step.actions.values()):
        yield problem(
            "perhaps-no-action",
            (*path, "actions"),
            (
                f"“{key}”的每种办理都有条件，可能一种都办不了。",
                f"Every action of “{key}” has a guard; perhaps none can be taken.",
            ),
            ("请至少让一个 action 不写 when。", "Let at least one action have no when."),
        )
    for name, action in step.actions.items():
        if isinstance(step, TaskStep) and action.to is None and step.to is None and action.then is None:
            yield _leads_nowhere((*path, "actions", name), name)
    if isinstance(step, EachStep) and all(_leaves(action) for action in step.actions.values()) and step.actions:
        yield problem(
            "each-never-completes",
            (*path, "actions"),
            (
                "每种办理都直接离开这一步，就不必等所有人。",
                "Every action leaves the step at once, so nobody is waited for.",
            ),
            ("请让至少一个 action 不写 to。", "Let at least one action have no to."),
        )


def _leaves(action: Action) -> bool:
    return action.to is not None or action.hand_up is not None


def _leads_nowhere(path: Path, name: str) -> Problem:
    return problem(
        "leads-nowhere",
        path,
        (f"办理“{name}”之后不知道往哪走。", f"After “{name}” there is no way on."),
        ("请写 to: 下一步。", "Say to: the next step."),
    )


def _at_once(step: AnyStep) -> tuple[str, ...] | None:
    """Where a step can lead without anybody doing anything.

    An ``each`` step does so when there is nobody to ask, a wait for a day or for promises when there is nothing to wait for.
    """
    match step:
        case EachStep():
            return (step.to,)
        case WaitStep() if step.length is None:
            return (step.to,)
        case TimedStep() | CloseStep():
            return None
        case _:
            return targets(step)


def _automatic_loops(definition: Definition) -> Iterator[Problem]:
    automatic = {key: ways for key, step in definition.steps.items() if (ways := _at_once(step)) is not None}
    inside = {key: tuple(to for to in ways if to in automatic) for key, ways in automatic.items()}
    for key in inside:
        if any(key in reached(inside, to) for to in inside[key]):
            yield problem(
                "automatic-loop",
                (definition.stage_of[key], key),
                (f"“{key}”会自己不停地绕圈，没有人参与。", f"“{key}” can go round for ever without a person."),
                ("请在圈里放一个 task，或改变 to。", "Put a task into the loop, or change a to."),
            )
