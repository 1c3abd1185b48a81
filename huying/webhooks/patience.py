"""How long a receiver is waited for: when an attempt is repeated, and when a subscription is stopped. Decides; reads no clock and sends nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

#: The waits after each failed attempt of one event; after the last of them it is given up. Even at their shortest they outlast the patience with
#: a receiver that takes nothing at all: what is given up is what others were taken beside.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    *[timedelta(hours=24)] * 5,
)
#: A receiver from whom nothing was accepted for so long is no longer sent anything.
STOPPED_AFTER = timedelta(days=5)
#: An old secret signs beside the new one for so long.
OVERLAP = timedelta(hours=24)
_LONGEST_REST = timedelta(minutes=30)


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime | None:
    """When an event is tried again after so many failed attempts (1 or more); ``None``: no more. ``jitter`` is from 0 to 1."""
    if attempts > len(WAITS):
        return None
    return now + _spread(WAITS[attempts - 1], jitter)


def rest(failures: int, now: datetime, jitter: float) -> datetime:
    """Until when a receiver that could not be reached so many times in a row is left alone; then one event is tried before all others."""
    return now + _spread(min(timedelta(seconds=5) * 2 ** min(failures - 1, 20), _LONGEST_REST), jitter)


def is_hopeless(failing_since: datetime, now: datetime) -> bool:
    """Whether a receiver has failed for so long that it is to be stopped."""
    return now - failing_since >= STOPPED_AFTER


def _spread(wait: timedelta, jitter: float) -> timedelta:
    """From three quarters to five quarters of a wait, so that what failed together does not come back together."""
    return wait * (0.75 + jitter / 2)
