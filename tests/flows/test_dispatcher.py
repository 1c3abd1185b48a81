"""The loop, against a real server that is also killed: every effect is carried out, and the view catches up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from flows.chores.schedule import register, take, tidy
from flows.dispatcher import Dispatcher
from flows.gateway.api import PrefectApi
from flows.memory import MemoryHouse
from flows.runs.work import WORK
from huying.chores.events import EVENTS
from huying.chores.expiry import EXPIRY
from huying.chores.plans import PLANS
from huying.chores.timers import TIMERS
from huying.delivery.sender import Undelivered
from huying.timers.sweep import Failing
from tests.patience import within

Until = Callable[[Callable[[], bool], float], Awaitable[None]]
_numbers = count(200_000, 1000)
# more than can have a run each within the time in which people are to be told
_MANY = 60


@asynccontextmanager
async def _dispatching(house: MemoryHouse, url: str, wait_for_prefect: bool = True) -> AsyncIterator[Dispatcher]:
    stop = asyncio.Event()
    async with PrefectApi(url) as api:
        dispatcher = Dispatcher(house, api)
        running = asyncio.create_task(dispatcher.run(stop))
        try:
            while wait_for_prefect and not dispatcher.connected:
                await asyncio.sleep(0.02)
            yield dispatcher
        finally:
            stop.set()
            await asyncio.wait_for(running, within(20))


async def _seen(ask: Callable[[], Awaitable[bool]], seconds: float = 40) -> None:
    """Wait until the server shows something: it records what it is told a little later."""
    end = asyncio.get_running_loop().time() + within(seconds)
    while not await ask():
        assert asyncio.get_running_loop().time() < end, "the server never showed it"
        await asyncio.sleep(0.3)


async def _filter(url: str, **body: Any) -> list[dict[str, Any]]:
    async with PrefectApi(url) as api:
        found: list[dict[str, Any]] = await api.call("POST", "/flow_runs/filter", body)
        return found


async def _work_of(url: str, number: str) -> list[dict[str, Any]]:
    return await _filter(url, flow_runs={"tags": {"all_": [f"issue:{number}"]}})


def test_the_work_of_a_step_is_a_child_of_the_issues_run_with_a_task_for_each_effect(server: Any, until: Until) -> None:
    async def story(issue: int) -> bool:
        house = MemoryHouse()
        async with _dispatching(house, server.url):
            house.raise_issue(issue)
            await until(lambda: not house.waiting() and not house.unshown(), 30)
        [run] = await _work_of(server.url, house.cards[issue].number)
        assert (run["state"]["type"], run["state"]["name"]) == ("COMPLETED", "已办")
        assert " study · " in run["name"]
        async with PrefectApi(server.url) as api:
            parent = await api.call("GET", f"/task_runs/{run['parent_task_run_id']}")
        assert parent["flow_run_id"] == house.shown_as[issue][1]
        assert parent["state"]["type"] == "COMPLETED"
        assert parent["state"]["state_details"]["child_flow_run_id"] == run["id"]
        return await _tasks_of(server.url, run["id"]) == {"通知 陈代表 · 新任务", "通知 反映人 · 已受理"}

    # Prefect's client sends task runs over a websocket, and a moment of its own may be lost to the view
    assert any(asyncio.run(story(next(_numbers))) for _ in range(3))


async def _tasks_of(url: str, run_id: str, seconds: float = 20) -> set[str]:
    """The names of a run's task runs, once there are some."""
    end = asyncio.get_running_loop().time() + within(seconds)
    async with PrefectApi(url) as api:
        while True:
            tasks = await api.call("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
            if len(tasks) > 1 or asyncio.get_running_loop().time() > end:
                return {task["name"] for task in tasks}
            await asyncio.sleep(0.3)


def test_under_load_one_run_takes_the_effects_of_many_issues(server: Any, until: Until) -> None:
    async def story() -> None:
        house, first = MemoryHouse(), next(_numbers)
        for issue in range(first, first + _MANY):
            house.raise_issue(issue, effects=1)
            house.shown_as[issue] = (1, "")
        async with _dispatching(house, server.url):
            # claimed while Prefect was not known yet, these were carried out at once
            assert not house.waiting()
            for issue in range(first + 100, first + 100 + _MANY):
                house.raise_issue(issue, effects=1)
                house.shown_as[issue] = (1, "")
            await until(lambda: not house.waiting(), 40)

        async def batched() -> bool:
            return bool(await _filter(server.url, flow_runs={"name": {"like_": "批量办理"}}))

        await _seen(batched)
        assert max(house.done.values()) == 1

    asyncio.run(story())


def test_an_effect_that_fails_is_shown_as_failed_and_tried_again(server: Any, until: Until) -> None:
    async def story() -> None:
        house, issue = MemoryHouse(), next(_numbers)
        async with _dispatching(house, server.url):
            house.broken = {issue * 100}
            house.raise_issue(issue)
            await until(lambda: bool(house.failures), 20)
            assert house.done[issue * 100 + 1] == 1
            house.broken.clear()
            await until(lambda: not house.waiting(), 30)

        async def both() -> bool:
            runs = await _work_of(server.url, house.cards[issue].number)
            return {"未办成", "已办"} <= {run["state"]["name"] for run in runs}

        await _seen(both)
        assert "对方系统没有应答" in house.failures[0][1]

    asyncio.run(story())


def test_plans_are_carried_on_in_a_run_whose_log_says_what_was_done(server: Any, until: Until) -> None:
    async def story() -> None:
        house = MemoryHouse()
        async with _dispatching(house, server.url):
            house.recurring = ["接待日轮值（仙港站，2026-09-28）：排班 1 人"]
            await until(lambda: bool(house.recurred), 30)

        async def logged() -> bool:
            async with PrefectApi(server.url) as api:
                runs = await api.call("POST", "/flow_runs/filter", {"flows": {"name": {"any_": [PLANS.run]}}})
                done = [run["id"] for run in runs if run["state"]["name"] == "已办"]
                if not done:
                    return False
                logs = await api.call("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": done}}})
            return any("排班 1 人" in line["message"] for line in logs)

        await _seen(logged)

    asyncio.run(story())


