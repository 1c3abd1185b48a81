"""Taking what waits in turn from the stations, so that a burst at one of them keeps no other waiting.

Each station that waits gives an equal share of what is taken; what some do not need is shared among the others. Cost: one probe of an index for
each station that waits, however much waits there.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, bindparam, func, literal_column, select

_Waiting = dict[int, int]


class Turns:
    """Takes rows of a table that has ``id``, ``station_id`` (0 for none), ``status`` and ``available_at``; ``query`` selects them, ``id`` first.

    ``which``: those among them that are taken.
    """

    def __init__(self, table: Table, query: Select[Any], *which: ColumnElement[bool]) -> None:
        columns = table.c
        # as it stands in the index, so that both databases see that the index will do
        pending: ColumnElement[bool] = columns.status == literal_column("'pending'")
        first = select(func.min(columns.station_id).label("station")).where(pending).cte("waiting", recursive=True)
        later = select(func.min(columns.station_id)).where(pending, columns.station_id > first.c.station)
        walk = first.union_all(select(later.scalar_subquery()).where(first.c.station.is_not(None)))
        self._stations = select(walk.c.station).where(walk.c.station.is_not(None))
        free = (pending, columns.available_at <= bindparam("now"), *which)
        self._any = select(columns.id).where(*free).limit(1)
        self._some = (
            query.where(columns.station_id == bindparam("station"), *free, columns.id > bindparam("after"))
            .order_by(columns.id)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True, of=table)
        )

    def are_any(self, connection: Connection, now: datetime) -> bool:
        """Whether something waits that nobody holds; cheap."""
        return connection.execute(self._any, {"now": now}).first() is not None

    def take(self, connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
        """Up to ``limit`` rows that nobody holds, locked by this transaction, in the order of their ids; the caller writes the lease."""
        waiting: _Waiting = dict.fromkeys(connection.execute(self._stations).scalars(), 0)
        again: _Waiting = {}
        taken: list[Row[Any]] = []
        while waiting and len(taken) < limit:
            share = max(1, (limit - len(taken)) // len(waiting))
            turn = random.sample(list(waiting), min(len(waiting), limit - len(taken)))
            again |= self._round(connection, now, share, {station: waiting.pop(station) for station in turn}, taken)
            if not waiting:
                # all had their turn, though what waits at some may be in other hands already
                waiting, again = again, {}
        return sorted(taken, key=lambda row: int(row[0]))

    def _round(
        self, connection: Connection, now: datetime, share: int, turn: _Waiting, taken: list[Row[Any]]
    ) -> _Waiting:
        """Take a share from each; those that may have more, with the last id taken there."""
        more: _Waiting = {}
        for station, after in turn.items():
            given = {"now": now, "station": station, "after": after, "most": share}
            rows: Sequence[Row[Any]] = connection.execute(self._some, given).all()
            taken += rows
            if len(rows) == share:
                more[station] = int(rows[-1][0])
        return more
