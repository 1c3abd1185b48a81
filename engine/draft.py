"""The decision while it is being made: changes are recorded one by one, and the state follows each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from definitions.definition import Definition
from definitions.expression import Expression, ExpressionError
from definitions.text import words
from engine.change import Change, GuardFailed
from engine.directory import Directory
from engine.evolve import evolve
from engine.outcome import Occasion, Outcome, Tell
from engine.process import Process
from engine.state import Party, State


class Draft:
    """Collects what one event leads to; thrown away when the event is refused."""

    def __init__(self, process: Process, state: State, now: datetime, directory: Directory) -> None:
        if now.utcoffset() is None:
            raise ValueError("now must be an aware datetime")
        self.process = process
        self.state = state
        self.now = now
        self.directory = directory
        self._changes: list[Change] = []
        self._effects: list[Tell] = []

    @property
    def definition(self) -> Definition:
        """The definition that decides."""
        return self.process.definition

    def record(self, change: Change) -> None:
        """Add one change."""
        self.state = evolve(self.state, change)
        self._changes.append(change)

    def next_number(self) -> int:
        """The number for the next visit, item or timer of this issue."""
        return self.state.last_number + 1

    def tell(
        self,
        occasion: Occasion,
        parties: tuple[Party, ...],
        *,
        step: str | None = None,
        action: str | None = None,
        item: int | None = None,
    ) -> None:
        """Have people told; with nobody to tell, nothing happens."""
        if parties:
            self._effects.append(Tell(occasion=occasion, parties=parties, step=step, action=action, item=item))

    def holds(self, guard: Expression, step: str) -> bool:
        """Whether a guard holds; one that cannot be evaluated does not, and the history says why."""
        try:
            return guard.test(context(self.definition, self.state))
        except ExpressionError as error:
            self.record(GuardFailed(step=step, guard=str(guard), why=words(error.message, "en")))
            return False

    def outcome(self) -> Outcome:
        """The finished decision."""
        state = replace(self.state, version=self.state.version + 1)
        return Outcome(state=state, changes=tuple(self._changes), effects=tuple(self._effects))


def context(definition: Definition, state: State) -> Mapping[str, Any]:
    """What an expression can see: the issue's fields by name, and how often bounded actions were taken."""
    return {**definition.blank, **state.data}