def test_plans_are_carried_on_without_prefect_too(until: Until) -> None:
    async def story() -> None:
        house = MemoryHouse()
        house.recurring = ["排班 1 人"]
        async with _dispatching(house, "http://127.0.0.1:9/api", wait_for_prefect=False):
            await until(lambda: house.recurred == ["排班 1 人"], 15)

    asyncio.run(story())


def test_messages_are_sent_and_timers_fired_in_runs_and_addresses_are_masked(server: Any, until: Until) -> None:
    async def story() -> None:
        house = MemoryHouse()
        async with _dispatching(house, server.url):
            house.messages, house.timers = 3, 2
            house.refused = [Undelivered(to="chen@example.org", subject="新任务", reason="550 full")]
            await until(lambda: house.sent == 3 and house.fired == 2, 30)
        wanted = {"artifacts": {"key": {"any_": ["failed-deliveries"]}}}
        async with PrefectApi(server.url) as api:

            async def listed() -> bool:
                return bool(await api.call("POST", "/artifacts/filter", wanted))

            await _seen(listed)
            tables = await api.call("POST", "/artifacts/filter", wanted)
        assert "c***@example.org" in str(tables[0]["data"])
        assert "chen@" not in str(tables)

        async def both() -> bool:
            names = [
                await _filter(server.url, flow_runs={"state": {"name": {"any_": [n]}}}) for n in ("部分未成", "已巡检")
            ]
            return all(names)

        await _seen(both)

    asyncio.run(story())


def test_other_systems_are_told_in_runs_and_without_prefect_too(server: Any, until: Until) -> None:
    async def story() -> None:
        house = MemoryHouse()
        async with _dispatching(house, "http://127.0.0.1:9/api", wait_for_prefect=False):
            house.events = 2
            await until(lambda: house.posted == 2, 10)
        async with _dispatching(house, server.url):
            house.events = 3
            await until(lambda: house.posted == 5, 30)

        async def shown() -> bool:
            runs = await _filter(server.url, flow_runs={"name": {"any_": [EVENTS.run]}})
            return [run["state"]["message"] for run in runs] == ["送达 3 条"]

        await _seen(shown)

    asyncio.run(story())


def test_timers_that_cannot_be_fired_are_named_to_staff(server: Any, until: Until) -> None:
    async def story() -> None:
        house = MemoryHouse()
        number = f"XG-2026-{next(_numbers)}"
        async with _dispatching(house, server.url):
            house.stuck = [Failing(number, 2, "KeyError: 'no-such-step'")]
            house.timers = 1
            await until(lambda: house.fired == 1, 30)

        async def named() -> bool:
            runs = await _filter(
                server.url,
                flow_runs={"state": {"name": {"any_": ["部分未成"]}}},
                flows={"name": {"any_": [TIMERS.run]}},
            )
            async with PrefectApi(server.url) as api:
                wanted = {"logs": {"flow_run_id": {"any_": [run["id"] for run in runs]}}}
                return number in str(await api.call("POST", "/logs/filter", wanted))

        await _seen(named)

    asyncio.run(story())


