"""How long tests wait for what is sure to come: so long that only a fault makes it late, and never longer than it takes."""

from __future__ import annotations

#: A machine that others use too may be so many times slower than two cores that are ours alone.
_SLOWNESS = 6.0


def within(seconds: float) -> float:
    """How long to wait for what takes so many seconds at most where nobody else is at work."""
    return seconds * _SLOWNESS
