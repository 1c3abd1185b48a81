"""The flow that sends waiting messages; who gets what and how is decided elsewhere. Addresses are masked before staff see them."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.gateway.api import PrefectApi, PrefectError
from flows.ports import Failure, Sent
from huying.access.mask import mask

DELIVER = "deliver 发送通知"
# one run takes a burst, but ends: a run without an end could not be read
_BATCHES = 20
_ROWS = 50


@flow(name=DELIVER, validate_parameters=False)
async def deliver(send_batch: Callable[[], Sent], api: PrefectApi | None = None) -> State[Any]:
    """Send batch after batch until none is left, and say what became of them."""
    log = get_run_logger()
    accepted, failures = 0, list[Failure]()
    for _ in range(_BATCHES):
        sent = await asyncio.to_thread(send_batch)
        if not sent.accepted and not sent.failures:
            break
        accepted += sent.accepted
        failures += sent.failures
        log.info("已受理 %d 条，未成 %d 条", sent.accepted, len(sent.failures))
        for failure in sent.failures:
            log.warning("未成：%s《%s》%s", mask(failure.to), failure.subject, mask(failure.reason))
    if failures and api is not None:
        await _show_failures(api, failures)
    return Completed(
        name="已发送" if not failures else "部分未成", message=f"受理 {accepted} 条，未成 {len(failures)} 条"
    )


async def _show_failures(api: PrefectApi, failures: list[Failure]) -> None:
    rows = [{"收件": mask(f.to), "主题": f.subject, "原因": mask(f.reason)} for f in failures[:_ROWS]]
    table = json.dumps(rows, ensure_ascii=False)
    words = f"未成的通知 {len(failures)} 条，系统会自动重发"
    try:
        await api.create_artifact(UUID(str(flow_run.get_id())), "failed-deliveries", "table", table, words)
    except PrefectError:
        get_run_logger().info("失败清单没有存上")
