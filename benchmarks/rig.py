"""The processes that the benchmarks of the dispatcher need: a Prefect server, a mail server, dispatchers, over one database with a small city.

Everything listens on loopback, writes below one folder, and is ended when the rig is left.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import func, insert, select

from benchmarks.city import furnish
from flows.gateway.server import api_url, ready, server_command, server_environment
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.house import House
from huying.issues.opening import Report, open_issue
from huying.telemetry.vitals import dispatchers

_TICKS = os.sysconf("SC_CLK_TCK")


def clock() -> datetime:
    """The moment; these benchmarks run by the real clock, since other processes take part."""
    return datetime.now(UTC)


@dataclass
class Rig:
    """A house with its city, and the processes around it by name."""

    folder: Path
    url: str
    house: House
    city: dict[str, int]
    prefect_port: int
    smtp_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def mails(self) -> Path:
        """Where the mail server notes what it took."""
        return self.folder / "mails.txt"

    def start(self, name: str, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        """A process; its output goes to a file of its name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def start_prefect(self) -> None:
        """Prefect's server on SQLite, as the supervisor starts it; returns when it answers."""
        home = self.folder / "prefect"
        home.mkdir(exist_ok=True)
        self.start("prefect", server_command(self.prefect_port), server_environment(home, self.prefect_port, None))
        wait_until(lambda: ready(api_url(self.prefect_port)), 90, "the Prefect server")

    def start_dispatcher(self, name: str = "dispatcher") -> None:
        """A dispatcher, as the supervisor starts it; returns when it has been heard of (and has reached Prefect, if that runs)."""
        environment = {
            "HUYING_HOME": str(self.folder / name),
            "HUYING_DATABASE_URL": self.url,
            "HUYING_PREFECT_PORT": str(self.prefect_port),
            "HUYING_SMTP_URL": f"smtp+plain://127.0.0.1:{self.smtp_port}",
        }
        self.start(name, [sys.executable, "-m", "huying", "dispatch"], environment)
        own = f":{self.processes[name].pid}"
        wait_until(lambda: any(one.endswith(own) for one in dispatchers(self.house, clock())), 60, name)
        if "prefect" in self.processes:
            wait_until(lambda: "已连上" in (self.folder / f"{name}.log").read_text("utf-8"), 60, f"{name} with Prefect")

    def stop(self, name: str) -> None:
        """End a process."""
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def open(self, number: object) -> int:
        """Somebody raises an issue, now."""
        receipt = open_issue(
            self.house,
            Report(
                definition="office",
                station="XG",
                reporter=self.city["resident"],
                values={"subject": f"路灯不亮 {number}"},
            ),
            request_id=f"rig-{number}",
            now=clock(),
        )
        return receipt.issue_id

    def count(self, what: str) -> int:
        """How many effects, messages or issues are not yet carried out, sent or shown."""
        queries = {
            "effects": select(func.count()).where(t.outbox.c.status == "pending"),
            "messages": select(func.count()).where(t.deliveries.c.status == "pending"),
            "views": select(func.count()).where(t.issues.c.shown_version < t.issues.c.version),
        }
        with self.house.database.reading() as connection:
            return int(connection.execute(queries[what]).scalar_one())

    def settle(self, *what: str, seconds: float = 600) -> None:
        """Wait until nothing waits."""
        wait_until(lambda: not any(self.count(one) for one in what), seconds, f"{what} to be done")

    def prefect(self) -> httpx.Client:
        """A client of Prefect's API."""
        return httpx.Client(base_url=api_url(self.prefect_port), timeout=30)

    def cpu(self) -> dict[str, float]:
        """The CPU seconds that each process has used so far."""
        used = {}
        for name, process in self.processes.items():
            words = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            used[name] = (int(words[11]) + int(words[12])) / _TICKS
        return used


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something; ``SystemExit`` if it does not come."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)


@contextmanager
def rig(folder: Path, url: str = "") -> Iterator[Rig]:
    """A house on a database (an own SQLite file without a URL), with a mail server and nothing else running yet."""
    address = url or f"sqlite:///{folder}/huying.db"
    database = Database(address)
    house, city = furnish(database, folder / "files")
    with database.writing() as connection:
        rows = [
            {"participant_id": person, "channel": "mail", "target": f"{name}@example.org"}
            for name, person in city.items()
            if name not in ("water", "power")
        ]
        connection.execute(insert(t.addresses), rows)
    made = Rig(folder, address, house, city, free_port(), free_port())
    try:
        made.start("sink", [sys.executable, "-m", "benchmarks.sink", str(made.smtp_port), str(made.mails)])
        wait_until(lambda: _listening(made.smtp_port), 20, "the mail server")
        yield made
    finally:
        for name in reversed(list(made.processes)):
            made.stop(name)
        database.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
