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
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from benchmarks.cluster import cluster, create_database, occupied, postmaster, processor_seconds
from flows.gateway.server import client_environment, ready
from huying.services.parts import processes, upgrade_prefect
from huying.settings import Settings, read

_EFFECTS = 2


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
    print(
        f"work runs a second on PostgreSQL, {_EFFECTS} tasks each, {os.cpu_count()} cores for all; processor time of a run"
    )
    for count in (int(word) for word in options.servers.split(",")):
        with _prefect(count) as (settings, url):
            before, started, runs = occupied(url), processor_seconds(_servers[-2 if count > 1 else 0]), 0
            for clients in (int(word) for word in options.clients.split(",")):
                measured = _measure(settings, url, clients, options.seconds)
                first, runs = first or measured.rate, runs + measured.runs
                print(f"  {count} server(s), {clients} client(s)  {measured.told(first)}", flush=True)
            if count > 1:
                services = (processor_seconds(_servers[-2]) - started) / runs * 1000
                print(f"  {services:.0f} ms a run are the services', which record task runs and events", flush=True)
            print(f"  {(occupied(url) - before) / runs / 1024:.1f} kB a run in Prefect's database:", flush=True)
            _largest(url, runs)


@dataclass(frozen=True)
class Measured:
    """Runs a second, how many were made, and the processor seconds of clients, servers and PostgreSQL."""

    rate: float
    runs: int
    spent: tuple[float, float, float]

    def told(self, first: float) -> str:
        """In words, with the ratio to the first."""
        client, server, postgres = (seconds / self.runs * 1000 for seconds in self.spent)
        processor = f"client {client:4.0f} ms  servers {server:4.0f} ms  PostgreSQL {postgres:4.0f} ms"
        return f"{self.rate:5.1f}/s  {self.rate / first:5.2f} of the first   {processor}"


def _measure(settings: Settings, url: str, clients: int, seconds: float) -> Measured:
    def servers() -> float:
        return sum(processor_seconds(pid) for pid in _servers)

    master = postmaster(url)
    before = servers(), processor_seconds(master)
    command = [sys.executable, "-m", "benchmarks.prefect_rate", "--client", settings.prefect_api_url, str(seconds)]
    environment = {**os.environ, **client_environment(settings.home, 0, settings.prefect_api_url)}
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(clients)]
    told = [process.communicate(timeout=seconds + 180)[0].split()[-3:] for process in started]
    rate, runs = sum(float(words[0]) for words in told), sum(int(words[1]) for words in told)
    spent = sum(float(words[2]) for words in told)
    return Measured(rate, runs, (spent, servers() - before[0], processor_seconds(master) - before[1]))


def _largest(url: str, runs: int) -> None:
    """The tables that take most of it."""
    query = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables ORDER BY 2 DESC LIMIT 6"
    with psycopg.connect(url) as connection:
        for name, size in connection.execute(query):
            print(f"    {name:<28} {size / runs / 1024:6.1f} kB", flush=True)


_servers: list[int] = []


async def _client(url: str, seconds: float) -> None:
    """Make work runs, one after another, and print how many a second and how many."""
    from flows.gateway.api import PrefectApi
    from flows.ports import ShownEffect
    from flows.runs.work import WorkRun, carry_out

    async with PrefectApi(url, timeout=30) as api:
        who = uuid4().hex[:8]

        async def step(number: int) -> None:
            name = f"{who}-{number}"
            issue = await api.create_run("issue", name, f"issue:{name}", {"type": "RUNNING"}, ("诉求",))
            effects = [
                ShownEffect(id=n, issue_id=number, number=name, sequence=1, step="study", words=f"通知 {n}")
                for n in range(_EFFECTS)
            ]
            as_run = WorkRun(f"{name} study", f"{name}:1", ("办理",))
            ledger = await carry_out(api, UUID(issue["id"]), as_run, effects, lambda _: None)
            assert ledger.seen, "Prefect was not there"

        for number in range(3):
            await step(-1 - number)
        begun, spent, done = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - begun < seconds:
            await step(done)
            done += 1
        print(done / (time.perf_counter() - begun), done, time.process_time() - spent, flush=True)
    # Prefect's threads would wait for what they have to tell; it is no part of this
    os._exit(0)


@contextmanager
def _prefect(servers: int) -> Iterator[tuple[Settings, str]]:
    """Prefect as the supervisor starts it, on a PostgreSQL of its own; the settings and the database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = create_database(stack.enter_context(cluster()), "prefect")
        port = free_ports(servers + 2)
        told = {
            "HUYING_HOME": str(folder),
            "HUYING_PREFECT_PORT": str(port),
            "HUYING_PREFECT_DATABASE_URL": url,
            "HUYING_PREFECT_SERVERS": str(servers),
        }
        if servers > 1:
            told["HUYING_REDIS_URL"] = stack.enter_context(_redis(folder, port + servers + 1))
        settings = read(told)
        upgrade_prefect(settings)
        started = [
            stack.enter_context(
                running(list(one.command), {**os.environ, **one.environment}, folder / f"{one.name}.log")
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
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[int]:
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
def _redis(folder: Path, port: int) -> Iterator[str]:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running(command, dict(os.environ), folder / "redis.log"):
        time.sleep(1)
        yield f"redis://127.0.0.1:{port}/0"


def free_ports(count: int) -> int:
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
