"""Tokens of providers: fetched once for all threads, kept while they hold, fetched anew once when they turn out to be stale."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: A token is given up so many seconds before its end.
_MARGIN = 120


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token as the provider gave it, for so many seconds."""

    text: str = field(repr=False)
    seconds: float


@dataclass(slots=True)
class _Held:
    lock: threading.Lock = field(default_factory=threading.Lock)
    token: AccessToken | None = None
    until: float = 0.0


class TokenCache:
    """The tokens of this process, by account. Other processes hold their own: each provider gives all of them the same, or lets several stand."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def token(self, account: str, fetch: Callable[[], AccessToken]) -> str:
        """The token of an account; whoever comes while it is being fetched waits for that one."""
        held = self._of(account)
        with held.lock:
            if held.token is None or self._clock() >= held.until:
                held.token = fetch()
                held.until = self._clock() + max(1.0, held.token.seconds - _MARGIN)
            return held.token.text

    def stale(self, account: str, token: str) -> None:
        """That token does not hold; nothing happens if another one was fetched meanwhile."""
        held = self._of(account)
        with held.lock:
            if held.token is not None and held.token.text == token:
                held.token = None

    def _of(self, account: str) -> _Held:
        with self._lock:
            return self._held.setdefault(account, _Held())


#: All plugins share it.
TOKENS = TokenCache()
