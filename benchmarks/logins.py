"""What fifty log-ins at once do to everybody else's pages, beside the same pages in peace, in the same run.

    python -m benchmarks.logins [--people 50] [--seconds 10] [--readers 2]

A portal in a process of its own, on SQLite with the sample city. Readers ask for pages one after the other; then again, while people log in all at
once, again and again, with passphrases right and wrong. Whoever finds the queue full tries again when they were told to.
"""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn

from huying.database.connections import Database
from huying.demo.sample import PASSPHRASE, fill
from huying.house.calendars import publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.limits import limits_of
from portal.app import create_app
from portal.frame.config import PortalConfig

#: How many times as long as in peace the slowest twentieth of pages may take.
AIM = 2.0
_PAGES = ("/", "/follow", "/stations", "/login", "/cases")


def main() -> None:
    """Measure, and print both p95 and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--readers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, port))
        process.start()
        try:
            _measure(f"http://127.0.0.1:{port}", options.people, options.seconds, options.readers)
        finally:
            process.terminate()
            process.join(10)


def _measure(address: str, people: int, seconds: float, readers: int) -> None:
    _until_there(address)
    _read(address, 2, readers)
    calm = _read(address, seconds, readers)
    over, answers = threading.Event(), Counter[int]()
    crowd = [threading.Thread(target=_log_in, args=(address, number, over, answers)) for number in range(people)]
    for one in crowd:
        one.start()
    busy = _read(address, seconds, readers)
    over.set()
    for one in crowd:
        one.join()
    before, meanwhile = _p95(calm), _p95(busy)
    ratio = meanwhile / before
    print(f"pages in peace            p95 {before * 1000:7.1f} ms  ({len(calm)} pages)")
    print(f"pages, {people} log in at once  p95 {meanwhile * 1000:7.1f} ms  ({len(busy)} pages)")
    print(f"ratio {ratio:.2f}, aim under {AIM:g}: {'kept' if ratio < AIM else 'MISSED'}")
    print("answers to log-ins: " + ", ".join(f"{status}: {number}" for status, number in sorted(answers.items())))


def _read(address: str, seconds: float, readers: int) -> list[float]:
    """How long pages took, in seconds."""
    found: list[float] = []

    def read() -> None:
        ends = time.perf_counter() + seconds
        with httpx.Client(base_url=address, timeout=60) as http:
            while time.perf_counter() < ends:
                for page in _PAGES:
                    begun = time.perf_counter()
                    http.get(page).raise_for_status()
                    found.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def _log_in(address: str, number: int, over: threading.Event, answers: Counter[int]) -> None:
    passphrase = PASSPHRASE if number % 2 else "wrong"
    with httpx.Client(base_url=address, timeout=60) as http:
        while not over.is_set():
            body = {"login": "fengshuo", "passphrase": passphrase}
            answer = http.post("/api/v1/sessions", json=body)
            answers[answer.status_code] += 1
            over.wait(float(answer.headers.get("Retry-After", 0)))


def _p95(found: Sequence[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


def _until_there(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{address}/livez", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)


def _serve(folder: str, port: int) -> None:
    database = Database(f"sqlite:///{folder}/house.db")
    database.migrate()
    house = House(database, Path(folder) / "files")
    publish_shipped(house.calendars, database, Imprint("benchmark", datetime.now(UTC), ""))
    fill(database, datetime.now(UTC))
    # the brakes would keep the crowd away, and it is the queue that is measured
    many = limits_of("log-in=1000000/day; log-in-address=1000000/hour")
    config = PortalConfig(
        portal_url=f"http://127.0.0.1:{port}",
        prefect_api_url="http://127.0.0.1:9/api",
        limits=many,
        counts_in_memory=True,
    )
    app = create_app(house, config, lambda: datetime.now(UTC))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", lifespan="off", ws="none")


if __name__ == "__main__":
    main()
