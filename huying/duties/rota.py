"""The weekly rota beside dated duties: who is there on the days of this week, one's own weekdays, and who is away meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from babel.dates import format_date
from sqlalchemy import Connection, or_, select

from definitions.text import Said
from huying.database.tables import absences, duties, stations
from huying.locale import LOCALES
from huying.register.directory.duty import weekly
from huying.words.duties import hours_words, names_of, station_words
from huying.words.moments import date_words

#: So many days ahead the rota is written out; it repeats itself after that.
WEEK = 7


@dataclass(frozen=True, slots=True)
class RotaHours:
    """Hours of a day on which the rota names people; their numbers."""

    day: date
    starts_at: time | None
    ends_at: time | None
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OwnWeekday:
    """A weekday on which somebody is on duty by the rota: the day and the hours in words, and where."""

    when: str
    station: str
    code: str


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is away: from when to when in words, and who stands in (``None``: nobody)."""

    name: str
    days: str
    substitute: str | None


def rota_week(connection: Connection, station: int, first: date) -> Iterator[RotaHours]:
    """The rota of a station for a week from a day on."""
    for ahead in range(WEEK):
        day = first + timedelta(days=ahead)
        query = select(duties.c.starts_at, duties.c.ends_at, duties.c.participant_id)
        rows = connection.execute(query.where(duties.c.station_id == station, *weekly(day)))
        hours: dict[tuple[time | None, time | None], list[int]] = {}
        for starts_at, ends_at, person in rows:
            hours.setdefault((starts_at, ends_at), []).append(person)
        for (starts_at, ends_at), people in sorted(hours.items(), key=lambda one: one[0][0] or time()):
            yield RotaHours(day, starts_at, ends_at, tuple(sorted(people)))


def own_weekdays(connection: Connection, person: int, today: date, language: str) -> Iterator[OwnWeekday]:
    """The weekdays of one's own, from Monday on."""
    monday = today - timedelta(days=today.isoweekday() - 1)
    for ahead in range(WEEK):
        # by the rota as it holds this week
        day = monday + timedelta(days=ahead)
        query = (
            select(duties.c.starts_at, duties.c.ends_at, stations)
            .join(stations, stations.c.id == duties.c.station_id)
            .where(duties.c.participant_id == person, stations.c.active, *weekly(day))
            .order_by(duties.c.starts_at, stations.c.code)
        )
        for row in connection.execute(query):
            weekday = format_date(day, "EEEE", locale=LOCALES[language])
            when = Said(f"每{weekday}", f"Every {weekday}").of(language)
            hours = hours_words(row.starts_at, row.ends_at, language)
            yield OwnWeekday(f"{when} {hours}", station_words(row, language), row.code)


def away_meanwhile(
    connection: Connection, people: Collection[int], first: date, last: date, language: str
) -> Iterator[Away]:
    """Who of some people is away on any of these days, the first to leave first."""
    a = absences.c
    query = (
        select(a.participant_id, a.first_day, a.last_day, a.substitute_id)
        .where(a.participant_id.in_(people), a.first_day <= last, or_(a.last_day.is_(None), a.last_day >= first))
        .order_by(a.first_day, a.id)
    )
    rows = connection.execute(query).all()
    names = names_of(connection, {number for row in rows for number in (row[0], row[3]) if number is not None})
    for row in rows:
        begin = date_words(row.first_day, language, first)
        if row.last_day is None:
            days = Said(f"{begin}起", f"from {begin}").of(language)
        elif row.last_day == row.first_day:
            days = begin
        else:
            days = Said("至", " – ").of(language).join((begin, date_words(row.last_day, language, first)))
        yield Away(names[row.participant_id], days, names.get(row.substitute_id) if row.substitute_id else None)
