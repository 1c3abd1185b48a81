"""What an event leads to: the next state, the changes that made it, and the effects that somebody else has to carry out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.change import Change
from engine.state import Party, State

Occasion = Literal["opened", "task", "informed", "reminded", "overdue", "escalated", "closed", "commented"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """People are to be told: the occasion chooses the template, ``item`` is the task that a link opens."""

    occasion: Occasion
    parties: tuple[Party, ...]
    step: str | None = None
    action: str | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The decision of the kernel about one event."""

    state: State
    changes: tuple[Change, ...]
    effects: tuple[Tell, ...]
