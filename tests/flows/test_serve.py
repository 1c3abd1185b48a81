"""The dispatcher as a process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.gateway.server import client_environment
from tests.patience import within

_PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.WARNING)
from flows.serve import leave, serve
from flows.memory import MemoryHouse
house = MemoryHouse()
house.raise_issue(int(sys.argv[2]))
beat = house.beat
house.beat = lambda connected: (beat(connected), print("beat", house.waiting(), flush=True))
leave(serve(house, sys.argv[1]))
"""


def _ends_amid_its_work(command: list[str], environment: dict[str, str]) -> None:
    """Start it, ask it to end, and look at how it did; no later than when a service would be killed (:func:`within` allows for a busy machine)."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("beat")
        time.sleep(2)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=within(5))
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "Error" not in errors


@pytest.mark.parametrize("prefect", ["there", "away"])
def test_a_dispatcher_ends_within_five_seconds_of_being_asked_and_says_nothing_frightening(
    server: Any, tmp_path: Path, prefect: str
) -> None:
    port = server.port if prefect == "there" else 1
    url = f"http://127.0.0.1:{port}/api"
    environment = {**os.environ, **client_environment(tmp_path, port), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", _PROGRAM, url, str(os.getpid() % 90_000 + port)]
    _ends_amid_its_work(command, environment)
