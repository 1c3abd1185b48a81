"""The hours in which an office of the demonstration is open: from nine to five, Monday to Friday."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_OPENS = time(9)
_LENGTH = timedelta(hours=8)
_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Reckons in an office's time zone; what it answers is UTC."""

    zone: tzinfo

    def opening(self, day: date) -> datetime:
        """When it opens on a day, or on the Monday after."""
        late = day.isoweekday() - _FRIDAY
        return datetime.combine(day + timedelta(days=3 - late if late > 0 else 0), _OPENS, self.zone).astimezone(UTC)

    def near(self, at: datetime, chance: random.Random) -> datetime:
        """Some moment of the day, or of the Monday after, at which it is open."""
        return self.opening(at.astimezone(self.zone).date()) + _LENGTH * chance.random()

    def later(self, at: datetime, days: float) -> datetime:
        """So many working days later, at which it is open."""
        whole, part = divmod(days, 1)
        local = at.astimezone(self.zone)
        for _ in range(int(whole)):
            local = self._next(local)
        within = local - self.opening(local.date()) + part * _LENGTH
        if within > _LENGTH:
            local, within = self._next(local), within - _LENGTH
        return max(at + timedelta(minutes=1), self.opening(local.date()) + min(within, _LENGTH))

    def _next(self, local: datetime) -> datetime:
        days = 8 - local.isoweekday() if local.isoweekday() >= _FRIDAY else 1
        return local + timedelta(days=days)
