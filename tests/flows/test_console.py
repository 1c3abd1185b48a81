"""What staff do on Prefect's pages, against a real server: asked of the house once, and the run put back to what is true."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from flows.console import Console
from flows.gateway.api import PrefectApi
from flows.memory import MemoryHouse
from flows.view.card import Standing, flow_name
from flows.view.issue import issue_deployment
from flows.view.projector import Projector

_numbers = count(700_000)
_FORM = {
    "title": "办理 Act",
    "type": "object",
    "properties": {"action": {"type": "string", "title": "操作"}},
    "required": ["action"],
    "definitions": {},
}


@dataclass
class Desk:
    """One issue on one server, and staff before its page."""

    api: PrefectApi
    house: MemoryHouse
    console: Console
    projector: Projector
    issue: int

    async def show(self) -> None:
        while await self.projector.catch_up():
            pass

    async def run(self) -> dict[str, Any]:
        run: dict[str, Any] = await self.api.call("GET", f"/flow_runs/{self.house.shown_as[self.issue][1]}")
        return run

    async def state(self) -> tuple[str, str]:
        state = (await self.run())["state"]
        return state["type"], state["name"]

    async def press(self, state: str, name: str, *, force: bool = False) -> None:
        """What Prefect's page sends when a button is pressed."""
        run = self.house.shown_as[self.issue][1]
        body = {"state": {"type": state, "name": name}, "force": force}
        await self.api.call("POST", f"/flow_runs/{run}/set_state", body)

    async def resume(self, **entered: Any) -> str:
        run = self.house.shown_as[self.issue][1]
        answer = await self.api.call("POST", f"/flow_runs/{run}/resume", {"run_input": entered})
        return str(answer["status"])

    async def log(self) -> list[tuple[int, str]]:
        wanted = {"logs": {"flow_run_id": {"any_": [self.house.shown_as[self.issue][1]]}}, "sort": "TIMESTAMP_ASC"}
        return [(line["level"], line["message"]) for line in await self.api.call("POST", "/logs/filter", wanted)]


def _at_the_desk(url: str, story: Callable[[Desk], Awaitable[None]], **card: Any) -> None:
    async def play() -> None:
        async with PrefectApi(url) as api:
            house, issue = MemoryHouse(), next(_numbers)
            house.raise_issue(issue, effects=0)
            house.move(issue, **card)
            projector = Projector(api, house)
            desk = Desk(api, house, Console(api, house, projector), projector, issue)
            await desk.show()
            await story(desk)

    asyncio.run(play())


_WAITS_FOR_STAFF = {"form": _FORM, "staff_to": "受理", "waiting_for": ("林干事（经办人）",)}


def test_an_issue_that_staff_may_act_on_is_paused_and_offers_its_form(server: Any) -> None:
    async def story(desk: Desk) -> None:
        run = await desk.run()
        assert (run["state"]["type"], run["state"]["name"]) == ("PAUSED", "等待林干事（经办人） · 11月27日前")
        assert "待工作人员" in run["tags"]
        assert run["start_time"], "it has begun, and the page does not call it scheduled"
        key = run["state"]["state_details"]["run_input_keyset"]["schema"]
        assert await desk.api.call("GET", f"/flow_runs/{run['id']}/input/{key}") == _FORM
        assert run["deployment_id"], "without a deployment the page would offer neither Cancel nor Retry"
        assert await desk.console.listen() == 0

    _at_the_desk(server.url, story, **_WAITS_FOR_STAFF)


def test_what_was_entered_is_asked_of_the_house_once_and_the_run_goes_on(server: Any) -> None:
    async def story(desk: Desk) -> None:
        desk.house.obeys["act"] = {"form": None, "staff_to": "", "waiting_for": ("陈代表",)}
        assert await desk.resume(wrong=1) == "REJECT", "what does not fit the form is refused by the page at once"
        assert await desk.resume(action="受理") == "ACCEPT"
        assert await desk.console.listen() == 1
        assert await desk.console.listen() == 0
        [asked] = desk.house.asked
        assert (asked.what, dict(asked.values)) == ("act", {"action": "受理"})
        assert await desk.state() == ("RUNNING", "等待陈代表 · 11月27日前")
        assert (20, "控制台：已办理") in await desk.log()
        left = {"prefix": "answer-", "limit": 5}
        assert await desk.api.call("POST", f"/flow_runs/{(await desk.run())['id']}/input/filter", left) == []

    _at_the_desk(server.url, story, **_WAITS_FOR_STAFF)


