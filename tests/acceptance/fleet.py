"""What several processes of each kind need beside PostgreSQL: a Redis of our own; and who they are."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.acceptance.running import Running
from tests.conftest import missing
from tests.patience import within
from tests.ports import free_port

#: Words of the command lines by kind of process.
KINDS = {
    "portal": ("huying", "portal"),
    "dispatcher": ("huying", "dispatch"),
    "prefect server": ("prefect", "--no-services"),
    "prefect services": ("prefect", "services"),
    "balancer": ("haproxy.cfg",),
}


def needs(*programs: str) -> None:
    """Skip where one of Debian's programs is not there; on CI it must be."""
    for program in programs:
        if shutil.which(program) is None and shutil.which(program, path="/usr/sbin") is None:
            missing(program)


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The address of a Redis that keeps nothing."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as client:
            _wait_for(client)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(within(10))


def _wait_for(client: redis.Redis) -> None:
    deadline = time.monotonic() + within(10)
    while True:
        try:
            client.ping()
            return
        except redis.ConnectionError:
            assert time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.05)


def members(product: Running) -> dict[str, set[int]]:
    """The processes of each kind, by their numbers."""
    found: dict[str, set[int]] = {kind: set() for kind in KINDS}
    children = Path(f"/proc/{product.process.pid}/task/{product.process.pid}/children")
    for pid in children.read_text().split():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
        for kind, words in KINDS.items():
            if all(word in line for word in words):
                found[kind].add(int(pid))
                break
    return found
