"""The outbox: claiming effects under a lease, and recording what became of them.

An effect whose lease ran out is claimed again: carrying out is at least once, and each effect's own key makes it happen once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from definitions.retry import USUAL
from huying.house import House
from huying.tables import issues, outbox
from huying.turns import Turns

LEASE = timedelta(minutes=1)
#: After so many failures an effect is left for staff, where its process says nothing else.
ATTEMPTS = USUAL.times


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing to carry out: event ``sequence`` of an issue decided it."""

    id: int
    issue_id: int
    number: str
    subject: str
    sequence: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    #: Whose issue it is, and which version of its process it follows.
    reporter_id: int = 0
    definition_version_id: int = 0
    #: Where staff see the issue, if it is shown already.
    run_id: str | None = None
    #: Since when it could have been carried out.
    since: datetime | None = None
    trace: str | None = None


_COLUMNS = (
    outbox.c.id,
    outbox.c.issue_id,
    issues.c.number,
    issues.c.subject,
    outbox.c.sequence,
    outbox.c.kind,
    outbox.c.payload,
    outbox.c.attempts,
    issues.c.reporter_id,
    issues.c.definition_version_id,
    issues.c.run_id,
    outbox.c.available_at,
    outbox.c.trace,
)
_turns = Turns(outbox, select(*_COLUMNS).join(issues, issues.c.id == outbox.c.issue_id))
_lease = (
    update(outbox)
    .where(outbox.c.id == bindparam("of_id"))
    .values(available_at=bindparam("until"), attempts=bindparam("tried"))
)


def claim_effects(house: House, now: datetime, limit: int = 200) -> list[Effect]:
    """Effects to carry out, in turn from the stations and in the order in which they were decided; held for ``LEASE``."""
    with house.database.reading() as connection:
        if not _turns.are_any(connection, now):
            return []
    with house.database.writing() as connection:
        found = [Effect(*row) for row in _turns.take(connection, now, limit)]
        leases = [{"of_id": effect.id, "until": now + LEASE, "tried": effect.attempts + 1} for effect in found]
        if leases:
            connection.execute(_lease, leases)
    return found


def effect(house: House, effect_id: int) -> Effect:
    """One effect by its id."""
    query = select(*_COLUMNS).join(issues, issues.c.id == outbox.c.issue_id).where(outbox.c.id == effect_id)
    with house.database.reading() as connection:
        return Effect(*connection.execute(query).one())


def still_pending(house: House, effect_ids: Sequence[int]) -> list[Effect]:
    """Those of the effects that nobody has carried out meanwhile, in the order in which they were decided."""
    query = select(*_COLUMNS).join(issues, issues.c.id == outbox.c.issue_id).order_by(outbox.c.id)
    with house.database.reading() as connection:
        rows = connection.execute(query.where(outbox.c.id.in_(effect_ids), outbox.c.status == "pending"))
        return [Effect(*row) for row in rows]


def count_pending(house: House) -> int:
    """How many effects still wait, claimed ones included."""
    with house.database.reading() as connection:
        return int(
            connection.execute(
                select(func.count()).select_from(outbox).where(outbox.c.status == "pending")
            ).scalar_one()
        )
