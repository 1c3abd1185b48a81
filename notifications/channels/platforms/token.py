"""Tokens of providers: fetched once for all threads, kept while they hold, fetched anew once when they turn out to be stale."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from notifications.channels.platforms.call import ProviderFault

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
    #: How often it was asked for, and what came of it the last time, where there was none.
    rounds: int = 0
    refused: ProviderFault | None = None


class TokenCache:
    """The tokens of this process, by account. Other processes hold their own: each provider gives all of them the same, or lets several stand."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def token(self, account: str, fetch: Callable[[], AccessToken]) -> str:
        """The token of an account; whoever comes while it is being fetched waits for that one, or hears why there is none."""
        held = self._of(account)
        seen = held.rounds
        with held.lock:
            if held.token is not None and self._clock() < held.until:
                return held.token.text
            if held.refused is not None and held.rounds != seen:
                # sixty-four threads do not wait one after another for a provider that is away
                raise ProviderFault(held.refused.result)
            held.rounds += 1
            try:
                held.token, held.refused = fetch(), None
            except ProviderFault as fault:
                held.token, held.refused = None, fault
                raise
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSource:
    """Where the token of an account comes from. ``code``: where its answers say what is wrong, ``stale``: what they say of a token that is over."""

    account: str
    fetch: Callable[[], AccessToken]
    code: str
    stale: Collection[str]

    def answer(self, ask: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """What the provider answers to a call with a token; a stale one is fetched anew once."""
        for last in (False, True):
            token = TOKENS.token(self.account, self.fetch)
            found = ask(token)
            if str(found.get(self.code, "")) not in self.stale:
                return found
            TOKENS.stale(self.account, token)
            if last:
                return found
        raise AssertionError


def account_of(platform: str, base: str, name: str, secret: str) -> str:
    """Under what a token is kept: with another secret it is another account, so that a wrong one never sends with the token of a right one."""
    mark = hashlib.sha256(secret.encode()).hexdigest()[:16]
    return f"{platform}:{base}:{name}:{mark}"
