"""A gate before a server: what goes through it can be cut off as if the server had died, or held up as if it hung."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Gate:
    """Passes connections on from ``port`` to ``beyond`` while it is open."""

    port: int
    beyond: int
    open: bool = True
    pairs: set[tuple[socket.socket, socket.socket]] = field(default_factory=set)

    def close(self) -> None:
        """Cut everything off; new connections are ended at once."""
        self.open = False
        for pair in list(self.pairs):
            _end(*pair)

    def pass_on(self, near: socket.socket) -> None:
        """One connection, until either side ends it."""
        if not self.open:
            return _end(near)
        try:
            far = socket.create_connection(("127.0.0.1", self.beyond), timeout=5)
        except OSError:
            return _end(near)
        pair = (near, far)
        self.pairs.add(pair)
        try:
            while self.open:
                ready, _, _ = select.select(pair, (), (), 1.0)
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return None
                    (far if one is near else near).sendall(data)
        except (OSError, ValueError):
            return None
        finally:
            self.pairs.discard(pair)
            _end(near, far)
        return None


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def gate(beyond: int) -> Iterator[Gate]:
    """A gate on a port of its own."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        made = Gate(int(listening.getsockname()[1]), beyond)

        def listen() -> None:
            with suppress(OSError):
                while True:
                    near, _ = listening.accept()
                    threading.Thread(target=made.pass_on, args=(near,), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        yield made
        made.close()
        listening.shutdown(socket.SHUT_RDWR)
