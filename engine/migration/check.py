"""Whether an issue can go on by another version under a plan, and if not, why: what the plan must say, or what must end first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from definitions.finding import nearest
from definitions.forms import form
from definitions.forms.values import Wrong
from definitions.model.definition import Definition
from definitions.model.role import REPORTER
from definitions.model.step import WaitingStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.parallel import ParallelStep
from definitions.text import Said, words
from engine.directory import Directory
from engine.migration.plan import MigrationPlan
from engine.process import Process
from engine.state import State, Visit, WorkItem


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps an issue where it is. ``mapping``: the plan does not say where it goes; ``blocked``: it cannot go now; ``later``: it is
    just moving, and can go in a moment; ``gone``: it is closed, or elsewhere already. ``about`` names the step, field or role."""

    kind: Literal["mapping", "blocked", "later", "gone"]
    about: str
    zh: str
    en: str


RINGING = Obstacle("later", "issue", "正好有期限到了，稍后再转", "A deadline has just come; it can go in a moment")


@dataclass(frozen=True, slots=True)
class Versions:
    """The version that is left and the one that is entered."""

    old: Process
    new: Process

    def title(self, step: str, language: str) -> str:
        """A step's title, of either version."""
        found = self.old.definition.steps.get(step) or self.new.definition.steps.get(step)
        return words(found.title, language, step) if found else step


def obstacles(
    versions: Versions, plan: MigrationPlan, state: State, now: datetime, directory: Directory
) -> tuple[Obstacle, ...]:
    """All that keeps an issue from going on by the new version."""
    if state.status != "open":
        return (Obstacle("gone", "issue", "已经办结，仍按原来的版本保存", "It is closed, and stays with its version"),)
    found = [one for visit in state.visits for one in _visit(versions, plan, state, visit)]
    ringing = (RINGING,) if any(timer.due_at <= now for timer in state.timers) else ()
    return tuple(dict.fromkeys((*found, *_values(versions, plan, state, directory), *ringing)))


def _visit(versions: Versions, plan: MigrationPlan, state: State, visit: Visit) -> Iterator[Obstacle]:
    move, there = plan.steps.get(visit.step), None
    zh, en = versions.title(visit.step, "zh"), versions.title(visit.step, "en")
    if move is not None:
        there = versions.new.definition.steps.get(move.to)
    if move is None or there is None:
        near = nearest(visit.step, versions.new.definition.steps)
        hint_zh, hint_en = (f"（是不是“{near}”）", f" (“{near}”?)") if near else ("", "")
        yield Obstacle(
            "mapping",
            visit.step,
            f"新版里没有“{zh}”这一步，请写明转到哪一步{hint_zh}",
            f"The new version has no step “{en}”: say where it goes{hint_en}",
        )
        return
    if not there.rests:
        yield Obstacle(
            "mapping",
            visit.step,
            f"“{zh}”对应的“{move.to}”不能停留",
            f"An issue cannot stay at “{move.to}”, to which “{en}” goes",
        )
        return
    here = versions.old.definition.steps[visit.step]
    if move.tasks == "reissue":
        yield from _reissued(
            state, visit, isinstance(here, WaitingStep) and isinstance(there, WaitingStep), Said(zh, en)
        )
    elif type(here) is not type(there):
        yield Obstacle(
            "mapping",
            visit.step,
            f"“{zh}”在新版里是另一种步骤，请写明重新派发（tasks: reissue）或换一步",
            f"“{en}” is a step of another kind in the new version: say “tasks: reissue”, or another step",
        )
    else:
        yield from _kept(versions, plan, state, visit, there)
    yield from _joins(versions, plan, state, visit)


def _reissued(state: State, visit: Visit, people: bool, title: Said) -> Iterator[Obstacle]:
    zh, en = title
    if not people:
        yield Obstacle(
            "mapping",
            visit.step,
            f"“{zh}”不由人办理，不能重新派发",
            f"“{en}” is no task of people, and cannot be issued anew",
        )
    elif any(item.kind != "task" for item in state.open_items(visit.number)):
        yield Obstacle(
            "blocked",
            visit.step,
            f"“{zh}”还有询问、加签或申请没有答复",
            f"A question, signature or application at “{en}” is not answered yet",
        )


