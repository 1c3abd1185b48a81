"""The definitions in force, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from definitions.model.definition import Definition
from definitions.model.step import Stage, TimedStep, WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.model.steps.each import EachStep
from definitions.text import COLON, LISTED, SEMICOLON, words
from huying.house.house import House
from huying.house.processes import Version
from huying.words.moments import date_words
from huying.words.stages import stage_title
from huying.words.terms import LimitLine, TimeWords


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
    """A step in words: who does it, within what time, what they may do, and what happens when it is late.

    ``terms`` are those of all, each with its condition, then those that roles have for themselves, and ``within`` is the same in one line;
    ``allowed`` is what may be asked for.
    """

    key: str
    title: str
    help: str
    stage: Stage
    stage_title: str
    roles: tuple[str, ...]
    within: str
    actions: tuple[ActionLine, ...]
    terms: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """A definition as its page shows it; ``office_hours`` is a remark where reminders wait for them."""

    line: DefinitionLine
    definition: Definition
    steps: tuple[StepLine, ...]
    limits: tuple[LimitLine, ...] = ()
    office_hours: str = ""


def definitions_in_force(
    house: House, language: str, now: datetime, kind: str | None = None
) -> tuple[DefinitionLine, ...]:
    """Every definition in the version in force, by key; with a kind of participant, those that they may open."""
    return tuple(
        _line(house, version, language)
        for version in house.processes.all_in_force(now)
        if kind is None or _open_to(house.processes.process(version.id).definition, kind)
    )


def _open_to(definition: Definition, kind: str) -> bool:
    return not definition.opened_by or kind in definition.opened_by


def definition_in_force(house: House, key: str, language: str, now: datetime) -> DefinitionView:
    """One definition in the version in force; ``NotFound`` if none is published."""
    version = house.processes.in_force(key, now)
    definition = house.processes.process(version.id).definition
    time = TimeWords(definition, language)
    return DefinitionView(
        _line(house, version, language),
        definition,
        tuple(_steps(definition, language)),
        time.limits(),
        time.office_hours(),
    )


def _line(house: House, version: Version, language: str) -> DefinitionLine:
    process = house.processes.process(version.id)
    return DefinitionLine(
        key=version.key,
        version=version.version,
        title=words(process.definition.title, language, version.key),
        help=words(process.definition.help, language),
        published=date_words(version.in_force_from.astimezone(process.calendar.zone).date(), language),
    )


def _steps(definition: Definition, language: str) -> Iterator[StepLine]:
    time = TimeWords(definition, language)
    for key, step in definition.steps.items():
        stage = definition.stage_of[key]
        yield StepLine(
            key=key,
            title=words(step.title, language, key),
            help=words(step.help, language),
            stage=stage,
            stage_title=stage_title(stage, language),
            roles=tuple(words(definition.role_title(role), language, role) for role in step.acting),
            within=SEMICOLON.of(language).join(_terms(time, step)),
            terms=tuple(_terms(time, step)),
            actions=tuple(_actions(definition, step, language)) if isinstance(step, WaitingStep) else (),
            late=time.ladder(step) if isinstance(step, TimedStep) else (),
            allowed=tuple(filter(None, (time.extension(step), time.shelving(step), time.questions(step))))
            if isinstance(step, WaitingStep)
            else (),
        )


def _terms(time: TimeWords, step: AnyStep) -> Iterator[str]:
    if isinstance(step, TimedStep) and step.within:
        yield from time.terms(step.within)
        yield from filter(None, (time.continues(step),))
    if isinstance(step, EachStep):
        yield from time.own_terms(step)


def _actions(definition: Definition, step: WaitingStep, language: str) -> Iterator[ActionLine]:
    for key, action in step.actions.items():
        to = action.to or step.onward
        title = words(definition.steps[to].title, language, to) if to else ""
        by = LISTED.of(language).join(words(definition.role_title(role), language, role) for role in action.by)
        yield ActionLine((by + COLON.of(language) if by else "") + words(action.title, language, key), title)
