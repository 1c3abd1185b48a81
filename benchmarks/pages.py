"""How long pages take with many issues and many people at once, beside an empty page of the same framework in the same run.

    python -m benchmarks.pages [--issues 100000] [--people 20] [--rounds 10] [--sqlite] [--url postgresql://USER@HOST/EMPTY_DATABASE]

A portal in a process of its own; people in threads of this one, each with a session: clerks look at lists and search, deputies at tasks, residents at
the form and at what became of their report. Every page is asked for by everybody at once, again and again. Without ``--sqlite`` or ``--url`` both
databases are measured, one after the other.
"""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import uvicorn
from sqlalchemy import select
from starlette.responses import HTMLResponse

from benchmarks.cluster import cluster, create_database, processor_seconds
from benchmarks.lives import Crowds
from benchmarks.metropolis import PASSPHRASE, Metropolis, metropolis
from huying.access.sessions import sign_in
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.house import House
from huying.search.upkeep import keep_up
from portal.app import create_app
from portal.frame.config import PortalConfig
from portal.frame.reader import SESSION

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
#: How many times as long as an empty page they may take.
AIMS: Mapping[str, float] = {"report form": 4, "list": 10, "list with search": 10}
_WORDS = ("路灯", "电梯 停运", "莲花三村", "水压", "厦禾路", "垃圾", "湖里 井盖", "噪声扰民")

Address = Callable[[int], str]


def main() -> None:
    """Measure, and print p95 and its ratio to that of the empty page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--url")
    options = parser.parse_args()
    if not options.url:
        with tempfile.TemporaryDirectory() as folder:
            _measured(f"sqlite:///{folder}/pages.db", Path(folder), options)
    if options.url:
        with tempfile.TemporaryDirectory() as folder:
            _measured(options.url, Path(folder), options)
    elif not options.sqlite:
        with cluster() as server, tempfile.TemporaryDirectory() as folder:
            _measured(create_database(server, "pages"), Path(folder), options)


def _measured(url: str, folder: Path, options: argparse.Namespace) -> None:
    database = Database(url)
    city = metropolis(database, folder, NOW)
    Crowds(city, NOW).fill(options.issues, max(1, options.issues // 20), whole=max(1, options.issues // 20))
    while keep_up(city.house, 2000):
        pass
    if not database.sqlite:
        with database.at_once() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    print(f"{'SQLite' if database.sqlite else 'PostgreSQL'}, {options.issues} issues, {options.people} people at once")
    report(url, folder, city, options)
    database.close()


def report(url: str, folder: Path, city: Metropolis, options: argparse.Namespace) -> None:
    """Ask for every page of a city that is there already, and print a line for each."""
    with _portal(url, folder) as (address, process):
        empty: Asked | None = None
        for name, page in _pages(city, options.people).items():
            asked = _asked(address, page, options, process)
            empty = empty or asked
            _line(name, asked, empty)


def _pages(city: Metropolis, people: int) -> Mapping[str, tuple[Address, Sequence[str]]]:
    """Each page: its address for each of the people, and their sessions (empty for residents)."""
    stations = city.stations[:people]
    clerks = [sign_in(city.house, f"clerk{number}", PASSPHRASE, NOW) for number in range(1, people + 1)]
    deputies = [sign_in(city.house, f"deputy{number}", PASSPHRASE, NOW) for number in range(1, people + 1)]
    tasks = [_task(city, city.deputies[station]) for station in stations]
    followed = [_followed(city, station) for station in stations]
    nobody = [""] * people
    return {
        "empty page": (lambda _: "/empty", nobody),
        "report form": (lambda _: "/report/contact-station", nobody),
        "follow page": (lambda number: followed[number], nobody),
        "list": (lambda _: "/issues", clerks),
        "list with search": (lambda number: f"/issues?q={quote(_WORDS[number % len(_WORDS)])}", clerks),
        "task page": (lambda number: tasks[number], deputies),
    }


def _task(city: Metropolis, person: int) -> str:
    """The address of a task of somebody, or of their tasks if they have none."""
    query = select(t.candidates.c.issue_id, t.candidates.c.item).where(t.candidates.c.party == f"participant:{person}")
    with city.house.database.reading() as connection:
        row = connection.execute(query.order_by(t.candidates.c.issue_id.desc()).limit(1)).first()
    return f"/tasks/{row.issue_id}/{row.item}" if row else "/tasks"


def _followed(city: Metropolis, station: int) -> str:
    query = select(t.issues.c.number, t.issues.c.follow_code).where(t.issues.c.station_id == station)
    with city.house.database.reading() as connection:
        row = connection.execute(query.order_by(t.issues.c.id.desc()).limit(1)).first()
    return f"/issues/{quote(row.number)}?code={row.follow_code}" if row else "/follow"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answers to one page took: the milliseconds of each by the clock, and of the portal's processor for one in the middle."""

    clock: Sequence[float]
    processor: float


def _asked(address: str, page: tuple[Address, Sequence[str]], options: argparse.Namespace, process: int) -> Asked:
    """Everybody asks for a page at once; each once before it is measured by the clock. All of them count for the processor."""
    of, sessions = page

    def ask(number: int) -> list[float]:
        cookies = {SESSION: sessions[number]} if sessions[number] else {}
        with httpx.Client(
            base_url=address, cookies=cookies, timeout=60, headers={"Accept-Language": "zh-CN"}
        ) as client:
            client.get(of(number))
            took = []
            for _ in range(options.rounds):
                begun = time.perf_counter()
                answer = client.get(of(number))
                took.append((time.perf_counter() - begun) * 1000)
                assert answer.status_code == 200, f"{of(number)}: {answer.status_code}"
            return took

    before = processor_seconds(process)
    with ThreadPoolExecutor(options.people) as pool:
        clock = [one for took in pool.map(ask, range(options.people)) for one in took]
    spent = processor_seconds(process) - before
    return Asked(clock, spent * 1000 / (options.people * (options.rounds + 1)))


def _line(name: str, took: Asked, empty: Asked) -> None:
    aim = f"   aim {AIMS[name]:g}" if name in AIMS else ""
    middle = statistics.median(took.clock), statistics.median(empty.clock)
    print(
        f"  {name:<18} median {middle[0]:8.1f} ms   p95 {_p95(took.clock):8.1f} ms   processor {took.processor:6.1f} ms"
        f"   ratio of p95 {_p95(took.clock) / _p95(empty.clock):5.1f}, of medians {middle[0] / middle[1]:5.1f},"
        f" of processor {took.processor / empty.processor:5.1f}{aim}",
        flush=True,
    )


def _p95(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


@contextmanager
def _portal(url: str, folder: Path) -> Iterator[tuple[str, int]]:
    """The portal in a process of its own: its address, and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(url, str(folder), port))
    process.start()
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/empty", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        assert process.pid is not None
        yield address, process.pid
    finally:
        process.terminate()
        process.join(10)


def _serve(url: str, folder: str, port: int) -> None:
    config = PortalConfig(portal_url=f"http://127.0.0.1:{port}", prefect_api_url="http://127.0.0.1:9/api")
    # time stands still, so that the same issues are late in every run
    app = create_app(House(Database(url), Path(folder)), config, lambda: NOW + timedelta(minutes=1))

    def empty() -> HTMLResponse:
        return HTMLResponse("<!doctype html><html lang=zh><title>空</title><p>空</p></html>")

    app.get("/empty")(empty)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", lifespan="off", ws="none")


if __name__ == "__main__":
    main()