def _kept(versions: Versions, plan: MigrationPlan, state: State, visit: Visit, there: object) -> Iterator[Obstacle]:
    new = versions.new.definition
    zh, en = versions.title(visit.step, "zh"), versions.title(visit.step, "en")
    for item in state.items:
        if item.visit == visit.number and not _known(new, plan.roles.get(item.role, item.role)):
            yield Obstacle(
                "mapping",
                item.role,
                f"新版里没有角色“{item.role}”，请写明对应哪个角色",
                f"The new version has no role “{item.role}”: say which it becomes",
            )
        if item.visit == visit.number and not item.done and _idle(item, plan.roles.get(item.role, item.role), there):
            yield Obstacle(
                "mapping",
                visit.step,
                f"“{zh}”在新版里没有“{item.role}”能办的，请写明重新派发（tasks: reissue）",
                f"At “{en}” the new version leaves nothing to do for “{item.role}”: say “tasks: reissue”",
            )
        if item.visit == visit.number and not item.done and _undecided(item, there):
            yield Obstacle(
                "blocked",
                visit.step,
                f"“{zh}”的申请要先批复：新版不再有这种申请",
                f"An application at “{en}” must be decided first: the new version has none",
            )
    if visit.called and isinstance(there, CallStep):
        here = versions.old.definition.steps[visit.step]
        if isinstance(here, CallStep) and here.call != there.call:
            yield Obstacle(
                "blocked",
                visit.step,
                f"“{zh}”已另立一件事项，新版要立的是另一种",
                f"“{en}” has opened an issue of another definition than the new version would",
            )


def _known(new: Definition, role: str) -> bool:
    return role in new.roles or role in (REPORTER, "office")


def _idle(item: WorkItem, role: str, there: object) -> bool:
    """Whether a task would be left with nothing that its role can do."""
    return item.kind == "task" and isinstance(there, WaitingStep) and not there.offered(role)


def _undecided(item: WorkItem, there: object) -> bool:
    """Whether somebody waits for an answer that the new version cannot give."""
    if not isinstance(there, WaitingStep):
        return False
    return (item.kind == "extension" and there.extend is None) or (item.kind == "shelving" and there.shelve is None)


def _joins(versions: Versions, plan: MigrationPlan, state: State, visit: Visit) -> Iterator[Obstacle]:
    """A branch must still come to where the branches join."""
    composite, step = state.visit(visit.parent), plan.step(visit.step)
    parallel = versions.new.definition.steps.get(plan.step(composite.step) or "") if composite else None
    if composite is None or step is None or not isinstance(parallel, ParallelStep):
        return
    if parallel.to not in reachable(versions.new.definition, step):
        zh, en = versions.title(visit.step, "zh"), versions.title(visit.step, "en")
        yield Obstacle(
            "blocked",
            visit.step,
            f"新版里从“{zh}”到不了各路汇合的地方",
            f"In the new version “{en}” does not lead to where its branches join",
        )


def reachable(definition: Definition, step: str) -> frozenset[str]:
    """All steps to which one can lead."""
    seen: set[str] = set()
    ahead = [step]
    while ahead:
        for key in definition.steps[ahead.pop()].targets():
            if key in definition.steps and key not in seen:
                seen.add(key)
                ahead.append(key)
    return frozenset(seen)


def _values(versions: Versions, plan: MigrationPlan, state: State, directory: Directory) -> Iterator[Obstacle]:
    """A value must fit the field that it becomes, where that is of another make."""
    old, new = versions.old.definition.data, versions.new.definition.data
    for name, value in state.data.items():
        target = plan.fields.get(name, name)
        field = new.get(target)
        if field is None or value is None or field.derived or field == old.get(name):
            continue
        try:
            form.fit(field, value, known=directory.known, resolve=directory.resolve)
        except Wrong as wrong:
            yield Obstacle(
                "blocked",
                name,
                f"“{target}”的值不合新版：{wrong.message['zh']}",
                f"The value of “{target}” does not fit: {wrong.message['en']}",
            )
