"""A PostgreSQL server of our own, to be crashed: immediate restarts, and crashes of one backend that take all others with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import text

from huying.database.connections import Database
from tests.patience import within
from tests.ports import free_port


@dataclass
class Cluster:
    """One server; ``crashes`` counts what was done to it."""

    programs: Path
    folder: Path
    port: int
    crashes: int = 0
    numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        """Its address, without a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}"

    def initialise(self) -> None:
        """Make its folder."""
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-E", "UTF8")
        settings = f"port = {self.port}\nunix_socket_directories = '{self.folder}'\nlisten_addresses = '127.0.0.1'\n"
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(settings + "max_connections = 200\n")

    def _run(self, program: str, *words: str) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        # its log file keeps what it says: a pipe would stay open as long as the server
        nothing = subprocess.DEVNULL
        command = [*as_user, str(self.programs / program), *words]
        subprocess.run(command, check=True, cwd=self.folder, stdout=nothing, stderr=nothing)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", "data", "-w", "-t", "60", "-l", "log", *words)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("start")

    def stop(self) -> None:
        """End it without any care."""
        with suppress(subprocess.CalledProcessError):
            self._control("-m", "immediate", "stop")

    def restart(self) -> None:
        """Stop it as a power cut would, and start it again: it recovers from its log."""
        self._control("-m", "immediate", "restart")
        self.crashes += 1

    def crash(self) -> None:
        """Kill -9 one of its processes: the server ends all others, and recovers from its log while it runs."""
        with self._connection() as witness, self._connection() as victim:
            os.kill(victim.info.backend_pid, signal.SIGKILL)
            with suppress(psycopg.Error):
                while True:
                    witness.execute("SELECT pg_sleep(0.002)")
        self.crashes += 1

    def _connection(self) -> psycopg.Connection:
        self.wait()
        return psycopg.connect(f"{self.url}/postgres", autocommit=True, connect_timeout=5)

    def wait(self) -> None:
        """Wait until it takes connections again."""
        deadline = time.monotonic() + within(60)
        while True:
            try:
                psycopg.connect(f"{self.url}/postgres", connect_timeout=5).close()
                return
            except psycopg.Error:
                assert time.monotonic() < deadline, (self.folder / "log").read_text("utf-8")[-2000:]
                time.sleep(0.01)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"faults{next(self.numbers)}"
        admin = Database(f"{self.url}/postgres")
        with admin.reading() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.close()
        return f"{self.url}/{name}"


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """A fresh server, from Debian's package; it refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="huying-faults-"))
    made = Cluster(programs, folder, free_port())
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    made.initialise()
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
