"""The chores that one dispatcher attends to: what is due, what its schedule says, and what staff start by hand; in runs while Prefect is there."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from prefect.exceptions import Abort, Pause

from flows.chores.flow import flow_of
from flows.chores.schedule import Registered, register, take, tidy
from flows.gateway.api import PrefectApi, PrefectAway, PrefectError, PrefectRefused, PrefectUnknown
from flows.gateway.link import PrefectLink
from flows.ports import Ports
from flows.runs.work import ENGINE_ERRORS, engage, pending
from huying.chores import CHORES
from huying.chores.chore import Chore

_log = logging.getLogger("huying.flows")
_TIDY_EVERY = 300.0


class RunFailed(Exception):
    """A flow ran, and failed because the house did."""


class Attendance:
    """Whoever attends to the chores."""

    def __init__(self, ports: Ports, api: PrefectApi, link: PrefectLink) -> None:
        self._ports = ports
        self._api = api
        self._link = link
        self._registered = Registered(chores={}, fresh=False)
        self._at_once: list[Chore] = []
        self._tidied_at: datetime | None = None

    async def attend(self, chore: Chore) -> bool:
        """Carry a chore on if anything is due; whether there was."""
        if not await asyncio.to_thread(self._ports.due, chore):
            return False
        if chore.run is None or not await self._run(chore):
            await asyncio.to_thread(self._ports.carry_on, chore)
        return True

    async def run_scheduled(self) -> bool:
        """Take the runs whose time has come by their schedule, or that staff have started; whether there were any."""
        if not self._link.up:
            return False
        now = datetime.now(UTC)
        try:
            taken = await take(self._api, self._registered, now)
            for chore, run in taken:
                await self._engage(chore, run)
            self._at_once = [chore for chore in self._at_once if not await self._run(chore)]
            if self._tidied_at is None or (now - self._tidied_at).total_seconds() > _TIDY_EVERY:
                await tidy(self._api, now)
                self._tidied_at = now
        except PrefectAway as error:
            await self._link.doubt(error)
            return False
        return bool(taken)

    async def connected(self) -> bool:
        """Have Prefect know the schedules; whether it knew none of them, because its data is new."""
        try:
            self._registered = await register(self._api)
        except (PrefectRefused, PrefectUnknown) as error:
            # a mistake about schedules must not keep everything else from being shown
            _log.warning("定时运行未能登记：%s", error)
        self._at_once = [chore for chore in CHORES if chore.when_connected]
        return self._registered.fresh

    async def _run(self, chore: Chore) -> bool:
        """Run a chore's flow at once, if Prefect is there; whether it ran."""
        if not self._link.up or chore.run is None:
            return False
        try:
            run = await self._api.create_run(chore.run, chore.run, str(uuid4()), pending(), ("系统",))
        except PrefectError as error:
            await self._link.failed(error)
            return False
        return await self._engage(chore, run)

    async def _engage(self, chore: Chore, run: dict[str, Any]) -> bool:
        try:
            state = await engage(flow_of(chore), run, {"chore": chore, "ports": self._ports, "api": self._api})
        except (Abort, Pause) as signal:
            _log.info("%s 在 Prefect 中被中止：%s", chore.run, signal)
            return False
        except ENGINE_ERRORS as error:
            await self._link.failed(error)
            return False
        if state.is_failed():
            # the loop that asked for it waits, ever longer, instead of filling the list of runs with failures
            raise RunFailed(f"{chore.run}：{state.message}")
        return True
