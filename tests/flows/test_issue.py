"""The projection, against a real server: one run per issue, in words, with its card, its link and its story."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from flows.gateway.api import PrefectApi
from flows.memory import sample_card
from flows.view.card import CardMoment, IssueCard, Standing
from flows.view.issue import lines, show, tell, told
from flows.view.shown import remembered

_MOMENTS = (
    CardMoment(at="11月23日 09:00", who="反映人", what="反映问题", note="小区门口路灯不亮"),
    CardMoment(at="11月23日 09:20", who="林干事", what="受理"),
)


async def _runs(api: PrefectApi, card: IssueCard) -> list[dict[str, Any]]:
    body = {"flow_runs": {"name": {"like_": card.number}, "parent_task_run_id": {"is_null_": True}}}
    found: list[dict[str, Any]] = await api.call("POST", "/flow_runs/filter", body)
    return found


def _show(url: str, *cards: IssueCard, run_id: UUID | None = None) -> dict[str, Any]:
    async def all_in_turn() -> dict[str, Any]:
        async with PrefectApi(url) as api:
            shown = remembered(str(run_id), None) if run_id else None
            for card in cards:
                shown = await show(api, card, shown)
                await tell(api, lines(card, shown))
                shown = told(card, shown)
            runs = await _runs(api, cards[-1])
            assert len(runs) == 1
            return runs[0]

    return asyncio.run(all_in_turn())


@pytest.fixture
def card() -> IssueCard:
    return sample_card(uuid4().int % 10**5)


def test_an_issue_shown_at_the_same_time_by_many_has_one_run(server: Any, card: IssueCard) -> None:
    async def many() -> tuple[set[str], int]:
        apis = [PrefectApi(server.url) for _ in range(4)]
        ids = {one.run for one in await asyncio.gather(*(show(api, card, None) for api in apis))}
        count = len(await _runs(apis[0], card))
        for api in apis:
            await api.__aexit__(None, None, None)
        return ids, count

    ids, count = asyncio.run(many())
    assert len(ids) == count == 1


def test_a_run_says_what_the_issue_waits_for_whom_and_until_when(server: Any, card: IssueCard) -> None:
    run = _show(server.url, card)
    assert run["name"] == f"{card.number} 路灯不亮"
    assert (run["state"]["type"], run["state"]["name"]) == ("RUNNING", "等待陈代表 · 11月27日前")
    assert set(run["tags"]) == {
        "诉求",
        "活动站诉求办理",
        "兴隆社区联络站",
        "湖里区",
        "交办",
        "社区",
        "代表:陈代表",
        "在办",
    }


@pytest.mark.parametrize(
    ("changes", "kind", "words", "tag"),
    [
        ({"overdue": True}, "RUNNING", "已逾期 · 等待陈代表 · 11月27日前", "逾期"),
        ({"overdue": True}, "RUNNING", "已逾期 · 等待陈代表 · 11月27日前", "overdue"),
        ({"due_soon": True}, "RUNNING", "等待陈代表 · 11月27日前", "即将到期"),
        (
            {"due": "", "paused": "计时已暂停，自11月20日起"},
            "RUNNING",
            "等待陈代表 · 计时已暂停，自11月20日起",
            "计时暂停",
        ),
        ({"provisional": True}, "RUNNING", "等待陈代表 · 11月27日前（暂定）", "暂定期限"),
        ({"status": Standing.closed, "resolution_title": "已解决"}, "COMPLETED", "已办结 · 已解决", None),
        ({"status": Standing.closed, "resolution_title": "反映人撤回"}, "COMPLETED", "已办结 · 反映人撤回", None),
        ({"status": Standing.incident}, "FAILED", "受阻 · 研究答复", "受阻"),
    ],
)
def test_a_run_moves_with_its_issue(
    server: Any, card: IssueCard, changes: dict[str, Any], kind: str, words: str, tag: str | None
) -> None:
    run = _show(server.url, card, replace(card, version=2, **changes))
    assert (run["state"]["type"], run["state"]["name"]) == (kind, words)
    assert tag is None or tag in run["tags"]


def test_an_issue_that_goes_on_after_an_incident_runs_again(server: Any, card: IssueCard) -> None:
    run = _show(server.url, card, replace(card, status=Standing.incident), card)
    assert run["state"]["type"] == "RUNNING"


def test_showing_the_same_again_adds_nothing(server: Any, card: IssueCard) -> None:
    first = replace(card, timeline=_MOMENTS[:1])
    more = replace(card, timeline=_MOMENTS, version=2)
    run = _show(server.url, first, first, more, more)

    async def look() -> tuple[Any, Any, Any]:
        async with PrefectApi(server.url) as api:
            here = {"flow_run_id": {"any_": [run["id"]]}}
            artifacts = await api.call("POST", "/artifacts/filter", {"artifacts": here})
            logs = await api.call("POST", "/logs/filter", {"logs": here, "sort": "TIMESTAMP_ASC"})
            states = await api.call("GET", f"/flow_run_states/?flow_run_id={run['id']}")
            return artifacts, logs, states

    artifacts, logs, states = asyncio.run(look())
    texts = {one["description"].split()[0]: one["data"] for one in artifacts}
    assert len(artifacts) == 2
    assert "林干事" in texts["办理卡片与经过"]
    assert card.portal_url in texts["在呼应中打开"]
    assert [line["message"] for line in logs] == [
        "11月23日 09:00 反映人 反映问题：小区门口路灯不亮",
        "11月23日 09:20 林干事 受理",
    ]
    assert len(states) == 1


def test_a_run_that_is_not_known_any_more_is_made_anew(server: Any, card: IssueCard) -> None:
    assert _show(server.url, card, run_id=uuid4())["name"].startswith(card.number)


def test_what_went_wrong_stands_in_the_log_once_and_in_the_card(server: Any, card: IssueCard) -> None:
    stuck = replace(card, status=Standing.incident, incidents=("送交：对方系统没有应答",))
    run = _show(server.url, card, stuck, replace(stuck, version=3), card)

    async def look() -> list[tuple[int, str]]:
        async with PrefectApi(server.url) as api:
            logs = await api.call("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}})
            return [(line["level"], line["message"]) for line in logs]

    assert asyncio.run(look()) == [(30, "受阻：送交：对方系统没有应答")]
    assert run["state"]["type"] == "RUNNING"
