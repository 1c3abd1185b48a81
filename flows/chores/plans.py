"""The flow that carries on what comes round by itself: plans, rotas, quotas, announcements. What is due, and what it means, is decided elsewhere."""

import asyncio
from collections.abc import Callable
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.ports import Recurred

RECURRING = "recur 例行计划"
_BATCHES = 50


@flow(name=RECURRING, validate_parameters=False)
async def recurring(carry_on: Callable[[], Recurred]) -> State[Any]:
    """Carry plans on, batch after batch, until nothing is left, and say in the log what was done."""
    log = get_run_logger()
    done, failed = 0, 0
    for _ in range(_BATCHES):
        did = await asyncio.to_thread(carry_on)
        if not did.done and not did.failures:
            break
        for words in did.done:
            log.info("%s", words)
        for words in did.failures:
            log.warning("未成，稍后再试：%s", words)
        done, failed = done + len(did.done), failed + len(did.failures)
    if failed:
        return Completed(name="部分未成", message=f"办理 {done} 项，未成 {failed} 项，系统会自动重试")
    return Completed(name="已办", message=f"办理 {done} 项" if done else "没有到期的计划")
