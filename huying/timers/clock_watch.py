"""Watching the wall clock of a running process: readings are taken, what is thought of them is kept and logged."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from huying.timers.clock_memory import this_start
from huying.timers.steady_clock import SteadyClock

#: So little is not worth a write: it is corrected all the time.
_SLIGHT = timedelta(seconds=5)
_log = logging.getLogger("huying.clock")


def _since_start() -> timedelta:
    """The time since the machine was started, its sleep included; nobody can set it."""
    return timedelta(seconds=time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)))


@dataclass
class Watch:
    """Told the moments at which something is to fire; asked from several threads."""

    steady: Callable[[], timedelta] = _since_start
    start: str = field(default_factory=this_start)
    _judge: SteadyClock = field(default_factory=SteadyClock)
    _doubt: str = ""
    _begun: bool = False
    _kept: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, now: datetime) -> bool:
        """Take note of a moment; whether the clock was set back, or may have been before this process began."""
        with self._lock:
            trust = self._judge.read(now, self.steady())
            self._say(_doubt_words(self._judge.ahead) if trust == "doubtful" else "", now)
            if trust == "set back":
                _log.warning("系统时钟被拨慢，现为 %s。 The clock was set back.", now.isoformat(timespec="seconds"))
            first, self._begun = not self._begun, True
            return first or trust == "set back"

    @property
    def begun(self) -> datetime | None:
        """By the clock that is believed, the moment at which the machine was started."""
        return self._judge.begun

    def resume(self, begun: datetime) -> None:
        """Before the first reading: what the process before this one believed."""
        with self._lock:
            self._judge.resume(begun)

    def to_keep(self) -> datetime | None:
        """``begun``, if it is to be kept for the processes that come after and was not yet."""
        with self._lock:
            begun = self._judge.begun
            if begun is None or not self.start or (self._kept and abs(begun - self._kept) < _SLIGHT):
                return None
            self._kept = begun
            return begun

    def _say(self, doubt: str, now: datetime) -> None:
        if doubt and not self._doubt:
            _log.warning("%s", doubt)
        elif self._doubt and not doubt:
            _log.warning("系统时钟恢复可信，现为 %s。 The clock is believed again.", now.isoformat(timespec="seconds"))
        self._doubt = doubt

    @property
    def doubt(self) -> str:
        """Why the clock is not to be believed now; empty when it is."""
        return self._doubt


def _doubt_words(ahead: timedelta) -> str:
    minutes = round(ahead.total_seconds() / 60)
    return (
        f"系统时钟突然快了 {minutes} 分钟，暂不触发到期事项，请核对时间。"
        f" The clock jumped ahead by {minutes} minutes; nothing is fired for now, please check it."
    )
