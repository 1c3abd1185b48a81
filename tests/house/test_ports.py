"""The ports of tests: each is one test's alone, on the whole machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from tests.ports import free_port, free_ports

ROOT = Path(__file__).resolve().parents[2]
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_ANOTHER = "import sys; from itertools import count; from tests import ports; ports._turns = count(int(sys.argv[1])); print(ports.free_port())"


def _asked_by_another(first: int) -> int:
    """What another process is given that looks at this port first."""
    turn = str(first - 16_384)
    told = subprocess.run([sys.executable, "-c", _ANOTHER, turn], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(told.stdout)


def test_a_port_that_was_given_is_given_to_no_other_process_though_nobody_listens_yet() -> None:
    port = free_port()
    assert _asked_by_another(port) != port
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_port_where_somebody_listens_is_not_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
        assert _asked_by_another(port) != port


def test_several_ports_are_a_row_and_all_of_them_kept() -> None:
    first = free_ports(3)
    assert free_port() not in range(first, first + 3)
    for port in range(first, first + 3):
        assert _asked_by_another(port) != port


def test_no_outgoing_connection_is_given_one_of_them() -> None:
    if _RANGE.exists():
        assert free_ports(5) + 5 < int(_RANGE.read_text("ascii").split()[0])
