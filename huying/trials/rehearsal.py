"""Rehearsing definitions for people: every scenario beside a definition is played, and what differs is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.text import words
from definitions.trials.scenario import Scenario, read_scenarios, scenarios_beside
from engine import Process
from engine.rehearsal.play import Rehearsed, rehearse


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How the scenarios of one definition went, which steps and actions none of them came by, and whose time none of them let pass."""

    definition: Definition
    played: tuple[Rehearsed, ...]
    steps_left: tuple[str, ...] = field(default=())
    actions_left: tuple[str, ...] = field(default=())
    deadlines_left: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether every scenario went as expected."""
        return all(one.passed for one in self.played)


def rehearse_file(path: Path) -> Rehearsal:
    """Play the scenarios beside a definition's file; ``Unreadable`` or ``Unsound`` say what is wrong with either."""
    definition = load(path.read_bytes(), str(path))
    return play(Process(definition, load_calendar(definition.calendar)), read_scenarios(scenarios_beside(path)))


def play(process: Process, scenarios: Iterable[Scenario]) -> Rehearsal:
    """Play scenarios by a process that is ready."""
    definition = process.definition
    played = tuple(rehearse(process, scenario) for scenario in scenarios)
    steps = {step for one in played for step in one.steps}
    actions = {action for one in played for action in one.actions}
    late = {step for one in played for step in one.late}
    waiting = {key: step for key, step in definition.steps.items() if isinstance(step, WaitingStep)}
    return Rehearsal(
        definition,
        played,
        tuple(key for key in waiting if key not in steps),
        tuple(action for action in _actions(definition) if action not in actions),
        tuple(key for key, step in waiting.items() if step.within is not None and key not in late),
    )


def _actions(definition: Definition) -> Iterator[str]:
    for key, step in definition.steps.items():
        if isinstance(step, WaitingStep):
            yield from (f"{key}.{action}" for action in step.actions)
            yield from (f"{key}.{name}" for name in ("extend", "shelve") if getattr(step, name))


def said(rehearsal: Rehearsal) -> Iterator[str]:
    """The rehearsal line by line, Chinese first."""
    yield f"{rehearsal.definition.id}  {words(rehearsal.definition.title, 'zh')}"
    for one in rehearsal.played:
        title = one.scenario.title
        mark = "通过 ok" if one.passed else "不符 differs"
        yield f"  {mark}  {words(title, 'zh')}  {words(title, 'en')}"
        for difference in one.differences:
            yield (
                f"      第 {difference.step} 步 step {difference.step}  {difference.what}："
                f"应为 expected {difference.expected}，实为 found {difference.found}"
            )
    if rehearsal.actions_left:
        yield f"  未演练的办理 actions not rehearsed: {', '.join(rehearsal.actions_left)}"
    if rehearsal.steps_left:
        yield f"  未到过的步骤 steps not reached: {', '.join(rehearsal.steps_left)}"
