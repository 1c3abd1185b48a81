"""Whether the wall clock can be believed: it is compared with a clock that nobody can set. Pure: readings are passed in.

A wall clock that jumps forward would have deadlines pass that have not; so for a while nothing is fired. One that is set back is followed at
once: what is due later is due later, and nothing fires twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: A jump forward of more than so much against the steady clock is not believed at first.
JUMP = timedelta(minutes=5)
#: A wall clock that has kept its new time for so long is believed.
PROVEN = timedelta(minutes=10)
#: By how much of the time that passes a clock may be corrected without a jump (time servers slew by far less).
_SLEW = 0.1

Trust = Literal["steady", "doubtful", "set back"]


@dataclass(slots=True)
class SteadyClock:
    """Fed with (wall, steady) readings in order, says what to think of the wall clock.

    ``steady`` is the time since the machine was started, with its sleep (``CLOCK_BOOTTIME``): waking up is no jump. Not for several threads at once.
    """

    _begun: datetime | None = None
    _doubted: datetime | None = None
    _doubted_since: timedelta = timedelta()
    _last: timedelta = timedelta()

    def read(self, wall: datetime, steady: timedelta) -> Trust:
        """Take a reading: ``steady``, time goes on; ``doubtful``, fire nothing; ``set back``, the clock was just set back by more than ``JUMP``."""
        begun = wall - steady
        passed, self._last = steady - self._last, steady
        if self._begun is None:
            self._begun = begun
            return "steady"
        ahead = begun - self._begun
        if ahead > JUMP:
            return self._doubt(begun, steady)
        self._doubted = None
        if ahead < -JUMP:
            self._begun = begun
            return "set back"
        most = max(passed, timedelta()) * _SLEW
        self._begun += min(max(ahead, -most), most)
        return "steady"

    @property
    def ahead(self) -> timedelta:
        """By how much the wall clock is ahead of what is believed, while it is doubtful; else nothing."""
        return self._doubted - self._begun if self._doubted and self._begun else timedelta()

    @property
    def begun(self) -> datetime | None:
        """By the clock that is believed, the moment at which the steady clock began; nothing before the first reading."""
        return self._begun

    def resume(self, begun: datetime) -> None:
        """Go on from what another process believed of the same steady clock."""
        self._begun = begun

    def _doubt(self, begun: datetime, steady: timedelta) -> Trust:
        if self._doubted is None or abs(begun - self._doubted) > JUMP:
            self._doubted, self._doubted_since = begun, steady
        if steady - self._doubted_since < PROVEN:
            return "doubtful"
        self._begun, self._doubted = begun, None
        return "steady"
