"""All that Prefect shows, made again from the database: as it was, run by run; and what the ledger, the searches and the rules of age make of it."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from flows.chores.figures import write_ledger
from flows.chores.flow import flow_of
from flows.chores.retention import prune
from flows.gateway.api import PrefectApi
from flows.memory import MemoryHouse
from flows.runs.work import engage, pending
from flows.view.card import ISSUE, CardMoment, Standing
from flows.view.furniture import SEARCHES, furnish, searches
from flows.view.projector import Projector
from flows.view.rebuild import rebuild
from huying.chores import CHORES
from huying.chores.figures import FIGURES
from huying.figures.ledger import Ledger

_ISSUES = 200
_numbers = count(800_000)


def _city() -> MemoryHouse:
    """Issues of every kind that is shown otherwise."""
    house = MemoryHouse()
    kinds: tuple[dict[str, Any], ...] = (
        {},
        {"overdue": True},
        {"status": Standing.incident, "incidents": ("送交：对方系统没有应答",)},
        {"form": {"title": "办理", "type": "object", "properties": {}}, "staff_to": "受理"},
        {"status": Standing.closed, "resolution_title": "已解决"},
        {"suspended": True, "paused": "计时已暂停", "due": ""},
    )
    for number in range(_ISSUES):
        issue = next(_numbers)
        house.raise_issue(issue, effects=0)
        told = (CardMoment(at="11月23日 09:00", who="反映人", what="反映问题", note=f"{number}"),)
        house.move(issue, timeline=told, **kinds[number % len(kinds)])
    return house


async def _seen(api: PrefectApi) -> dict[str, Any]:
    """Everything that staff see, by name: of runs, their states, tags, artifacts and logs; schedules; searches; the ledger."""
    runs: list[dict[str, Any]] = []
    while page := await api.call(
        "POST", "/flow_runs/filter", {"flow_runs": {"tags": {"all_": [ISSUE]}}, "offset": len(runs)}
    ):
        runs += page
    names = {run["id"]: run["name"] for run in runs}
    found: dict[str, Any] = {
        run["name"]: (run["state"]["type"], run["state"]["name"], run["state"]["message"], sorted(run["tags"]), [], [])
        for run in runs
    }
    for place, path, told in ((4, "artifacts", "data"), (5, "logs", "message")):
        for first in range(0, len(runs), 50):
            wanted = {path: {"flow_run_id": {"any_": [run["id"] for run in runs[first : first + 50]]}}, "limit": 200}
            for one in await api.call("POST", f"/{path}/filter", wanted):
                found[names[one["flow_run_id"]]][place].append(one[told])
    assert len(names) == len(found), "one run for each issue"
    for run in found.values():
        run[4].sort()
    found["searches"] = sorted(one["name"] for one in await api.call("POST", "/saved_searches/filter", {}))
    found["schedules"] = sorted(one["name"] for one in await api.call("POST", "/deployments/filter", {}))
    ledger = {"artifacts": {"key": {"like_": "ledger%"}}}
    found["ledger"] = sorted(one["key"] for one in await api.call("POST", "/artifacts/filter", ledger))
    return found


async def _rebuild(url: str, house: MemoryHouse) -> list[str]:
    said: list[str] = []
    async with PrefectApi(url) as api:
        assert await rebuild(api, house, house.unshown, lambda: False, said.append)
    return said


def test_on_an_emptied_prefect_every_run_is_as_before_and_so_is_all_the_rest(doomed_server: Any) -> None:
    async def story() -> None:
        house = _city()
        said = await _rebuild(doomed_server.url, house)
        async with PrefectApi(doomed_server.url) as api:
            before = await _seen(api)
        assert len(before) == _ISSUES + 3
        assert any(f"已显示 {_ISSUES} / {_ISSUES}" in line for line in said), said
        doomed_server.kill()
        doomed_server.lose_data()
        await asyncio.to_thread(doomed_server.start)
        await _rebuild(doomed_server.url, house)
        async with PrefectApi(doomed_server.url) as api:
            after = await _seen(api)
        assert after == before

    asyncio.run(story())


def test_on_a_prefect_that_lost_nothing_it_changes_nothing_and_doubles_nothing(server: Any) -> None:
    async def story() -> None:
        house, issue = MemoryHouse(), next(_numbers)
        house.raise_issue(issue, effects=0)
        house.move(issue, timeline=(CardMoment(at="9:00", who="反映人", what="反映问题"),))
        await _rebuild(server.url, house)
        run = house.shown_as[issue][1]
        house.remembered.clear()
        await _rebuild(server.url, house)
        assert house.shown_as[issue][1] == run
        here = {"flow_run_id": {"any_": [run]}}
        async with PrefectApi(server.url) as api:
            assert len(await api.call("POST", "/artifacts/filter", {"artifacts": here})) == 2
            assert len(await api.call("POST", "/logs/filter", {"logs": here})) == 1

    asyncio.run(story())


def test_without_prefect_it_says_that_the_dispatcher_goes_on(server: Any) -> None:
    async def story() -> None:
        said: list[str] = []
        async with PrefectApi("http://127.0.0.1:9/api") as api:
            house = MemoryHouse()
            house.raise_issue(1, effects=0)
            assert not await rebuild(api, house, house.unshown, lambda: False, said.append)
        assert "没有应答" in said[-1]

    asyncio.run(story())


def test_while_a_dispatcher_is_at_work_the_command_only_watches(server: Any) -> None:
    async def story() -> None:
        house, issue = MemoryHouse(), next(_numbers)
        house.raise_issue(issue, effects=0)
        left = iter((1, 1, 0, 0))
        async with PrefectApi(server.url) as api:
            said: list[str] = []
            assert await rebuild(api, house, lambda: next(left), lambda: True, said.append)
        assert house.unshown() == 1, "that is the dispatcher's to do"

    asyncio.run(story())


def test_the_ledger_is_rewritten_in_place_and_only_where_it_changed(server: Any) -> None:
    async def story() -> None:
        house, issue = MemoryHouse(), next(_numbers)
        house.raise_issue(issue, effects=0)
        house.move(issue, overdue=True)
        async with PrefectApi(server.url) as api:
            await write_ledger(api, house.ledger())
            assert await write_ledger(api, house.ledger()) == 0
            before = await api.call("GET", "/artifacts/ledger/latest")
            [row] = json.loads(before["data"]) if isinstance(before["data"], str) else before["data"]
            assert (row["在办 Open"], row["逾期 Overdue"]) == (1, 1)
            house.move(issue, overdue=False)
            assert await write_ledger(api, house.ledger()) == 3
            after = await api.call("GET", "/artifacts/ledger/latest")
            assert after["id"] == before["id"]
            assert "逾期 0" in after["description"]
            gone = replace(house.ledger(), stations=())
            assert await write_ledger(api, gone) == 3
            station = await api.call("GET", "/artifacts/ledger-station-xl/latest")
            assert "没有在办事项" in station["description"]

    asyncio.run(story())


def test_the_figures_run_says_the_figures_in_its_state_and_its_log(server: Any) -> None:
    async def story() -> None:
        house = MemoryHouse()
        house.raise_issue(1, effects=0)
        house.move(1, overdue=True)
        async with PrefectApi(server.url) as api:
            run = await api.create_run("figures 台账", "figures 台账", f"f{next(_numbers)}", pending())
            state = await engage(flow_of(FIGURES), run, {"chore": FIGURES, "ports": house, "api": api})
        assert (state.name, state.message) == ("已更新", "在办 1 · 逾期 1 · 即将到期 0 · 受阻 0")

    asyncio.run(story())
    assert any(chore is FIGURES and chore.schedule is not None for chore in CHORES)


def test_saved_searches_are_made_once_and_mended_and_what_staff_saved_stays(server: Any) -> None:
    async def story() -> None:
        ledger: Ledger = MemoryHouse().ledger()
        async with PrefectApi(server.url) as api:
            own = {"name": f"我的查询 {next(_numbers)}", "filters": []}
            await api.call("PUT", "/saved_searches/", own)
            wanted = searches(ledger)
            await furnish(api, wanted)
            assert await furnish(api, wanted) == 0
            await api.call("PUT", "/saved_searches/", {"name": SEARCHES[0].name, "filters": []})
            assert await furnish(api, wanted) == 1
            names = {one["name"] for one in await api.call("POST", "/saved_searches/filter", {})}
        assert {own["name"], "逾期 · 兴隆社区联络站", *(one.name for one in SEARCHES)} <= names

    asyncio.run(story())


def test_closed_issues_and_old_work_leave_prefect_by_rule_and_incidents_stay(server: Any) -> None:
    async def story() -> None:
        house = MemoryHouse()
        closed, stuck, open_ = (next(_numbers) for _ in range(3))
        for issue, changes in ((closed, Standing.closed), (stuck, Standing.incident), (open_, Standing.open)):
            house.raise_issue(issue, effects=0)
            house.move(issue, status=changes)
        await _rebuild(server.url, house)
        runs = {issue: house.shown_as[issue][1] for issue in (closed, stuck, open_)}
        now = datetime.now(UTC)
        async with PrefectApi(server.url) as api:
            work = await api.create_run("work 办理", "x", f"w{next(_numbers)}", {"type": "COMPLETED"}, ("办理",))
            await prune(api, 90, 14, now + timedelta(days=13))
            assert await _there(api, work["id"], *runs.values()) == {work["id"], *runs.values()}
            assert await prune(api, 90, 14, now + timedelta(days=15)) >= 1
            assert await _there(api, work["id"], *runs.values()) == set(runs.values())
            await prune(api, 90, 14, now + timedelta(days=91))
            assert await _there(api, *runs.values()) == {runs[stuck], runs[open_]}
        # reopened, it is shown again
        house.move(closed, status=Standing.open)
        async with PrefectApi(server.url) as api:
            await Projector(api, house).catch_up()
            assert await _there(api, house.shown_as[closed][1])

    asyncio.run(story())


async def _there(api: PrefectApi, *ids: str) -> set[str]:
    runs = await api.call("POST", "/flow_runs/filter", {"flow_runs": {"id": {"any_": list(ids)}}})
    return {run["id"] for run in runs}
