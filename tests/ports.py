"""Ports to listen on, which nobody takes between being found free and being listened on: no other test, and no outgoing connection."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from itertools import count

#: Above what services and browsers know by number, and below where the system takes ports for connections that go out (on Linux 32768).
_FIRST, _LAST = 16_384, 32_700
#: Each process begins elsewhere, so that it seldom meets another.
_turns = count(os.getpid() * 61)


def free_port() -> int:
    """A port of this machine that nobody listens on, and that no other test will be given."""
    return free_ports(1)


def free_ports(number: int) -> int:
    """The first of so many such ports in a row."""
    while True:
        port = _FIRST + next(_turns) * number % (_LAST - _FIRST)
        if _keep(range(port, port + number)):
            return port


def _keep(ports: range) -> bool:
    """Keep all these ports for this process, if they are free; otherwise none.

    What tells other tests on this machine is a socket at the same port of UDP, which stays open for as long as the process lives.
    """
    with ExitStack() as stack:
        keepers = [stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in ports]
        try:
            for keeper, port in zip(keepers, ports, strict=True):
                keeper.bind(("127.0.0.1", port))
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        for keeper in keepers:
            keeper.detach()
    return True
