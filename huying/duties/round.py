"""What comes round by itself, carried on: plans are taken up, carried out, and duties announced. Repeating it is harmless."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from huying.database.tables import dated_duties, plan_occurrences, plans
from huying.duties.announcement import announce, to_announce
from huying.duties.plans.occurrences import carry_out, waiting
from huying.duties.plans.settlement import settle, unsettled
from huying.duties.plans.uptake import ready, take_up
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class CarriedOn:
    """What was done, and what could not be (it is tried again), each in words for staff and without private data."""

    done: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


def is_due(house: House, now: datetime) -> bool:
    """Whether there is anything to do; a few quick questions of indexes."""
    questions = (
        select(plans.c.key).where(*ready(now)),
        select(plan_occurrences.c.id).where(*waiting(now)),
        select(dated_duties.c.id).where(*to_announce(house, now)),
    )
    with house.database.reading() as connection:
        return any(connection.execute(query.limit(1)).first() is not None for query in questions) or unsettled(
            house, connection, now
        )


def plan_due(house: House, now: datetime, limit: int = 50) -> CarriedOn:
    """Take up and carry out what has come round by this moment, up to a limit; nothing done and nothing failed means that none was left."""
    take_up(house, now)
    settled = settle(house, now)
    carried = carry_out(house, now, limit)
    announced = announce(house, now, limit)
    done = (one.words for one in carried if not one.failed)
    return CarriedOn((*settled, *done, *announced), tuple(one.words for one in carried if one.failed))
