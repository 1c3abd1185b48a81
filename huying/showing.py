"""What staff watch: the issues that changed since they were last shown, and what may be said of each without private data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from huying.house import House
from huying.tables import areas, issues, stations
from huying.views.happening import Happening
from huying.views.issue import known_people
from huying.views.record import Record, record
from huying.views.sight import Sight
from huying.views.standing import Standing, standing
from huying.views.timeline import timeline
from huying.views.urgency import OPEN

#: Staff know who works on an issue; personal data they see in the portal, where looking is a matter of rights.
STAFF = Sight(inside=True, private=False, own=False)


@dataclass(frozen=True, slots=True)
class Stale:
    """An issue that has moved on since it was last shown; ``run_id`` is where it was shown, if it was."""

    issue_id: int
    version: int
    run_id: str | None


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown of an issue."""

    record: Record
    area: str
    level: str
    standing: Standing
    answerable: str
    timeline: tuple[Happening, ...]


def stale(house: House, now: datetime, limit: int = 50) -> list[Stale]:
    """Issues to be shown anew: those that moved on, the longest known first, then those of which a deadline came nearer or passed."""
    columns = select(issues.c.id, issues.c.version, issues.c.run_id).limit(limit)
    moved = columns.where(issues.c.shown_version < issues.c.version).order_by(issues.c.id)
    nearer = columns.where(OPEN, issues.c.shown_until <= now).order_by(issues.c.shown_until)
    with house.database.reading() as connection:
        found = [Stale(*row) for row in connection.execute(moved)]
        if len(found) < limit:
            known = {one.issue_id for one in found}
            found += [Stale(*row) for row in connection.execute(nearer) if row.id not in known]
    return found[:limit]


def shown(house: House, issue_id: int, version: int, run_id: str, until: datetime | None) -> None:
    """Note that an issue has been shown as of a version, and ``until`` when it looks so by time alone; an older one never replaces a newer."""
    with house.database.writing() as connection:
        connection.execute(
            update(issues)
            .where(issues.c.id == issue_id, issues.c.shown_version <= version)
            .values(shown_version=version, run_id=run_id, shown_until=until)
        )


def show_again(house: House) -> int:
    """Have every issue shown anew, as when Prefect's data was lost; how many."""
    with house.database.writing() as connection:
        return connection.execute(update(issues).values(shown_version=0, run_id=None)).rowcount


def showing(house: House, issue_id: int, now: datetime, language: str = "zh") -> Showing:
    """What staff see of an issue at this moment."""
    name = areas.c.name_zh if language == "zh" else areas.c.name_en
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, language)
        people = known_people(connection, found, language)
        area = connection.execute(
            select(name, areas.c.level)
            .join(stations, stations.c.area_id == areas.c.id)
            .where(stations.c.id == found.station_id)
        ).one()
        role = found.definition.answerable_role()
        holders = found.state.roles.get(role, ()) if role else ()
        return Showing(
            record=found,
            area=area[0],
            level=area[1],
            standing=standing(found, STAFF, people, language, now),
            answerable=people.name(holders[0]) if holders else "",
            timeline=timeline(connection, found, STAFF, language),
        )
