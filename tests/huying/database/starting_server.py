"""A server of PostgreSQL that starts up: it refuses everybody until its input ends, and is then the one on the port beyond.

A process of its own (``python -m tests.huying.database.starting_server PORT BEYOND``): asking whether a server takes connections holds up all
threads of who asks. It says ``listening``, and ``refused`` each time.
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress

from tests.faults.gate import Gate

#: Requests for encryption, which it has not.
_ENCRYPTION = (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30")
_FIELDS = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"


def refuse(near: socket.socket) -> None:
    """What PostgreSQL says to a connection while it starts up."""
    with near, suppress(OSError):
        while near.recv(4096)[4:8] in _ENCRYPTION:
            near.sendall(b"N")
        near.sendall(b"E" + (len(_FIELDS) + 4).to_bytes(4, "big") + _FIELDS)
    sys.stdout.write("refused\n")
    sys.stdout.flush()


def main(port: int, beyond: int) -> None:
    """Serve until the process is ended."""
    gate, ready = Gate(port, beyond), threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ready.set()

    threading.Thread(target=wait, daemon=True).start()
    with socket.create_server(("127.0.0.1", port)) as listening:
        sys.stdout.write("listening\n")
        sys.stdout.flush()
        while True:
            near, _ = listening.accept()
            turn = gate.pass_on if ready.is_set() else refuse
            threading.Thread(target=turn, args=(near,), daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
