"""The brake: how often something was tried, and how long whoever tries too often has to wait.

Keys are hashed, so that the counts tell nobody who tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from limits import RateLimitItem
from limits.storage import SlidingWindowCounterSupport, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from engine.refusal import Refusal
from huying.errors import Later
from huying.limits import limits_of

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
#: Of refusals in an hour that concern one account, this one is told to its owner.
_TOLD = 10


class TooOften(Later):
    """It was tried too often; ``seconds`` until it may be tried again."""

    code = "too-often"

    def __init__(self, seconds: int, limit: str) -> None:
        super().__init__(seconds, "次数太多了", "That was too often", limit)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts in a storage of ``limits``, and the bounds by name. ``clock`` gives the present moment (aware)."""

    storage: Storage
    clock: Callable[[], datetime]
    limits: Mapping[str, RateLimitItem] = field(default_factory=limits_of)

    def take(self, name: str, key: str, cost: int = 1) -> None:
        """Count; ``TooOften`` if that is more than the bound of this name allows."""
        item = self.limits[name]
        if not self._strategy.hit(item, hashed(name, key), cost=min(cost, item.amount)):
            raise self._refusal(name, key)

    def check(self, name: str, key: str) -> None:
        """The same without counting."""
        if not self._strategy.test(self.limits[name], hashed(name, key)):
            raise self._refusal(name, key)

    def count(self, name: str, key: str) -> None:
        """Count, whatever the bound says."""
        self._strategy.hit(self.limits[name], hashed(name, key))

    @contextmanager
    def counted(self, name: str, key: str) -> Iterator[None]:
        """Count what is done within; what is refused there was not done, and does not count."""
        self.take(name, key)
        try:
            yield
        except Refusal:
            self._back(name, key)
            raise

    def admit(self, account: str) -> None:
        """Let somebody try the passphrase of an account; each try counts until one is right. ``TooOften`` during a wait."""
        waiting = hashed("wait", account)
        if self.storage.get(waiting):
            raise TooOften(self._until(waiting), "log-in")
        tries = self.storage.incr(hashed("tries", account), _DAY)
        beyond = tries - self.limits["log-in"].amount
        if beyond >= 0:
            # the wait begins with the try, so that of several at once no more than one gets through
            self.storage.incr(waiting, min(_MINUTE * 2 ** min(beyond, 12), _HOUR))

    def succeeded(self, account: str) -> None:
        """The passphrase was right: what was tried before is forgotten."""
        for what in ("wait", "tries"):
            self.storage.clear(hashed(what, account))

    def alarming(self, account: str) -> bool:
        """Count a refusal that concerns an account; whether its owner is to be told now."""
        return self.storage.incr(hashed("refused", account), _HOUR) == _TOLD

    @property
    def _strategy(self) -> SlidingWindowCounterRateLimiter:
        return SlidingWindowCounterRateLimiter(self.storage)

    def _refusal(self, name: str, key: str) -> TooOften:
        item = self.limits[name]
        seconds = item.get_expiry()
        before, left, so_far, kept = self._windows.get_sliding_window(item.key_for(hashed(name, key)), seconds)
        if so_far < item.amount:
            # the slot before has to weigh so little that one more fits in
            return TooOften(max(1, ceil(left - (item.amount - so_far) * seconds / max(before, 1))), name)
        slot_ends = kept - seconds
        return TooOften(max(1, ceil(slot_ends + seconds * (1 - item.amount / so_far))), name)

    def _back(self, name: str, key: str) -> None:
        item = self.limits[name]
        slot = f"{item.key_for(hashed(name, key))}/{int(self.clock().timestamp() / item.get_expiry())}"
        self.storage.incr(slot, 2 * item.get_expiry(), -1)

    def _until(self, key: str) -> int:
        return max(1, ceil(self.storage.get_expiry(key) - self.clock().timestamp()))

    @property
    def _windows(self) -> SlidingWindowCounterSupport:
        assert isinstance(self.storage, SlidingWindowCounterSupport)
        return self.storage


def hashed(*parts: str) -> str:
    """The key of a count."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]
