"""Carrying out effects, whatever their kind: each at least once, and by its own key as if once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.effect import Effect
from huying.effects.attempt import attempt
from huying.effects.failure import not_carried
from huying.effects.kind import Failures
from huying.effects.kinds import KINDS, kind_of
from huying.house.house import House
from huying.outbox.claims import Errand

__all__ = ["carry", "carry_many", "not_carried"]


def carry(house: House, errand: Errand[Effect], now: datetime) -> None:
    """Carry out one effect and mark it done; an exception means that it is to be tried again."""
    kind_of(errand.effect).carry(house, errand, now)


def carry_many(house: House, errands: Sequence[Errand[Effect]], now: datetime) -> Failures:
    """Carry out effects and mark them done; what became of those that are to be tried again.

    Each stands for itself all the same: one that cannot be carried out is named, and the others are carried out. People are told first, other
    systems called last.
    """
    failures = _together(house, errands, now, waits=False)
    for errand in errands:
        kind = kind_of(errand.effect)
        if kind.carry_all is None:
            failures |= attempt(kind.carry, house, errand, now)
    return failures | _together(house, errands, now, waits=True)


def _together(house: House, errands: Sequence[Errand[Effect]], now: datetime, *, waits: bool) -> dict[int, str]:
    failures: dict[int, str] = {}
    for kind in KINDS:
        if kind.carry_all is not None and kind.waits == waits:
            theirs = [errand for errand in errands if type(errand.effect) is kind.type]
            failures |= kind.carry_all(house, theirs, now) if theirs else {}
    return failures
