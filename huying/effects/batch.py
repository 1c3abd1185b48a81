"""Carrying out many effects at once: all that is to be told in one transaction, the calls of other systems beside each other.

Each effect stands for itself all the same: one that cannot be carried out is named, and the others are carried out.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeGuard

from engine.effect import Effect, Request, Tell
from huying.effects.carriers import carry
from huying.house.house import House
from huying.incidents.reason import reason_of
from huying.messages.tellings import Messages, messages_of, write_messages
from huying.outbox.claims import Errand

#: So many other systems are waited for at once.
CALLS_AT_ONCE = 8
#: What an effect that failed says of it, by the effect's id.
Failures = Mapping[int, str]
_log = logging.getLogger("huying.effects")


def carry_many(house: House, errands: Sequence[Errand[Effect]], now: datetime) -> Failures:
    """Carry out effects and mark them done; what became of those that are to be tried again."""
    told = [errand for errand in errands if _tells(errand)]
    called = [errand for errand in errands if isinstance(errand.effect, Request)]
    others = [errand for errand in errands if not isinstance(errand.effect, Tell | Request)]
    failures = dict(_tell_all(house, told, now))
    for errand in others:
        failures |= _carry_one(house, errand, now)
    if called:
        with ThreadPoolExecutor(min(CALLS_AT_ONCE, len(called))) as pool:
            for failure in pool.map(lambda errand: _carry_one(house, errand, now), called):
                failures |= failure
    return failures


def _tells(errand: Errand[Effect]) -> TypeGuard[Errand[Tell]]:
    return isinstance(errand.effect, Tell)


def _tell_all(house: House, errands: Sequence[Errand[Tell]], now: datetime) -> Failures:
    failures: dict[int, str] = {}
    ready: list[Errand[Tell]] = []
    messages: Messages = []
    with house.database.reading() as connection:
        for errand in errands:
            try:
                messages += messages_of(house, connection, errand, now)
                ready.append(errand)
            # one message that cannot be written must not harm the others
            except Exception as error:
                failures[errand.id] = reason_of(error)
    if not ready:
        return failures
    try:
        with house.database.writing() as connection:
            write_messages(connection, ready, messages, now)
    except Exception as error:
        _log.info("%s effects are told one by one: %s", len(ready), type(error).__name__)
        for errand in ready:
            failures |= _carry_one(house, errand, now)
    return failures


def _carry_one(house: House, errand: Errand[Effect], now: datetime) -> Failures:
    try:
        carry(house, errand, now)
    # whatever it is: it is noted with the effect, and tried again
    except Exception as error:
        return {errand.id: reason_of(error)}
    return {}
