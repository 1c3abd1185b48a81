"""How long tasks wait before anybody begins, drawn from waits that were seen."""

from __future__ import annotations

import math
from collections.abc import Sequence


def waited(waits: Sequence[float], share: float) -> float:
    """The wait (minutes) that so large a share of those seen do not exceed; they stand from the shortest to the longest at equal shares."""
    place = share * (len(waits) - 1)
    below = min(int(place), len(waits) - 1)
    low, high = waits[below], waits[min(below + 1, len(waits) - 1)]
    # between two of them as lengths of time go: an hour lies half way between a minute and a few days
    return math.expm1(math.log1p(low) + (place - below) * (math.log1p(high) - math.log1p(low)))
