"""Who stands in for whom on a day: the substitute, the substitute's substitute, and so on to somebody who is there."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, or_, select

from huying.database.statement import Statement
from huying.database.tables import absences, participants

_of = Statement(
    select(absences.c.substitute_id, participants.c.active)
    .join(participants, participants.c.id == absences.c.substitute_id, isouter=True)
    .where(
        absences.c.participant_id == bindparam("person"),
        absences.c.first_day <= bindparam("today"),
        or_(absences.c.last_day.is_(None), absences.c.last_day >= bindparam("today")),
    )
    # of several absences at once the one that names somebody counts, and of those the one entered last
    .order_by(absences.c.substitute_id.is_(None), absences.c.id.desc())
)


def who_is_there(connection: Connection, person: int, today: date) -> int | None:
    """The person, or whoever stands in for them today; ``None`` if everybody in that chain is away, or has left."""
    seen: set[int] = set()
    while person not in seen:
        seen.add(person)
        rows = _of.rows(connection, {"person": person, "today": today})
        if not rows:
            return person
        substitute, active = rows[0]
        if substitute is None or not active:
            return None
        person = substitute
    return None
