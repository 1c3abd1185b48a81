"""The dispatcher as a process: signals, threads and the way out."""

import asyncio
import logging
import os
import signal
import sys
import threading
from types import FrameType

from flows.dispatcher import Dispatcher
from flows.gateway.api import PrefectApi
from flows.ports import Outdated, Ports

_log = logging.getLogger("huying.flows")
_STOP_WITHIN = 4.0


def serve(ports: Ports, prefect_api_url: str, auth: str | None = None) -> int:
    """Run a dispatcher until SIGTERM or Ctrl-C; the exit code. To be called from the main thread, and to end the process after.

    The settings of `flows.gateway.server.client_environment` must be in the environment before this module is imported.
    `auth`: the `USER:PASSWORD` that Prefect asks for, if it does.
    """
    # Prefect prints "Error logging to API" for each batch of log lines while the server is away; we say it once, in words
    logging.raiseExceptions = False
    # the same of its websocket for events
    logging.getLogger("prefect.events").setLevel(logging.ERROR)
    # the engine takes over SIGTERM while a flow runs in the main thread, and would end the process half-way
    stop = _Stop()
    runner = threading.Thread(target=_run, args=(ports, prefect_api_url, auth, stop), name="dispatcher", daemon=True)
    signal.signal(signal.SIGTERM, stop.on_signal)
    signal.signal(signal.SIGINT, stop.on_signal)
    runner.start()
    while runner.is_alive() and not stop.asked.wait(0.5):
        pass
    runner.join(_STOP_WITHIN)
    return 0 if stop.asked.is_set() else 1


def leave(code: int) -> None:
    """End the process now: Prefect's own threads would wait for a server that may be gone; the database has everything."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


class _Stop:
    """A stop that the main thread asks for and the dispatcher's loop hears."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._event: asyncio.Event | None = None

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked.set()
        if self._loop and self._event and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    def in_loop(self) -> asyncio.Event:
        self._loop, self._event = asyncio.get_running_loop(), asyncio.Event()
        if self.asked.is_set():
            self._event.set()
        return self._event


def _run(ports: Ports, url: str, auth: str | None, stop: _Stop) -> None:
    asyncio.run(_dispatch(ports, url, auth, stop))


async def _dispatch(ports: Ports, url: str, auth: str | None, stop: _Stop) -> None:
    async with PrefectApi(url, auth=auth) as api:
        try:
            await Dispatcher(ports, api).run(stop.in_loop())
        except* Outdated as group:
            # whoever watches over this process starts it again: as the newer program, if that is there by then
            _log.error("%s", group.exceptions[0])
    _log.info("派发程序已停止")
