"""Carrying out many effects at once: all that is to be told in one transaction, the calls of other systems beside each other.

Each effect stands for itself all the same: one that cannot be carried out is named, and the others are carried out.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from huying.effects.carriers import carry
from huying.house.house import House
from huying.incidents.reason import reason_of
from huying.messages.tellings import Messages, messages_of, write_messages
from huying.outbox.claims import Effect

#: So many other systems are waited for at once.
CALLS_AT_ONCE = 8
#: What an effect that failed says of it, by the effect's id.
Failures = Mapping[int, str]
_log = logging.getLogger("huying.effects")


def carry_many(house: House, effects: Sequence[Effect], now: datetime) -> Failures:
    """Carry out effects and mark them done; what became of those that are to be tried again."""
    told = [effect for effect in effects if effect.kind == "tell"]
    called = [effect for effect in effects if effect.kind == "request"]
    others = [effect for effect in effects if effect.kind not in ("tell", "request")]
    failures = dict(_tell_all(house, told, now))
    for effect in others:
        failures |= _carry_one(house, effect, now)
    if called:
        with ThreadPoolExecutor(min(CALLS_AT_ONCE, len(called))) as pool:
            for failure in pool.map(lambda effect: _carry_one(house, effect, now), called):
                failures |= failure
    return failures


def _tell_all(house: House, effects: Sequence[Effect], now: datetime) -> Failures:
    failures: dict[int, str] = {}
    ready: list[Effect] = []
    messages: Messages = []
    with house.database.reading() as connection:
        for effect in effects:
            try:
                messages += messages_of(house, connection, effect, now)
                ready.append(effect)
            # one message that cannot be written must not harm the others
            except Exception as error:
                failures[effect.id] = reason_of(error)
    if not ready:
        return failures
    try:
        with house.database.writing() as connection:
            write_messages(connection, ready, messages, now)
    except Exception as error:
        _log.info("%s effects are told one by one: %s", len(ready), type(error).__name__)
        for effect in ready:
            failures |= _carry_one(house, effect, now)
    return failures


def _carry_one(house: House, effect: Effect, now: datetime) -> Failures:
    try:
        carry(house, effect, now)
    # whatever it is: it is noted with the effect, and tried again
    except Exception as error:
        return {effect.id: reason_of(error)}
    return {}
