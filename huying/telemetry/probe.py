"""A question that may hang, asked on a thread of its own, so that whoever waits for the answer need not wait long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Probe(Generic[T]):
    """At most one question is under way: who asks meanwhile waits for the same answer, so a database that hangs holds one thread and no more."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._under_way: Future[T] | None = None

    def begin(self) -> Future[T]:
        """Ask, or join who asks already."""
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = Future()
                # a daemon: the end of the process waits for no answer
                threading.Thread(target=self._run, args=(self._under_way,), name="probe", daemon=True).start()
            return self._under_way

    def _run(self, future: Future[T]) -> None:
        try:
            future.set_result(self._ask())
        # whatever it is, it is the answer of whoever waits for it
        except BaseException as error:
            future.set_exception(error)

    def answer(self, seconds: float) -> T:
        """The answer; ``TimeoutError`` when there is none in time, and whatever the question raised."""
        return self.begin().result(seconds)
