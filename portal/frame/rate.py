"""How often something may be asked for: so many times in a span of time, for each key, counted in this process."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

#: More keys than this are not remembered; those that asked longest ago are forgotten first.
_MOST_KEYS = 10_000


class Rate:
    """A bound of ``most`` requests in each ``span``."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._lock = Lock()
        self._windows: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> int:
        """Count a request; 0 if it may be answered, else the seconds to wait."""
        with self._lock:
            begun, count = self._windows.pop(key, (now, 0))
            if not begun <= now < begun + self._span:
                begun, count = now, 0
            self._windows[key] = (begun, count + 1)
            while len(self._windows) > _MOST_KEYS:
                self._windows.popitem(last=False)
        return 0 if count < self._most else max(1, int((begun + self._span - now).total_seconds()))
