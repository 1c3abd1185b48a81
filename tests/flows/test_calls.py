"""Calls of other systems that never answer, over real HTTP: they hold up neither messages nor other effects, nor the calls of other systems."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from flows.dispatcher import Dispatcher
from flows.gateway.api import PrefectApi, PrefectAway
from flows.house_ports import HousePorts
from flows.runs.calls import AT_ONCE
from huying.connections.calls import connect
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.outbox.claims import CALLS_OF_ONE
from huying.processes.publication import publish
from notifications import Mailbox, Transports
from tests.conftest import OFFICE
from tests.huying.calling_office import CALLING, CallingOffice, calling_office
from tests.patience import within
from tests.template import filled

Until = Callable[[Callable[[], bool], float], Awaitable[None]]
_tests = count(1)
_RETRY = "    retry: {times: 3, first: 10 seconds, longest: 15 seconds}\n    to: check\n"
_TASK = "    task: clerk\n    actions: {go: {title: {zh: 核对, en: Go}, to: check}}\n"
_HANGING = 20
_TOLD = 30


class BlackHole(BaseHTTPRequestHandler):
    """A system that takes every call, and answers none of them until it is let."""

    let: threading.Event
    taken: list[str]

    def do_POST(self) -> None:
        kind = type(self)
        self.rfile.read(int(self.headers["content-length"]))
        kind.taken.append(self.headers["idempotency-key"])
        kind.let.wait(60)
        said = json.dumps({"result": {"count": 3}}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def black_hole() -> Iterator[tuple[type[BlackHole], str]]:
    kind: type[BlackHole] = type("OneHole", (BlackHole,), {"let": threading.Event(), "taken": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kind, f"http://127.0.0.1:{server.server_port}"
    finally:
        kind.let.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def office(copied: tuple[Database, dict[str, int]], tmp_path: Path) -> Iterator[CallingOffice]:
    with _office(copied, tmp_path) as made:
        yield made


@pytest.fixture
def small_office(tmp_path: Path) -> Iterator[CallingOffice]:
    """On SQLite alone: what Prefect shows does not depend on the house's database."""
    copied = filled(OFFICE, tmp_path / "small.db")
    with _office(copied, tmp_path) as made:
        yield made
    copied[0].close()


@contextmanager
def _office(copied: tuple[Database, dict[str, int]], tmp_path: Path) -> Iterator[CallingOffice]:
    """An office whose clerk has an address, and a second process that calls another system."""
    with calling_office(copied, tmp_path / "files", datetime.now(UTC)) as made:
        connect(made.house, "hole", "http://127.0.0.1:9", None)
        # the server is shared, and issues are known there by their numbers
        for key, to in (("lookup", "registry"), ("hole", "hole"), ("told", "")):
            text = CALLING.replace("id: lookup", f"id: {key}").replace("to: registry", f"to: {to}")
            text = text.replace(
                "LK-{{ station.code }}-{{ year }}", f"{{{{ year }}}}-{{{{ station.code }}}}-C{next(_tests)}"
            )
            text = text if to else re.sub(r"    request: .*\n", _TASK, text).replace(_RETRY, "")
            publish(made.house, text.encode(), f"{key}.yaml", Imprint("test", made.now))
        with copied[0].writing() as connection:
            row = {"participant_id": made.city["clerk"], "channel": "mail", "target": "clerk@example.org"}
            connection.execute(insert(t.addresses), row)
            connection.execute(update(t.connections).values(timeout_seconds=45))
        yield made


@asynccontextmanager
async def _dispatching(office: CallingOffice, folder: Path, url: str, *, connected: bool) -> AsyncIterator[None]:
    stop = asyncio.Event()
    ports = HousePorts(office.house, Transports(mail=Mailbox(folder / "mails.jsonl")), "http://x")
    async with PrefectApi(url) as api:
        dispatcher = Dispatcher(ports, api)
        running = asyncio.create_task(dispatcher.run(stop))
        try:
            while connected and not dispatcher.connected:
                await asyncio.sleep(0.02)
            yield
        finally:
            stop.set()
            await asyncio.wait_for(running, within(30))


def _count(office: CallingOffice, table: Any, *which: Any) -> int:
    with office.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(*which)).scalar_one())


def _told(office: CallingOffice, number: int) -> None:
    open_issue(
        office.house,
        Report(
            definition="told", station="XG", reporter=office.city["resident"], values={"subject": f"路灯不亮 {number}"}
        ),
        request_id=f"t{number}",
        now=office.now,
    )


