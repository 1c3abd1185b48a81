"""The flow of every chore: portion after portion until nothing is left, each told in the log, and an ending that says what came of all of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from itertools import repeat
from typing import Any
from uuid import UUID

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.flows import Flow
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.chores.figures import show_ledger
from flows.chores.retention import retain
from flows.gateway.api import PrefectApi, PrefectError
from flows.ports import Ports
from huying.chores.chore import Chore, Portion, Table
from huying.chores.expiry import EXPIRY
from huying.chores.figures import FIGURES

#: What belongs to a chore and is done on Prefect's pages themselves, after its portion in the house, by the chore's name.
ON_THE_PAGES: Mapping[str, Callable[[PrefectApi, Ports], Awaitable[Portion]]] = {
    EXPIRY.name: retain,
    FIGURES.name: show_ledger,
}


@lru_cache
def flow_of(chore: Chore) -> Flow[..., Any]:
    """The flow as staff know it of that chore; it takes the chore, the ports and Prefect's API."""
    return _carry_on.with_options(name=chore.run)


@flow(name="chore", validate_parameters=False)
async def _carry_on(chore: Chore, ports: Ports, api: PrefectApi) -> State[Any]:
    log = get_run_logger()
    all_of_it = Portion()
    for _ in repeat(None) if chore.portions is None else range(chore.portions):
        portion = await _portion(chore, ports, api)
        all_of_it += portion
        if not portion.taken:
            break
        for words in (*portion.said, *([chore.progress(all_of_it)] if chore.progress else [])):
            log.info("%s", words)
        for words in portion.warned:
            log.warning("%s", words)
    ending = chore.ending(all_of_it)
    if ending.table is not None:
        await _show(api, ending.table)
    return Completed(name=ending.name, message=ending.message)


async def _portion(chore: Chore, ports: Ports, api: PrefectApi) -> Portion:
    in_the_house = await asyncio.to_thread(ports.carry_on, chore)
    on_the_pages = ON_THE_PAGES.get(chore.name)
    return in_the_house + await on_the_pages(api, ports) if on_the_pages else in_the_house


async def _show(api: PrefectApi, table: Table) -> None:
    rows = json.dumps(table.rows, ensure_ascii=False)
    try:
        await api.create_artifact(UUID(str(flow_run.get_id())), table.key, "table", rows, table.words)
    except PrefectError:
        get_run_logger().info("失败清单没有存上")
