"""Waiting for others, within bounds: what is refused because somebody else is at work is asked for again, and then given up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_LOG = logging.getLogger(__name__)
#: Who was refused asks again after so many seconds, and then ever more slowly.
_SOONEST, _SLOWEST = 0.001, 0.1
#: Whoever sits before it is told what it waits for after so many seconds.
_TOLD_AFTER = 3.0

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """So many seconds a database is waited for."""

    #: For processes beside: a write, a switch to WAL, a recovery after a kill, a server that is starting up.
    others: float = 30.0
    #: For a server that does not answer at all: a restart leaves a gap of a second or two, and a wrong address is to be told soon.
    silence: float = 5.0
    #: For a first start or a migration that another process does; Prefect's own may take ten minutes.
    work: float = 900.0


def asked(step: Callable[[], _Result], worth: Callable[[Exception], float], what: str) -> _Result:
    """What ``step`` answers; it is done again as long as its error is ``worth`` so many seconds since the first time.

    ``step`` must begin nothing by halves. ``what`` is told in both languages when it takes longer.
    """
    begun, wait, told = time.monotonic(), _SOONEST, False
    while True:
        try:
            return step()
        except Exception as error:
            waited = time.monotonic() - begun
            if waited >= worth(error):
                raise
        if waited >= _TOLD_AFTER and not told:
            told = True
            _LOG.warning("正在等待%s", what)
        time.sleep(wait)
        wait = min(2 * wait, _SLOWEST)
