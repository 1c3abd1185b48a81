"""Processes are killed at random moments while fifty issues run through their story: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select

from huying.database.connections import Database
from huying.database.tables import deliveries, history, issues, organisations, outbox
from huying.demo.sample import PASSPHRASE
from huying.house.house import House
from huying.issues.verification import verify
from tests.acceptance.running import Running, running
from tests.patience import within
from tests.ports import free_port

ISSUES = 50
#: What each issue's people are sent: receipt, tasks, news, the end (contact-station, with two members in each department).
MESSAGES_PER_ISSUE = 19
PEOPLE = (
    "linxiaoyu",
    "zhengsiqi",
    "wuzhiyuan",
    "chenhaisheng",
    "huangmin",
    "liuaimei",
    "dingkai",
    "leiming",
    "zhangxiaoman",
)


@dataclass
class Sink:
    """A mail server that keeps what it was given, by Message-ID."""

    mails: dict[str, list[str]] = field(default_factory=dict)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.original_content or b"")
        self.mails.setdefault(str(mail["Message-ID"]), []).append(f"{mail['To']} {mail['Subject']}")
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    """The mail server and its port."""
    made, port = Sink(), free_port()
    controller = Controller(made, hostname="127.0.0.1", port=port, ready_timeout=within(5))
    controller.start()
    yield made, port
    controller.stop()


class Person:
    """Somebody who does whatever task there is, through the API, however often it is interrupted."""

    def __init__(self, portal: str, login: str, departments: dict[str, str]) -> None:
        self.http = httpx.Client(base_url=f"{portal}/api/v1", timeout=10)
        self.departments = departments
        body = self.ask("POST", "/sessions", {"login": login, "passphrase": PASSPHRASE}).json()
        self.http.headers["Authorization"] = f"Bearer {body['token']}"

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        """Ask until there is an answer; a request that may have been carried out is repeated with the same key."""
        headers = {"Idempotency-Key": key} if key else {}
        deadline = time.monotonic() + within(60)
        while True:
            try:
                answer = self.http.request(method, path, json=body, headers=headers)
                if answer.status_code < 500:
                    return answer
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline, f"{method} {path} was never answered"
            time.sleep(0.2)

    def answers(self, step: str) -> tuple[str, dict[str, Any]]:
        """What this person does at a step."""
        known: dict[str, tuple[str, dict[str, Any]]] = {
            "register": ("accept", {"kind": "request"}),
            "study": ("coordinate", {"lead": self.departments["CG"], "assist": [self.departments["GD"]]}),
            "handle": ("reply", {"reply": "已办"}),
            "confirm": ("satisfied", {"stars": 5}),
        }
        return known[step]

    def work(self, finished: Callable[[], bool]) -> None:
        """Do tasks until everything is finished."""
        while not finished():
            tasks = self.ask("GET", "/tasks").json()
            for task in tasks:
                action, fields = self.answers(task["step"])
                path = f"/tasks/{task['issue_id']}/{task['item']}"
                answer = self.ask(
                    "POST", f"{path}/{action}", {"fields": fields}, key=f"{task['issue_id']}-{task['item']}"
                )
                # another member of the department may have been first
                assert answer.status_code in (200, 409), answer.text
            time.sleep(0.3)


def open_issues(person: Person) -> None:
    """Fifty reports."""
    for number in range(ISSUES):
        fields = {"subject": f"路灯不亮 {number}", "category": "lighting", "place": "仙港路"}
        body = {"definition": "contact-station", "station": "XG", "fields": fields}
        assert person.ask("POST", "/issues", body, key=f"report-{number}").status_code == 201


def kill_at_random(product: Running, happened: Callable[[], int], stop: threading.Event, killed: Counter[str]) -> None:
    """Kill -9 one process after another, each time at a moment by chance after something has happened again: where nothing has, nothing can be lost,
    and a machine that only starts processes anew comes to no end. The portal not before it has come back, however slow the machine is.
    """
    chance = random.Random(20261123)
    until = 0
    while not stop.wait(chance.uniform(0.0, 0.1)):
        if happened() < until:
            continue
        name = min(("portal", "dispatcher", "prefect"), key=lambda one: (killed[one], chance.random()))
        pid = product.children().get(name)
        if pid and (name != "portal" or product.answers()):
            os.kill(pid, signal.SIGKILL)
            killed[name] += 1
            until = happened() + chance.randint(5, 15)


def wait_for(what: Callable[[], bool], seconds: float, words: Callable[[], str]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within(seconds)
    while not what():
        assert time.monotonic() < deadline, words()
        time.sleep(0.5)


@pytest.mark.timeout(1800)
def test_nothing_is_lost_or_done_twice_when_processes_are_killed(tmp_path: Path, sink: tuple[Sink, int]) -> None:
    mail, port = sink
    environment = {"HUYING_SMTP_URL": f"smtp+plain://127.0.0.1:{port}"}
    with running(tmp_path / "home", environment) as product:
        product.wait_until_healthy()
        database = Database(product.database_url)
        house = House(database, product.home / "files")
        killed: Counter[str] = Counter()
        _play(product, house, killed)
        assert min(killed[name] for name in ("portal", "dispatcher", "prefect")) >= 3, killed
        _check_history(house)
        _check_messages(house, mail)
        _check_view(product, house)
        assert product.stop() == 0
        database.close()


def count(house: House, *where: Any) -> int:
    """How many rows there are."""
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(where[0].table).where(*where[1:])).scalar_one())


def _play(product: Running, house: House, killed: Counter[str]) -> None:
    with house.database.reading() as connection:
        rows = connection.execute(select(organisations.c.code, organisations.c.id))
        departments = {row.code: f"organisation:{row.id}" for row in rows}
    people = [Person(product.portal, login, departments) for login in PEOPLE]
    stop = threading.Event()

    def happened() -> int:
        return count(house, history.c.issue_id)

    killer = threading.Thread(target=kill_at_random, args=(product, happened, stop, killed))
    killer.start()

    def finished() -> bool:
        return count(house, issues.c.id, issues.c.status == "closed") == ISSUES

    try:
        with ThreadPoolExecutor(len(people)) as pool:
            work = [pool.submit(person.work, finished) for person in people]
            open_issues(people[-1])
            for done in work:
                done.result()
    finally:
        stop.set()
        killer.join()
        for person in people:
            person.http.close()


def _check_history(house: House) -> None:
    result = verify(house)
    assert result.faults == []
    assert result.issues == ISSUES
    assert result.entries == ISSUES * 6, "report, accept, coordinate, two replies, verdict: each once"
    assert count(house, history.c.issue_id, history.c.kind == "act") == ISSUES * 5


def _check_messages(house: House, mail: Sink) -> None:
    def waiting() -> int:
        undone = count(house, outbox.c.id, outbox.c.status != "done")
        return undone + count(house, deliveries.c.id, deliveries.c.status != "accepted")

    wait_for(lambda: waiting() == 0, 180, lambda: f"{waiting()} effects or messages were not carried out")
    with house.database.reading() as connection:
        keys = set(connection.execute(select(deliveries.c.key)).scalars())
    assert len(keys) == ISSUES * MESSAGES_PER_ISSUE
    assert len(mail.mails) == len(keys), "each message is there, and a repeat carries the same Message-ID"
    assert all(len(set(repeats)) == 1 for repeats in mail.mails.values())


def _check_view(product: Running, house: House) -> None:
    product.wait_until_healthy()

    def stale() -> int:
        return count(house, issues.c.id, issues.c.shown_version < issues.c.version)

    wait_for(lambda: stale() == 0, 180, lambda: f"{stale()} issues are not shown as they are")
    wanted = {"flow_runs": {"tags": {"all_": ["诉求"]}}, "limit": 200}
    address = f"{product.prefect}/api/flow_runs/filter"
    runs = httpx.post(address, json=wanted, timeout=within(30), auth=product.prefect_auth).json()
    assert len(runs) == ISSUES, "one run an issue, however often its making was interrupted"
    assert {run["state"]["name"] for run in runs} == {"已办结 · 已解决"}
