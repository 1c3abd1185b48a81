"""What staff see of an issue in Prefect, without private data: where it stands, its story, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from huying.database.tables import areas, stations
from huying.house.house import House
from huying.issues.record import Record, record
from huying.issues.sight import Sight
from huying.issues.views.events import TimelineEntry
from huying.issues.views.issue import known_people
from huying.issues.views.situation import Situation, standing
from huying.issues.views.timeline import timeline
from huying.issues.views.troubles import troubles
from huying.words.names import named

#: Staff know who works on an issue; personal data they see in the portal, where looking is a matter of rights.
STAFF = Sight(inside=True, private=False, own=False)


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown of an issue; ``incidents`` say what went wrong and was not put right, ``deputy`` whether the answerable one is a deputy."""

    record: Record
    area: str
    level: str
    standing: Situation
    answerable: str
    timeline: tuple[TimelineEntry, ...]
    incidents: tuple[str, ...] = ()
    deputy: bool = False


def showing(house: House, issue_id: int, now: datetime, language: str = "zh") -> Showing:
    """What staff see of an issue at this moment."""
    name = named(areas.c, language)
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, language)
        people = known_people(connection, found, language)
        area = connection.execute(
            select(name, areas.c.level)
            .join(stations, stations.c.area_id == areas.c.id)
            .where(stations.c.id == found.station_id)
        ).one()
        role = found.definition.answerable_role()
        kind = found.definition.roles.get(role) if role else None
        holders = found.state.roles.get(role, ()) if role else ()
        return Showing(
            record=found,
            area=area[0],
            level=area[1],
            standing=standing(found, STAFF, people, language, now),
            answerable=people.name(holders[0]) if holders else "",
            timeline=timeline(connection, found, STAFF, language, channels=house.channels.all()),
            incidents=troubles(connection, found.id, found.definition, language),
            deputy=kind is not None and kind.deputies_of is not None,
        )
