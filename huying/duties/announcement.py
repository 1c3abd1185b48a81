"""Announcing duties: some days before, those on duty and the station's staff are told, and the public page names them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from definitions.plans.plan import RotaPlan, restore_plan
from huying.database.tables import dated_duties, plan_occurrences, plan_versions
from huying.duties.plans.places import people_at
from huying.duties.plans.rotas import next_for
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.messages.notices import write_notice
from huying.register.directory.absence import who_is_there
from huying.words.duties import joined, names_of, place_words, station_row, station_words, when_words


def to_announce(house: House, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Duties to be announced now: their moment has come, and their day is not over."""
    today = now.astimezone(local_zone(house)).date()
    return (
        dated_duties.c.announced_at.is_(None),
        dated_duties.c.announce_at.is_not(None),
        dated_duties.c.announce_at <= now,
        dated_duties.c.day >= today,
        dated_duties.c.status == "planned",
    )


def announce(house: House, now: datetime, limit: int) -> list[str]:
    """Announce a batch, a transaction for each day at each station; what was announced, in words for staff."""
    query = select(dated_duties).where(*to_announce(house, now))
    ordered = query.order_by(dated_duties.c.day, dated_duties.c.station_id, dated_duties.c.starts_at, dated_duties.c.id)
    with house.database.reading() as connection:
        due = connection.execute(ordered.limit(limit)).all()
    return [
        _announced(house, [row.id for row in rows], now)
        for _, rows in groupby(due, lambda row: (row.day, row.station_id, row.starts_at, row.ends_at))
    ]


def _announced(house: House, numbers: list[int], now: datetime) -> str:
    with house.database.writing() as connection:
        query = select(dated_duties).where(dated_duties.c.id.in_(numbers), *to_announce(house, now))
        rows = connection.execute(query.order_by(dated_duties.c.id).with_for_update()).all()
        if not rows:
            return "已由他处公告"
        on_duty = {row.id: _who_comes(connection, row, now) for row in rows}
        station = station_row(connection, rows[0].station_id)
        people = list(dict.fromkeys(person for person in on_duty.values() if person is not None))
        tell_of(connection, "duty-announced", f"duty.{rows[0].id}", rows[0], people, now)
        values = {"announced_at": now}
        connection.execute(update(dated_duties).where(dated_duties.c.id.in_(numbers)).values(**values))
        names = joined(names_of(connection, people).values(), "zh") or "（无人）"
    return f"{station.name_zh} {rows[0].day}：公告值班 {names}"


def tell_of(connection: Connection, occasion: str, event: str, row: Row[Any], people: list[int], now: datetime) -> None:
    """Tell those on duty, and the staff of the station, of a duty."""
    station, names = station_row(connection, row.station_id), names_of(connection, people)

    def said(language: str, *, own: bool) -> Mapping[str, Any]:
        return {
            "when": when_words(row.day, row.starts_at, row.ends_at, language),
            "place": place_words(row.place, station, language),
            "station": station_words(station, language),
            "people": joined((names[person] for person in people), language) or None,
            "own": int(own),
            "note": row.reason,
        }

    for person in people:
        write_notice(connection, occasion, event, person, lambda language: said(language, own=True), now)
    for person in people_at(connection, row.station_id, "staff of station"):
        if person not in people:
            write_notice(connection, occasion, event, person, lambda language: said(language, own=False), now)


def _who_comes(connection: Connection, row: Row[Any], now: datetime) -> int | None:
    """The person on duty, their substitute while they are away, or, when there is none, whoever's turn it is next."""
    there = who_is_there(connection, row.participant_id, row.day)
    if there is not None or row.occurrence_id is None:
        return there
    version = (plan_versions.c.key == plan_occurrences.c.plan_key) & (
        plan_versions.c.version == plan_occurrences.c.version
    )
    query = select(plan_occurrences.c.scope, plan_versions.c.body).join(plan_versions, version)
    found = connection.execute(query.where(plan_occurrences.c.id == row.occurrence_id)).one()
    plan = restore_plan(found.body)
    assert isinstance(plan, RotaPlan)
    following = next_for(connection, plan, row.station_id, found.scope, row.day)
    if following is not None:
        values = {
            "participant_id": following,
            "changed_at": now,
            "reason": "原排定代表请假，依次递补 stands in for somebody away",
        }
        connection.execute(update(dated_duties).where(dated_duties.c.id == row.id).values(**values))
    return following
