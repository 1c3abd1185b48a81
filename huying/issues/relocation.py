"""Stations that have closed, and the ones that carry on: what is open there moves, one transaction an issue.

Nothing is queued: what is still to be moved is what the register says now against what is open, so whoever dies in between loses nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Connection, Select, select

from definitions.model.reference import reference
from engine.event import Relocate
from engine.refusal import Refusal
from huying.database.tables import issues, stations
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import change
from huying.register.successor import carrying_on
from huying.words.names import named

_log = logging.getLogger("huying.relocation")
_CLOSED = (stations.c.successor_id.is_not(None), stations.c.active.is_(False), issues.c.status == "open")


def _left_behind() -> Select[tuple[int, int, int]]:
    """The issues that are open where a station has closed and another carries on: issue, station, the one that carries on."""
    columns = select(issues.c.id, stations.c.id.label("station"), stations.c.successor_id)
    return columns.join(stations, stations.c.id == issues.c.station_id).where(*_CLOSED).order_by(issues.c.id)


def count_left_behind(house: House) -> int:
    """Whether anything is open where a station has closed: one, or none; cheap."""
    with house.database.reading() as connection:
        return int(connection.execute(_left_behind().limit(1)).first() is not None)


def carry_on_elsewhere(house: House, now: datetime, limit: int = 100) -> int:
    """Move a batch of what closed stations had open to whoever carries on; how many were moved."""
    with house.database.reading() as connection:
        rows = connection.execute(_left_behind().limit(limit)).all()
        events = {row.successor_id: move_to(connection, row.station, row.successor_id) for row in rows}
    return sum(_moved(house, row.id, events[row.successor_id], now) for row in rows)


def move_to(connection: Connection, closed: int, successor: int) -> Relocate:
    """The move from a closed station to the one that carries on, or to the one that carries that one on."""
    successor = carrying_on(connection, successor)
    names = {
        row.id: (row.zh, row.en)
        for row in connection.execute(
            select(stations.c.id, named(stations.c, "zh").label("zh"), named(stations.c, "en").label("en")).where(
                stations.c.id.in_((closed, successor))
            )
        )
    }
    (zh, en), (to_zh, to_en) = names[closed], names[successor]
    reason = f"“{zh}”已停用，由“{to_zh}”接着办。 {en} has closed; {to_en} carries on."
    return Relocate(reference("station", successor), reason)


def _moved(house: House, issue_id: int, event: Relocate, now: datetime) -> bool:
    try:
        change(house, issue_id, event, By(None, now))
    except Refusal as refusal:
        # it ended meanwhile, or was moved by hand; or a value that stands once stands there already
        _log.info("%s %s: %s", issues.name, issue_id, refusal)
        return False
    # one issue that cannot go on must not keep the others waiting
    except Exception:
        _log.exception("issue %s", issue_id)
        return False
    return True
