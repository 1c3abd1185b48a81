"""Runs by the clock: deployments whose schedules staff see and pause on Prefect's pages, and a poller that takes their runs.

No worker and no process per run: they run here, in the warm process. A run that staff start by hand is taken like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.flows import Flow

from flows.chores.figures import FIGURES, figures
from flows.chores.plans import RECURRING, recurring
from flows.chores.sweep import HOUSEKEEPING, RECKON, SWEEP, housekeeping, sweep
from flows.gateway.api import PrefectApi, PrefectUnknown

_ZONE = "Asia/Shanghai"
# an interrupted run is told from a long one by its age: no run of ours lasts so long
_INTERRUPTED_AFTER = timedelta(minutes=10)
_TIDIED_FLOWS = ("work 办理", "deliver 发送通知", SWEEP, HOUSEKEEPING, RECKON, RECURRING, FIGURES)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A flow that runs by the clock; change `version` whenever anything else changes."""

    flow: Flow[..., Any]
    flow_name: str
    name: str
    cron: str
    description: str
    version: str = "1"


# due timers are also swept at once, by the dispatcher: this one is what staff can see, start and rely on
PLANS = (
    Planned(
        flow=sweep, flow_name=SWEEP, name="每十分钟", cron="*/10 * * * *", description="触发到期的提醒、催办和升级"
    ),
    Planned(
        flow=housekeeping,
        flow_name=HOUSEKEEPING,
        name="每日凌晨",
        cron="20 3 * * *",
        description="整理数据库，核对办理记录",
    ),
    # like the sweep: what comes round is carried on at once by the dispatcher, and this is what staff can see, start and rely on
    Planned(
        flow=recurring,
        flow_name=RECURRING,
        name="每一刻钟",
        cron="*/15 * * * *",
        description="例行计划：自动开启流程、排班、值班公告、次数提醒",
    ),
    Planned(
        flow=figures,
        flow_name=FIGURES,
        name="每十分钟",
        cron="5-59/10 * * * *",
        description="更新台账：各站在办、逾期、即将到期、受阻，以及保存的查询",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """The plans by the id of their deployment; `fresh` when the server knew none of them: its data is new."""

    plans: Mapping[str, Planned]
    fresh: bool


async def register(api: PrefectApi, plans: Sequence[Planned] = PLANS) -> Registered:
    """Have a deployment for each plan; what staff changed or paused stays, until the plan itself gets a new version."""
    known = dict[str, Planned]()
    fresh = True
    for plan in plans:
        flow_id = await api.flow_id(plan.flow_name)
        there = await _find(api, flow_id, plan)
        fresh = fresh and there is None
        if there is None or there["version"] != plan.version:
            there = await api.call("POST", "/deployments/", _deployment(flow_id, plan))
        known[there["id"]] = plan
    return Registered(plans=known, fresh=fresh)


async def take(api: PrefectApi, registered: Registered, now: datetime) -> list[tuple[Planned, dict[str, Any]]]:
    """The runs that are to start now, at most one a plan and each held by us; older ones of the same plan are skipped."""
    body = {"deployment_ids": list(registered.plans), "scheduled_before": now.isoformat()}
    runs = await api.call("POST", "/deployments/get_scheduled_flow_runs", body)
    newest = {run["deployment_id"]: run for run in sorted(runs, key=lambda run: str(run["next_scheduled_start_time"]))}
    for run in runs:
        if run is not newest[run["deployment_id"]]:
            await _skip(api, UUID(run["id"]))
    taken = []
    for deployment, run in newest.items():
        # within Prefect's rules: when another dispatcher has taken the run, this is refused
        if await api.propose_state(UUID(run["id"]), {"type": "PENDING", "name": "Pending"}):
            plan = registered.plans[deployment]
            # Prefect's scheduler names its runs at random
            await api.call("PATCH", f"/flow_runs/{run['id']}", {"name": plan.flow_name})
            taken.append((plan, await api.call("GET", f"/flow_runs/{run['id']}")))
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


async def _find(api: PrefectApi, flow_id: str, plan: Planned) -> dict[str, Any] | None:
    body = {"flows": {"id": {"any_": [flow_id]}}, "deployments": {"name": {"any_": [plan.name]}}, "limit": 1}
    found: list[dict[str, Any]] = await api.call("POST", "/deployments/filter", body)
    return found[0] if found else None


def _deployment(flow_id: str, plan: Planned) -> dict[str, Any]:
    return {
        "flow_id": flow_id,
        "name": plan.name,
        "description": plan.description,
        "version": plan.version,
        "tags": ["系统"],
        "schedules": [{"schedule": {"cron": plan.cron, "timezone": _ZONE}, "active": True}],
    }


async def _skip(api: PrefectApi, run_id: UUID) -> None:
    state = {"type": "CANCELLED", "name": "跳过", "message": "系统当时未运行，已由较新的一次代替"}
    try:
        await api.set_flow_run_state(run_id, state)
    except PrefectUnknown:
        return
