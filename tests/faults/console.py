"""Prefect's server away, hanging, or with its database deleted, under a real dispatcher: the house goes on, and the view comes back.

Here time is real and the processes are those of the product. The server stands behind a gate, so that it can be away a hundred times in a minute;
once it is really killed, its files deleted, and started again.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import func, select

from flows.gateway.server import api_url, ready, server_command, server_environment
from huying.database.tables import issues
from tests.faults.fault import Fault, Tools, office
from tests.faults.forks import ROOT
from tests.faults.gate import Gate, gate
from tests.faults.report import Kind
from tests.faults.world import World
from tests.patience import within
from tests.ports import free_port
from tests.prefect_home import furnish, keep

#: So many faults follow each other before everything must have come to rest, within so many seconds.
_BATCH, _REST = 10, within(150)


@dataclass
class Server:
    """A Prefect server in a process of its own."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        new = furnish(self.home)
        environment = {**os.environ, **server_environment(self.home, self.port, None)}
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                server_command(self.port), env=environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + within(120)
        while not ready(api_url(self.port)):
            assert time.monotonic() < deadline, (self.home / "server.log").read_text("utf-8")[-2000:]
            time.sleep(0.2)
        if new:
            keep(self.home)

    def kill(self) -> None:
        """End it without any care."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def freeze(self, stopped: bool) -> None:
        """Have it hang, or go on."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP if stopped else signal.SIGCONT)

    def empty(self) -> None:
        """Delete all that it knows, while it cannot be reached."""
        with closing(sqlite3.connect(self.home / "prefect.db", timeout=30)) as connection:
            names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            for (name,) in connection.execute(names).fetchall():
                if name != "alembic_version":
                    connection.execute(f'DELETE FROM "{name}"')
            connection.commit()

    def lose_files(self) -> None:
        """Delete its database."""
        for file in self.home.glob("prefect.db*"):
            file.unlink()


@dataclass
class Console:
    """A world with a real dispatcher and its Prefect server."""

    world: World
    server: Server
    gate: Gate
    dispatcher: subprocess.Popen[bytes]
    log: Path

    def people_act(self) -> None:
        """Somebody does something, now."""
        self.world.now = datetime.now(UTC)
        self.world.next_step(self.world.name())

    def wait(self, done: Callable[[], bool], words: str) -> list[str]:
        """Wait until something is so; what is wrong if it is not in time."""
        deadline = time.monotonic() + _REST
        while not done():
            if self.dispatcher.poll() is not None:
                return [f"the dispatcher ended: {self.log.read_text('utf-8')[-1000:]}"]
            if time.monotonic() > deadline:
                return [f"{words} within {_REST:g} seconds: {self.log.read_text('utf-8')[-1000:]}"]
            time.sleep(0.2)
        return []

    def at_rest(self) -> list[str]:
        """Wait until all is carried out and sent; then what the checker finds."""
        late = self.wait(lambda: not self.world.waiting(), "not carried out")
        self.world.now = datetime.now(UTC)
        return [*late, *self.world.findings()]

    def shown(self) -> list[str]:
        """Wait until every open issue is shown as it is, by a run that Prefect knows."""

        def stale() -> bool:
            with self.world.house.database.reading() as connection:
                behind = select(func.count()).where(
                    issues.c.status == "open", issues.c.shown_version < issues.c.version
                )
                return connection.execute(behind).scalar_one() == 0

        late = self.wait(stale, "not shown")
        with self.world.house.database.reading() as connection:
            query = select(issues.c.run_id).where(issues.c.status == "open")
            wanted = set(connection.execute(query).scalars())
        body = {"flow_runs": {"id": {"any_": sorted(filter(None, wanted))}}, "limit": 200}
        runs = httpx.post(f"{api_url(self.server.port)}/flow_runs/filter", json=body, timeout=within(60)).json()
        missing = wanted - {run["id"] for run in runs}
        return [*late, *([f"{len(missing)} issues are shown nowhere"] if missing else [])]


@contextmanager
def _console(tools: Tools) -> Iterator[Console]:
    with office(tools) as world:
        world.finish()
        home = Path(world.scene.ledger.path).parent
        server = Server(home / "server", free_port())
        server.start()
        log = home / "dispatcher.log"
        with gate(server.port) as passed, log.open("ab") as out:
            settings = {
                "HUYING_HOME": str(home / "home"),
                "HUYING_DATABASE_URL": world.url,
                "HUYING_PREFECT_PORT": str(passed.port),
                "HUYING_SMTP_URL": f"smtp+plain://127.0.0.1:{tools.post.port}",
                "HUYING_MAIL_FROM": "huying@office.example",
            }
            dispatcher = subprocess.Popen(
                [sys.executable, "-m", "huying", "dispatch"],
                cwd=ROOT,
                env={**os.environ, **settings},
                stdout=out,
                stderr=out,
            )
            try:
                yield Console(world, server, passed, dispatcher, log)
            finally:
                dispatcher.kill()
                dispatcher.wait()
                server.kill()


def _away(console: Console) -> None:
    """The server is cut off, or hangs, for a moment."""
    hangs = console.world.chance.random() < 0.3
    console.server.freeze(True) if hangs else console.gate.close()
    console.people_act()
    time.sleep(console.world.chance.uniform(0.02, 0.5))
    console.server.freeze(False) if hangs else None
    console.gate.open = True
    time.sleep(console.world.chance.uniform(0.0, 0.3))


def _emptied(console: Console) -> None:
    """The server is cut off, and has lost all its data when it is back."""
    console.gate.close()
    console.people_act()
    console.server.empty()
    console.gate.open = True
    time.sleep(console.world.chance.uniform(0.0, 0.4))


def _lost_files(console: Console) -> None:
    """The real thing: the server is killed, its files are deleted, and it is started again."""
    console.server.kill()
    console.people_act()
    console.server.lose_files()
    console.server.start()


def _fault(name: str, title: str, harm: Callable[[Console], None]) -> Fault:
    def run(tools: Tools, count: int, kind: Kind) -> None:
        with _console(tools) as console:
            console.people_act()
            kind.findings += console.shown()
            while kind.injected < count and not kind.findings:
                for _ in range(min(_BATCH, count - kind.injected)):
                    harm(console)
                    kind.injected += 1
                kind.findings += console.at_rest()
            _lost_files(console)
            kind.findings += [*console.at_rest(), *console.shown(), *console.world.findings(everything=True)]

    return Fault(name, title, run)


FAULTS = (
    _fault("prefect-away", "Prefect's server cut off or hanging, under a running dispatcher", _away),
    _fault("prefect-emptied", "Prefect's data deleted while its server is away, under a running dispatcher", _emptied),
)
