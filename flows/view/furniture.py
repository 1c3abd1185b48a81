"""What staff find on Prefect's pages beside the runs: saved searches and links, made from what the house has now; made again whenever they are gone.

A saved search carries its span of time: without one the page would show the last week alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from definitions.text import Said
from flows.gateway.api import PrefectApi
from flows.view.card import ISSUE
from huying.console.address import BASE
from huying.figures.ledger import Ledger

#: Ten years, longer than an issue lasts; a day; both in seconds.
LONG, DAY = 3653 * 86400, 86400
#: Up to so many stations have searches of their own; of more, the ledger's links lead there.
MOST_STATIONS = 40


@dataclass(frozen=True, kw_only=True)
class SavedSearch:
    """A list of runs with these tags, in one of these states, that began within so many seconds."""

    name: str
    tags: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    seconds: int = LONG

    @property
    def address(self) -> str:
        """The page that shows the same, from the root of the portal, or of Prefect's own server."""
        query = [*(("tag", tag) for tag in self.tags), *(("state", state) for state in self.states)]
        hidden = [("hide-subflows", "true")] if ISSUE in self.tags else []
        return f"{BASE}/runs?" + urlencode([*query, ("type", "span"), ("seconds", str(-self.seconds)), *hidden])


#: What every house is asked most often.
SEARCHES = (
    SavedSearch(name="在办事项 open issues", tags=(ISSUE, "在办")),
    SavedSearch(name="待工作人员办理 staff to act", tags=(ISSUE, "待工作人员")),
    SavedSearch(name="逾期 overdue", tags=(ISSUE, "逾期")),
    SavedSearch(name="即将到期 due soon", tags=(ISSUE, "即将到期")),
    SavedSearch(name="受阻 incidents", tags=(ISSUE, "受阻")),
    SavedSearch(name="计时暂停 clock stands", tags=(ISSUE, "计时暂停")),
    SavedSearch(name="已暂停办理 suspended", tags=(ISSUE, "已暂停")),
    SavedSearch(name="昨天以来办理失败 failed since yesterday", tags=("办理",), states=("未办成",), seconds=DAY),
    SavedSearch(name="昨天以来重试 retried since yesterday", tags=("办理", "重试"), seconds=DAY),
    SavedSearch(
        name="昨天以来系统运行未成 system runs that failed",
        tags=("系统",),
        states=Said("部分未成", "Failed"),
        seconds=DAY,
    ),
)


def searches(ledger: Ledger) -> tuple[SavedSearch, ...]:
    """All searches of a house with these stations."""
    stations = ledger.stations if len(ledger.stations) <= MOST_STATIONS else ()
    return (*SEARCHES, *(overdue_at(one.name) for one in stations))


def overdue_at(station: str) -> SavedSearch:
    """What is overdue at a station."""
    return SavedSearch(name=f"逾期 · {station}", tags=(ISSUE, "逾期", station))


def open_at(station: str) -> SavedSearch:
    """What is in hand at a station."""
    return SavedSearch(name=f"在办 · {station}", tags=(ISSUE, "在办", station))


async def furnish(api: PrefectApi, wanted: Sequence[SavedSearch]) -> int:
    """Have these saved searches on the pages; how many were made or changed. What staff saved themselves stays."""
    there = await _saved(api)
    made = 0
    for search in wanted:
        filters = _filters(search)
        if there.get(search.name) != filters:
            await api.call("PUT", "/saved_searches/", {"name": search.name, "filters": filters})
            made += 1
    return made


async def _saved(api: PrefectApi) -> Mapping[str, object]:
    found = await api.call("POST", "/saved_searches/filter", {"limit": 200})
    return {one["name"]: one["filters"] for one in found}


def _filters(search: SavedSearch) -> list[dict[str, object]]:
    said: list[tuple[str, object]] = [
        ("tag", list(search.tags)),
        ("state", list(search.states)),
        ("range", {"type": "span", "seconds": -search.seconds}),
    ]
    return [
        {"object": "flowRun", "property": name, "type": "", "operation": "", "value": value}
        for name, value in said
        if value
    ]
