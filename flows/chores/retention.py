"""Old runs go from Prefect by rule; what they showed stays in our database, and is shown again when it moves."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.gateway.api import PrefectApi
from flows.ports import Ports
from flows.view.card import ISSUE
from huying.chores.chore import Portion

# an incident is FAILED, and stays until it is put right
_OVER = ["COMPLETED", "CANCELLED"]
_ENDED = ["COMPLETED", "CANCELLED", "FAILED", "CRASHED"]
# one call deletes 50 at most; a run by the clock takes so many, and the next day's goes on
_CALLS = 200


async def retain(api: PrefectApi, ports: Ports) -> Portion:
    """Have old runs leave these pages, for as long as the house says."""
    closed, work = await asyncio.to_thread(ports.retention)
    gone = await prune(api, closed, work, datetime.now(UTC))
    return Portion(taken=1, done=gone, words=(f"到期运行记录 {gone} 条",))


async def prune(api: PrefectApi, closed_days: float, work_days: float, now: datetime) -> int:
    """Delete the runs of issues that closed longer ago than `closed_days`, and those of work that ended longer ago than `work_days`; how many."""
    closed = _ended_before(now - timedelta(days=closed_days), [ISSUE], _OVER)
    work = _ended_before(now - timedelta(days=work_days), ["办理", "系统"], _ENDED)
    return await _delete(api, closed) + await _delete(api, work)


def _ended_before(moment: datetime, tags: list[str], types: list[str]) -> dict[str, Any]:
    return {
        "tags": {"any_": tags},
        "state": {"type": {"any_": types}},
        "end_time": {"before_": moment.astimezone(UTC).isoformat()},
    }


async def _delete(api: PrefectApi, wanted: dict[str, Any]) -> int:
    deleted = 0
    for _ in range(_CALLS):
        gone = (await api.call("POST", "/flow_runs/bulk_delete", {"flow_runs": wanted}))["deleted"]
        deleted += len(gone)
        if not gone:
            break
    return deleted
