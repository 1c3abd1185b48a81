"""The definitions in force, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from definitions.definition import Definition
from definitions.step import EachStep, Stage, TaskStep, WaitingStep
from definitions.text import words
from huying.house import House
from huying.views.moments import date_words
from huying.views.stages import stage_title


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """A definition in a list."""

    key: str
    version: int
    title: str
    help: str
    published: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What can be done at a step, and where it leads."""

    title: str
    to: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in words: who does it, within what time, and what they may do."""

    key: str
    title: str
    help: str
    stage: Stage
    stage_title: str
    roles: tuple[str, ...]
    within: str
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """A definition as its page shows it."""

    line: DefinitionLine
    definition: Definition
    steps: tuple[StepLine, ...]


def definitions_in_force(house: House, language: str, kind: str | None = None) -> tuple[DefinitionLine, ...]:
    """Every definition in its newest version, by key; with a kind of participant, those that they may open."""
    return tuple(
        _line(house, version.key, language)
        for version in house.processes.all_in_force()
        if kind is None or _open_to(house.processes.process(version.id).definition, kind)
    )


def _open_to(definition: Definition, kind: str) -> bool:
    return not definition.opened_by or kind in definition.opened_by


def definition_in_force(house: House, key: str, language: str) -> DefinitionView:
    """One definition in its newest version; ``NotFound`` if none is published."""
    version = house.processes.in_force(key)
    definition = house.processes.process(version.id).definition
    return DefinitionView(_line(house, key, language), definition, tuple(_steps(definition, language)))


def _line(house: House, key: str, language: str) -> DefinitionLine:
    version = house.processes.in_force(key)
    process = house.processes.process(version.id)
    return DefinitionLine(
        key=key,
        version=version.version,
        title=words(process.definition.title, language, key),
        help=words(process.definition.help, language),
        published=date_words(version.published_at.astimezone(process.calendar.zone).date(), language),
    )


def _steps(definition: Definition, language: str) -> Iterator[StepLine]:
    for key, step in definition.steps.items():
        roles: tuple[str, ...] = ()
        if isinstance(step, TaskStep):
            roles = (step.task,)
        elif isinstance(step, EachStep):
            roles = step.each
        stage = definition.stage_of[key]
        yield StepLine(
            key=key,
            title=words(step.title, language, key),
            help=words(step.help, language),
            stage=stage,
            stage_title=stage_title(stage, language),
            roles=tuple(words(definition.role_title(role), language, role) for role in roles),
            within=step.within.words(language) if isinstance(step, WaitingStep) and step.within else "",
            actions=tuple(_actions(definition, step, language)) if isinstance(step, WaitingStep) else (),
        )


def _actions(definition: Definition, step: WaitingStep, language: str) -> Iterator[ActionLine]:
    for key, action in step.actions.items():
        to = action.to or getattr(step, "to", None)
        title = words(definition.steps[to].title, language, to) if to else ""
        yield ActionLine(words(action.title, language, key), title)
