"""Having all that Prefect shows made again from the database: schedules, saved searches, every issue's run, the ledger."""

import asyncio
import logging
from collections.abc import Callable

from flows.chores.figures import write_ledger
from flows.chores.schedule import register
from flows.gateway.api import PrefectApi, PrefectError
from flows.ports import Ports
from flows.view.furniture import furnish, searches
from flows.view.projector import Projector

_log = logging.getLogger("huying.flows")
Say = Callable[[str], None]

_EVERY = 1.0
_ATTEMPTS = 4
# when nothing more is shown for so long, what is left cannot be
_PATIENCE = 60.0


async def rebuild(
    api: PrefectApi, ports: Ports, left: Callable[[], int], dispatching: Callable[[], bool], say: Say
) -> bool:
    """Do it, and tell how it goes; whether it was done. While a dispatcher is at work it shows the issues, and this one watches.

    `left`: how many issues are still to be shown. Nothing is lost when it is broken off: the dispatcher goes on with the rest.
    """
    total = await asyncio.to_thread(ports.show_again)
    say(f"{total} 件事项将重新显示。 {total} issues will be shown anew.")
    if not await _answers(api):
        say(
            "Prefect 没有应答；它恢复后由派发程序接着重建。 Prefect does not answer; the dispatcher goes on once it does."
        )
        return False
    for attempt in range(_ATTEMPTS):
        try:
            await _rebuild(api, ports, left, dispatching, say)
            return True
        except PrefectError as error:
            # a server that was just started, or is busy, refuses now and then
            say(f"Prefect 一时不能用（{error}）。 Prefect could not do it just now.")
            await asyncio.sleep(_EVERY * 2**attempt)
    say("重建中断，余下的由派发程序接着做。 Broken off; the dispatcher goes on with the rest.")
    return False


async def _answers(api: PrefectApi) -> bool:
    """Whether the server answers; one that was just started, or is busy, is given some time."""
    for attempt in range(_ATTEMPTS):
        if await api.alive(10):
            return True
        await asyncio.sleep(_EVERY * 2**attempt)
    return False


async def _rebuild(
    api: PrefectApi, ports: Ports, left: Callable[[], int], dispatching: Callable[[], bool], say: Say
) -> None:
    registered = await register(api)
    ledger = await asyncio.to_thread(ports.ledger)
    await furnish(api, searches(ledger))
    say(
        f"定时运行 {len(registered.chores)} 个，保存的查询 {len(searches(ledger))} 个。 "
        f"{len(registered.chores)} schedules, {len(searches(ledger))} saved searches."
    )
    await _show_all(api, ports, left, dispatching, say)
    written = await write_ledger(api, await asyncio.to_thread(ports.ledger))
    say(f"台账 {written} 份已更新。 {written} parts of the ledger were written.")


async def _show_all(
    api: PrefectApi, ports: Ports, left: Callable[[], int], dispatching: Callable[[], bool], say: Say
) -> None:
    projector = Projector(api, ports)
    total = remaining = await asyncio.to_thread(left)
    told = moved = asyncio.get_running_loop().time()
    while remaining and asyncio.get_running_loop().time() - moved < _PATIENCE:
        if await asyncio.to_thread(dispatching):
            await asyncio.sleep(_EVERY)
        elif not await projector.catch_up():
            break
        before, remaining = remaining, await asyncio.to_thread(left)
        now = asyncio.get_running_loop().time()
        moved = now if remaining < before else moved
        if not remaining or now - told >= _EVERY:
            told = now
            say(f"已显示 {total - remaining} / {total} shown")
    if remaining:
        say(f"{remaining} 件无法显示，原因在日志中。 {remaining} could not be shown; the log says why.")
