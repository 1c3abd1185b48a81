"""Processes to be killed: one warm process with nothing open, which forks a child for each deed, so that a child costs milliseconds.

python -m tests.faults.forks   reads one order a line on its standard input, and answers each with one line
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from huying.database.connections import Database
from huying.database.schema import known_versions
from huying.house.house import House
from notifications import MailAddress, OutgoingMessage, Smtp, Transports, deliver, render, warm
from tests.faults.deeds import DEEDS, MIGRATE, Scene
from tests.faults.points import Points
from tests.faults.record import Ledger
from tests.patience import within

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a child does, where, and at which point it dies; without a ``target`` it is not killed by itself."""

    url: str
    deed: str
    now: str
    ledger: str
    people: Mapping[str, int]
    port: int
    arguments: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    nth: int = 1
    #: Seconds after which it is killed, whatever it does; 0 for never.
    after: float = 0.0
    #: Carried out by the warm process itself, so that its children know what it has learnt: statements, templates, definitions.
    lesson: bool = False
    #: No file of it may grow beyond so many bytes.
    room: int | None = None
    #: Its SQLite database may not grow by more than so many pages.
    pages: int | None = None


class Forks:
    """The warm process, as tests see it."""

    def __init__(self, folder: Path) -> None:
        self.errors = folder / "forks.err"
        with self.errors.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.forks"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def run(self, *orders: Order) -> list[int]:
        """Carry the orders out at the same time, each in a child; their exit statuses (-9: killed)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps([asdict(order) for order in orders]) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self.errors.read_text("utf-8")
        return list(orjson.loads(line))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(within(30))
        assert self._process.stdout is not None
        self._process.stdout.close()


class _Warm:
    """Houses whose definitions were read, with no connection open."""

    def __init__(self) -> None:
        self._houses: dict[str, House] = {}

    def house(self, url: str) -> House:
        if url not in self._houses:
            house = House(Database(url), Path())
            for version in house.processes.all_in_force(datetime(2100, 1, 1, tzinfo=UTC)):
                house.processes.process(version.id)
            self._houses = {url: house}
        # a connection must not be carried over a fork
        self._houses[url].database.close()
        return self._houses[url]


def main() -> None:
    """Read orders until the other side goes away."""
    warm()
    _warm_templates()
    # Alembic reads its scripts
    known_versions()
    houses = _Warm()
    for line in sys.stdin.buffer:
        orders = [Order(**order) for order in orjson.loads(line)]
        # read before the first child is there: the databases are open meanwhile
        for order in orders:
            if order.deed != MIGRATE:
                houses.house(order.url)
        for order in orders:
            if order.lesson:
                _do(houses.house(order.url), order, Points())
                houses.house(order.url)
        children = {_child(houses, order): order for order in orders if not order.lesson}
        sys.stdout.write(orjson.dumps(_ended(children)).decode() + "\n")
        sys.stdout.flush()


def _warm_templates() -> None:
    """Load what a first message loads."""
    message = OutgoingMessage(key="warm", subject="-", text="-", html="-")
    nowhere = Smtp(host="127.0.0.1", port=1, secure="plain", from_address="a@b.example")
    deliver(message, MailAddress("a@b.example"), Transports(mail=nowhere))
    for language in ("zh", "en"):
        render("digest", language, {"count": 0, "more": 0, "entries": [], "recipient": {"name": "-"}})


def _child(houses: _Warm, order: Order) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        points = Points(order.target, order.nth)
        house = House(Database(order.url), Path()) if order.deed == MIGRATE else houses.house(order.url)
        points.watch(house.database)
        _do(house, order, points)
        status = 0
    except SystemExit as left:
        status = int(str(left.code))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _do(house: House, order: Order, points: Points) -> None:
    if order.pages is not None:
        points.limit(house.database, order.pages)
    if order.room is not None:
        # writing beyond it fails as on a full disk
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.room, resource.RLIM_INFINITY))
    server = Smtp(host="127.0.0.1", port=order.port, secure="plain", from_address="huying@office.example")
    scene = Scene(house, order.people, Ledger(Path(order.ledger)), Transports(mail=server), points)
    DEEDS[order.deed](scene, datetime.fromisoformat(order.now), **order.arguments)


def _ended(children: Mapping[int, Order]) -> list[int]:
    """Wait for all, killing those whose time is up; their exit statuses in order."""
    begun, statuses = time.monotonic(), dict[int, int]()
    while len(statuses) < len(children):
        for pid, order in children.items():
            if pid in statuses:
                continue
            if order.after and time.monotonic() - begun >= order.after:
                os.kill(pid, signal.SIGKILL)
                os_status = os.waitpid(pid, 0)[1]
            else:
                found, os_status = os.waitpid(pid, os.WNOHANG)
                if not found:
                    continue
            statuses[pid] = os.waitstatus_to_exitcode(os_status)
        time.sleep(0.0005)
    return [statuses[pid] for pid in children]


if __name__ == "__main__":
    main()
