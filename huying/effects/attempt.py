"""An attempt at one effect among many: that it fails is noted, and harms no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from engine.effect import Effect
from huying.effects.kind import Failures
from huying.house.house import House
from huying.incidents.reason import reason_of
from huying.outbox.claims import Errand

E = TypeVar("E", bound=Effect)


def attempt(
    carry: Callable[[House, Errand[E], datetime], Any], house: House, errand: Errand[E], now: datetime
) -> Failures:
    """Carry one out; why it could not be, if it could not."""
    try:
        carry(house, errand, now)
    # whatever it is: it is noted with the effect, and tried again
    except Exception as error:
        return {errand.id: reason_of(error)}
    return {}