def test_a_refusal_stands_in_the_log_and_the_form_is_offered_again(server: Any) -> None:
    async def story(desk: Desk) -> None:
        for _ in range(2):
            assert await desk.resume(action="受理") == "ACCEPT"
            assert await desk.console.listen() == 1
            assert (await desk.state())[0] == "PAUSED"
        assert [one for one in await desk.log() if one[0] == 30] == [(30, "控制台：未予办理")] * 2
        assert len({one.request_id for one in desk.house.asked}) == 2, "each press of the button is one of its own"

    _at_the_desk(server.url, story, **_WAITS_FOR_STAFF)


def test_a_dispatcher_that_dies_half_way_asks_again_under_the_same_key(server: Any) -> None:
    async def story(desk: Desk) -> None:
        await desk.resume(action="受理")

        class Gone(Exception):
            pass

        async def die(*_: Any, **__: Any) -> None:
            raise Gone

        shows = desk.projector.show_again
        desk.projector.show_again = die  # type: ignore[method-assign]
        with pytest.raises(Gone):
            await desk.console.listen()
        desk.projector.show_again = shows  # type: ignore[method-assign]
        assert await desk.console.listen() == 1
        assert len(desk.house.asked) == 1

    _at_the_desk(server.url, story, **_WAITS_FOR_STAFF)


@pytest.mark.parametrize(
    ("card", "pressed", "what", "obeys", "shown"),
    [
        (
            {},
            ("CANCELLING", "Cancelling"),
            "cancel",
            {"status": Standing.cancelled, "resolution_title": "终止办理"},
            ("CANCELLED", "已办结 · 终止办理"),
        ),
        (
            _WAITS_FOR_STAFF,
            ("CANCELLING", "Cancelling"),
            "cancel",
            {"status": Standing.cancelled},
            ("CANCELLED", "已办结"),
        ),
        ({}, ("PAUSED", "Paused"), "suspend", {"suspended": True}, ("PAUSED", "已暂停办理 · 等待陈代表 · 11月27日前")),
        (
            {"status": Standing.incident},
            ("SCHEDULED", "AwaitingRetry"),
            "retry",
            {"status": Standing.open},
            ("RUNNING", "等待陈代表 · 11月27日前"),
        ),
        ({}, ("CANCELLING", "Cancelling"), "cancel", None, ("RUNNING", "等待陈代表 · 11月27日前")),
        ({"status": Standing.incident}, ("SCHEDULED", "AwaitingRetry"), "retry", None, ("FAILED", "受阻 · 研究答复")),
        ({"status": Standing.closed}, ("SCHEDULED", "AwaitingRetry"), "retry", None, ("COMPLETED", "已办结")),
        ({"status": Standing.closed}, ("FAILED", "Failed"), "other", None, ("COMPLETED", "已办结")),
        ({}, ("COMPLETED", "Completed"), "other", None, ("RUNNING", "等待陈代表 · 11月27日前")),
    ],
)
def test_a_button_is_asked_of_the_house_and_then_the_run_says_what_is_true(
    server: Any,
    card: dict[str, Any],
    pressed: tuple[str, str],
    what: str,
    obeys: dict[str, Any] | None,
    shown: tuple[str, str],
) -> None:
    async def story(desk: Desk) -> None:
        if obeys is not None:
            desk.house.obeys[what] = obeys if "form" not in card else {**obeys, "form": None, "staff_to": ""}
        # the page proposes a retry, and forces everything else
        await desk.press(*pressed, force=what != "retry")
        assert (await desk.state())[0] == pressed[0]
        assert await desk.console.listen() == 1
        assert [one.what for one in desk.house.asked] == [what]
        assert await desk.state() == shown
        assert await desk.console.listen() == 0

    _at_the_desk(server.url, story, **card)


def test_a_run_that_staff_start_from_the_deployment_says_where_issues_come_from(server: Any) -> None:
    async def story(desk: Desk) -> None:
        deployment = await issue_deployment(desk.api, flow_name(desk.house.cards[desk.issue]))
        stray = await desk.api.call("POST", f"/deployments/{deployment}/create_flow_run", {})
        assert await desk.console.listen() == 1
        run = await desk.api.call("GET", f"/flow_runs/{stray['id']}")
        assert (run["state"]["name"], run["tags"]) == ("请在门户登记", ["系统"])
        assert desk.house.asked == []

    _at_the_desk(server.url, story)


def test_what_an_earlier_version_showed_is_made_anew_with_its_buttons(server: Any) -> None:
    async def story(desk: Desk) -> None:
        old = await desk.run()
        await desk.api.call("DELETE", f"/flow_runs/{old['id']}")
        flow = await desk.api.flow_id(flow_name(desk.house.cards[desk.issue]))
        body = {"flow_id": flow, "name": old["name"], "idempotency_key": old["idempotency_key"]}
        await desk.api.call("POST", "/flow_runs/", {**body, "state": {"type": "RUNNING"}})
        desk.house.show_again()
        desk.house.remembered.clear()
        await desk.show()
        assert (await desk.run())["deployment_id"]

    _at_the_desk(server.url, story)
