"""The definition of a process: what the administrator writes, parsed once into a frozen object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field as Constrained

from definitions.field import Field, ShortField
from definitions.node import Key, Names, Node, Pattern, Text
from definitions.role import REPORTER, Role
from definitions.step import STAGES, AnyStep, Stage, WaitingStep

Steps = Mapping[Key, AnyStep]


class Definition(Node):
    """A process in four stages, in the order in which an issue lives; it starts at the first step of ``intake``."""

    id: Key
    title: Text
    help: Text | None = None
    languages: Names = ("zh", "en")
    calendar: Key = "china"
    number: Pattern
    fields: Mapping[Key, ShortField]
    roles: Mapping[Key, Role] = Constrained(default_factory=dict)
    resolutions: Mapping[Key, Text]
    intake: Steps
    assignment: Steps = Constrained(default_factory=dict)
    coordination: Steps = Constrained(default_factory=dict)
    closure: Steps

    @cached_property
    def steps(self) -> Mapping[str, AnyStep]:
        """All steps by key, in the order of the stages."""
        return {key: step for stage in STAGES for key, step in self.stage(stage).items()}

    def stage(self, stage: Stage) -> Steps:
        """The steps of one stage by key."""
        steps: Steps = getattr(self, stage)
        return steps

    @cached_property
    def stage_of(self) -> Mapping[str, Stage]:
        """The stage of each step."""
        return {key: stage for stage in STAGES for key in self.stage(stage)}

    @cached_property
    def start(self) -> str:
        """The key of the step at which an issue starts."""
        return next(iter(self.intake))

    def asks(self) -> Iterator[tuple[str, str, str, Field]]:
        """Every field that an action asks for, as (step, action, name, field)."""
        for key, step in self.steps.items():
            if isinstance(step, WaitingStep):
                for action, spec in step.actions.items():
                    yield from ((key, action, name, field) for name, field in spec.ask.items())

    @cached_property
    def data(self) -> Mapping[str, Field]:
        """Every field that an issue can hold: those of the issue, then those that actions ask for."""
        return {name: field for _, _, name, field in reversed(list(self.asks()))} | dict(self.fields)

    @cached_property
    def blank(self) -> Mapping[str, Any]:
        """An issue's data when nothing is filled in: each name known, each value ``None``."""
        return dict.fromkeys(self.data)

    def answerable_role(self) -> str | None:
        """The role whose holder answers for the issue to the end; ``None`` if the definition names none."""
        return next((key for key, role in self.roles.items() if role.answerable), None)

    def role_title(self, key: str) -> Text:
        """A role's title; the reporter's and untitled ones have one too."""
        role = self.roles.get(key)
        if role and role.title:
            return role.title
        return {"zh": "反映人", "en": "Reporter"} if key == REPORTER else {"zh": key, "en": key}
