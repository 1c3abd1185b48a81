"""Two portals, two dispatchers and two Prefect servers share one house; one of each is killed, and nobody misses anything."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url, select, text

from huying.database.connections import Database
from huying.database.tables import deliveries, issues, organisations, outbox
from huying.house.house import House
from huying.issues.verification import verify
from notifications import read_mails
from tests.acceptance.fleet import members, needs, redis_server
from tests.acceptance.running import Running, running
from tests.acceptance.test_crash import MESSAGES_PER_ISSUE, PEOPLE, Person, count
from tests.acceptance.test_up import wait_for
from tests.patience import within

ISSUES = 20
AUTH = "staff:correct-horse"
#: Which processes there are, of each kind.
ALL = {"portal": 2, "dispatcher": 2, "prefect server": 2, "prefect services": 1, "balancer": 1}


@pytest.fixture
def prefect_database(postgres_url: str) -> str:
    """An empty database for Prefect, beside the one of the house."""
    name = f"{make_url(postgres_url).database}_prefect"
    house = Database(postgres_url)
    with house.at_once() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    house.close()
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def arrangement(tmp_path: Path, postgres_url: str, prefect_database: str) -> Iterator[dict[str, str]]:
    """The settings that an administrator writes for it."""
    needs("redis-server", "haproxy")
    with redis_server(tmp_path) as address:
        yield {
            "HUYING_DATABASE_URL": postgres_url,
            "HUYING_PREFECT_DATABASE_URL": prefect_database,
            "HUYING_REDIS_URL": address,
            "HUYING_PREFECT_AUTH": AUTH,
            "HUYING_PORTALS": "2",
            "HUYING_DISPATCHERS": "2",
            "HUYING_PREFECT_SERVERS": "2",
        }


@pytest.mark.timeout(1800)
def test_one_of_each_is_killed_and_nothing_is_lost(tmp_path: Path, arrangement: dict[str, str]) -> None:
    with running(tmp_path / "home", arrangement) as product:
        product.wait_until_healthy(180)
        assert {kind: len(pids) for kind, pids in members(product).items()} == ALL
        _only_with_the_password(product)
        database = Database(arrangement["HUYING_DATABASE_URL"])
        house = House(database, product.home / "files")
        killed = _play(product, house)
        wait_for(lambda: _undone(house) == 0, 120, product)
        _check(house, product)
        _check_view(house, product)
        after = members(product)
        assert {kind: len(pids) for kind, pids in after.items()} == ALL, "each has a successor"
        assert not any(killed & pids for pids in after.values())
        database.close()
        assert product.stop() == 0


def _only_with_the_password(product: Running) -> None:
    address = f"{product.prefect}/api/flow_runs/count"
    assert httpx.post(address, timeout=within(10)).status_code == 401
    assert httpx.post(address, timeout=within(10), auth=("staff", "guess")).status_code == 401
    assert httpx.post(address, timeout=within(10), auth=_staff()).status_code == 200


def _staff() -> tuple[str, str]:
    user, _, password = AUTH.partition(":")
    return user, password


def _play(product: Running, house: House) -> set[int]:
    """Everybody does their tasks, until all is closed; whom it was done without."""
    with house.database.reading() as connection:
        rows = connection.execute(select(organisations.c.code, organisations.c.id))
        departments = {row.code: f"organisation:{row.id}" for row in rows}
    people = [Person(product.portal, login, departments) for login in PEOPLE]
    over = threading.Event()

    def closed() -> int:
        return count(house, issues.c.id, issues.c.status == "closed")

    def finished() -> bool:
        return over.is_set() or closed() == ISSUES

    killed: set[int] = set()
    try:
        with ThreadPoolExecutor(len(people)) as pool:
            work = [pool.submit(person.work, finished) for person in people]
            _report(people[-1])
            for already, kind in enumerate(ALL, 2):
                wait_for(lambda least=already: closed() >= 2 * least, 90, product)  # type: ignore[misc]
                killed.add(_kill_one(product, kind))
            for done in work:
                done.result()
    finally:
        over.set()
        for person in people:
            person.http.close()
    return killed


def _report(person: Person) -> None:
    for number in range(ISSUES):
        fields = {"subject": f"路灯不亮 {number}", "category": "lighting", "place": "仙港路"}
        body = {"definition": "contact-station", "station": "XG", "fields": fields}
        assert person.ask("POST", "/issues", body, key=f"report-{number}").status_code == 201


def _kill_one(product: Running, kind: str) -> int:
    pid = min(members(product)[kind])
    os.kill(pid, signal.SIGKILL)
    return pid


def _undone(house: House) -> int:
    undone = count(house, outbox.c.id, outbox.c.status != "done")
    return undone + count(house, deliveries.c.id, deliveries.c.status != "accepted")


def _check(house: House, product: Running) -> None:
    found = verify(house)
    assert (found.issues, found.faults) == (ISSUES, [])
    assert found.entries == ISSUES * 6, "report, accept, coordinate, two replies, verdict: each once"
    with house.database.reading() as connection:
        keys = list(connection.execute(select(deliveries.c.key)).scalars())
    assert len(keys) == len(set(keys)) == ISSUES * MESSAGES_PER_ISSUE
    assert {mail.key for mail in read_mails(product.home / "mailbox", 10_000)} == set(keys)


def _check_view(house: House, product: Running) -> None:
    """Every issue is one run of Prefect, which says that it is over; whichever server is asked."""
    wait_for(lambda: count(house, issues.c.id, issues.c.shown_version < issues.c.version) == 0, 120, product)
    product.wait_until_healthy(120)
    for _ in range(4):
        wanted = {"flow_runs": {"tags": {"all_": ["诉求"]}}, "limit": 100}
        runs = httpx.post(
            f"{product.prefect}/api/flow_runs/filter", json=wanted, timeout=within(20), auth=_staff()
        ).json()
        assert sorted({run["state"]["name"] for run in runs}) == ["已办结 · 已解决"]
        assert len(runs) == ISSUES