async def _hold_up_nothing(office: CallingOffice, hole: type[BlackHole], until: Until, *, small: bool = False) -> None:
    """While all of the calls hang, everything else is carried out; let go, they are answered, each once.

    ``small``: so little that a Prefect server on SQLite, which may stand still for a minute when much is written at once, can follow.
    """
    o, d = t.outbox.c, t.deliveries.c
    hanging, told = (CALLS_OF_ONE + 2, 3) if small else (_HANGING, _TOLD)
    for number in range(hanging):
        office.open(f"h{number}", "hole")
    await until(lambda: len(hole.taken) == CALLS_OF_ONE, 30)
    for number in range(told):
        _told(office, number)
    answered = office.open("answered")
    await until(lambda: _count(office, t.outbox, o.status == "pending", o.kind != "request") == 0, 30)
    await until(lambda: _count(office, t.deliveries, d.status == "pending") == 0, 30)
    await until(lambda: office.state(answered).data.get("found") == 7, 30)
    assert _count(office, t.deliveries, d.status == "accepted") >= told
    assert len(hole.taken) == CALLS_OF_ONE < AT_ONCE, "of one system, no more are made at once"
    assert _count(office, t.outbox, o.status == "pending", o.kind == "request", o.error.is_(None)) == hanging
    hole.let.set()
    await until(lambda: _count(office, t.outbox, o.status == "done", o.kind == "request") == hanging + 1, 30)
    assert len(hole.taken) == len(set(hole.taken)) == hanging, "each call is made once"
    assert _count(office, t.outbox, o.kind == "request", o.attempts != 1) == 0


def test_calls_that_hang_hold_up_nothing_while_prefect_is_away(
    office: CallingOffice, tmp_path: Path, until: Until
) -> None:
    async def story() -> None:
        with black_hole() as (hole, address):
            connect(office.house, "hole", address, None)
            async with _dispatching(office, tmp_path, "http://127.0.0.1:9/api", connected=False):
                await _hold_up_nothing(office, hole, until)

    asyncio.run(story())


def test_calls_that_hang_hold_up_nothing_and_are_shown_in_prefect(
    small_office: CallingOffice, server: Any, tmp_path: Path, until: Until
) -> None:
    office = small_office

    async def story() -> list[dict[str, Any]]:
        with black_hole() as (hole, address):
            connect(office.house, "hole", address, None)
            async with _dispatching(office, tmp_path, server.url, connected=True):
                await _hold_up_nothing(office, hole, until, small=True)
                prefix = office.row(1).number.split("-")[2]
                async with PrefectApi(server.url) as api:
                    for _ in range(round(within(100))):
                        runs = [run for run in await _shown(api) if f"-{prefix}-" in run["name"]]
                        if runs and {run["state"]["name"] for run in runs} == {"已办"}:
                            return runs
                        await asyncio.sleep(0.3)
        return []

    runs = asyncio.run(story())
    assert runs, "what the calls came to is shown"
    assert all("调用外部系统" in run["name"] for run in runs)


def test_a_call_that_fails_is_tried_again_as_its_process_says_and_not_by_prefect(
    small_office: CallingOffice, server: Any, tmp_path: Path, until: Until
) -> None:
    office = small_office

    async def story() -> list[dict[str, Any]]:
        office.registry.failures = 1
        async with _dispatching(office, tmp_path, server.url, connected=True):
            issue = office.open()
            await until(lambda: _count(office, t.outbox, t.outbox.c.error.is_not(None)) == 1, 30)
            assert len(office.registry.taken) == 1
            with office.house.database.writing() as connection:
                connection.execute(update(t.outbox).values(available_at=office.now))
            await until(lambda: office.state(issue).data.get("found") == 7, 30)
            number = office.row(issue).number
            runs = []
            async with PrefectApi(server.url) as api:
                for _ in range(round(within(60))):
                    runs = await _shown(api, f"issue:{number}")
                    if {"未办成", "已办"} <= {run["state"]["name"] for run in runs}:
                        return runs
                    await asyncio.sleep(0.3)
        return []

    runs = asyncio.run(story())
    assert runs, "both tries are shown, under the issue's run"
    assert all(run["parent_task_run_id"] for run in runs)
    assert len(office.registry.taken) == 2
    assert len(set(office.registry.taken)) == 1


async def _shown(api: PrefectApi, *tags: str) -> list[dict[str, Any]]:
    body = {"flow_runs": {"tags": {"all_": ["调用", *tags]}}}
    try:
        found: list[dict[str, Any]] = await api.call("POST", "/flow_runs/filter", body)
    except PrefectAway:
        # a small server that has much to write answers a little later
        return []
    return found
