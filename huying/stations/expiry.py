"""What stations have, and what soon has to be looked at again: their heads and clerks are told in time, and once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, or_, select

from huying.database.tables import codes, deliveries, have_claims, station_haves, stations
from huying.database.tenure import serving
from huying.house.house import House
from huying.messages.notices import write_notice
from huying.register.haves import LIST
from huying.register.standard import listed_haves, standard_on
from huying.rights.entitlement import STAFF
from huying.words.duties import joined
from huying.words.moments import date_words
from huying.words.names import named

OCCASION = "have-expires"


@dataclass(frozen=True, slots=True)
class Ending:
    """Things of a station that count until the same day."""

    station: int
    until: date
    haves: tuple[str, ...]

    @property
    def event(self) -> str:
        """By what it is known that somebody was told of it."""
        return f"haves.{self.station}.{self.until.isoformat()}"


def ending_untold(house: House, now: datetime) -> tuple[tuple[Ending, int], ...]:
    """What ends soon by the standard and waits for no check, each with a person of the station's staff who has not heard of it."""
    with house.database.reading() as connection:
        found = _ending(connection, house.day_of(now))
        return tuple((one, person) for one in found for person in _staff(connection, one))


def tell_of_ends(house: House, now: datetime) -> int:
    """Tell all of them; how many messages were written. Harmless to repeat."""
    written = 0
    for ending, person in ending_untold(house, now):
        with house.database.writing() as connection:
            said = _words(connection, ending, house.day_of(now))
            written += write_notice(connection, OCCASION, ending.event, person, said, now)
    return written


def _ending(connection: Connection, today: date) -> Iterator[Ending]:
    soon = today + timedelta(days=standard_on(connection, today).remind_days)
    h, c = station_haves.c, have_claims.c
    waits = exists().where(c.station_id == h.station_id, c.have == h.have, c.status == "waiting")
    query = (
        select(h.station_id, h.until, h.have)
        .join(stations, stations.c.id == h.station_id)
        .where(
            stations.c.active,
            or_(h.has, h.partly),
            h.until >= today,
            h.until <= soon,
            h.have.in_(listed_haves(connection, today)),
            ~waits,
        )
        .order_by(h.station_id, h.until, h.have)
    )
    found: dict[tuple[int, date], list[str]] = {}
    for station, until, have in connection.execute(query):
        found.setdefault((station, until), []).append(have)
    for (station, until), haves in found.items():
        yield Ending(station, until, tuple(haves))


def _staff(connection: Connection, ending: Ending) -> Sequence[int]:
    told = exists().where(
        deliveries.c.participant_id == serving.c.participant_id, deliveries.c.key.startswith(f"{ending.event}.")
    )
    query = select(serving.c.participant_id).where(
        serving.c.station_id == ending.station, serving.c.function.in_(STAFF), ~told
    )
    return connection.execute(query.distinct().order_by(serving.c.participant_id)).scalars().all()


def _words(connection: Connection, ending: Ending, today: date) -> Any:
    place = connection.execute(select(stations).where(stations.c.id == ending.station)).one()
    listed = select(codes).where(codes.c.list == LIST, codes.c.code.in_(ending.haves))
    things = connection.execute(listed.order_by(codes.c.position, codes.c.code)).all()

    def words(language: str) -> Mapping[str, Any]:
        return {
            "station": named(place, language),
            "when": date_words(ending.until, language, today),
            "note": joined((named(one, language) for one in things), language),
        }

    return words
