"""Carrying out a rota for one day at one station: those whose turn it is are put on duty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select

from definitions.calendars.calendar import Calendar
from definitions.plans.plan import RotaPlan
from engine.deadlines.recurrence import at, before, period_of
from engine.deadlines.rota import Turn, in_turn
from huying.database.tables import absences, dated_duties
from huying.database.tables import plan_occurrences as occurrences
from huying.duties.plans.places import people_at
from huying.messages.notices import write_notice
from huying.words.duties import joined, names_of, place_words, station_words, when_words


@dataclass(frozen=True, slots=True)
class RotaDay:
    """One day of a rota at one station: ``occurrence`` and ``scope`` name it among what the plan brings about."""

    plan: RotaPlan
    occurrence: int
    scope: str
    day: date


def plan_duties(
    connection: Connection, turn: RotaDay, station: Row[Any], calendar: Calendar, now: datetime
) -> dict[str, Any]:
    """Put people on duty; who was considered, who was chosen, who was passed over, and how many seats stay empty.

    To be called with the plan's row locked: whose turn it is depends on what was planned before.
    """
    plan, day = turn.plan, turn.day
    people = people_at(connection, station.id, plan.people)
    passed_over = unavailable(connection, plan, people, day)
    chosen = in_turn(people, past_turns(connection, plan.plan, turn.scope), plan.seats, passed_over)
    announce_at = at(before(day, plan.announce, calendar), plan.at, calendar) if plan.announce else None
    rows = [
        {
            "station_id": station.id,
            "day": day,
            "participant_id": person,
            "starts_at": plan.hours.begin if plan.hours else None,
            "ends_at": plan.hours.end if plan.hours else None,
            "status": "planned",
            "plan_key": plan.plan,
            "occurrence_id": turn.occurrence,
            "place": dict(plan.place) if plan.place else None,
            "announce_at": announce_at,
        }
        for person in chosen
    ]
    if rows:
        connection.execute(insert(dated_duties), rows)
    empty = plan.seats - len(chosen)
    if empty:
        _tell_staff(connection, turn, station, chosen, empty, now)
    return {
        "among": people,
        "chosen": list(chosen),
        "passed_over": sorted(passed_over),
        "empty": empty,
    }


def _tell_staff(
    connection: Connection, turn: RotaDay, station: Row[Any], chosen: tuple[int, ...], empty: int, now: datetime
) -> None:
    """Have the station's staff find somebody for the seats that stay empty."""
    plan, names = turn.plan, names_of(connection, chosen)
    begin = plan.hours.begin if plan.hours else None
    end = plan.hours.end if plan.hours else None

    def said(language: str) -> Mapping[str, Any]:
        return {
            "when": when_words(turn.day, begin, end, language),
            "place": place_words(plan.place, station, language),
            "station": station_words(station, language),
            "people": joined(names.values(), language) or None,
            "missing": empty,
        }

    for person in people_at(connection, station.id, "staff of station"):
        write_notice(connection, "duty-short", f"rota.{turn.occurrence}", person, said, now)


def past_turns(connection: Connection, plan: str, scope: str) -> list[Turn]:
    """The turns that a plan has given at a station, the oldest first; those who took a duty over count as having served."""
    served: dict[int, list[int]] = {}
    mine = occurrences.c.plan_key == plan, occurrences.c.scope == scope, occurrences.c.status == "done"
    duties = (
        select(dated_duties.c.occurrence_id, dated_duties.c.participant_id)
        .join(occurrences, occurrences.c.id == dated_duties.c.occurrence_id)
        .where(*mine, dated_duties.c.status == "planned")
        .order_by(dated_duties.c.id)
    )
    for occurrence, person in connection.execute(duties):
        served.setdefault(occurrence, []).append(person)
    query = select(occurrences.c.id, occurrences.c.outcome).where(*mine).order_by(occurrences.c.day, occurrences.c.id)
    return [
        Turn(tuple(row.outcome.get("among", ())), tuple(served.get(row.id, ()))) for row in connection.execute(query)
    ]


def unavailable(connection: Connection, plan: RotaPlan, people: list[int], day: date) -> set[int]:
    """Those who are away that day, are on duty elsewhere at the same hours, or have had as many turns as one may have in the period."""
    begin = plan.hours.begin if plan.hours else None
    end = plan.hours.end if plan.hours else None
    return {
        *away_on(connection, people, day),
        *busy_on(connection, people, day, begin, end),
        *_had_enough(connection, plan, people, day),
    }


def away_on(connection: Connection, people: list[int], day: date) -> set[int]:
    """Those who are away on a day."""
    query = select(absences.c.participant_id).where(
        absences.c.participant_id.in_(people),
        absences.c.first_day <= day,
        or_(absences.c.last_day.is_(None), absences.c.last_day >= day),
    )
    return set(connection.execute(query).scalars())


def busy_on(
    connection: Connection, people: list[int], day: date, begin: time | None, end: time | None, but: int | None = None
) -> set[int]:
    """Those who have another duty that day at hours that overlap; ``but`` leaves one duty out."""
    query = select(dated_duties).where(
        dated_duties.c.participant_id.in_(people), dated_duties.c.day == day, dated_duties.c.status == "planned"
    )
    return {
        row.participant_id
        for row in connection.execute(query)
        if row.id != but
        and (row.starts_at or time.min) < (end or time.max)
        and (begin or time.min) < (row.ends_at or time.max)
    }


def _had_enough(connection: Connection, plan: RotaPlan, people: list[int], day: date) -> Iterator[int]:
    if plan.each is None:
        return
    first, last = period_of(plan.per, day)
    query = (
        select(dated_duties.c.participant_id)
        .where(
            dated_duties.c.plan_key == plan.plan,
            dated_duties.c.participant_id.in_(people),
            dated_duties.c.day.between(first, last),
            dated_duties.c.status == "planned",
        )
        .group_by(dated_duties.c.participant_id)
        .having(func.count() >= plan.each)
    )
    yield from connection.execute(query).scalars()


def next_for(connection: Connection, plan: RotaPlan, station: int, scope: str, day: date) -> int | None:
    """Whose turn it is, when somebody who was planned cannot come; ``None`` if nobody is there."""
    people = people_at(connection, station, plan.people)
    found = in_turn(people, past_turns(connection, plan.plan, scope), 1, unavailable(connection, plan, people, day))
    return found[0] if found else None


def planned_at(announce_at: datetime | None, day: date, new_day: date) -> datetime | None:
    """When a duty that moved to another day is announced: as long before it as was meant."""
    return announce_at + (new_day - day) if announce_at else None
