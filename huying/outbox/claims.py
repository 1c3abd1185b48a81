"""The outbox: claiming effects under a lease, and recording what became of them.

An effect whose lease ran out is claimed again: carrying out is at least once, and each effect's own key makes it happen once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, literal_column, select, update

from definitions.model.retry import USUAL
from engine.effect import Effect
from huying.database.tables import issues, outbox
from huying.database.turns import Turns
from huying.house.house import House

LEASE = timedelta(minutes=1)
#: After so many failures an effect is left for staff, where its process says nothing else.
ATTEMPTS = USUAL.times
#: So many calls of one other system are made at once.
CALLS_OF_ONE = 8
#: Of so many waiting calls the ones to make are chosen.
_LOOKED_AT = 500


E = TypeVar("E", bound=Effect, covariant=True)


@dataclass(frozen=True, slots=True)
class Errand(Generic[E]):
    """An effect to carry out: event ``sequence`` of an issue decided it, at its ``position`` among others.

    ``late``: it should have been decided long ago, and may be told together with others.
    """

    id: int
    issue_id: int
    number: str
    subject: str
    sequence: int
    position: int
    effect: E
    late: bool
    attempts: int
    #: Whose issue it is, and which version of its process it follows.
    reporter_id: int
    definition_version_id: int
    #: Where staff see the issue, if it is shown already.
    run_id: str | None = None
    #: Since when it could have been carried out.
    since: datetime | None = None
    trace: str | None = None
    #: When it was decided.
    created_at: datetime | None = None

    @property
    def key(self) -> str:
        """What tells it from every other, however often it is carried out."""
        return f"{self.issue_id}.{self.sequence}.{self.position}"


_COLUMNS = (
    outbox.c.id,
    outbox.c.issue_id,
    issues.c.number,
    issues.c.subject,
    outbox.c.sequence,
    outbox.c.position,
    outbox.c.payload,
    outbox.c.late,
    outbox.c.attempts,
    issues.c.reporter_id,
    issues.c.definition_version_id,
    issues.c.run_id,
    outbox.c.available_at,
    outbox.c.trace,
    outbox.c.created_at,
)
_query = select(*_COLUMNS).join(issues, issues.c.id == outbox.c.issue_id)
_is_call: ColumnElement[bool] = outbox.c.kind == literal_column("'request'")
_turns = Turns(outbox, _query)
_without_calls = Turns(outbox, _query, ~_is_call)
_lease = (
    update(outbox)
    .where(outbox.c.id == bindparam("of_id"))
    .values(available_at=bindparam("until"), attempts=bindparam("tried"))
)


def claim_effects(house: House, now: datetime, limit: int = 200, *, calls: bool = True) -> list[Errand[Effect]]:
    """Effects to carry out, in turn from the stations and in the order in which they were decided; held for ``LEASE``.

    ``calls``: calls of other systems among them, if nobody takes those with ``claim_calls``.
    """
    turns = _turns if calls and not house.offices.now().held else _without_calls
    with house.database.reading() as connection:
        if not turns.are_any(connection, now):
            return []
    with house.database.writing() as connection:
        return _leased(connection, turns.take(connection, now, limit), now)


def claim_calls(house: House, now: datetime, limit: int, under_way: Mapping[str, int]) -> list[Errand[Effect]]:
    """Calls of other systems to make, each system and each station in turn; held for ``LEASE``.

    ``under_way``: how many calls of a system are being made by the caller; of none are more than ``CALLS_OF_ONE`` made at once, so that one that
    does not answer leaves room for the others.
    """
    if house.offices.now().held:
        return []
    system = outbox.c.payload["connection"].as_string()
    full = [name for name, calls in under_way.items() if calls >= CALLS_OF_ONE]
    free = outbox.c.status == literal_column("'pending'"), _is_call, outbox.c.available_at <= now
    turn = func.row_number().over(partition_by=(system, outbox.c.station_id), order_by=outbox.c.id)
    waiting = select(outbox.c.id, system.label("system")).where(*free, system.not_in(full))
    with house.database.reading() as connection:
        if connection.execute(select(outbox.c.id).where(*free, system.not_in(full)).limit(1)).first() is None:
            return []
        chosen = _chosen(connection.execute(waiting.order_by(turn, outbox.c.id).limit(_LOOKED_AT)), limit, under_way)
    with house.database.writing() as connection:
        held = _query.where(*free, outbox.c.id.in_(chosen)).order_by(outbox.c.id)
        rows = connection.execute(held.with_for_update(skip_locked=True, of=outbox)).all()
        return _leased(connection, rows, now)


def _chosen(waiting: Iterable[Row[Any]], limit: int, under_way: Mapping[str, int]) -> list[int]:
    calls, chosen = Counter(under_way), list[int]()
    for row in waiting:
        if len(chosen) < limit and calls[row.system] < CALLS_OF_ONE:
            calls[row.system] += 1
            chosen.append(row.id)
    return chosen


def _leased(connection: Connection, rows: Iterable[Row[*tuple[Any, ...]]], now: datetime) -> list[Errand[Effect]]:
    found = [Errand(*row) for row in rows]
    leases = [{"of_id": errand.id, "until": now + LEASE, "tried": errand.attempts + 1} for errand in found]
    if leases:
        connection.execute(_lease, leases)
    return found


def errand(house: House, effect_id: int) -> Errand[Effect]:
    """One effect by its id."""
    query = select(*_COLUMNS).join(issues, issues.c.id == outbox.c.issue_id).where(outbox.c.id == effect_id)
    with house.database.reading() as connection:
        return Errand(*connection.execute(query).one())


def still_pending(house: House, effect_ids: Sequence[int]) -> list[Errand[Effect]]:
    """Those of the effects that nobody has carried out meanwhile, in the order in which they were decided."""
    query = select(*_COLUMNS).join(issues, issues.c.id == outbox.c.issue_id).order_by(outbox.c.id)
    with house.database.reading() as connection:
        rows = connection.execute(query.where(outbox.c.id.in_(effect_ids), outbox.c.status == "pending"))
        return [Errand(*row) for row in rows]


def count_pending(house: House) -> int:
    """How many effects still wait, claimed ones included."""
    with house.database.reading() as connection:
        return int(
            connection.execute(
                select(func.count()).select_from(outbox).where(outbox.c.status == "pending")
            ).scalar_one()
        )
