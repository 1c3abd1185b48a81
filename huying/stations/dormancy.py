"""A dormant station: its staff are asked to plan something, once a day at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from huying.access.viewer import Viewer
from huying.database.tables import dated_duties, issues, stations
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.house.house import House
from huying.messages.notices import write_notice
from huying.register.permission import KEEP, may_keep_station
from huying.rights.entitlement import STAFF
from huying.rights.refusal import Unentitled
from huying.words.moments import date_words
from huying.words.names import named

OCCASION = "station-dormant"


def remind(house: House, code: str, person: Viewer, now: datetime) -> int:
    """Tell head and clerks of a station that nothing happens there; how many messages were written."""
    today = house.day_of(now)
    with house.database.writing() as connection:
        place = connection.execute(select(stations).where(stations.c.code == code)).one_or_none()
        if place is None:
            raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
        if not may_keep_station(person, now, place.id):
            raise Unentitled(KEEP)
        moved = select(func.max(issues.c.changed_at)).where(issues.c.station_id == place.id)
        last = connection.execute(moved).scalar_one()
        d = dated_duties.c
        held = select(func.max(d.day)).where(d.station_id == place.id, d.day <= today, d.status == "planned")
        days = [day for day in (house.day_of(last) if last else None, connection.execute(held).scalar_one()) if day]

        def words(language: str) -> Mapping[str, Any]:
            when = date_words(max(days), language, today) if days else None
            return {"station": named(place, language), "actor": person.name, "when": when}

        staff = select(serving.c.participant_id).where(serving.c.station_id == place.id, serving.c.function.in_(STAFF))
        told = connection.execute(staff.distinct()).scalars().all()
        event = f"dormant.{place.id}.{today.isoformat()}"
        return sum(write_notice(connection, OCCASION, event, one, words, now) for one in told)
