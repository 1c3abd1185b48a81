"""The flow that tells other systems of what happened to issues; who is told what, and how often it is tried, is decided elsewhere."""

import asyncio
from collections.abc import Callable
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.ports import Posted

OUTWARD = "outward 对外推送"
_BATCHES = 20
_NAMED = 20


@flow(name=OUTWARD, validate_parameters=False)
async def outward(post_batch: Callable[[], Posted]) -> State[Any]:
    """Send batch after batch until none is left, and say what was not taken."""
    log = get_run_logger()
    accepted, failed = 0, 0
    for _ in range(_BATCHES):
        posted = await asyncio.to_thread(post_batch)
        if not posted.accepted and not posted.failures:
            break
        accepted, failed = accepted + posted.accepted, failed + len(posted.failures)
        for failure in posted.failures[:_NAMED]:
            log.warning("未送达，稍后再试：%s %s %s", failure.to, failure.subject, failure.reason)
    if failed:
        return Completed(name="部分未成", message=f"送达 {accepted} 条，未成 {failed} 条，系统会自动重试")
    return Completed(name="已推送", message=f"送达 {accepted} 条")
