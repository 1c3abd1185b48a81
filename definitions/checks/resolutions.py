"""How an issue ended is said on every way to an end that asks for it, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from definitions.checks.places import places
from definitions.checks.references import inside
from definitions.model.action import BACK, Way
from definitions.model.definition import Definition
from definitions.model.step import OnwardStep, WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.model.steps.close import CloseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.problem import Path, Problem, problem
from definitions.text import Said


@dataclass(frozen=True, slots=True)
class _Lead:
    """One way on: where it is written, where it leads, and the resolution that is named there."""

    step: str
    path: Path
    to: str
    named: str | None


def check(definition: Definition) -> Iterator[Problem]:
    """Ways to an end that asks for a resolution without one, and resolutions that no end asks for."""
    leads = list(_all(definition))
    unnamed = _unnamed(definition, leads)
    told: set[Path] = set()
    for lead in leads:
        if lead.named is None and lead.step in unnamed and _open(definition, lead.to) and lead.path not in told:
            told.add(lead.path)
            yield _missing(lead)
    asking = _asking(definition, leads)
    used = {lead.path for lead in leads if lead.named and lead.to in asking}
    for lead in leads:
        if lead.named and lead.path not in used | told:
            told.add(lead.path)
            yield _idle(definition, lead)


def _all(definition: Definition) -> Iterator[_Lead]:
    """All ways on, but for those out of branches where the parallel step itself names a resolution behind them."""
    joins = {key: step for key, step in definition.steps.items() if isinstance(step, ParallelStep) and step.ended}
    covered = {(inner, step.to) for key, step in joins.items() for inner in inside(definition, key)}
    for key, step in definition.steps.items():
        yield from (one for one in _leads(definition, key, step) if one.named or (key, one.to) not in covered)


def _missing(lead: _Lead) -> Problem:
    return problem(
        "no-resolution",
        lead.path,
        Said(
            f"走到“{lead.to}”办结，却没有写办理结果。",
            f"This leads to the end “{lead.to}” without saying how it ended.",
        ),
        Said("请写 as: 办理结果的名字。", "Say as: and a resolution."),
    )


def _idle(definition: Definition, lead: _Lead) -> Problem:
    end = definition.steps.get(lead.to)
    if isinstance(end, CloseStep) and isinstance(end.close, str):
        said = Said(
            f"这里写 as: {lead.named}，可是“{lead.to}”总按“{end.close}”办结。",
            f"This says as: {lead.named}, but “{lead.to}” always ends as “{end.close}”.",
        )
    else:
        said = Said(
            f"这里写了 as: {lead.named}，可是后面不是直接办结，到时候用不上。",
            f"This says as: {lead.named}, but no end comes at once, so nobody asks for it.",
        )
    remedy = Said(
        "请删去 as；如果结果由这里决定，请在办结那一步写 close: true。",
        "Leave as out; if this is where it is decided, write close: true at the end.",
    )
    return problem("resolution-unused", (*lead.path, "as"), said, remedy)


def _leads(definition: Definition, key: str, step: AnyStep) -> Iterator[_Lead]:
    """All ways on from a step, the step's own included."""
    base: Path = (definition.stage_of[key], key)
    for place, way in ((place, value) for place, value in places(step) if isinstance(value, Way)):
        own = way.to or way.hand_up or (isinstance(step, EachStep) and place[:1] == ("actions",))
        targets = {way.to, way.then} if own else {step.onward}
        named = way.resolution or (None if own else step.ended)
        yield from (_Lead(key, (*base, *place), to, named) for to in targets - {None, BACK} if to)
    for index, branch in enumerate(step.branches):
        if (to := step.lead(branch)) and isinstance(step, OnwardStep):
            yield _Lead(key, (*base, step.step_kind.key, index), to, step.outcome(branch))
    if (step.onward and not isinstance(step, WaitingStep)) or isinstance(step, EachStep):
        yield from _own(key, base, step)


def _own(key: str, base: Path, step: AnyStep) -> Iterator[_Lead]:
    """The step's own way. That of a choice is its rows', that of a parallel step its branches'."""
    leads = not step.branches or (isinstance(step, ParallelStep) and step.ended is not None)
    if leads and step.onward:
        yield _Lead(key, base if step.ended else (*base, "to"), step.onward, step.ended)


def _open(definition: Definition, key: str) -> bool:
    """Whether a step is an end that says nothing itself."""
    step = definition.steps.get(key)
    return isinstance(step, CloseStep) and step.close is True


def _unnamed(definition: Definition, leads: list[_Lead]) -> set[str]:
    """The steps that may be left without a resolution from before: those that wait, and those that one comes to without."""
    steps = definition.steps
    found = {key for key, step in steps.items() if step.rests} | {definition.start}
    if definition.reopen is not None:
        found.add(definition.reopen.to)
    changed = True
    while changed:
        before = len(found)
        found |= {lead.to for lead in leads if lead.named is None and lead.step in found}
        changed = len(found) > before
    return found


def _asking(definition: Definition, leads: list[_Lead]) -> set[str]:
    """The steps from which an end that asks for a resolution can come at once."""
    steps = definition.steps
    found = {key for key, step in steps.items() if isinstance(step, CloseStep) and not isinstance(step.close, str)}
    passing = {key for key, step in steps.items() if not step.rests or _may_pass(step)}
    changed = True
    while changed:
        before = len(found)
        found |= {lead.step for lead in leads if lead.to in found and lead.step in passing}
        changed = len(found) > before
    return found


def _may_pass(step: AnyStep) -> bool:
    """Whether an issue may go on from a step that waits at once, because there is nothing to wait for."""
    rest = step.rest()
    return isinstance(step, ParallelStep) or (rest is not None and bool(rest.holders or rest.day or rest.promises))
