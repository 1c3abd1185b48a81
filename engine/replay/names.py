"""What a history calls things: an issue that was moved to another version had other names of steps, fields and roles before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import event as e
from engine.change import Change, Migrated
from engine.state import Party


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry of a history, decoded; the first has no event, for an issue's opening is none."""

    sequence: int
    at: datetime
    actor: Party | None
    event: e.Event | e.CarryOver | None
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of some time are called at the end of a history; what is not named there keeps its name."""

    steps: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def step(self, key: str) -> str:
        """A step by its last name."""
        return self.steps.get(key, key)

    def role(self, key: str) -> str:
        """A role by its last name."""
        return self.roles.get(key, key)

    def before(self, moved: Migrated) -> Names:
        """The names of the time before a migration."""
        return Names(
            *(
                {**later, **{old: later.get(new, new) for old, new in renamed.items()}}
                for later, renamed in (
                    (self.steps, moved.steps),
                    (self.fields, moved.fields),
                    (self.roles, moved.roles),
                )
            )
        )

    def event(self, event: e.Event) -> dict[str, Any]:
        """The parts of an event in which something is named, by its last names."""
        changes: dict[str, Any] = {}
        if isinstance(event, e.Act | e.Supply | e.Reopen | e.Message) and self.fields:
            changes["values"] = {self.fields.get(name, name): value for name, value in event.values.items()}
        if isinstance(event, e.Move | e.Reopen) and event.to is not None:
            changes["to"] = self.step(event.to)
        if isinstance(event, e.Reassign) and event.role is not None:
            changes["role"] = self.role(event.role)
        return changes


def names_in(history: Sequence[Recorded]) -> tuple[Names, ...]:
    """The names in which each entry of a history was written."""
    found: list[Names] = []
    names = Names()
    for entry in reversed(history):
        for change in entry.changes:
            if isinstance(change, Migrated):
                names = names.before(change)
        found.append(names)
    return tuple(reversed(found))
