"""The loop that carries effects out, sends messages, fires timers and keeps the view up to date: with Prefect when it answers, without it when not.

The database's leases and keys make every effect happen once; nothing here is a record of anything.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import uuid4

from prefect.exceptions import Abort, Pause
from prefect.flows import Flow

from flows.chores.deliver import DELIVER, deliver
from flows.chores.figures import FIGURES, figures
from flows.chores.outward import OUTWARD, outward
from flows.chores.plans import RECURRING, recurring
from flows.chores.retention import prune
from flows.chores.schedule import Registered, register, take, tidy
from flows.chores.sweep import MIGRATE, RECKON, SWEEP, housekeeping, migrate, reckon, sweep
from flows.console import Console
from flows.gateway.api import PrefectApi, PrefectAway, PrefectError, PrefectRefused, PrefectUnknown
from flows.gateway.link import PrefectLink, pause
from flows.ports import Effect, Outdated, Ports
from flows.runs.batch import carry_out_batch, carry_out_without
from flows.runs.calls import Calls
from flows.runs.pace import Pace
from flows.runs.work import ENGINE_ERRORS, Ledger, carry_out, carry_out_directly, engage, pending
from flows.view.projector import Projector

_log = logging.getLogger("huying.flows")

# on SQLite a second run at once only makes both slower
RUNS_AT_ONCE = 1

_IDLE = 0.3
_SELDOM = 1.0
_SCHEDULES = 5.0
_TIDY_EVERY = 300.0
_BEAT = 2.0
_SLOWEST = 10.0


class RunFailed(Exception):
    """A flow ran, and failed because the house did."""


class Dispatcher:
    """One dispatcher of one house; several may share a database."""

    def __init__(self, ports: Ports, api: PrefectApi) -> None:
        self._ports = ports
        self._api = api
        self._projector = Projector(api, ports)
        self._console = Console(api, ports, self._projector)
        self._link = PrefectLink(api, self._on_connected)
        self._registered = Registered(plans={}, fresh=False)
        self._slots = asyncio.Semaphore(RUNS_AT_ONCE)
        self._calls = Calls(ports, api, self._projector, self._link, self._slots)
        self._pace = Pace()
        self._told = asyncio.Event()
        self._loaded = False
        self._tidied_at: datetime | None = None
        self._figures_due = False

    @property
    def connected(self) -> bool:
        """Whether work is shown in Prefect at the moment."""
        return self._link.up

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is under way is finished first."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._link.keep(stop))
            group.create_task(_repeat(self.send_waiting, _IDLE, stop, self._told))
            group.create_task(_repeat(self._calls.begin_waiting, _IDLE, stop, self._calls.ended))
            for step, idle in (
                (self.carry_out_waiting, _IDLE),
                (self.tell_outwards, _IDLE),
                (self.fire_waiting, _SELDOM),
                (self.reckon_waiting, _SELDOM),
                (self.migrate_on, _SCHEDULES),
                (self.carry_plans_on, _SCHEDULES),
                (self.settle_incidents, _SCHEDULES),
                (self.catch_up_view, _IDLE),
                (self.run_scheduled, _SCHEDULES),
                (self.listen_to_staff, _SELDOM),
                (self.beat, _BEAT),
            ):
                group.create_task(_repeat(step, idle, stop))
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
        self._told.set()
        return True

    async def send_waiting(self) -> bool:
        """Send the messages that wait; whether there were any."""
        if not await asyncio.to_thread(self._ports.pending_deliveries):
            return False
        parameters = {"send_batch": self._ports.send_batch, "api": self._api}
        if not await self._run_now(deliver, DELIVER, parameters):
            await asyncio.to_thread(self._ports.send_batch)
        return True

    async def tell_outwards(self) -> bool:
        """Tell other systems what they wait for; whether there was anything."""
        if not await asyncio.to_thread(self._ports.events_waiting):
            return False
        if not await self._run_now(outward, OUTWARD, {"post_batch": self._ports.post_events}):
            await asyncio.to_thread(self._ports.post_events)
        return True

    async def fire_waiting(self) -> bool:
        """Fire the timers that are due; whether there were any."""
        if not await asyncio.to_thread(self._ports.due_timers):
            return False
        if not await self._run_now(sweep, SWEEP, {"fire_due": self._ports.fire_due}):
            await asyncio.to_thread(self._ports.fire_due)
        return True

    async def reckon_waiting(self) -> bool:
        """Reckon the deadlines again whose calendar has changed; whether there were any."""
        if not await asyncio.to_thread(self._ports.behind_calendar):
            return False
        if not await self._run_now(reckon, RECKON, {"reckon_again": self._ports.reckon_again}):
            await asyncio.to_thread(self._ports.reckon_again)
        return True

    async def migrate_on(self) -> bool:
        """Let running issues go on by another version, where staff asked for it; whether there were any."""
        if not await asyncio.to_thread(self._ports.migrations_waiting):
            return False
        if not await self._run_now(migrate, MIGRATE, {"migrate_on": self._ports.migrate_on}):
            await asyncio.to_thread(self._ports.migrate_on)
        return True

    async def carry_plans_on(self) -> bool:
        """Carry on the plans that came round; whether there were any."""
        if not await asyncio.to_thread(self._ports.plans_due):
            return False
        if not await self._run_now(recurring, RECURRING, {"carry_on": self._ports.carry_plans_on}):
            await asyncio.to_thread(self._ports.carry_plans_on)
        return True

    async def settle_incidents(self) -> bool:
        """Close the incidents whose cause is over; whether there were any."""
        return await asyncio.to_thread(self._ports.settle_incidents) > 0

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

    async def run_scheduled(self) -> bool:
        """Take the runs whose time has come by their schedule, or that staff have started; whether there were any."""
        if not self._link.up:
            return False
        now = datetime.now(UTC)
        try:
            taken = await take(self._api, self._registered, now)
            for plan, run in taken:
                await self._engage(plan.flow, run, self._parameters(plan.flow))
            if self._figures_due:
                # staff who open the pages of a server that has just come find the ledger, not an hour's wait for it
                self._figures_due = not await self._run_now(figures, FIGURES, self._parameters(figures))
            if self._tidied_at is None or (now - self._tidied_at).total_seconds() > _TIDY_EVERY:
                await tidy(self._api, now)
                self._tidied_at = now
        except PrefectAway as error:
            await self._link.doubt(error)
            return False
        return bool(taken)

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
        try:
            self._registered = await register(self._api)
        except (PrefectRefused, PrefectUnknown) as error:
            # a mistake about schedules must not keep everything else from being shown
            _log.warning("定时运行未能登记：%s", error)
        if self._registered.fresh:
            again = await asyncio.to_thread(self._ports.show_again)
            _log.info("Prefect 的数据是新的，重建 %d 件事项的视图", again)
        self._figures_due = True

    async def _carry_out_step(self, effects: list[Effect]) -> None:
        first = effects[0]
        async with self._slots:
            begun = time.monotonic()
            try:
                issue_run = await self._projector.run_of(first)
            except PrefectError as error:
                await self._away(error)
                return await self._note(effects, await carry_out_directly(effects, self._ports.perform))
            key = f"{first.number}:{first.sequence}:{first.attempts}"
            name = f"{first.number} {first.step} · {'、'.join(dict.fromkeys(e.words for e in effects))}"[:120]
            tags = ("办理", f"issue:{first.number}", *(("重试",) if first.attempts else ()))
            ledger = await carry_out(self._api, issue_run, name, key, tags, effects, self._ports.perform)
            if ledger.seen:
                self._pace.ran(time.monotonic() - begun)
            else:
                self._projector.lost(first.issue_id)
            self._told.set()
            await self._note(effects, ledger)

    async def _note(self, effects: Sequence[Effect], ledger: Ledger) -> None:
        if not ledger.seen:
            await self._link.doubt("办理中断")
        for effect in effects:
            if effect.id in ledger.failed:
                await asyncio.to_thread(self._ports.fail, effect, ledger.failed[effect.id])

    async def _run_now(self, flow: Flow[..., Any], name: str, parameters: dict[str, Any]) -> bool:
        """Run a flow at once, if Prefect is there; whether it ran."""
        if not self._link.up:
            return False
        try:
            run = await self._api.create_run(name, name, str(uuid4()), pending(), ("系统",))
        except PrefectError as error:
            await self._away(error)
            return False
        return await self._engage(flow, run, parameters)

    async def _engage(self, flow: Flow[..., Any], run: dict[str, Any], parameters: dict[str, Any]) -> bool:
        try:
            state = await engage(flow, run, parameters)
        except (Abort, Pause) as signal:
            _log.info("%s 在 Prefect 中被中止：%s", flow.name, signal)
            return False
        except ENGINE_ERRORS as error:
            await self._away(error)
            return False
        if state.is_failed():
            # the loop that asked for it waits, ever longer, instead of filling the list of runs with failures
            raise RunFailed(f"{flow.name}：{state.message}")
        return True

    def _parameters(self, flow: Flow[..., Any]) -> dict[str, Any]:
        if flow is housekeeping:
            return {"housekeep": self._ports.housekeep, "prune": self._prune}
        if flow is figures:
            return {"ledger": self._ports.ledger, "api": self._api}
        if flow is recurring:
            return {"carry_on": self._ports.carry_plans_on}
        return {"fire_due": self._ports.fire_due}

    async def _prune(self) -> int:
        closed, work = await asyncio.to_thread(self._ports.retention)
        return await prune(self._api, closed, work, datetime.now(UTC))

    async def _away(self, error: BaseException) -> None:
        if isinstance(error, PrefectRefused):
            _log.warning("Prefect 没有照办：%s", error)
        await self._link.doubt(error)


def _by_issue(effects: Sequence[Effect]) -> list[Effect]:
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
