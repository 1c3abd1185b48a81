"""Where passphrases are checked and hashed: apart from the threads of pages, two at once, with few waiting.

A check takes a core for a tenth of a second and tens of MiB: with fifty at once on the threads of pages, no page would be answered. Its threads
have the lowest priority, so that a page that is asked for meanwhile goes first.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from huying.errors import Later

_Result = TypeVar("_Result")
_AT_ONCE, _WAITING = 2, 8
_NICE = 19


class Busy(Later):
    """Too many log in at this moment."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(3, "现在登录的人太多", "Too many people log in at this moment")


class PassphraseQueue:
    """Two threads of its own, and a bound of those who wait for them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, "passphrase", initializer=_step_back)
        self._taken = 0
        self._lock = threading.Lock()

    async def run(self, check: Callable[[], _Result]) -> _Result:
        """Do it when it is its turn; ``Busy`` at once if too many wait."""
        with self._lock:
            if self._taken >= _AT_ONCE + _WAITING:
                raise Busy
            self._taken += 1
        try:
            # shielded: who goes away meanwhile must not free the place before the thread is free
            done = asyncio.get_running_loop().run_in_executor(self._threads, contextvars.copy_context().run, check)
            done.add_done_callback(lambda _: self._leave())
        except BaseException:
            self._leave()
            raise
        return await asyncio.shield(done)

    def _leave(self) -> None:
        with self._lock:
            self._taken -= 1


def _step_back() -> None:
    """Let all other threads go first, where the system knows priorities of threads."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
