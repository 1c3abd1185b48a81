"""The noun: a kind of effect, with all that carrying it out, trying it again and showing it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from definitions.model.definition import Definition
from definitions.model.retry import Retry
from engine.effect import Effect
from huying.house.house import House
from huying.outbox.claims import Errand
from huying.words.effects import WORDS

E = TypeVar("E", bound=Effect)
#: What an effect that failed says of it, by the errand's id.
Failures = Mapping[int, str]


def as_its_step_says(definition: Definition, effect: Effect) -> Retry:
    """How often, and how long apart, an effect is tried: as its step says, else its process."""
    return getattr(definition.steps.get(effect.step or ""), "retry", None) or definition.retry


def in_words(effect: Effect, whom: str) -> str:
    """What is carried out, for staff: with which other system, or for whom."""
    what, about = WORDS[type(effect)].title.zh, effect.connection or whom
    return f"{what}：{about}" if about else what


def at_its_step(effect: Effect) -> str:
    """What staff read of where it belongs."""
    return effect.step or effect.kind


@dataclass(frozen=True, kw_only=True, eq=False)
class EffectKind(Generic[E]):
    """One kind of effect.

    `carry` carries one out and marks it done; an exception means that it is to be tried again. `carry_all` does so with many at once, where that is
    less work or less waiting; it raises nothing. `waits`: for somebody outside the house, so others go first. `words` say an effect to staff, given
    whom it is for, and `place` where it belongs.
    """

    type: type[E]
    carry: Callable[[House, Errand[E], datetime], Any]
    carry_all: Callable[[House, Sequence[Errand[E]], datetime], Failures] | None = None
    waits: bool = False
    retry: Callable[[Definition, E], Retry] = as_its_step_says
    words: Callable[[E, str], str] = in_words
    place: Callable[[E], str] = at_its_step
