"""People who have gone, or have left a place, brought to the issues in which they still have something: one transaction an issue.

Nothing is queued: what is still to be done is what the register says now against what is open, or against what it said before, so whoever dies
in between loses nothing, and what was brought to an issue is not brought to it again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from definitions.model.reference import Reference, participant
from engine.event import Depart
from engine.refusal import Refusal, Unavailable
from huying.database.tables import issues
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import change
from huying.issues.relocation import carry_on_elsewhere, count_left_behind
from huying.issues.successors import handed_over, kept
from huying.register.vacancies import about, affected, forget, left, notice, unnoticed

_log = logging.getLogger("huying.departures")


def count_departed(house: House) -> int:
    """Whether anybody has gone who still has something, or has left a place, or a new one is to be noticed, or a station has closed with
    something open that another carries on: one, or none; cheap.
    """
    if count_left_behind(house):
        return 1
    with house.database.reading() as connection:
        return int(any(connection.execute(query(1)).first() is not None for query in (affected, left, unnoticed)))


def see_off(house: House, now: datetime, limit: int = 100) -> int:
    """Have issues go on without those who have gone (a batch), or have left a place; in how many that was done.

    What a closed station had is first moved to the one that carries on: there are people who do it, and nobody has to stand in.
    """
    if elsewhere := carry_on_elsewhere(house, now, limit):
        return elsewhere
    with house.database.reading() as connection:
        rows = [(int(row[0]), str(row[1])) for row in connection.execute(affected(limit))]
        places = [(int(row[0]), int(row[1])) for row in connection.execute(left())]
        new = connection.execute(unnoticed(1)).first() is not None
    if new:
        with house.database.writing() as connection:
            notice(connection)
    done = sum(_brought(house, issue_id, Depart(party, gone=True), now) is True for issue_id, party in rows)
    for person in dict.fromkeys(person for _, person in places):
        done += _followed(house, person, [noticed for noticed, whose in places if whose == person], now)
    return done


def _followed(house: House, person: int, noticed: Iterable[int], now: datetime) -> int:
    """Have all issues follow that somebody has left something; it is forgotten when nothing of theirs has changed in any.

    Where something has, they are looked at once more with the next batch: what was decided meanwhile may have known the register of before.
    """
    with house.database.reading() as connection:
        ids = [int(row[0]) for row in about(connection, person)]
    results = [_brought(house, issue_id, Depart(participant(person), gone=False), now) for issue_id in ids]
    if all(result is False for result in results):
        with house.database.writing() as connection:
            forget(connection, list(noticed))
    return results.count(True)


def _brought(house: House, issue_id: int, event: Depart, now: datetime) -> bool | None:
    """Whether it changed anything; ``None`` if it could not be said, and is tried again with the next batch."""
    leaver = Reference.parse(event.party)
    person = leaver.number if leaver.kind == "participant" else None
    if person is not None:
        with house.database.reading() as connection:
            event = replace(event, successors=kept(connection, issue_id, person))
    try:
        change(house, issue_id, event, By(None, now))
    except Unavailable:
        # somebody was faster, or nothing of theirs is open
        return False
    except Refusal as refusal:
        # or there is nobody at all to whom it could go
        _log.info("%s %s: %s", issues.name, issue_id, refusal)
    # one issue that cannot go on must not keep the others waiting
    except Exception:
        _log.exception("issue %s, %s", issue_id, event.party)
    else:
        if event.successors and person is not None:
            with house.database.writing() as connection:
                handed_over(connection, issue_id, person)
        return True
    return None
