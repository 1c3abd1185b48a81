"""One PostgreSQL server for all workers of a run, from Debian's package: it need not outlive a power cut, and so waits for no disk."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Nothing here is about what a disk keeps: the fault suite has a server of its own for that.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "300",
    "listen_addresses": "127.0.0.1",
}


def postgres_programs() -> Path | None:
    """Where the newest server's programs are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def as_postgres() -> list[str]:
    """What stands before a command: the server refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []


class SharedServer:
    """The server in a folder that all workers know: whoever asks first starts it; it is stopped when all are done."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder / "postgresql", programs
        self._address, self._lock = folder / "postgresql.url", folder / "postgresql.lock"

    def url(self, port: int) -> str:
        """Its address without a database; on this port if it has to be started."""
        with self._alone():
            if not self._address.exists():
                self._start(port)
                self._address.write_text(f"postgresql://postgres@127.0.0.1:{port}")
            return self._address.read_text()

    def stop(self) -> None:
        """End it, if anybody has started it."""
        if self._address.exists():
            self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop", check=False)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _start(self, port: int) -> None:
        self.folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        settings = {**_SETTINGS, "port": str(port), "unix_socket_directories": str(self.folder)}
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "start")

    def _run(self, program: str, *words: str, check: bool = True) -> None:
        nothing = subprocess.DEVNULL
        command = [*as_postgres(), str(self.programs / program), *words]
        subprocess.run(command, check=check, cwd=self.folder, stdout=nothing, stderr=nothing)
