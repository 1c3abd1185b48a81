"""A house that was made again from a backup sends nothing until somebody has looked: what waited then may have been sent since.

People work on meanwhile. Released, what they did since goes out; of what came before the office says whether it is sent, perhaps a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, literal_column, select, update

from engine.event import Fire
from engine.refusal import Refusal
from huying.audit.record import AuditNote, note
from huying.database.day import day_of
from huying.database.tables import (
    action_links,
    credential_links,
    deliveries,
    event_deliveries,
    history,
    issue_numbers,
    outbox,
    restorations,
    sessions,
    stations,
    timers,
)
from huying.house.by import By
from huying.house.house import House

#: A message that was not sent again says so.
DROPPED = "恢复备份后没有再发：可能已经发过。 Not sent after the restore: it may have been sent before."
_WAITING = ("pending", "gathered")


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that waits and may have been sent: to whom (by channel), what it says first, and of which issue."""

    id: int
    created_at: datetime
    channel: str
    subject: str
    issue_id: int | None


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What waits since the house was restored: what may have been sent (``doubtful``), and how much is certainly new. ``beyond``: so many numbers
    of each series are left out.
    """

    source: str
    taken_at: datetime
    restored_at: datetime
    beyond: int
    doubtful: Sequence[HeldMessage]
    events: int
    certain: int
    calls: int


def hold(connection: Connection, source: str, taken_at: datetime, now: datetime, beyond: int) -> None:
    """Begin it, in the transaction that makes a restored house usable.

    Log-ins and one-time links are void: some were ended since. Running numbers go on ``beyond``, so that none is given twice; of numbers that are
    given on the way the register's books know it by this row.
    """
    overdue = connection.execute(select(timers.c.issue_id, timers.c.number).where(timers.c.due_at <= now)).all()
    row = {"source": source[:500], "taken_at": taken_at, "restored_at": now, "beyond": beyond, "sent": 0, "dropped": 0}
    connection.execute(insert(restorations), {**row, "overdue": [list(one) for one in overdue]})
    connection.execute(sessions.delete())
    for links in (credential_links, action_links):
        connection.execute(update(links).where(links.c.expires_at > now).values(expires_at=now))
    first, last = (day_of(moment, connection).year for moment in (taken_at, now))
    _go_beyond(connection, set(range(first, last + 1)), beyond)


def _go_beyond(connection: Connection, years: set[int], beyond: int) -> None:
    """Leave room for the numbers that were given and are forgotten; also where the first of the year was."""
    if not beyond:
        return
    c = issue_numbers.c
    connection.execute(update(issue_numbers).where(c.year.in_(years)).values(last=c.last + beyond))
    known = {tuple(row) for row in connection.execute(select(c.definition_key, c.station_id, c.year))}
    keys = {key for key, _, _ in known}
    places = connection.execute(select(stations.c.id)).scalars().all()
    new = [(key, place, year) for key in sorted(keys) for place in places for year in sorted(years)]
    rows = [
        {"definition_key": key, "station_id": place, "year": year, "last": beyond}
        for key, place, year in new
        if (key, place, year) not in known
    ]
    if rows:
        connection.execute(insert(issue_numbers), rows)


def quarantine(connection: Connection) -> Quarantine | None:
    """What waits; ``None`` where nothing is held."""
    since = _current(connection)
    if since is None:
        return None
    waiting = _waiting(connection, since)
    doubtful = [row for row in waiting if row.doubtful]
    calls = select(func.count()).where(outbox.c.status == "pending", outbox.c.kind == "request")
    return Quarantine(
        source=since.source,
        taken_at=since.taken_at,
        restored_at=since.restored_at,
        beyond=since.beyond,
        doubtful=[HeldMessage(row.id, row.created_at, row.channel, row.subject, row.issue_id) for row in doubtful],
        events=sum(1 for row in _events(connection, since) if row.doubtful),
        certain=len(waiting) - len(doubtful),
        calls=int(connection.execute(calls).scalar_one()),
    )


def release(house: House, *, again: bool, by: By) -> tuple[int, int]:
    """Let messages leave the house: those that may have been sent too (``again``), or not; how many go, and how many do not.

    ``Refusal`` where nothing is held any more. Calls of other systems go with the key that they had: a system that knows it answers as before.
    """
    with house.database.writing() as connection:
        since = _current(connection, lock=True)
        if since is None:
            raise Refusal("没有暂缓的消息：已经有人放行了。", "Nothing is held back: somebody has released it.")
        sent = dropped = 0
        for table, waiting in (
            (deliveries, _waiting(connection, since)),
            (event_deliveries, _events(connection, since)),
        ):
            gone = [] if again else [row.id for row in waiting if row.doubtful]
            _drop(connection, table, gone, by.now)
            sent, dropped = sent + len(waiting) - len(gone), dropped + len(gone)
        done = {"released_at": by.now, "released_by_id": by.person, "sent": sent, "dropped": dropped}
        connection.execute(update(restorations).where(restorations.c.id == since.id).values(done))
        told = {"rows": sent, "removed": dropped}
        note(connection, AuditNote(what="restore-released", by=by.person, detail=told, at=by.now))
    house.offices.forget()
    return sent, dropped


def _current(connection: Connection, *, lock: bool = False) -> Row[Any] | None:
    query = select(restorations).where(restorations.c.released_at.is_(None)).order_by(restorations.c.id.desc()).limit(1)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: int
    issue_id: int | None
    created_at: datetime
    channel: str
    subject: str
    doubtful: bool


def _waiting(connection: Connection, since: Row[Any]) -> list[_Waiting]:
    """The messages that wait to be sent."""
    columns = deliveries.c.channel, deliveries.c.subject
    return list(_judged(connection, deliveries, since, columns))


def _events(connection: Connection, since: Row[Any]) -> list[_Waiting]:
    """What waits for subscribers."""
    return list(_judged(connection, event_deliveries, since, (event_deliveries.c.kind, literal_column("''"))))


def _judged(connection: Connection, table: Table, since: Row[Any], columns: Sequence[Any]) -> Iterator[_Waiting]:
    of = (history.c.issue_id == table.c.issue_id) & (history.c.sequence == table.c.sequence)
    query = (
        select(table.c.id, table.c.issue_id, table.c.created_at, *columns, history.c.at, history.c.event)
        .select_from(table.outerjoin(history, of))
        .where(table.c.status.in_(_WAITING))
        .order_by(table.c.id)
    )
    overdue = {tuple(one) for one in since.overdue}
    for row in connection.execute(query):
        doubtful = (row.at or row.created_at) <= since.restored_at
        if isinstance(row.event, Fire):
            doubtful |= (row.issue_id, row.event.timer) in overdue
        yield _Waiting(row.id, row.issue_id, row.created_at, row[3], row[4], doubtful)


def _drop(connection: Connection, table: Table, numbers: Sequence[int], now: datetime) -> None:
    done = {"status": "failed", "reason": DROPPED, "ended_at": now}
    for begin in range(0, len(numbers), 500):
        connection.execute(update(table).where(table.c.id.in_(numbers[begin : begin + 500])).values(done))
