"""When a message that could not be sent is tried again. Decides; does not send, sleep or read a clock."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Attempts in all; with the waits between them, about a day.
ATTEMPTS = 8
_FIRST = timedelta(minutes=1)
_FACTOR = 4.0
_LONGEST = timedelta(hours=8)


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime | None:
    """The moment of the next attempt after ``attempts`` (1 or more) that failed; ``None`` says to give up.

    Waits grow from a minute to eight hours. ``jitter`` in 0..1 spreads each over half to one and a half times its length, so that
    all messages that a server refused at once do not come back at once.
    """
    if attempts < 1 or not 0 <= jitter <= 1:
        raise ValueError("attempts from 1, jitter from 0 to 1")
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone")
    if attempts >= ATTEMPTS:
        return None
    return now + min(_FIRST * _FACTOR ** (attempts - 1), _LONGEST) * (0.5 + jitter)