def test_of_a_plan_only_the_newest_late_run_is_taken_and_registering_again_changes_nothing(server: Any) -> None:
    async def story() -> None:
        # a moment that has passed: what the schedule itself plans meanwhile comes later, and is none of these
        now = datetime.now(UTC) - timedelta(hours=2)
        async with PrefectApi(server.url) as api:
            first = await register(api)
            again = await register(api)
            assert again.chores == first.chores
            assert not again.fresh
            [sweeps] = [key for key, chore in again.chores.items() if chore is TIMERS]
            ids = []
            for minutes in (30, 20, 10):
                at = (now - timedelta(minutes=minutes)).isoformat()
                state = {"type": "SCHEDULED", "state_details": {"scheduled_time": at}}
                run = await api.call("POST", f"/deployments/{sweeps}/create_flow_run", {"state": state})
                ids.append(run["id"])
            taken = [run["id"] for _, run in await take(api, again, now)]
            names = [(await api.call("GET", f"/flow_runs/{key}"))["state"]["name"] for key in ids]
            assert await take(api, again, now) == []
        assert taken == [ids[-1]]
        assert names == ["跳过", "跳过", "Pending"]

    asyncio.run(story())


def test_the_server_plans_the_runs_of_every_schedule_by_beijing_s_clock(server: Any) -> None:
    async def story() -> dict[str, list[dict[str, Any]]]:
        async with PrefectApi(server.url) as api:
            chores = (await register(api)).chores
        planned: dict[str, list[dict[str, Any]]] = {}

        async def all_planned() -> bool:
            for deployment, chore in chores.items():
                found = await _filter(
                    server.url,
                    deployments={"id": {"any_": [deployment]}},
                    flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}},
                )
                planned[str(chore.run)] = [run for run in found if run["auto_scheduled"]]
            return all(planned.values())

        await _seen(all_planned, 150)
        return planned

    planned = asyncio.run(story())
    [moment] = {run["next_scheduled_start_time"][11:16] for run in planned[str(EXPIRY.run)]}
    assert EXPIRY.schedule is not None
    assert EXPIRY.schedule.cron == "20 3 * * *"
    assert moment == "19:20", "twenty past three in Beijing, as UTC"


def test_a_run_that_staff_start_by_hand_is_taken(server: Any, until: Until) -> None:
    async def story() -> None:
        house = MemoryHouse()
        async with PrefectApi(server.url) as api:
            chores = (await register(api)).chores
            [daily] = [key for key, chore in chores.items() if chore is EXPIRY]
            await api.call("POST", f"/deployments/{daily}/create_flow_run", {"state": {"type": "SCHEDULED"}})
        async with _dispatching(house, server.url):
            await until(lambda: house.kept == 1, 15)

    asyncio.run(story())


def test_a_run_whose_process_died_does_not_look_busy_for_ever(server: Any) -> None:
    async def story() -> None:
        async with PrefectApi(server.url) as api:
            run = await api.create_run(WORK, "中断的办理", f"dead:{next(_numbers)}", {"type": "RUNNING"})
            later = datetime.now(UTC) + timedelta(minutes=11)
            assert await tidy(api, later) >= 1
            state = (await api.call("GET", f"/flow_runs/{run['id']}"))["state"]
        assert (state["type"], state["name"]) == ("CANCELLED", "中断")

    asyncio.run(story())


def test_with_the_server_killed_work_goes_on_and_after_its_return_with_no_data_the_view_is_rebuilt(
    doomed_server: Any, until: Until
) -> None:
    server = doomed_server

    async def story() -> None:
        house, first = MemoryHouse(), next(_numbers)
        async with _dispatching(house, server.url) as dispatcher:
            house.raise_issue(first)
            await until(lambda: not house.waiting() and not house.unshown(), 15)
            old_run = house.shown_as[first][1]
            for issue in range(first + 1, first + 6):
                house.raise_issue(issue)
            server.kill()
            await until(lambda: not house.waiting(), 25)
            house.raise_issue(first + 6)
            house.messages, house.timers = 1, 1
            await until(lambda: not house.waiting() and house.sent == 1 and house.fired == 1, 15)
            await until(lambda: not dispatcher.connected, 15)
            server.lose_data()
            await asyncio.to_thread(server.start)
            await until(lambda: dispatcher.connected, 15)
            await until(lambda: not house.unshown(), 20)
            assert house.shown_as[first][1] != old_run
        runs = await _filter(server.url, flows={"name": {"any_": ["活动站诉求办理"]}})
        assert {run["name"].split()[0] for run in runs} == {card.number for card in house.cards.values()}
        assert len(runs) == len(house.cards)

    asyncio.run(story())
