"""Duties that the staff of a station enter, move or cancel, always with a reason; whoever is concerned is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.refusal import Invalid, NotAllowed, Unavailable
from huying.access.viewer import viewer
from huying.database.tables import dated_duties, memberships, participants
from huying.duties.plans.places import people_at
from huying.duties.plans.rotas import away_on, busy_on, planned_at
from huying.duties.swaps import lapse
from huying.errors import NotFound
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.messages.notices import write_notice
from huying.words.duties import names_of, over, place_words, station_row, station_words, when_words

_LONGEST = 1000


def enter_duty(
    house: House,
    station: int,
    day: date,
    person: int,
    starts_at: time | None,
    ends_at: time | None,
    *,
    by: int,
    reason: str,
    now: datetime,
) -> int:
    """Put somebody of the station on duty; the number of the duty. Entering the same again is harmless."""
    said = _reason(reason)
    with house.database.writing() as connection:
        _staff(connection, station, by)
        _to_come(house, day, starts_at, ends_at, now)
        same = (
            dated_duties.c.station_id == station,
            dated_duties.c.day == day,
            dated_duties.c.participant_id == person,
            dated_duties.c.status == "planned",
        )
        for row in connection.execute(select(dated_duties).where(*same)):
            if (row.starts_at, row.ends_at) == (starts_at, ends_at):
                return int(row.id)
        _can_serve(connection, station, person, day, starts_at, ends_at)
        row_values = {
            "station_id": station,
            "day": day,
            "participant_id": person,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "status": "planned",
            # entered by hand, it is known at once
            "announce_at": now,
            "announced_at": now,
            "reason": said,
            "changed_by_id": by,
            "changed_at": now,
        }
        made = insert(dated_duties).returning(dated_duties.c.id)
        number = int(connection.execute(made, row_values).scalar_one())
        _tell(connection, _duty(connection, number), by, now, None)
    return number


def move_duty(
    house: House,
    number: int,
    day: date,
    starts_at: time | None,
    ends_at: time | None,
    *,
    by: int,
    reason: str,
    now: datetime,
) -> None:
    """Move a duty to another day or other hours."""
    said = _reason(reason)
    with house.database.writing() as connection:
        duty = _changeable(house, connection, number, by, now)
        _to_come(house, day, starts_at, ends_at, now)
        if (duty.day, duty.starts_at, duty.ends_at) == (day, starts_at, ends_at):
            return
        _can_serve(connection, duty.station_id, duty.participant_id, day, starts_at, ends_at, but=number)
        announce_at = planned_at(duty.announce_at, duty.day, day)
        moved = {"day": day, "starts_at": starts_at, "ends_at": ends_at, "announce_at": announce_at}
        values = {**moved, "reason": said, "changed_by_id": by, "changed_at": now}
        connection.execute(update(dated_duties).where(dated_duties.c.id == number).values(**values))
        lapse(connection, [number], now)
        _tell(connection, _duty(connection, number), by, now, duty)


def cancel_duty(house: House, number: int, *, by: int, reason: str, now: datetime) -> None:
    """Cancel a duty; twice is harmless."""
    said = _reason(reason)
    with house.database.writing() as connection:
        if _duty(connection, number).status == "cancelled":
            return
        duty = _changeable(house, connection, number, by, now)
        values = {"status": "cancelled", "reason": said, "changed_by_id": by, "changed_at": now}
        connection.execute(update(dated_duties).where(dated_duties.c.id == number).values(**values))
        lapse(connection, [number], now)
        _tell(connection, _duty(connection, number), by, now, duty)


def _reason(reason: str) -> str:
    said = reason.strip()[:_LONGEST]
    if not said:
        raise Invalid({"reason": {"zh": "请写明原因。", "en": "Please say why."}})
    return said


def _staff(connection: Connection, station: int, by: int) -> None:
    person = viewer(connection, by)
    if not (person.office or station in person.stations):
        raise NotAllowed


def _to_come(house: House, day: date, starts_at: time | None, ends_at: time | None, now: datetime) -> None:
    if starts_at and ends_at and ends_at <= starts_at:
        raise Invalid({"ends_at": {"zh": "结束时间要晚于开始时间。", "en": "It must end after it begins."}})
    if over(day, starts_at, ends_at, now.astimezone(local_zone(house))):
        raise Invalid({"day": {"zh": "这个时间已经过去。", "en": "That time has passed."}})


def _can_serve(
    connection: Connection,
    station: int,
    person: int,
    day: date,
    starts_at: time | None,
    ends_at: time | None,
    but: int | None = None,
) -> None:
    serves = (
        select(memberships.c.id)
        .join(participants, participants.c.id == memberships.c.participant_id)
        .where(
            memberships.c.participant_id == person,
            memberships.c.station_id == station,
            participants.c.active,
        )
    )
    if connection.execute(serves).first() is None:
        raise Invalid({"person": {"zh": "此人不在本站。", "en": "That person does not serve at this station."}})
    if away_on(connection, [person], day):
        raise Invalid({"person": {"zh": "此人那天请假。", "en": "That person is away on that day."}})
    if busy_on(connection, [person], day, starts_at, ends_at, but=but):
        raise Invalid({"person": {"zh": "此人那个时间已有值班。", "en": "That person has a duty at that time."}})


def _changeable(house: House, connection: Connection, number: int, by: int, now: datetime) -> Row[Any]:
    duty = _duty(connection, number)
    _staff(connection, duty.station_id, by)
    local = now.astimezone(local_zone(house))
    if duty.status != "planned" or over(duty.day, duty.starts_at, duty.ends_at, local):
        raise Unavailable("这次值班已取消，或已经开始。", "This duty was cancelled, or has begun.")
    return duty


def _duty(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(dated_duties).where(dated_duties.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("没有这次值班。", "There is no such duty.")
    return row


def _tell(connection: Connection, duty: Row[Any], by: int, now: datetime, before: Row[Any] | None) -> None:
    """Tell the one on duty and the other staff of the station."""
    station = station_row(connection, duty.station_id)
    names = names_of(connection, {by, duty.participant_id})
    planned = duty.status == "planned"

    def said(language: str, *, own: bool) -> Mapping[str, Any]:
        old = when_words(before.day, before.starts_at, before.ends_at, language) if before is not None else None
        return {
            "when": when_words(duty.day, duty.starts_at, duty.ends_at, language) if planned else None,
            "old_when": old,
            "place": place_words(duty.place, station, language),
            "station": station_words(station, language),
            "people": names[duty.participant_id],
            "actor": names[by],
            "note": duty.reason,
            "own": int(own),
        }

    event = f"duty.{duty.id}.{now.isoformat()}"
    concerned = [duty.participant_id, *people_at(connection, duty.station_id, "staff of station")]
    for person in dict.fromkeys(concerned):
        if person != by:
            words = partial(said, own=person == duty.participant_id)
            write_notice(connection, "duty-changed", event, person, words, now)
