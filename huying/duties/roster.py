"""Duties that the staff of a station enter, move or cancel, always with a reason; whoever is concerned is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.refusal import Invalid, Unavailable
from huying.access.viewer import viewer
from huying.database.tables import dated_duties, participants
from huying.database.tenure import serving_on
from huying.duties.plans.places import people_at
from huying.duties.plans.rotas import away_on, busy_on, planned_at
from huying.duties.swaps import lapse
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.messages.notices import write_notice
from huying.rights.refusal import Unentitled
from huying.words.duties import names_of, over, place_words, station_row, station_words, when_words

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody is on duty: the day, and the hours if it is not all of it."""

    day: date
    starts_at: time | None = None
    ends_at: time | None = None


def enter_duty(house: House, station: int, person: int, shift: Shift, reason: str, by: By) -> int:
    """Put somebody of the station on duty; the number of the duty. Entering the same again is harmless."""
    said = _reason(reason)
    with house.database.writing() as connection:
        _staff(connection, station, by)
        _to_come(house, shift, by.now)
        same = (
            dated_duties.c.station_id == station,
            dated_duties.c.day == shift.day,
            dated_duties.c.participant_id == person,
            dated_duties.c.status == "planned",
        )
        for row in connection.execute(select(dated_duties).where(*same)):
            if _shift(row) == shift:
                return int(row.id)
        _can_serve(connection, station, person, shift)
        row_values = {
            **asdict(shift),
            **_changed(said, by),
            "station_id": station,
            "participant_id": person,
            "status": "planned",
            # entered by hand, it is known at once
            "announce_at": by.now,
            "announced_at": by.now,
        }
        made = insert(dated_duties).returning(dated_duties.c.id)
        number = int(connection.execute(made, row_values).scalar_one())
        _tell(connection, _duty(connection, number), by, None)
    return number


def move_duty(house: House, number: int, shift: Shift, reason: str, by: By) -> None:
    """Move a duty to another day or other hours."""
    said = _reason(reason)
    with house.database.writing() as connection:
        duty = _changeable(house, connection, number, by)
        _to_come(house, shift, by.now)
        if _shift(duty) == shift:
            return
        _can_serve(connection, duty.station_id, duty.participant_id, shift, but=number)
        announce_at = planned_at(duty.announce_at, duty.day, shift.day)
        values = {**asdict(shift), "announce_at": announce_at, **_changed(said, by)}
        connection.execute(update(dated_duties).where(dated_duties.c.id == number).values(**values))
        lapse(connection, [number], by.now)
        _tell(connection, _duty(connection, number), by, duty)


def cancel_duty(house: House, number: int, reason: str, by: By) -> None:
    """Cancel a duty; twice is harmless."""
    said = _reason(reason)
    with house.database.writing() as connection:
        if _duty(connection, number).status == "cancelled":
            return
        duty = _changeable(house, connection, number, by)
        values = {"status": "cancelled", **_changed(said, by)}
        connection.execute(update(dated_duties).where(dated_duties.c.id == number).values(**values))
        lapse(connection, [number], by.now)
        _tell(connection, _duty(connection, number), by, duty)


def _shift(duty: Row[Any]) -> Shift:
    return Shift(duty.day, duty.starts_at, duty.ends_at)


def _changed(said: str, by: By) -> dict[str, Any]:
    return {"reason": said, "changed_by_id": by.person, "changed_at": by.now}


def _reason(reason: str) -> str:
    said = reason.strip()[:_LONGEST]
    if not said:
        raise Invalid({"reason": {"zh": "请写明原因。", "en": "Please say why."}})
    return said


def _staff(connection: Connection, station: int, by: By) -> None:
    person = viewer(connection, by.somebody)
    if not person.may("keep rota", by.now, station):
        raise Unentitled("keep rota")


def _to_come(house: House, shift: Shift, now: datetime) -> None:
    if shift.starts_at and shift.ends_at and shift.ends_at <= shift.starts_at:
        raise Invalid({"ends_at": {"zh": "结束时间要晚于开始时间。", "en": "It must end after it begins."}})
    if over(shift.day, shift.starts_at, shift.ends_at, now.astimezone(local_zone(house))):
        raise Invalid({"day": {"zh": "这个时间已经过去。", "en": "That time has passed."}})


def _can_serve(connection: Connection, station: int, person: int, shift: Shift, but: int | None = None) -> None:
    there = serving_on(shift.day)
    serves = (
        select(there.c.id)
        .join(participants, participants.c.id == there.c.participant_id)
        .where(
            there.c.participant_id == person,
            there.c.station_id == station,
            participants.c.active,
        )
    )
    if connection.execute(serves).first() is None:
        raise Invalid({"person": {"zh": "此人不在本站。", "en": "That person does not serve at this station."}})
    if away_on(connection, [person], shift.day):
        raise Invalid({"person": {"zh": "此人那天请假。", "en": "That person is away on that day."}})
    if busy_on(connection, [person], shift.day, shift.starts_at, shift.ends_at, but=but):
        raise Invalid({"person": {"zh": "此人那个时间已有值班。", "en": "That person has a duty at that time."}})


def _changeable(house: House, connection: Connection, number: int, by: By) -> Row[Any]:
    duty = _duty(connection, number)
    _staff(connection, duty.station_id, by)
    local = by.now.astimezone(local_zone(house))
    if duty.status != "planned" or over(duty.day, duty.starts_at, duty.ends_at, local):
        raise Unavailable("这次值班已取消，或已经开始。", "This duty was cancelled, or has begun.")
    return duty


def _duty(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(dated_duties).where(dated_duties.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("没有这次值班。", "There is no such duty.")
    return row


def _tell(connection: Connection, duty: Row[Any], by: By, before: Row[Any] | None) -> None:
    """Tell the one on duty and the other staff of the station."""
    station = station_row(connection, duty.station_id)
    names = names_of(connection, {by.somebody, duty.participant_id})
    planned = duty.status == "planned"

    def said(language: str, *, own: bool) -> Mapping[str, Any]:
        old = when_words(before.day, before.starts_at, before.ends_at, language) if before is not None else None
        return {
            "when": when_words(duty.day, duty.starts_at, duty.ends_at, language) if planned else None,
            "old_when": old,
            "place": place_words(duty.place, station, language),
            "station": station_words(station, language),
            "people": names[duty.participant_id],
            "actor": names[by.somebody],
            "note": duty.reason,
            "own": int(own),
        }

    event = f"duty.{duty.id}.{by.now.isoformat()}"
    concerned = [duty.participant_id, *people_at(connection, duty.station_id, "staff of station")]
    for person in dict.fromkeys(concerned):
        if person != by.person:
            words = partial(said, own=person == duty.participant_id)
            write_notice(connection, "duty-changed", event, person, words, by.now)
