"""``up`` as a newcomer uses it: it starts, tells the story, stops cleanly, resumes, and says clearly what is in its way."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from huying.database.connections import Database
from huying.database.tables import issues, outbox, participants
from huying.house.house import House
from huying.issues.verification import verify
from notifications import read_mails
from tests.acceptance.running import ROOT, Running, running
from tests.patience import within
from tests.ports import free_port


def wait_for(what: Callable[[], bool], seconds: float, product: Running) -> None:
    """Wait until something is so; with what was printed when it takes too long."""
    deadline = time.monotonic() + within(seconds)
    while not what():
        assert time.monotonic() < deadline, product.output.read_text("utf-8")
        time.sleep(0.3)


def counted(product: Running) -> tuple[int, int]:
    """How many participants and issues there are."""
    database = Database(product.database_url)
    with database.reading() as connection:
        found = [connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (participants, issues)]
    database.close()
    return found[0], found[1]


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    return not Path(f"/proc/{pid}").exists()


def test_the_first_start_plays_the_story_and_the_second_resumes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home, None, "--demo") as product:
        product.wait_until_healthy()
        wait_for(lambda: "办结 closed" in product.output.read_text("utf-8"), 120, product)
        told = product.output.read_text("utf-8")
        assert "演示没有演完" not in told
        steps = re.findall(r"查看经过（(\d+) 条）", told)
        assert [int(one) > 5 for one in steps] == [True], "the reporter reads what happened"
        for said in (
            product.portal,
            f"{product.portal}/prefect",
            "/outbox",
            "linxiaoyu",
            "一人一册",
            "【已收到】",
            "【待办】",
            "【办结】",
        ):
            assert said in told
        mails = read_mails(product.home / "mailbox", 100)
        assert len(mails) == 19, "as many as the people of one issue are sent"
        assert "XG-2026-" in httpx.get(f"{product.portal}/outbox").text
        before, children = counted(product), product.children()
        assert set(children) == {"portal", "dispatcher", "prefect"}
        assert product.stop() == 0
        assert all(gone(pid) for pid in children.values()), "Ctrl-C stops all of it"
    assert not (home / "huying.db").exists(), "the demonstration has a house of its own"
    with running(home / "demo") as product:
        product.wait_until_healthy()
        assert counted(product) == before, "nothing is filled in or published anew"
        assert "sample city" not in product.output.read_text("utf-8").split("Press Ctrl-C")[-1]
        assert product.stop() == 0


def test_what_is_in_the_way_is_said_clearly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {
            "HUYING_PORTAL_PORT": str(port),
            "HUYING_PREFECT_PORT": str(free_port()),
            "HUYING_HOME": str(tmp_path),
        }
        command = [sys.executable, "-m", "huying", "up"]
        told = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=within(60),
            check=False,
        )
    assert told.returncode == 1
    assert f"HUYING_PORTAL_PORT={port + 1}" in told.stderr
    assert "已被占用" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.timeout(1800)
def test_people_notice_nothing_when_prefect_is_gone_and_staff_see_all_when_it_is_back(tmp_path: Path) -> None:
    with running(tmp_path / "home") as product:
        product.wait_until_healthy()
        _report(product, 1)
        wait_for(lambda: _arrived(product) == 2, 30, product)
        wait_for(lambda: _shown(product) == {1: True}, 60, product)
        _lose_prefect(product)
        assert httpx.get(f"{product.portal}/healthz").json()["parts"]["prefect"]
        _report(product, 2)
        wait_for(lambda: _arrived(product) == 4, 30, product)
        assert _pending(product) == 0, "every effect has been carried out, Prefect or not"
        product.wait_until_healthy()
        wait_for(lambda: _shown(product) == {1: True, 2: True}, 90, product)
        _rebuild(product)
        wait_for(lambda: _shown(product) == {1: True, 2: True}, 90, product)
        database = Database(product.database_url)
        assert verify(House(database, tmp_path)).faults == []
        database.close()


def _report(product: Running, number: int) -> None:
    fields = {"subject": f"路灯不亮 {number}", "category": "lighting", "place": "仙港路"}
    body = {
        "definition": "contact-station",
        "station": "XG",
        "fields": fields,
        "name": "访客",
        "email": "guest@example.com",
    }
    headers = {"Idempotency-Key": f"report-{number}-0123456789abcdef"}
    answer = httpx.post(f"{product.portal}/api/v1/issues", json=body, headers=headers, timeout=within(20))
    assert answer.status_code == 201, answer.text


def _arrived(product: Running) -> int:
    return len(read_mails(product.home / "mailbox", 100))


def _pending(product: Running) -> int:
    database = Database(product.database_url)
    with database.reading() as connection:
        found = connection.execute(
            select(func.count()).select_from(outbox).where(outbox.c.status != "done")
        ).scalar_one()
    database.close()
    return int(found)


def _shown(product: Running) -> dict[int, bool]:
    """For each issue whether exactly one run of Prefect shows what it waits for."""
    try:
        wanted = {"flow_runs": {"tags": {"all_": ["诉求"]}}, "limit": 100}
        address = f"{product.prefect}/api/flow_runs/filter"
        runs = httpx.post(address, json=wanted, timeout=within(10), auth=product.prefect_auth).json()
    except (httpx.HTTPError, ValueError):
        return {}
    found: dict[int, list[str]] = {}
    for run in runs:
        found.setdefault(int(run["name"].split()[-1]), []).append(run["state"]["name"])
    return {number: len(states) == 1 and "等待" in states[0] for number, states in found.items()}


def _lose_prefect(product: Running) -> None:
    """Kill the server, and delete its database."""
    os.kill(product.children()["prefect"], signal.SIGKILL)
    for file in (product.home / "prefect").glob("prefect.db*"):
        file.unlink()


def _rebuild(product: Running) -> None:
    """The one command that has everything shown anew."""
    port = product.prefect.rpartition(":")[2]
    environment = {**os.environ, "HUYING_HOME": str(product.home), "HUYING_PREFECT_PORT": port}
    command = [sys.executable, "-m", "huying", "prefect", "rebuild"]
    told = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=within(60), check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "2" in told.stdout
