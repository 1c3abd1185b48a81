"""The flows that run by the clock: firing timers whose moment has come, and the daily housekeeping. What they do is decided elsewhere."""

import asyncio
from collections.abc import Callable
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

SWEEP = "sweep 到期巡检"
HOUSEKEEPING = "housekeeping 例行整理"
_BATCHES = 50


@flow(name=SWEEP, validate_parameters=False)
async def sweep(fire_due: Callable[[], int]) -> State[Any]:
    """Fire timers, batch after batch, until none is due."""
    fired = 0
    for _ in range(_BATCHES):
        now = await asyncio.to_thread(fire_due)
        fired += now
        if not now:
            break
        get_run_logger().info("触发到期事项 %d 项", now)
    return Completed(name="已巡检", message=f"触发 {fired} 项" if fired else "没有到期事项")


@flow(name=HOUSEKEEPING, validate_parameters=False)
async def housekeeping(housekeep: Callable[[], str]) -> State[Any]:
    """Do the daily work on the database."""
    words = await asyncio.to_thread(housekeep)
    get_run_logger().info("%s", words)
    return Completed(name="已整理", message=words)
