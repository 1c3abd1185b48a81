"""One listening socket for several portals: made by whoever starts them (the supervisor, or systemd), and passed on by its number.

All of them accept from one queue. One that is killed takes only its own requests with it: what waits in the queue is accepted by another, or by
its successor. With a socket for each (SO_REUSEPORT) a queue would be lost with its process.
"""

from __future__ import annotations

import os
import socket

from huying.settings import SettingError

_QUEUE = 1024


def listen(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A socket that listens at an address of this machine, to be passed on. Errors: OSError when the port is taken."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(_QUEUE)
    except OSError:
        made.close()
        raise
    return made


def shared_socket(number: int) -> socket.socket:
    """The listening socket that this process was started with; ``SettingError`` when there is none under that number."""
    try:
        os.fstat(number)
        found = socket.socket(fileno=number)
        listens = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        listens = 0
    if not listens:
        raise SettingError(
            f"--fd {number}",
            "没有传入监听套接字，应由 up 或 systemd 的 .socket 单元传入。",
            "No listening socket was passed on; that is done by `up` or by a .socket unit of systemd.",
        )
    return found
