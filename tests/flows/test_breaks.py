"""A server that does not answer once, in the middle of a run: the work is done, and the run does not stay red for it."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import PrefectClient

from flows.gateway.api import PrefectApi
from flows.memory import MemoryHouse
from flows.runs.batch import carry_out_batch
from flows.runs.pace import Pace
from flows.runs.work import WorkRun, carry_out


def break_once(monkeypatch: pytest.MonkeyPatch, of_type: str) -> list[str]:
    """Have the server leave the engine without an answer once, when it tells of a state of this type; what was not answered."""
    answered, left = PrefectClient.set_flow_run_state, list[str]()

    async def told(self: PrefectClient, flow_run_id: Any, state: Any, **more: Any) -> Any:
        if state.type.value == of_type and not left:
            left.append(of_type)
            raise httpx.ReadTimeout("the server is busy")
        return await answered(self, flow_run_id, state, **more)

    monkeypatch.setattr(PrefectClient, "set_flow_run_state", told)
    return left


async def _state(api: PrefectApi, where: dict[str, Any]) -> list[str]:
    found = await api.call("POST", "/flow_runs/filter", {"flow_runs": where})
    return [f"{run['state']['type']} {run['state']['name']}" for run in found]


@pytest.mark.parametrize("moment", ["RUNNING", "COMPLETED"])
def test_the_run_of_a_step_ends_as_its_work_did(server: Any, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    async def story() -> None:
        house, number = MemoryHouse(), 910_000 + len(moment)
        house.raise_issue(number)
        effects = house.claim_effects(10)
        left = break_once(monkeypatch, moment)
        async with PrefectApi(server.url) as api:
            issue = await api.create_run("issue 事项", f"broken {moment}", f"broken:{moment}", {"type": "PENDING"})
            as_run = WorkRun(f"broken once {moment}", f"broken-work:{moment}", ("办理", f"broken:{moment}"))
            ledger = await carry_out(api, UUID(issue["id"]), as_run, effects, house.perform)
            assert left == [moment]
            assert ledger.done == {effect.id for effect in effects}
            assert set(house.done.values()) == {1}, "each once"
            assert await _state(api, {"tags": {"all_": [f"broken:{moment}"]}}) == ["COMPLETED 已办"]

    asyncio.run(story())


def test_the_run_of_many_issues_does_too(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        house = MemoryHouse()
        for number in (920_001, 920_002):
            house.raise_issue(number)
        effects = house.claim_effects(10)
        assert break_once(monkeypatch, "COMPLETED") == []
        async with PrefectApi(server.url) as api:
            ledger = await carry_out_batch(api, effects, house.perform_many, Pace())
            assert ledger.done == {effect.id for effect in effects}
            assert await _state(api, {"name": {"like_": f"批量办理 {effects[0].number}"}}) == ["COMPLETED 已办"]

    asyncio.run(story())
