"""What rings with a deadline: reminders, and the rungs of a ladder; put together once for each step, limit and question."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.model.duration import Duration, Reminder

#: The index of the overdue timer that only tells the holders, where the first rung of the ladder comes later.
NOTICE = -1


class Alarms:
    """Reminders, and rungs by index, each with how long after the deadline it is reached.

    It is compared and hashed as the object that it is, so that moments can be remembered by it.
    """

    __slots__ = ("remind", "rungs")

    def __init__(self, remind: tuple[Reminder, ...], afters: Iterable[Duration | None]) -> None:
        rungs: tuple[tuple[int, Duration | None], ...] = tuple(enumerate(afters))
        at_once = any(after is None for _, after in rungs)
        self.remind = remind
        self.rungs = rungs if at_once else ((NOTICE, None), *rungs)
