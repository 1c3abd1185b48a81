"""The flows that run by the clock: firing timers whose moment has come, and the daily housekeeping. What they do is decided elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.ports import Fired, Reckoned

SWEEP = "sweep 到期巡检"
HOUSEKEEPING = "housekeeping 例行整理"
RECKON = "reckon 重算期限"
MIGRATE = "migrate 转换版本"
_BATCHES = 50


@flow(name=SWEEP, validate_parameters=False)
async def sweep(fire_due: Callable[[], Fired]) -> State[Any]:
    """Fire timers, batch after batch, until none is due, and say which could not be fired."""
    log = get_run_logger()
    fired, failures, notice = 0, list[str](), ""
    for _ in range(_BATCHES):
        batch = await asyncio.to_thread(fire_due)
        notice = batch.notice
        if not batch.claimed:
            break
        fired += batch.fired
        failures += batch.failures
        log.info("触发到期事项 %d 项，未成 %d 项", batch.fired, len(batch.failures))
        for failure in batch.failures:
            log.warning("未能触发：%s", failure)
    if notice:
        return Completed(name="暂不触发", message=notice)
    if failures:
        return Completed(name="部分未成", message=f"触发 {fired} 项，未成 {len(failures)} 项，系统会自动重试")
    return Completed(name="已巡检", message=f"触发 {fired} 项" if fired else "没有到期事项")


@flow(name=RECKON, validate_parameters=False)
async def reckon(reckon_again: Callable[[], Reckoned]) -> State[Any]:
    """Reckon deadlines again by a new calendar, batch after batch, until every open issue was looked at."""
    looked_at = moved = 0
    while (batch := await asyncio.to_thread(reckon_again)).looked_at:
        looked_at += batch.looked_at
        moved += batch.moved
        get_run_logger().info("已核对 %d 件，期限有变 %d 件", looked_at, moved)
    return Completed(name="已重算", message=f"核对 {looked_at} 件，期限有变 {moved} 件")


@flow(name=MIGRATE, validate_parameters=False)
async def migrate(migrate_on: Callable[[], int]) -> State[Any]:
    """Let running issues go on by another version, batch after batch, until none can go now."""
    looked_at = 0
    while batch := await asyncio.to_thread(migrate_on):
        looked_at += batch
        get_run_logger().info("已处理 %d 件", looked_at)
    return Completed(name="已转换", message=f"处理 {looked_at} 件，结果见门户“转换版本”")


@flow(name=HOUSEKEEPING, validate_parameters=False)
async def housekeeping(housekeep: Callable[[], str], prune: Callable[[], Awaitable[int]] | None = None) -> State[Any]:
    """Do the daily work on the database, and have old runs leave these pages."""
    words = await asyncio.to_thread(housekeep)
    if prune is not None:
        words += f"、到期运行记录 {await prune()} 条"
    get_run_logger().info("%s", words)
    return Completed(name="已整理", message=words)
