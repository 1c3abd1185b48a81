"""Calls of other systems: each on a thread of its own, few at once for any one system, so that one that hangs holds up nothing else.

A call begins at once, whatever Prefect does. What ended is shown in a run afterwards, one for all that ended while the last one was shown: a run
that stayed open for each call that hangs would hold up Prefect.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import Abort, Pause

from flows.gateway.api import PrefectApi, PrefectAway
from flows.gateway.link import PrefectLink
from flows.ports import Ports, ShownEffect
from flows.runs.work import ENGINE_ERRORS, WORK, WorkLedger, ending, engage, fresh_run, mirror, patiently, went_without
from flows.view.projector import Projector
from huying.incidents.reason import reason_of

_log = logging.getLogger("huying.flows")

# threads that wait cost next to nothing; several systems must hang before another has to wait for them
AT_ONCE = 32
# of what could not be shown in time, so many are remembered
_UNSHOWN = 500
_FAREWELL = 5.0

Wait = Callable[[ShownEffect], Awaitable[None]]


@task(name="call 调用", task_run_name="{words}", cache_policy=NO_CACHE)
async def call(words: str, effect: ShownEffect, wait: Wait) -> None:
    """Say what a call came to. It is tried again as its process says, and never by Prefect."""
    get_run_logger().info("%s %s", effect.number, effect.words)
    await wait(effect)


@flow(name=WORK, validate_parameters=False)
async def work_calls(effects: Sequence[ShownEffect], wait: Wait, ledger: WorkLedger) -> State[Any]:
    """One task per call, in order."""
    for effect in effects:
        # Prefect's types say that a state is given at once; of an async task it is awaited
        state: State[Any] = await call(effect.words, effect, wait, return_state=True)  # type: ignore[misc]
        if state.is_completed():
            ledger.done.add(effect.id)
        else:
            ledger.failed[effect.id] = state.message or "失败"
    return ending(ledger)


class Calls:
    """The calls that one dispatcher makes."""

    def __init__(
        self, ports: Ports, api: PrefectApi, projector: Projector, link: PrefectLink, slots: asyncio.Semaphore
    ) -> None:
        self._ports = ports
        self._api = api
        self._projector = projector
        self._link = link
        self._slots = slots
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="call")
        self._under_way: dict[int, tuple[ShownEffect, asyncio.Task[None]]] = {}
        self._unshown: dict[int, tuple[ShownEffect, asyncio.Task[None]]] = {}
        self._showing: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()

    async def begin_waiting(self) -> bool:
        """Begin the calls that wait, as far as there is room; whether there were any."""
        self._show()
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return False
        systems = Counter(effect.system for effect, _ in self._under_way.values())
        effects = await asyncio.to_thread(self._ports.claim_calls, room, systems)
        for effect in effects:
            made = asyncio.create_task(self._make(effect))
            made.add_done_callback(_noted)
            self._under_way[effect.id] = effect, made
        return bool(effects)

    async def finish(self) -> None:
        """Wait for the calls that are under way, and a moment for what shows them."""
        if self._under_way:
            await asyncio.wait([made for _, made in self._under_way.values()])
        self._show()
        if self._showing is not None:
            await asyncio.wait({self._showing}, timeout=_FAREWELL)
        self._threads.shutdown(wait=False)

    async def _make(self, effect: ShownEffect) -> None:
        """Make one call; raises when it failed, which is noted then."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._ports.perform, effect)
        # a port of the house, whose every failure is noted and tried again later
        except Exception as error:
            await asyncio.to_thread(self._ports.fail, effect, reason_of(error))
            raise
        finally:
            self._unshown[effect.id] = self._under_way.pop(effect.id)
            self.ended.set()

    def _show(self) -> None:
        """Have what ended shown in a run: one call in a run of its own under its issue's, several together."""
        for number in list(self._unshown)[:-_UNSHOWN]:
            del self._unshown[number]
        if not self._unshown or (self._showing is not None and not self._showing.done()):
            return
        several, self._unshown = self._unshown, {}
        self._showing = asyncio.create_task(self._run(several))
        self._showing.add_done_callback(_noted)

    async def _run(self, several: dict[int, tuple[ShownEffect, asyncio.Task[None]]]) -> None:
        effects = [effect for effect, _ in several.values()]

        async def wait(effect: ShownEffect) -> None:
            await asyncio.shield(several[effect.id][1])

        try:
            if self._link.up:
                async with self._slots:
                    await self._shown(effects, wait)
        except (Abort, Pause) as signal:
            _log.info("显示调用的运行在 Prefect 中被中止：%s", signal)
        except PrefectAway as error:
            await self._link.doubt(error)
            if self._link.up:
                # only busy: a run of the same key is not made twice
                self._unshown = several | self._unshown
        except ENGINE_ERRORS as error:
            went_without("调用外部系统", error)
            await self._link.doubt(error)

    async def _shown(self, effects: Sequence[ShownEffect], wait: Wait) -> None:
        ledger, first = WorkLedger(), effects[0]
        given = {"effects": effects, "wait": wait, "ledger": ledger}
        tags = ("办理", "调用", *((f"issue:{first.number}",) if len(effects) == 1 else ("批量",)))
        if len(effects) > 1:
            name = f"work 调用外部系统 {first.number} 等 {len(effects)} 项"
            run = await fresh_run(self._api, name, f"calls:{uuid4()}", tags)
            await patiently(engage(work_calls, run, given), ledger)
            return
        key = f"{first.number}:{first.sequence}:call:{first.id}:{first.attempts}"
        name = f"{first.number} {first.step} · {first.words}"[:120]
        issue_run: UUID = await self._projector.run_of(first)
        parent = await self._api.create_task_run(issue_run, key, name)
        run = await fresh_run(self._api, name, key, (*tags, *(("重试",) if first.attempts else ())), parent)
        await patiently(engage(work_calls, run, given), ledger)
        await self._api.set_task_run_state(parent, mirror(ledger, run["id"]))


def _noted(over: "asyncio.Task[None]") -> None:
    """What became of it has been written down where it belongs; nobody else waits for it."""
    if not over.cancelled() and over.exception() is not None:
        _log.info("调用外部系统：%s", type(over.exception()).__name__)
