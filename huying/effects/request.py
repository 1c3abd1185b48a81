"""``request``: another system is called; what it answers comes back to the visit that waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from engine.effect import Request
from engine.event import Result
from huying.connections.calls import call, connection
from huying.effects.attempt import attempt
from huying.effects.kind import EffectKind, Failures
from huying.effects.outcome import give_back
from huying.house.house import House
from huying.outbox.claims import Errand
from huying.words.private_text import masked_within

#: So many other systems are waited for at once.
CALLS_AT_ONCE = 8


def _request(house: House, errand: Errand[Request], now: datetime) -> None:
    effect = errand.effect
    to = connection(house, effect.connection)
    key = f"huying-{errand.id}{house.offices.now().epoch(errand.created_at or now)}"
    answer = call(to, effect.path, masked_within(effect.send), key, now)
    give_back(house, errand, Result(effect.visit, values=answer), "result", now)


def _request_all(house: House, errands: Sequence[Errand[Request]], now: datetime) -> Failures:
    failures: dict[int, str] = {}
    with ThreadPoolExecutor(min(CALLS_AT_ONCE, len(errands))) as pool:
        for failure in pool.map(lambda errand: attempt(_request, house, errand, now), errands):
            failures |= failure
    return failures


REQUEST = EffectKind(type=Request, carry=_request, carry_all=_request_all, waits=True)
