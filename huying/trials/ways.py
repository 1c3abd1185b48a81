"""Where an action leads: the steps at which the issue can be next, past those that need nobody."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from definitions.model.steps.close import CloseStep

#: Where an issue is once it is closed.
CLOSED = ""


class Ways:
    """The ways of a definition, each looked for once."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition

    @cached_property
    def on(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """By step and action, the steps where somebody has something to do next; ``""`` is the end."""
        return {
            key: {
                name: frozenset(self._next({to for to in (action.to or step.onward, action.then) if to}))
                for name, action in step.actions.items()
            }
            for key, step in self._definition.steps.items()
            if isinstance(step, WaitingStep)
        }

    @cached_property
    def behind(self) -> Mapping[str, frozenset[str]]:
        """By step, all steps to which an issue can come from it."""
        return {key: frozenset(self._reached(key)) for key in self._definition.steps}

    def _next(self, open_: set[str]) -> set[str]:
        found, seen = set[str](), set[str]()
        while open_:
            key = open_.pop()
            step = self._definition.steps.get(key)
            if key in seen or step is None:
                continue
            seen.add(key)
            if isinstance(step, CloseStep):
                found.add(CLOSED)
            elif isinstance(step, WaitingStep):
                found.add(key)
            else:
                open_ |= set(step.targets())
        return found

    def _reached(self, key: str) -> set[str]:
        seen, open_ = set[str](), set(self._definition.steps[key].targets())
        while open_:
            one = open_.pop()
            if one in self._definition.steps and one not in seen:
                seen.add(one)
                open_ |= set(self._definition.steps[one].targets())
        return seen
