"""The pages of docs about the console: each address finds what it promises on a real server, and each saved search stands there in their language."""

import asyncio
import json
import re
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from flows.chores.figures import write_ledger
from flows.gateway.api import PrefectApi
from flows.memory import MemoryHouse
from flows.view.card import Standing
from flows.view.furniture import SEARCHES, overdue_at
from flows.view.projector import Projector

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_PAGES = {language: (_DOCS / language / "console.md").read_text("utf-8") for language in ("zh", "en")}
_LISTED = {language: re.findall(r"`(/prefect/(?:runs|artifacts)[^`]+)`", text) for language, text in _PAGES.items()}
_ADDRESSES = _LISTED["zh"]
_numbers = count(900_000)


async def _furnished(api: PrefectApi) -> None:
    """A server that shows one of everything."""
    house = MemoryHouse()
    kinds: tuple[dict[str, Any], ...] = (
        {"overdue": True},
        {"due_soon": True},
        {"status": Standing.incident},
        {"form": {"type": "object", "properties": {}}},
    )
    for changes in kinds:
        issue = next(_numbers)
        house.raise_issue(issue, effects=0)
        house.move(issue, **changes)
    await Projector(api, house).catch_up()
    await write_ledger(api, house.ledger())
    failed = {"type": "FAILED", "name": "未办成"}
    await api.create_run("work 办理", "work", f"p{next(_numbers)}", failed, ("办理", "重试"))


def test_ten_questions_are_answered_in_each_language() -> None:
    assert len(_ADDRESSES) == 10
    assert _LISTED["en"] == _ADDRESSES


@pytest.mark.parametrize("address", _ADDRESSES)
def test_each_address_finds_what_it_promises(server: Any, address: str) -> None:
    async def story() -> None:
        async with PrefectApi(server.url) as api:
            await _furnished(api)
            if address.startswith("/prefect/artifacts/key/"):
                found = await api.call("GET", f"/artifacts/{address.rpartition('/')[2]}/latest")
                assert json.loads(found["data"]) if isinstance(found["data"], str) else found["data"]
                return
            query = parse_qsl(urlsplit(address).query)
            tags, states = ([value for name, value in query if name == wanted] for wanted in ("tag", "state"))
            named = {"state": {"name": {"any_": states}}} if states else {}
            assert await api.call("POST", "/flow_runs/filter", {"flow_runs": {"tags": {"all_": tags}, **named}})

    asyncio.run(story())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_addresses_are_those_of_the_saved_searches(language: str) -> None:
    saved = {unquote(one.address) for one in (*SEARCHES, overdue_at("兴隆社区联络站"))}
    ours = [address for address in _LISTED[language] if address.startswith("/prefect/runs") and "代表:" not in address]
    assert set(ours) <= saved
    assert [name for name in _names(language) if name not in _PAGES[language]] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_address_stands_beside_the_name_of_its_search(language: str) -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| `(/prefect/runs[^`]+)` \|$", _PAGES[language], re.MULTILINE)
    beside = {address: name for name, address in rows}
    named = {unquote(one.address): name for one, name in zip(SEARCHES, _names(language), strict=True)}
    assert len(beside) == 9
    assert {address: name for address, name in beside.items() if named.get(address, name) != name} == {}


def _names(language: str) -> list[str]:
    """The half in this language of each search's name: the page of Prefect shows both, "逾期 overdue"."""
    halves = [one.name.split(" ", 1) for one in SEARCHES]
    return [half[("zh", "en").index(language)] for half in halves]
