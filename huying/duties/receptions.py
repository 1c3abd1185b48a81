"""When one deputy receives: the days to come that were announced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from huying.database.tables import dated_duties, stations
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.words.duties import when_words
from huying.words.names import named

#: So many are told.
_MOST = 10


def receptions_of(house: House, person: int, language: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """The days in words, each with its station; those that are not announced yet are nobody's business."""
    today = now.astimezone(local_zone(house)).date()
    d = dated_duties.c
    query = (
        select(d.day, d.starts_at, d.ends_at, named(stations.c, language).label("station"))
        .join(stations, stations.c.id == d.station_id)
        .where(d.participant_id == person, d.day >= today, d.status == "planned")
        .where(d.announced_at.is_not(None) | d.announce_at.is_(None))
        .order_by(d.day, d.starts_at)
        .limit(_MOST)
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    return tuple((when_words(row.day, row.starts_at, row.ends_at, language), row.station) for row in rows)
