"""The caller: who asks in this moment, through what, from where; known to whoever notes something without being handed from call to call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(slots=True)
class Caller:
    """Filled in as more becomes known: the frame knows the address, the door who it is.

    ``session``: a mark by which the lines of one log-in are found; it opens nothing.
    """

    person: int | None = None
    via: str = ""
    address: str = ""
    agent: str = ""
    session: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


_SYSTEM = Caller(via="system")
_caller: ContextVar[Caller] = ContextVar("caller", default=_SYSTEM)


def caller() -> Caller:
    """Who asks now; the system, where nobody said otherwise."""
    return _caller.get()


def known_as(person: int, token: str = "", via: str = "") -> None:
    """Somebody has shown who they are, by the token of a log-in or of a key; what is noted from now on is noted of them."""
    one = _caller.get()
    if one is not _SYSTEM:
        one.person, one.session, one.via = person, mark_of(token), via or one.via


@contextmanager
def calling(one: Caller) -> Iterator[Caller]:
    """All that is noted meanwhile is noted of this caller, in the threads that work for it too."""
    before = _caller.set(one)
    try:
        yield one
    finally:
        _caller.reset(before)


def mark_of(token: str) -> str:
    """The mark of a log-in: it tells its lines apart, and nobody gets from it to the token or to what the database keeps of it."""
    return hashlib.sha256(f"mark:{token}".encode()).hexdigest()[:12] if token else ""
