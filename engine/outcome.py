"""What an event leads to: the next state, the changes that made it, and the effects that somebody else has to carry out."""

from __future__ import annotations

from engine.change import Change
from engine.effect import Effect
from engine.noun import Noun
from engine.state import State


class Outcome(Noun, frozen=True, kw_only=True):
    """The decision of the kernel about one event."""

    state: State
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
