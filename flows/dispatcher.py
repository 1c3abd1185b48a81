"""The loop that carries effects out, sends messages, fires timers and keeps the view up to date: with Prefect when it answers, without it when not.

The database's leases and keys make every effect happen once; nothing here is a record of anything.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import groupby

from flows.chores.attendance import Attendance
from flows.console import Console
from flows.gateway.api import PrefectApi, PrefectAway, PrefectError
from flows.gateway.link import PrefectLink, pause
from flows.ports import Outdated, Ports, ShownEffect
from flows.runs.batch import carry_out_batch, carry_out_without
from flows.runs.calls import Calls
from flows.runs.pace import Pace
from flows.runs.work import WorkLedger, WorkRun, carry_out, carry_out_directly
from flows.view.projector import Projector
from huying.chores import CHORES

_log = logging.getLogger("huying.flows")

# on SQLite a second run at once only makes both slower
RUNS_AT_ONCE = 1

_IDLE = 0.3
_SELDOM = 1.0
_SCHEDULES = 5.0
_BEAT = 2.0
_SLOWEST = 10.0


class Dispatcher:
    """One dispatcher of one house; several may share a database."""

    def __init__(self, ports: Ports, api: PrefectApi) -> None:
        self._ports = ports
        self._api = api
        self._projector = Projector(api, ports)
        self._console = Console(api, ports, self._projector)
        self._link = PrefectLink(api, self._on_connected)
        self._chores = Attendance(ports, api, self._link)
        self._slots = asyncio.Semaphore(RUNS_AT_ONCE)
        self._calls = Calls(ports, api, self._projector, self._link, self._slots)
        self._pace = Pace()
        self._wakes = {chore: asyncio.Event() for chore in CHORES if chore.follows_effects}
        self._loaded = False

    @property
    def connected(self) -> bool:
        """Whether work is shown in Prefect at the moment."""
        return self._link.up

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is under way is finished first."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._link.keep(stop))
            group.create_task(_repeat(self._calls.begin_waiting, _IDLE, stop, self._calls.ended))
            for chore in CHORES:
                if chore.due is not None:
                    step = partial(self._chores.attend, chore)
                    group.create_task(_repeat(step, chore.pace, stop, self._wakes.get(chore)))
            for loop, idle in (
                (self.carry_out_waiting, _IDLE),
                (self.catch_up_view, _IDLE),
                (self._chores.run_scheduled, _SCHEDULES),
                (self.listen_to_staff, _SELDOM),
                (self.beat, _BEAT),
            ):
                group.create_task(_repeat(loop, idle, stop))
        await self._calls.finish()
        await self._say_farewell()

    async def carry_out_waiting(self) -> bool:
        """Claim effects and carry them out; whether there were any."""
        effects = await asyncio.to_thread(self._ports.claim_effects, self._pace.claim())
        self._loaded = False
        if not effects:
            return False
        steps = [list(group) for _, group in groupby(_by_issue(effects), lambda e: (e.issue_id, e.sequence))]
        if not self._link.up:
            await self._note(effects, await carry_out_without(effects, self._ports.perform_many))
        elif self._pace.is_quiet(len(steps), max(effect.waited for effect in effects)):
            await asyncio.gather(*(self._carry_out_step(step) for step in steps))
        else:
            self._loaded = True
            await self._note(effects, await carry_out_batch(self._api, effects, self._ports.perform_many, self._pace))
        self._wake()
        return True

    async def catch_up_view(self) -> bool:
        """Show the issues that moved on, if no other dispatcher does; whether there were any."""
        if not self._link.up or not await asyncio.to_thread(self._ports.keeps_view):
            return False
        try:
            return await self._projector.catch_up(lambda: self._loaded) > 0
        except PrefectAway as error:
            await self._link.doubt(error)
            return False

    async def listen_to_staff(self) -> bool:
        """Deal with what staff did on Prefect's pages; whether there was anything."""
        if not self._link.up:
            return False
        try:
            return await self._console.listen() > 0
        except PrefectAway as error:
            await self._link.doubt(error)
            return False

    async def beat(self) -> bool:
        """Say that the dispatcher is well."""
        await asyncio.to_thread(self._ports.beat, self.connected)
        return False

    async def _say_farewell(self) -> None:
        try:
            await asyncio.to_thread(self._ports.leave)
        # the database may be what went first: others hear it from the silence
        except Exception:
            _log.info("未能登记停止")

    async def _on_connected(self) -> None:
        self._projector.forget()
        if await self._chores.connected():
            again = await asyncio.to_thread(self._ports.show_again)
            _log.info("Prefect 的数据是新的，重建 %d 件事项的视图", again)

    def _wake(self) -> None:
        for wake in self._wakes.values():
            wake.set()

    async def _carry_out_step(self, effects: list[ShownEffect]) -> None:
        first = effects[0]
        async with self._slots:
            begun = time.monotonic()
            try:
                issue_run = await self._projector.run_of(first)
            except PrefectError as error:
                await self._link.failed(error)
                return await self._note(effects, await carry_out_directly(effects, self._ports.perform))
            ledger = await carry_out(self._api, issue_run, _run_of(effects), effects, self._ports.perform)
            if ledger.seen:
                self._pace.ran(time.monotonic() - begun)
            else:
                self._projector.lost(first.issue_id)
            self._wake()
            await self._note(effects, ledger)

    async def _note(self, effects: Sequence[ShownEffect], ledger: WorkLedger) -> None:
        if not ledger.seen:
            await self._link.doubt("办理中断")
        for effect in effects:
            if effect.id in ledger.failed:
                await asyncio.to_thread(self._ports.fail, effect, ledger.failed[effect.id])


def _run_of(effects: Sequence[ShownEffect]) -> WorkRun:
    first = effects[0]
    return WorkRun(
        name=f"{first.number} {first.step} · {'、'.join(dict.fromkeys(e.words for e in effects))}"[:120],
        key=f"{first.number}:{first.sequence}:{first.attempts}",
        tags=("办理", f"issue:{first.number}", *(("重试",) if first.attempts else ())),
    )


def _by_issue(effects: Sequence[ShownEffect]) -> list[ShownEffect]:
    return sorted(effects, key=lambda effect: (effect.issue_id, effect.sequence, effect.id))


async def _repeat(
    step: Callable[[], Awaitable[bool]], idle: float, stop: asyncio.Event, wake: asyncio.Event | None = None
) -> None:
    """Take the step again and again: at once while there is work or when woken, else after a pause, ever longer while it fails."""
    wait = idle
    while not stop.is_set():
        if wake is not None:
            wake.clear()
        try:
            wait = 0.0 if await step() else idle
        except Outdated:
            raise
        # the outermost edge of a loop: a failing database must not end it. Abort and Pause are no Exceptions in Prefect
        # and are dealt with where flows are run
        except Exception:
            wait = min(_SLOWEST, max(idle, wait) * 2)
            _log.exception("派发出错，%.1f 秒后再试", wait)
        await pause(stop, wait, wake)
