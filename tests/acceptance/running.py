"""The whole product running: started as a newcomer starts it, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.patience import within
from tests.ports import free_ports
from tests.prefect_home import furnish

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    """A supervisor with its processes."""

    process: subprocess.Popen[bytes]
    home: Path
    portal: str
    prefect: str
    output: Path

    @property
    def database_url(self) -> str:
        """The embedded database."""
        return f"sqlite:///{self.home}/huying.db"

    @property
    def prefect_auth(self) -> tuple[str, str]:
        """User and password of its Prefect, which it made at its first start."""
        user, _, password = (self.home / "prefect-auth").read_text("utf-8").strip().partition(":")
        return user, password

    def children(self) -> dict[str, int]:
        """The pids of the processes by name."""
        found: dict[str, int] = {}
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in listed:
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            name = next((name for word, name in _NAMES.items() if word in words), None)
            if name:
                found[name] = int(pid)
        return found

    def healthy(self) -> bool:
        """Whether everything is ready."""
        return self._health() == 200

    def answers(self) -> bool:
        """Whether the portal answers at all."""
        return self._health() is not None

    def _health(self) -> int | None:
        """How the portal answers when asked for its health; ``None``: not at all."""
        try:
            return httpx.get(f"{self.portal}/healthz", timeout=5).status_code
        except httpx.HTTPError:
            return None

    def wait_until_healthy(self, seconds: float = 120) -> None:
        """Wait for it; with what it printed when it takes too long."""
        deadline = time.monotonic() + within(seconds)
        while not self.healthy():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.3)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(within(30))


#: In place of other words: a house without the sample city.
EMPTY = ""
_NAMES = {"server": "prefect", "portal": "portal", "dispatch": "dispatcher"}


@contextmanager
def running(home: Path, environment: Mapping[str, str] | None = None, *arguments: str) -> Iterator[Running]:
    """``python -m huying up`` on free ports, with the sample city unless other words are given; killed at the end whatever happens."""
    if "--demo" not in arguments:
        furnish(home / "prefect")
    # several servers of Prefect listen on the ports after the first
    portal, prefect = free_ports(1), free_ports(4)
    settings = {"HUYING_HOME": str(home), "HUYING_PORTAL_PORT": str(portal), "HUYING_PREFECT_PORT": str(prefect)}
    # all that these tests report comes from one address
    settings |= {"HUYING_LIMITS": "report=1000/hour; upload=1000/hour; upload-megabytes=1000/day"}
    output = home.parent / f"{home.name}.out"
    with output.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "huying", "up", *(one for one in arguments or ("--sample",) if one)],
            cwd=ROOT,
            env={**os.environ, **settings, **(environment or {})},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    # the demonstration has a house of its own
    inside = home / "demo" if "--demo" in arguments else home
    made = Running(process, inside, f"http://127.0.0.1:{portal}", f"http://127.0.0.1:{prefect}", output)
    try:
        yield made
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(within(30))
            except subprocess.TimeoutExpired:
                process.kill()
