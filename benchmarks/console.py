"""Prefect's pages at many open issues: how fast they are shown, what showing costs, and how quickly the pages' own questions are answered.

    python -m benchmarks.console [--open 2000] [--home FOLDER --stay]

The sample city with issues of several processes, some overdue, some stuck, some suspended, some with their deputies; a Prefect server of its
own on SQLite. The floor is the bare creation of runs, one call each, by the same client in the same run: what no projection can beat.
With `--stay` everything is left running, to be looked at.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from definitions.loader import library
from definitions.model.reference import Reference, refers_to
from definitions.trials.scenario import read_scenarios, scenarios_beside
from engine import State
from engine.event import Comment, Suspend
from engine.refusal import Refusal
from flows.gateway.server import api_url, client_environment, ready, server_command, server_environment, ui_url
from huying.database.connections import Database
from huying.database.tables import issues, outbox, participants, stations
from huying.demo.sample import fill
from huying.house.by import By
from huying.house.calendars import publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.deeds import act, happen
from huying.issues.opening import Report, open_issue
from huying.processes.publication import Edition, publish_all
from notifications import Mailbox, Transports

if TYPE_CHECKING:
    from flows.gateway.api import PrefectApi
    from flows.house_ports import HousePorts

_RUNS = 5
_PLAIN = ("contact-station", "pothole", "hotline-1085", "it-incident", "talk-to-deputy", "service-support")


def _furnish(folder: Path, now: datetime) -> House:
    database = Database(f"sqlite:///{folder}/huying.db")
    database.migrate()
    house = House(database, folder / "files")
    publish_shipped(house.calendars, database, Imprint("benchmark", now, ""))
    editions = [Edition(path.read_bytes(), str(path)) for path in library()]
    publish_all(house, editions, Imprint("benchmark", now), unconnected=True)
    fill(database, now)
    return house


def _openings(house: House) -> list[tuple[str, dict[str, Any]]]:
    """What can be opened: the processes with the answers of their first scenario, as far as these name nobody."""
    found = []
    for path in library():
        key = path.parent.name
        if key in _PLAIN:
            given = read_scenarios(scenarios_beside(path))[0].given
            found.append((key, dict(given.form)))
    return found


def _seed(house: House, count: int, now: datetime) -> Counter[str]:
    """Open issues over the last weeks, and have staff and deputies get on with some of them."""
    chance = random.Random(1)
    with house.database.reading() as connection:
        places = list(connection.execute(select(stations.c.code)).scalars())
        citizens = list(connection.execute(select(participants.c.id).where(participants.c.kind == "citizen")).scalars())
        office = connection.execute(select(participants.c.id).where(participants.c.login == "fengshuo")).scalar_one()
    openings, made = _openings(house), Counter[str]()
    number = 0
    while sum(made.values()) < count and number < 3 * count:
        number += 1
        key, values = chance.choice(openings)
        begun = now - timedelta(hours=chance.choice((1, 5, 20, 30, 100, 400)))
        try:
            receipt = open_issue(
                house,
                Report(definition=key, station=chance.choice(places), reporter=chance.choice(citizens), values=values),
                request_id=f"b{number}",
                now=begun,
            )
        except Refusal:
            continue
        made[key] += 1
        if key != "pothole" and chance.random() < 0.6:
            _on(house, receipt.issue_id, chance, begun)
        if chance.random() < 0.02:
            happen(house, receipt.issue_id, Suspend("等待材料"), By(office, now, f"s{number}"))
    _break(house, chance)
    return made


def _on(house: House, issue_id: int, chance: random.Random, now: datetime) -> None:
    """Whoever has the first task takes its first action, if it asks for nothing that is not known."""
    with house.database.reading() as connection:
        state: State = connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        version = connection.execute(select(issues.c.definition_version_id).where(issues.c.id == issue_id)).scalar_one()
    definition = house.processes.process(version).definition
    for item in state.items:
        person = next((party for party in item.candidates if refers_to(party, "participant")), None)
        actions = getattr(definition.steps[item.step], "actions", {})
        if person is None or not actions:
            continue
        key, action = next(iter(actions.items()))
        values = {name: next(iter(field.options), "已核实") for name, field in action.ask.items()}
        try:
            act(house, issue_id, item.number, key, values, By(Reference.parse(person).number, now))
        except Refusal:
            return


def _break(house: House, chance: random.Random) -> None:
    """Some effects were given up; all others are done: this is about what is shown, not about messages."""
    with house.database.writing() as connection:
        ids = list(connection.execute(select(outbox.c.id)).scalars())
        connection.execute(update(outbox).values(status="done"))
        broken = chance.sample(ids, max(1, len(ids) // 200))
        connection.execute(
            update(outbox).where(outbox.c.id.in_(broken)).values(status="failed", attempts=10, error="对方系统没有应答")
        )


@contextmanager
def _server(home: Path, port: int, stay: bool) -> Iterator[None]:
    process = subprocess.Popen(
        server_command(port),
        env={**os.environ, **server_environment(home, port, None)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not ready(api_url(port)) or process.poll() is not None:
            if process.poll() is not None:
                raise SystemExit(f"no server of our own on port {port}")
            time.sleep(0.2)
        yield
        if stay:
            print(f"{ui_url(port)} … Ctrl-C", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


async def _measure(url: str, ports: HousePorts, count: int) -> None:
    from flows.chores.figures import write_ledger
    from flows.chores.schedule import register
    from flows.gateway.api import PrefectApi
    from flows.view.furniture import SEARCHES, furnish, searches
    from flows.view.projector import Projector

    class Counting(PrefectApi):
        """Counts calls."""

        calls = 0

        async def _answer(self, method: str, path: str, body: object) -> Any:
            self.calls += 1
            return await super()._answer(method, path, body)

    async with Counting(url, timeout=60) as api:
        await register(api)
        floor = await _floor(api, min(200, count))
        api.calls = 0
        projector = Projector(api, ports)
        taken = await _timed(lambda: _until_done(projector))
        _say("made", count, taken, api.calls, floor)
        _touch(ports.house, min(300, count))
        api.calls = 0
        taken = await _timed(lambda: _until_done(projector))
        _say("shown again", min(300, count), taken, api.calls, floor)
        ledger = await asyncio.to_thread(ports.ledger)
        print(
            f"saved searches: {await furnish(api, searches(ledger))}; ledger: {await write_ledger(api, ledger)} parts"
        )
        await _questions(api, ports, SEARCHES)


async def _questions(api: PrefectApi, ports: HousePorts, wanted: Any) -> None:
    """What the pages ask of the server for each of the saved searches, and what our own polls cost."""
    from flows.console import Console
    from flows.view.projector import Projector

    console = Console(api, ports, Projector(api, ports))
    print(f"listening to staff, nothing to do: {await _median(console.listen) * 1000:.1f} ms")
    print(f"the ledger's figures: {await _median(lambda: asyncio.to_thread(ports.ledger)) * 1000:.1f} ms")
    for search in wanted:
        # the page asks for a hundred, and for their number
        states = {"state": {"name": {"any_": list(search.states)}}} if search.states else {}
        since = datetime.now(UTC) - timedelta(seconds=search.seconds)
        body = {
            "flow_runs": {"tags": {"all_": list(search.tags)}, **states, "start_time": {"after_": since.isoformat()}}
        }

        async def ask(body: dict[str, Any] = body) -> object:
            await api.call("POST", "/flow_runs/filter", {**body, "limit": 100, "sort": "START_TIME_DESC"})
            return await api.call("POST", "/flow_runs/count", body)

        print(f"{search.name}: {await ask()} runs, {await _median(ask) * 1000:.0f} ms")


async def _floor(api: PrefectApi, count: int) -> float:
    begin = time.perf_counter()
    for number in range(count):
        await api.create_run("floor", f"floor {number}", f"floor-{number}-{begin}", {"type": "COMPLETED"})
    return count / (time.perf_counter() - begin)


async def _until_done(projector: Any) -> None:
    while await projector.catch_up():
        pass


async def _timed(what: Callable[[], Awaitable[object]]) -> float:
    begin = time.perf_counter()
    await what()
    return time.perf_counter() - begin


async def _median(what: Callable[[], Awaitable[object]]) -> float:
    return statistics.median([await _timed(what) for _ in range(_RUNS)])


def _say(what: str, count: int, taken: float, calls: int, floor: float) -> None:
    rate = count / taken
    print(
        f"{what}: {rate:.1f} issues per second, {calls / count:.2f} calls each, {1000 * taken / max(calls, 1):.1f} ms a call; "
        f"floor (one bare run each) {floor:.1f} per second, ratio {rate / floor:.2f}",
        flush=True,
    )


def _touch(house: House, count: int) -> None:
    """Something happens to some of the issues."""
    now = datetime.now(UTC)
    with house.database.reading() as connection:
        office = connection.execute(select(participants.c.id).where(participants.c.login == "fengshuo")).scalar_one()
        touched = list(connection.execute(select(issues.c.id).limit(count)).scalars())
    for issue_id in touched:
        happen(house, issue_id, Comment("已电话联系"), By(office, now, f"t{issue_id}"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Seed a city, show it, and print what it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=2_000)
    parser.add_argument("--home", default=None)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--stay", action="store_true")
    wanted = parser.parse_args()
    # started in the background, Ctrl-C is not heard
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    now, port = datetime.now(UTC), wanted.port or _free_port()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(wanted.home or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        house = _furnish(folder, now - timedelta(days=60))
        made = _seed(house, wanted.open, now)
        print(f"{sum(made.values())} open issues: {dict(made)}", flush=True)
        os.environ.update(client_environment(folder / "prefect", port))
        # Prefect reads its settings when it is imported
        from flows.house_ports import HousePorts

        transports = Transports(mail=Mailbox(folder / "mailbox"))
        ports = HousePorts(house, transports, "http://127.0.0.1:8080", console_login="fengshuo")
        (folder / "prefect").mkdir(exist_ok=True)
        with _server(folder / "prefect", port, wanted.stay):
            asyncio.run(_measure(api_url(port), ports, sum(made.values())))


if __name__ == "__main__":
    main()
