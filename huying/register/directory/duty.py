"""Who is on duty at a station at a moment: those entered for these hours of this day, else those whom the weekly rota names."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, exists, literal, select

from huying.database.statement import Statement
from huying.database.tables import dated_duties, duties
from huying.database.tenure import lasting, serving_on


def _holding(day: ColumnElement[date]) -> tuple[ColumnElement[bool], ...]:
    """That a line of the rota holds on a day, and its person still serves at its station."""
    there = serving_on(day, "there")
    serves = exists().where(
        there.c.participant_id == duties.c.participant_id, there.c.station_id == duties.c.station_id
    )
    return lasting(duties.c.first_day, duties.c.last_day, day), serves


_dated = Statement(
    select(dated_duties.c.participant_id, dated_duties.c.day, dated_duties.c.starts_at, dated_duties.c.ends_at).where(
        dated_duties.c.station_id == bindparam("station"),
        dated_duties.c.day >= bindparam("yesterday", type_=dated_duties.c.day.type),
        dated_duties.c.day <= bindparam("today", type_=dated_duties.c.day.type),
        dated_duties.c.status == "planned",
    )
)
_weekly = Statement(
    select(duties.c.participant_id, duties.c.starts_at, duties.c.ends_at).where(
        duties.c.station_id == bindparam("station"),
        duties.c.weekday == bindparam("weekday"),
        *_holding(bindparam("today", type_=duties.c.first_day.type)),
    )
)


def weekly(day: date) -> tuple[ColumnElement[bool], ...]:
    """That a line of the weekly rota holds on a day."""
    return duties.c.weekday == day.isoweekday(), *_holding(literal(day, duties.c.first_day.type))


def on_duty(connection: Connection, station: int, local: datetime) -> frozenset[int]:
    """Those on duty at this moment, which is in the calendar's time zone."""
    today = local.date()
    rows = _dated.rows(connection, {"station": station, "yesterday": today - timedelta(days=1), "today": today})
    dated = frozenset(
        person for person, day, start, end in rows if _covers(day, start, end, local.replace(tzinfo=None))
    )
    if dated:
        return dated
    rows = _weekly.rows(connection, {"station": station, "weekday": local.isoweekday(), "today": today})
    naive = local.replace(tzinfo=None)
    return frozenset(person for person, start, end in rows if _covers(today, start, end, naive))


def _covers(day: date, starts_at: time | None, ends_at: time | None, moment: datetime) -> bool:
    """Whether a duty of a day holds at a moment of the same clock; one that does not end after it began ends on the next day."""
    begin = datetime.combine(day, starts_at or time())
    end = datetime.combine(day, ends_at or time())
    if end <= begin:
        end += timedelta(days=1)
    # from noon without an end: to the end of that day, not to noon of the next
    if ends_at is None:
        end = datetime.combine(day + timedelta(days=1), time())
    return begin <= moment < end
