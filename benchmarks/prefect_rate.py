"""How many work runs a second Prefect takes, on PostgreSQL: one server, and several behind a balancer with Redis, with 1, 2 and 4 clients.

    python -m benchmarks.prefect_rate [--seconds 20] [--clients 1,2,4] [--servers 1,2]

A work run is what a quiet dispatcher makes of one step of an issue: a task run under the issue's run, a flow run with two tasks, its states and
logs. A client is a process like a dispatcher. Servers, clients, PostgreSQL and Redis share the cores of this machine: take the proportions.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from benchmarks.cluster import cluster, create_database, occupied
from flows.server import client_environment, ready
from huying.parts import processes, upgrade_prefect
from huying.settings import Settings, read

_EFFECTS = 2
_HZ = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure each arrangement, and print rates and their ratio to the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", default="1,2,4")
    parser.add_argument("--servers", default="1,2")
    parser.add_argument("--client", nargs=2, metavar=("URL", "SECONDS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        asyncio.run(_client(options.client[0], float(options.client[1])))
        return
    first = 0.0
    print(f"work runs a second on PostgreSQL, {_EFFECTS} tasks each, {os.cpu_count()} cores for all")
    for count in (int(word) for word in options.servers.split(",")):
        with ExitStack() as stack:
            settings, url = stack.enter_context(_prefect(count))
            before, runs = occupied(url), 0
            for clients in (int(word) for word in options.clients.split(",")):
                rates, processor = _rates(settings, clients, options.seconds)
                rate, runs = sum(rate for rate, _ in rates), runs + sum(done for _, done in rates)
                first = first or rate
                median = statistics.median(clients / rate for rate, _ in rates) if clients == 1 else clients / rate
                print(
                    f"  {count} server(s), {clients} client(s)  {rate:5.1f}/s  {rate / first:5.2f} of the first"
                    f"  {median * 1000:5.0f} ms a run  servers {processor / sum(d for _, d in rates) * 1000:4.0f} ms of processor a run",
                    flush=True,
                )
            print(f"  {(occupied(url) - before) / runs / 1024:.1f} kB a run in Prefect's database", flush=True)


def _rates(settings: Settings, clients: int, seconds: float) -> tuple[list[tuple[float, int]], float]:
    """Runs a second and runs of each client, and the processor seconds of the servers."""
    before = _spent(_servers)
    command = [sys.executable, "-m", "benchmarks.prefect_rate", "--client", settings.prefect_api_url, str(seconds)]
    environment = {**os.environ, **client_environment(settings.home, 0, settings.prefect_api_url)}
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(clients)]
    found = []
    for process in started:
        told, _ = process.communicate(timeout=seconds + 180)
        rate, runs = told.split()[-2:]
        found.append((float(rate), int(runs)))
    return found, _spent(_servers) - before


_servers: list[int] = []


def _spent(pids: list[int]) -> float:
    stats = (Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / _HZ


async def _client(url: str, seconds: float) -> None:
    """Make work runs, one after another, and print how many a second and how many."""
    from flows.api import PrefectApi
    from flows.ports import Effect
    from flows.work import carry_out

    async with PrefectApi(url, timeout=30) as api:
        who = uuid4().hex[:8]

        async def step(number: int) -> None:
            name = f"{who}-{number}"
            issue = await api.create_run("issue", name, f"issue:{name}", {"type": "RUNNING"}, ("诉求",))
            effects = [
                Effect(id=n, issue_id=number, number=name, sequence=1, step="study", words=f"通知 {n}")
                for n in range(_EFFECTS)
            ]
            ledger = await carry_out(
                api, UUID(issue["id"]), f"{name} study", f"{name}:1", ("办理",), effects, lambda _: None
            )
            assert ledger.seen, "Prefect was not there"

        for number in range(3):
            await step(-1 - number)
        begun, done = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            await step(done)
            done += 1
        print(done / (time.perf_counter() - begun), done, flush=True)
    # Prefect's threads would wait for what they have to tell; it is no part of this
    os._exit(0)


@contextmanager
def _prefect(servers: int) -> Iterator[tuple[Settings, str]]:
    """Prefect as the supervisor starts it, on a PostgreSQL of its own; the settings and the database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = create_database(stack.enter_context(cluster()), "prefect")
        told = {
            "HUYING_HOME": str(folder),
            "HUYING_PREFECT_PORT": str(_free_ports(servers + 1)),
            "HUYING_PREFECT_DATABASE_URL": url,
            "HUYING_PREFECT_SERVERS": str(servers),
        }
        if servers > 1:
            told["HUYING_REDIS_URL"] = stack.enter_context(_redis(folder))
        settings = read(told)
        upgrade_prefect(settings)
        started = [
            stack.enter_context(
                _running(list(one.command), {**os.environ, **one.environment}, folder / f"{one.name}.log")
            )
            for one in processes(settings, None)
            if one.name.startswith("prefect")
        ]
        _servers[:] = started
        deadline = time.monotonic() + 120
        while not ready(settings.prefect_api_url):
            if time.monotonic() > deadline:
                raise SystemExit("Prefect was not ready within two minutes")
            time.sleep(0.3)
        # a balancer is ready with its first server
        time.sleep(10 if servers > 1 else 2)
        yield settings, url


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[int]:
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    port = _free_ports(1)
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with _running(command, dict(os.environ), folder / "redis.log"):
        time.sleep(1)
        yield f"redis://127.0.0.1:{port}/0"


def _free_ports(count: int) -> int:
    """The first of so many ports in a row that nobody listens on."""
    for port in range(20000 + os.getpid() % 20000, 60000):
        try:
            with ExitStack() as stack:
                for one in range(port, port + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", one))
            return port
        except OSError:
            continue
    raise SystemExit("no free ports")


if __name__ == "__main__":
    main()
