"""Processes that a test kills: forked from one that has imported everything already, which alone would take a second each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(["pytest", "tests.huying.sweeper", "tests.huying.mover"])


@contextmanager
def forked(work: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that does some work, and what it says: ``work`` is given the other end before its arguments. It is killed at the end."""
    here, there = _WARM.Pipe(duplex=False)
    process = _WARM.Process(target=work, args=(there, *arguments))
    process.start()
    there.close()
    try:
        yield process, here
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()
