"""The scale of an axis: round steps, so that the longest bar fits and nobody has to reckon."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """From nothing to ``top`` in steps."""

    top: float
    step: float

    @property
    def marks(self) -> tuple[float, ...]:
        """What stands at the axis, nothing first."""
        return tuple(self.step * number for number in range(round(self.top / self.step) + 1))


def scale_to(most: float) -> Scale:
    """The scale on which ``most`` fits; of whole numbers, for issues are not halved."""
    if most <= 0:
        return Scale(1.0, 1.0)
    rough = most / _MOST_STEPS
    unit = 10.0 ** math.floor(math.log10(rough)) if rough >= 1 else 1.0
    step = next(size * unit for size in _STEPS if size * unit >= rough and (size * unit).is_integer())
    return Scale(step * math.ceil(most / step), step)
