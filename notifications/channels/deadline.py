"""Ending an attempt that a slow or hostile other side would stretch for ever by answering byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: The seconds that one attempt may last in all; each single wait is shorter.
ATTEMPT = 20.0


@contextmanager
def within(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Shut the connection down when the time is up: whoever waits on it gets a ``TimeoutError`` at once."""
    over = threading.Event()
    timer = threading.Timer(seconds, _shut, (connection, over))
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if over.is_set():
            raise TimeoutError(f"no end within {seconds:g} seconds") from error
        raise
    finally:
        timer.cancel()


def _shut(connection: Callable[[], socket.socket | None], over: threading.Event) -> None:
    over.set()
    with contextlib.suppress(OSError):
        found = connection()
        if found is not None:
            # not SSLSocket.shutdown, which would take the TLS layer away under the thread that reads from it
            socket.socket.shutdown(found, socket.SHUT_RDWR)
