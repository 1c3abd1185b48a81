"""When somebody is not to be told, and when a digest goes out: moments of a clock on the wall, in a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``starts`` to ``ends``, over midnight where that is earlier; the same twice: never."""

    starts: str
    ends: str
    zone: str

    def until(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours in which it lies."""
        zone = ZoneInfo(self.zone)
        local = moment.astimezone(zone)
        starts, ends, now = time.fromisoformat(self.starts), time.fromisoformat(self.ends), local.time()
        over_midnight = ends < starts
        inside = (now >= starts or now < ends) if over_midnight else starts <= now < ends
        if not inside:
            return moment
        day = local.date() + timedelta(days=1 if over_midnight and now >= starts else 0)
        return datetime.combine(day, ends, zone).astimezone(UTC)


def next_hour(moment: datetime) -> datetime:
    """The next full hour."""
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def next_daily(moment: datetime, at: str, zone: ZoneInfo) -> datetime:
    """The next time that clocks there show ``at``."""
    local, wanted = moment.astimezone(zone), time.fromisoformat(at)
    day = local.date() + timedelta(days=0 if local.time() < wanted else 1)
    return datetime.combine(day, wanted, zone).astimezone(UTC)
