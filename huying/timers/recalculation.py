"""Reckoning deadlines again after a calendar has changed: issue by issue, each in a transaction of its own, as often as it is interrupted.

Every open issue keeps the calendar, with its version, by which its deadlines were reckoned last. Those that lag behind are found by it, also when
another process was a moment late to hear of the new version.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, select, update

from engine.event import ReckonAgain
from engine.refusal import Refusal
from huying.database.statement import Statement
from huying.database.tables import issues
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import change

_log = logging.getLogger("huying.reckoning")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What became of a batch: how many issues were looked at, and in how many of them a deadline has moved."""

    looked_at: int
    moved: int


# two ranges beside the present name, so that the index answers at once however many issues keep it
_column = issues.c.calendar
_first, _name, _last = (bindparam(name, type_=_column.type) for name in ("first", "name", "last"))
_open = issues.c.status == "open"
_older = Statement(
    select(issues.c.id, issues.c.version)
    .where(_open, and_(_column >= _first, _column < _name))
    .order_by(_column, issues.c.id)
    .limit(bindparam("most"))
)
_other = Statement(
    select(issues.c.id, issues.c.version)
    .where(_open, and_(_column > _name, _column < _last))
    .order_by(_column, issues.c.id)
    .limit(bindparam("most"))
)
_seen = Statement(
    update(issues)
    .where(issues.c.id == bindparam("of_id"), issues.c.version == bindparam("of_version"))
    .values(calendar=bindparam("new_name", type_=_column.type))
)


def count_behind(house: House, limit: int = 1) -> int:
    """How many open issues were reckoned by another version of their calendar than the one in force, up to a limit."""
    return len(list(_behind(house, limit)))


def reckon_again(house: House, now: datetime, limit: int = 100) -> Reckoned:
    """Reckon the deadlines of a batch of issues again; those of which none has moved are noted without an entry in their history."""
    looked_at = moved = 0
    for name, issue_id, version in list(_behind(house, limit)):
        looked_at += 1
        try:
            change(house, issue_id, ReckonAgain(name), By(None, now))
            moved += 1
        except Refusal:
            with house.database.writing() as connection:
                _seen.run(connection, {"of_id": issue_id, "of_version": version, "new_name": name})
        # one issue that cannot be reckoned must not keep the others waiting; it is noted, and its deadlines stay as they were
        except Exception:
            _log.exception("issue %s", issue_id)
            with house.database.writing() as connection:
                _seen.run(connection, {"of_id": issue_id, "of_version": version, "new_name": name})
    return Reckoned(looked_at, moved)


def _behind(house: House, limit: int) -> Iterator[tuple[str, int, int]]:
    """The calendar's name now, the issue and its version."""
    with house.database.reading() as connection:
        for key in house.calendars.known():
            name = house.calendars.in_force(key).name
            for issue_id, version in _lagging(connection, key, name, limit):
                limit -= 1
                yield name, issue_id, version


def _lagging(connection: Connection, key: str, name: str, limit: int) -> list[tuple[int, int]]:
    values = {"first": f"{key} v", "name": name, "last": f"{key} w"}
    found: list[tuple[int, int]] = []
    for statement in (_older, _other):
        if len(found) < limit:
            rows = statement.rows(connection, {**values, "most": limit - len(found)})
            found += [(int(row[0]), int(row[1])) for row in rows]
    return found
