"""Runs by the clock: deployments whose schedules staff see and pause on Prefect's pages, and a poller that takes their runs.

No worker and no process per run: they run here, in the warm process. A run that staff start by hand is taken like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flows.gateway.api import PrefectApi, PrefectUnknown
from flows.runs.work import WORK
from huying.chores import CHORES
from huying.chores.chore import Chore, Schedule

_ZONE = "Asia/Shanghai"
# an interrupted run is told from a long one by its age: no run of ours lasts so long
_INTERRUPTED_AFTER = timedelta(minutes=10)
_TIDIED_FLOWS = (WORK, *(chore.run for chore in CHORES if chore.run is not None))


@dataclass(frozen=True, kw_only=True)
class Registered:
    """The chores by the id of their deployment; `fresh` when the server knew none of them: its data is new."""

    chores: Mapping[str, Chore]
    fresh: bool


async def register(api: PrefectApi, chores: Sequence[Chore] = CHORES) -> Registered:
    """Have a deployment for each schedule; what staff changed or paused stays, until the schedule itself gets a new version."""
    known = dict[str, Chore]()
    fresh = True
    for chore in chores:
        if chore.run is None or chore.schedule is None:
            continue
        flow_id = await api.flow_id(chore.run)
        there = await _find(api, flow_id, chore.schedule)
        fresh = fresh and there is None
        if there is None or there["version"] != chore.schedule.version:
            there = await api.call("POST", "/deployments/", _deployment(flow_id, chore.schedule))
        known[there["id"]] = chore
    return Registered(chores=known, fresh=fresh)


async def take(api: PrefectApi, registered: Registered, now: datetime) -> list[tuple[Chore, dict[str, Any]]]:
    """The runs that are to start now, at most one a chore and each held by us; older ones of the same chore are skipped."""
    body = {"deployment_ids": list(registered.chores), "scheduled_before": now.isoformat()}
    runs = await api.call("POST", "/deployments/get_scheduled_flow_runs", body)
    newest = {run["deployment_id"]: run for run in sorted(runs, key=lambda run: str(run["next_scheduled_start_time"]))}
    for run in runs:
        if run is not newest[run["deployment_id"]]:
            await _skip(api, UUID(run["id"]))
    taken = []
    for deployment, run in newest.items():
        # within Prefect's rules: when another dispatcher has taken the run, this is refused
        if await api.propose_state(UUID(run["id"]), {"type": "PENDING", "name": "Pending"}):
            chore = registered.chores[deployment]
            # Prefect's scheduler names its runs at random
            await api.call("PATCH", f"/flow_runs/{run['id']}", {"name": chore.run})
            taken.append((chore, await api.call("GET", f"/flow_runs/{run['id']}")))
    return taken


async def tidy(api: PrefectApi, now: datetime) -> int:
    """End the runs whose process or server died under them, so that none looks busy for ever; how many.

    Their work is not lost: the database's own leases have it done again.
    """
    body = {
        "flows": {"name": {"any_": list(_TIDIED_FLOWS)}},
        "flow_runs": {
            "state": {"type": {"any_": ["RUNNING", "PENDING"]}},
            "expected_start_time": {"before_": (now.astimezone(UTC) - _INTERRUPTED_AFTER).isoformat()},
        },
    }
    state = {"type": "CANCELLED", "name": "中断", "message": "运行中断，余下的已由系统接续办理"}
    runs = await api.call("POST", "/flow_runs/filter", body)
    for run in runs:
        await api.set_flow_run_state(UUID(run["id"]), state)
        if run["parent_task_run_id"]:
            await api.set_task_run_state(run["parent_task_run_id"], state)
    return len(runs)


async def _find(api: PrefectApi, flow_id: str, schedule: Schedule) -> dict[str, Any] | None:
    body = {"flows": {"id": {"any_": [flow_id]}}, "deployments": {"name": {"any_": [schedule.name]}}, "limit": 1}
    found: list[dict[str, Any]] = await api.call("POST", "/deployments/filter", body)
    return found[0] if found else None


def _deployment(flow_id: str, schedule: Schedule) -> dict[str, Any]:
    return {
        "flow_id": flow_id,
        "name": schedule.name,
        "description": schedule.description,
        "version": schedule.version,
        "tags": ["系统"],
        "schedules": [{"schedule": {"cron": schedule.cron, "timezone": _ZONE}, "active": True}],
    }


async def _skip(api: PrefectApi, run_id: UUID) -> None:
    state = {"type": "CANCELLED", "name": "跳过", "message": "系统当时未运行，已由较新的一次代替"}
    try:
        await api.set_flow_run_state(run_id, state)
    except PrefectUnknown:
        return
