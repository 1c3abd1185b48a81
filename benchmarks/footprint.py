"""What an issue costs the whole house on PostgreSQL: processor time of each kind of process, and bytes in Prefect's database.

    python -m benchmarks.footprint [--quiet 10] [--busy 150]

The product runs as the supervisor starts it (portal, dispatcher, Prefect), issues live through the portal: for each action its task page is opened
and the form sent. First one issue at a time, each step carried out and shown before the next one begins: the dear way. Then many at a time.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
from sqlalchemy import func, select

from benchmarks.cast import ACTIONS, REPORTER, Cast, report
from benchmarks.cluster import cluster, create_database, occupied, postmaster, processor_seconds
from benchmarks.prefect_rate import free_ports, running
from flows.gateway.server import ready
from huying.database import tables as t
from huying.database.connections import Database
from huying.demo.sample import PASSPHRASE
from huying.house.house import House
from huying.services.first_start import prepare
from huying.services.parts import processes, upgrade_prefect
from huying.settings import Settings, read


def main() -> None:
    """Measure both, and print what an issue took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quiet", type=int, default=10)
    parser.add_argument("--busy", type=int, default=150)
    options = parser.parse_args()
    with _product() as product:
        for name, waves in (("one at a time", [1] * options.quiet), ("many at a time", [options.busy])):
            before, size, kinds = product.spent(), occupied(product.prefect_database), _sizes(product.prefect_database)
            for count in waves:
                product.live(count)
            issues = sum(waves)
            print(f"{issues} issues, {name}: processor time of an issue", flush=True)
            for kind, seconds in product.spent().items():
                print(f"  {kind:<12} {(seconds - before[kind]) / issues * 1000:8.0f} ms", flush=True)
            grown = (occupied(product.prefect_database) - size) / issues / 1024
            print(f"  Prefect's database {grown:.0f} kB an issue", flush=True)
            for table, bytes_now in _sizes(product.prefect_database).items():
                if (more := (bytes_now - kinds.get(table, 0)) / issues / 1024) >= 1:
                    print(f"    {table:<28} {more:7.1f} kB", flush=True)


class Product:
    """The running house, and everybody in it."""

    def __init__(self, settings: Settings, pids: dict[str, int]) -> None:
        self._settings, self._pids = settings, pids
        self._database = Database(settings.database_url)
        self._house = House(self._database, settings.files)
        self._cast = Cast(self._house)
        self._http: dict[int, httpx.Client] = {}
        self._number = 0
        for login, person in self._cast.people.items():
            self._http[person] = client = httpx.Client(base_url=settings.portal_url, timeout=60)
            body = {"login": login, "passphrase": PASSPHRASE}
            token = client.post("/api/v1/sessions", json=body).raise_for_status().json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            page = client.get("/login").raise_for_status().text
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
            client.post("/login", data={**hidden, **body}, follow_redirects=True).raise_for_status()

    @property
    def prefect_database(self) -> str:
        """Its address."""
        return str(self._settings.prefect_database_url)

    def spent(self) -> dict[str, float]:
        """Processor seconds by kind of process."""
        found = {name: processor_seconds(pid) for name, pid in self._pids.items()}
        return {**found, "PostgreSQL": processor_seconds(postmaster(self._settings.database_url))}

    def live(self, count: int) -> None:
        """So many issues from report to closure, in step."""
        reporter = self._http[self._cast.people[REPORTER]]
        opened = []
        for _ in range(count):
            self._number += 1
            reporter.get("/report/contact-station?station=XG").raise_for_status()
            body = {"definition": "contact-station", "station": "XG", "fields": report(self._number)}
            key = {"Idempotency-Key": f"report-{self._number}"}
            opened.append(reporter.post("/api/v1/issues", json=body, headers=key).raise_for_status().json()["issue_id"])
        self._settle()
        for step, action in enumerate(ACTIONS):
            for issue in opened:
                self._act(issue, step, action)
            self._settle()

    def _act(self, issue: int, step: int, action: str) -> None:
        item, who = self._cast.task(issue)
        client = self._http[who]
        client.get(f"/tasks/{issue}/{item}").raise_for_status()
        body, key = {"fields": self._cast.answers(action)}, {"Idempotency-Key": f"{issue}-{step}"}
        client.post(f"/api/v1/tasks/{issue}/{item}/{action}", json=body, headers=key).raise_for_status()

    def _settle(self) -> None:
        """Wait until all is carried out, sent and shown."""
        queries = (
            select(func.count()).where(t.outbox.c.status == "pending"),
            select(func.count()).where(t.deliveries.c.status == "pending"),
            select(func.count()).where(t.issues.c.shown_version < t.issues.c.version),
        )
        _wait(lambda: not any(self._count(query) for query in queries), 600)

    def _count(self, query: object) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())  # type: ignore[call-overload]

    def close(self) -> None:
        """Give everything back."""
        for client in self._http.values():
            client.close()
        self._database.close()


@contextmanager
def _product() -> Iterator[Product]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server, port = stack.enter_context(cluster()), free_ports(2)
        settings = read(
            {
                "HUYING_HOME": str(folder),
                "HUYING_PORTAL_PORT": str(port),
                "HUYING_PREFECT_PORT": str(port + 1),
                "HUYING_DATABASE_URL": create_database(server, "huying"),
                "HUYING_PREFECT_DATABASE_URL": create_database(server, "prefect"),
            }
        )
        prepare(settings, tell=lambda _: None, sample="city")
        upgrade_prefect(settings)
        told = {
            "HUYING_DATABASE_URL": settings.database_url,
            "HUYING_PORTAL_PORT": str(port),
            "HUYING_PREFECT_PORT": str(port + 1),
        }
        pids = {
            one.name: stack.enter_context(
                running(list(one.command), {**os.environ, **told, **one.environment}, folder / f"{one.name}.log")
            )
            for one in processes(settings, None)
        }
        _wait(lambda: ready(settings.prefect_api_url), 120)
        _wait(lambda: _healthy(settings.portal_url), 120)
        product = Product(settings, pids)
        stack.callback(product.close)
        product.live(1)
        yield product


def _healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _wait(until: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {seconds:.0f} s")
        # seldom: asking costs processor time too
        time.sleep(0.5)


def _sizes(url: str) -> dict[str, int]:
    query = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables ORDER BY 2 DESC"
    with psycopg.connect(url) as connection:
        return {row[0]: int(row[1]) for row in connection.execute(query)}


if __name__ == "__main__":
    main()
