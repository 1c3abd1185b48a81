"""Which issues have changed since staff were last shown them, and how they were shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, true, update

from huying.database.tables import issues
from huying.house.house import House
from huying.issues.urgency import OPEN


@dataclass(frozen=True, slots=True)
class Stale:
    """An issue that has moved on since it was last shown; ``run_id`` is where it was shown, if it was, and ``shown_as`` how."""

    issue_id: int
    version: int
    run_id: str | None
    shown_as: Mapping[str, Any] | None = None


def stale(house: House, now: datetime, limit: int = 50) -> list[Stale]:
    """Issues to be shown anew: those that moved on, the longest known first, then those of which a deadline came nearer or passed."""
    columns = select(issues.c.id, issues.c.version, issues.c.run_id, issues.c.shown_as).limit(limit)
    moved = columns.where(issues.c.shown_version < issues.c.version).order_by(issues.c.id)
    nearer = columns.where(OPEN, issues.c.shown_until <= now).order_by(issues.c.shown_until)
    with house.database.reading() as connection:
        found = [Stale(*row) for row in connection.execute(moved)]
        if len(found) < limit:
            known = {one.issue_id for one in found}
            found += [Stale(*row) for row in connection.execute(nearer) if row.id not in known]
    return found[:limit]


def stale_count(house: House) -> int:
    """How many issues have moved on since they were last shown."""
    with house.database.reading() as connection:
        query = select(func.count()).select_from(issues).where(issues.c.shown_version < issues.c.version)
        return int(connection.execute(query).scalar_one())


def shown_as(house: House, issue_id: int) -> Stale:
    """Where and how an issue is shown."""
    query = select(issues.c.id, issues.c.version, issues.c.run_id, issues.c.shown_as).where(issues.c.id == issue_id)
    with house.database.reading() as connection:
        return Stale(*connection.execute(query).one())


def number_shown_by(house: House, run_id: str) -> str | None:
    """The number of the issue that a run shows; ``None`` if it shows none, or none any more."""
    with house.database.reading() as connection:
        return connection.execute(select(issues.c.number).where(issues.c.run_id == run_id)).scalar()


def shown(
    house: House,
    issue_id: int,
    version: int,
    run_id: str,
    until: datetime | None,
    how: Mapping[str, Any] | None = None,
) -> None:
    """Note that an issue has been shown as of a version, and ``until`` when it looks so by time alone; an older one never replaces a newer."""
    with house.database.writing() as connection:
        connection.execute(
            update(issues)
            .where(issues.c.id == issue_id, issues.c.shown_version <= version)
            .values(shown_version=version, run_id=run_id, shown_until=until, shown_as=how)
        )


def show_again(house: House, closed_after: datetime | None = None) -> int:
    """Have every issue shown anew, as when Prefect's data was lost; how many. Those closed before ``closed_after`` are not shown any more."""
    wanted = true() if closed_after is None else or_(OPEN, issues.c.closed_at >= closed_after)
    with house.database.writing() as connection:
        return connection.execute(
            update(issues).where(wanted).values(shown_version=0, run_id=None, shown_as=None)
        ).rowcount


def one_again(house: House, issue_id: int) -> None:
    """Have one issue shown anew, because something that is no event of its own has changed what is seen of it."""
    with house.database.writing() as connection:
        connection.execute(update(issues).where(issues.c.id == issue_id).values(shown_version=0))
