"""``request``: another system is called, or the house answers itself; what comes back is told to the visit that waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from engine.effect import Request
from engine.event import Result
from huying.assessment.answer import answer_with_points
from huying.assessment.summary import answer_with_file
from huying.connections.calls import OWN, call, connection
from huying.effects.attempt import attempt
from huying.effects.kind import EffectKind, Failures
from huying.effects.outcome import give_back
from huying.house.house import House
from huying.outbox.claims import Errand
from huying.words.private_text import masked_within

#: What the house answers itself, by the name under which a definition asks.
OWN_ANSWERS: Mapping[str, Callable[[House, int, Mapping[str, Any], datetime], Mapping[str, Any]]] = {
    "points": answer_with_points,
    "file": answer_with_file,
}
#: So many other systems are waited for at once.
CALLS_AT_ONCE = 8


def _request(house: House, errand: Errand[Request], now: datetime) -> None:
    effect = errand.effect
    if effect.connection in OWN:
        own = OWN_ANSWERS[effect.connection](house, errand.issue_id, effect.send, now)
        give_back(house, errand, Result(effect.visit, values=own), "result", now)
        return
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
