"""Duties in words: when, where, and who."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.text import LISTED, Said, words
from huying.database.tables import participants, stations
from huying.words.moments import date_words
from huying.words.names import named


def hours_words(starts_at: time | None, ends_at: time | None, language: str) -> str:
    """The hours of a duty; “all day” when none are said."""
    if starts_at is None and ends_at is None:
        return Said("全天", "all day").of(language)
    begin = f"{starts_at:%H:%M}" if starts_at else "00:00"
    end = f"{ends_at:%H:%M}" if ends_at else "24:00"
    return f"{begin}–{end}"


def when_words(day: date, starts_at: time | None, ends_at: time | None, language: str) -> str:
    """The day with its weekday, and the hours."""
    return f"{date_words(day, language)} {hours_words(starts_at, ends_at, language)}"


def station_words(row: Row[Any], language: str) -> str:
    """The station's name."""
    return str(named(row, language))


def place_words(place: Mapping[str, str] | None, station: Row[Any], language: str) -> str:
    """Where the duty is: the place that was named, else the station."""
    return words(place, language) if place else station_words(station, language)


def names_of(connection: Connection, people: Iterable[int]) -> dict[int, str]:
    """The names of people."""
    query = select(participants.c.id, participants.c.name).where(participants.c.id.in_(list(people)))
    return {row[0]: row[1] for row in connection.execute(query)}


def station_row(connection: Connection, station: int) -> Row[Any]:
    """A station."""
    return connection.execute(select(stations).where(stations.c.id == station)).one()


def joined(names: Iterable[str], language: str) -> str:
    """Names in a row."""
    return LISTED.of(language).join(names)


def over(day: date, starts_at: time | None, ends_at: time | None, local: datetime) -> bool:
    """Whether a duty has begun, or its day is over; what is still to come can be changed."""
    return datetime.combine(day, starts_at or time()) <= local.replace(tzinfo=None)
