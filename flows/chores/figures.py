"""The ledger on Prefect's pages: a table of all stations, one of each with what is overdue and stuck there, and a page of links; kept up to date.

An artifact that is there is rewritten, so that its address stays and the list of artifacts has one of it.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.gateway.api import PrefectApi, PrefectError
from flows.ports import Ports
from flows.view.card import artifact_key, cell
from flows.view.furniture import SEARCHES, furnish, open_at, overdue_at, searches
from huying.chores.chore import Portion
from huying.console.address import BASE
from huying.figures.ledger import Ledger, LedgerLine, TroubleLine
from huying.words.private_text import masked

_LEDGER, _LINKS, _STATION = "ledger", "ledger-links", "ledger-station"
_PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """One artifact of the ledger."""

    key: str
    kind: str
    data: str
    description: str


async def show_ledger(api: PrefectApi, ports: Ports) -> Portion:
    """Count, and write what has changed onto the pages."""
    found = await asyncio.to_thread(ports.ledger)
    try:
        parts = await write_ledger(api, found)
        written = f"台账更新 {parts} 份；保存的查询更新 {await furnish(api, searches(found))} 个"
        came_of_it = Portion(taken=1, done=1, said=(written,))
    except PrefectError as error:
        # the next run does it
        came_of_it = Portion(taken=1, failed=1, warned=(f"台账没有写全：{error}",))
    return came_of_it + Portion(said=tuple(_in_words(found)), words=(_total(found),))


async def write_ledger(api: PrefectApi, ledger: Ledger) -> int:
    """Have the pages say what the ledger says; how many artifacts were written. Errors: PrefectError."""
    there = await _there(api)
    wanted = artifacts(ledger)
    gone = there.keys() - {one.key for one in wanted}
    written = 0
    for one in (*wanted, *(_nothing(key) for key in sorted(gone))):
        known = there.get(one.key)
        if known is None:
            await api.create_artifact(None, one.key, one.kind, one.data, one.description)
        elif (_plain(known["data"]), known["description"]) != (_plain(one.data), one.description):
            body = {"data": one.data, "description": one.description}
            await api.call("PATCH", f"/artifacts/{known['id']}", body)
        else:
            continue
        written += 1
    return written


def artifacts(ledger: Ledger) -> tuple[Artifact, ...]:
    """Everything that the ledger shows."""
    return (
        Artifact(
            key=_LEDGER,
            kind="table",
            data=_table([_row(one) for one in ledger.stations]),
            description=f"各站台账 Ledger of the stations · {_total(ledger)} · {ledger.at}",
        ),
        Artifact(key=_LINKS, kind="markdown", data=_links(ledger), description="台账与常用查询 Ledger with links"),
        *(
            Artifact(
                key=artifact_key(one.code, _STATION),
                kind="table",
                data=_table([_trouble(trouble) for trouble in one.troubles]),
                description=f"{one.name} · {_figures(one)} · {ledger.at}",
            )
            for one in ledger.stations
        ),
    )


async def _there(api: PrefectApi) -> Mapping[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    while True:
        wanted = {
            "artifacts": {"key": {"like_": f"{_LEDGER}%"}},
            "limit": _PAGE,
            "offset": len(found),
            "sort": "KEY_ASC",
        }
        page = await api.call("POST", "/artifacts/filter", wanted)
        found |= {one["key"]: one for one in page}
        if len(page) < _PAGE:
            return found


def _nothing(key: str) -> Artifact:
    return Artifact(key=key, kind="table", data="[]", description="没有在办事项 No open issues")


def _plain(data: Any) -> Any:
    """Data as it can be compared: Prefect gives tables back decoded, or as they were written."""
    try:
        return json.loads(data) if isinstance(data, str) else data
    except ValueError:
        return data


def _table(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False)


def _row(one: LedgerLine) -> dict[str, Any]:
    return {
        "联络站 Station": one.name,
        "区域 Area": one.region,
        "在办 Open": one.open,
        "逾期 Overdue": one.overdue,
        "即将到期 Due soon": one.soon,
        "受阻 Failed": one.stuck,
        "计时暂停 Paused": one.paused,
    }


def _trouble(one: TroubleLine) -> dict[str, Any]:
    return {
        "编号 Number": one.number,
        "主题 Subject": masked(one.subject),
        "流程 Process": one.definition,
        "情况 What": one.what,
        "期限 Due": one.since,
    }


def _figures(one: LedgerLine) -> str:
    return f"在办 {one.open} · 逾期 {one.overdue} · 受阻 {one.stuck}"


def _total(ledger: Ledger) -> str:
    stations = ledger.stations
    totals = (sum(getattr(one, name) for one in stations) for name in ("open", "overdue", "soon", "stuck"))
    return "在办 {} · 逾期 {} · 即将到期 {} · 受阻 {}".format(*totals)


def _in_words(ledger: Ledger) -> list[str]:
    return [
        f"{ledger.at} {_total(ledger)}",
        f"待办理 {ledger.pending} 项，已放弃 {ledger.failed} 项；昨天以来未送达通知 {ledger.undelivered} 条",
        *(f"{one.name}：{_figures(one)}" for one in ledger.stations if one.overdue or one.stuck),
    ]


def _links(ledger: Ledger) -> str:
    """The ledger with each figure leading to the runs that it counts. The addresses are of Prefect's own pages."""
    lines = [
        f"# 台账 Ledger · {ledger.at}",
        "",
        f"**{_total(ledger)}**",
        "",
        *(f"- {line}" for line in _in_words(ledger)[1:2]),
        "",
        "## 常用查询 Common questions",
        "",
        *(f"- [{one.name}]({one.address})" for one in SEARCHES),
        "",
        "## 各站 Stations",
        "",
        "| 联络站 | 区域 | 在办 | 逾期 | 即将到期 | 受阻 | 明细 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(_station_line(one) for one in ledger.stations), *_worst(ledger)])


def _station_line(one: LedgerLine) -> str:
    detail = f"[{one.code}]({BASE}/artifacts/key/{artifact_key(one.code, _STATION)})"
    return (
        f"| {cell(one.name)} | {cell(one.region)} | [{one.open}]({open_at(one.name).address}) "
        f"| [{one.overdue}]({overdue_at(one.name).address}) | {one.soon} | {one.stuck} | {detail} |"
    )


def _worst(ledger: Ledger) -> list[str]:
    """The stuck issues and the oldest overdue ones of each station, leading to their runs."""
    listed = [(one, trouble) for one in ledger.stations for trouble in one.troubles[:3]]
    if not listed:
        return []
    head = ["", "## 逾期最久与受阻 Longest overdue, and failed", "", "| 联络站 | 事项 | 情况 |", "| --- | --- | --- |"]
    return [*head, *(f"| {cell(one.name)} | {_issue(trouble)} | {cell(trouble.what)} |" for one, trouble in listed)]


def _issue(trouble: TroubleLine) -> str:
    words = cell(f"{trouble.number} {masked(trouble.subject)}")
    return f"[{words}](/runs/flow-run/{trouble.run_id})" if trouble.run_id else words
