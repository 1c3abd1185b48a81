"""Whether Prefect is there: asked in the background, believed at once when a call fails, and told in one line when it changes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from flows.gateway.api import PrefectApi, PrefectError, PrefectRefused

_log = logging.getLogger("huying.flows")


class PrefectLink:
    """The state of the connection to one server; it begins as down, so that nothing waits for a server that is still starting."""

    def __init__(self, api: PrefectApi, connected: Callable[[], Awaitable[None]], every: float = 2.0) -> None:
        self.api = api
        self.up = False
        self._connected = connected
        self._every = every
        self._told = True

    def lost(self, reason: object) -> None:
        """A call found the server away."""
        if self.up:
            _log.warning("Prefect 没有应答，先不经它办理：%s", reason)
            self.up = False

    async def doubt(self, reason: object) -> None:
        """A call failed: the server may be away, or only busy."""
        if self.up and not await self.api.alive():
            self.lost(reason)

    async def failed(self, error: BaseException) -> None:
        """A call failed with that error; what the server would not do is said."""
        if isinstance(error, PrefectRefused):
            _log.warning("Prefect 没有照办：%s", error)
        await self.doubt(error)

    async def watch(self) -> None:
        """One probe; when the server is back, `connected` is run before anybody uses it."""
        alive = await self.api.alive()
        if self.up and not alive:
            self.lost("健康检查未通过")
        elif alive and not self.up:
            self.api.forget()
            try:
                await self._connected()
            except PrefectError as error:
                _log.info("Prefect 尚未就绪：%s", error)
                return
            self.up = True
            _log.info("已连上 Prefect")

    async def keep(self, stop: asyncio.Event) -> None:
        """Probe until told to stop: often while it is down, seldom while it is up."""
        while not stop.is_set():
            await self.watch()
            await pause(stop, self._every * (5 if self.up else 1))


async def pause(stop: asyncio.Event, seconds: float, wake: asyncio.Event | None = None) -> None:
    """Sleep, but not past the stop, nor when woken."""
    waits = [asyncio.ensure_future(event.wait()) for event in (stop, wake) if event is not None]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
