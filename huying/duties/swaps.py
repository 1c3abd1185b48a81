"""Swapping duties with consent: ask somebody to take a duty or to exchange it for one of theirs; accept, refuse with a reason, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from definitions.plans.plan import RotaPlan, restore_plan
from engine.refusal import NotAllowed, Unavailable
from huying.database.tables import dated_duties, duty_swaps, participants, plan_versions, plans
from huying.database.tenure import serving
from huying.duties.plans.places import people_at
from huying.duties.plans.rotas import away_on, busy_on
from huying.errors import AlreadyDone, NotFound
from huying.house.by import By
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.messages.notices import write_notice
from huying.words.duties import names_of, over, place_words, station_row, station_words, when_words

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class _News:
    """What is told of a request: of which, about which duties, and who did what; ``taker`` takes the duty."""

    request: int
    duty: Row[Any]
    other: Row[Any] | None
    actor: int
    taker: int | None = None
    note: str = ""


def ask_swap(house: House, duty_id: int, to: int, by: By, *, other_duty_id: int | None = None, note: str = "") -> int:
    """Ask somebody to take a duty of one's own, or to exchange it; the number of the request. A duty can be asked about once at a time."""
    local, said = by.now.astimezone(local_zone(house)), note.strip()[:_LONGEST]
    try:
        with house.database.writing() as connection:
            duty = _own(connection, duty_id, by.somebody, local)
            other = _own(connection, other_duty_id, to, local) if other_duty_id is not None else None
            _can_take(connection, duty, to, but=other)
            if other is not None:
                _can_take(connection, other, by.somebody, but=duty)
            row = {
                "duty_id": duty_id,
                "asked_by_id": by.person,
                "to_id": to,
                "other_duty_id": other_duty_id,
                "note": said,
                "status": "asked",
                "asked_at": by.now,
            }
            made = insert(duty_swaps).returning(duty_swaps.c.id)
            number = int(connection.execute(made, row).scalar_one())
            _tell(connection, "swap-asked", to, _News(number, duty, other, by.somebody, note=said), by.now)
    except IntegrityError:
        raise AlreadyDone(
            "这次值班已在请人代班，请先撤回再另请。", "Somebody has been asked already; withdraw that first."
        ) from None
    return number


def answer_swap(house: House, number: int, by: By, *, accept: bool, reason: str = "") -> None:
    """Accept, or refuse with a reason, as the one who was asked; answering twice alike is harmless."""
    local = by.now.astimezone(local_zone(house))
    said = reason.strip()[:_LONGEST]
    if not accept and not said:
        raise Unavailable("婉拒请写明原因。", "Please say why you refuse.")
    with house.database.writing() as connection:
        swap = _asked(connection, number)
        if swap.to_id != by.person:
            raise NotAllowed
        status = "accepted" if accept else "refused"
        if swap.status == status:
            return
        _still_open(swap)
        duty = _row(connection, swap.duty_id)
        other = _row(connection, swap.other_duty_id) if swap.other_duty_id is not None else None
        if accept:
            _exchange(connection, swap, duty, other, local, by.now)
        _end(connection, number, status, said or None, by.now)
        actor = swap.asked_by_id if accept else by.somebody
        news = _News(number, duty, other, actor, by.person, said)
        for person in (swap.asked_by_id, by.somebody) if accept else (swap.asked_by_id,):
            _tell(connection, f"swap-{status}", person, news, by.now)


def withdraw_swap(house: House, number: int, by: By) -> None:
    """Take a request back, as the one who asked; twice is harmless."""
    with house.database.writing() as connection:
        swap = _asked(connection, number)
        if swap.asked_by_id != by.person:
            raise NotAllowed
        if swap.status == "withdrawn":
            return
        _still_open(swap)
        _end(connection, number, "withdrawn", None, by.now)
        news = _News(number, _row(connection, swap.duty_id), None, by.somebody)
        _tell(connection, "swap-withdrawn", swap.to_id, news, by.now)


def lapse(connection: Connection, duties: list[int], now: datetime, but: int | None = None) -> None:
    """End the open requests about duties that have changed meanwhile."""
    about = or_(duty_swaps.c.duty_id.in_(duties), duty_swaps.c.other_duty_id.in_(duties))
    query = update(duty_swaps).where(about, duty_swaps.c.status == "asked", duty_swaps.c.id != (but or 0))
    connection.execute(query.values(status="lapsed", answered_at=now))


def who_may_take(connection: Connection, duty: Row[Any]) -> list[int]:
    """Those who can take a duty at all: whom its plan puts on duty there, else whoever serves at the station as the one on duty does."""
    query = select(plan_versions.c.body).join(
        plans, (plans.c.key == plan_versions.c.key) & (plans.c.version == plan_versions.c.version)
    )
    body = connection.execute(query.where(plans.c.key == duty.plan_key)).scalar() if duty.plan_key else None
    plan = restore_plan(body) if body else None
    if isinstance(plan, RotaPlan):
        return people_at(connection, duty.station_id, plan.people)
    mine = serving.c.participant_id == duty.participant_id, serving.c.station_id == duty.station_id
    functions = set(connection.execute(select(serving.c.function).where(*mine)).scalars()) or {"deputy"}
    of_them = serving.c.station_id == duty.station_id, serving.c.function.in_(functions)
    those = (participants.c.id == serving.c.participant_id) & participants.c.active
    query_people = select(participants.c.id).join(serving, those).where(*of_them).order_by(serving.c.id)
    return list(dict.fromkeys(connection.execute(query_people).scalars()))


def _exchange(
    connection: Connection, swap: Row[Any], duty: Row[Any], other: Row[Any] | None, local: datetime, now: datetime
) -> None:
    _own(connection, duty.id, swap.asked_by_id, local)
    _can_take(connection, duty, swap.to_id, but=other)
    _give(connection, duty, swap.to_id, now)
    if other is not None:
        _own(connection, other.id, swap.to_id, local)
        _can_take(connection, other, swap.asked_by_id, but=duty)
        _give(connection, other, swap.asked_by_id, now)
    lapse(connection, [duty.id, *([other.id] if other is not None else [])], now, but=swap.id)


def _give(connection: Connection, duty: Row[Any], person: int, now: datetime) -> None:
    values = {"participant_id": person, "changed_by_id": person, "changed_at": now, "reason": "调班 swapped"}
    connection.execute(update(dated_duties).where(dated_duties.c.id == duty.id).values(**values))


def _own(connection: Connection, number: int, person: int, local: datetime) -> Row[Any]:
    """The duty, if it is this person's and still to come."""
    duty = _row(connection, number)
    if duty.participant_id != person:
        raise NotAllowed
    if duty.status != "planned" or over(duty.day, duty.starts_at, duty.ends_at, local):
        raise Unavailable("这次值班已取消，或已经开始。", "This duty was cancelled, or has begun.")
    return duty


def _can_take(connection: Connection, duty: Row[Any], person: int, *, but: Row[Any] | None) -> None:
    if person == duty.participant_id:
        raise Unavailable("不能请自己代班。", "One cannot ask oneself.")
    if person not in who_may_take(connection, duty):
        raise Unavailable("对方不在这个站点值班。", "That person does not take duties at this station.")
    if away_on(connection, [person], duty.day):
        raise Unavailable("对方那天请假。", "That person is away on that day.")
    if busy_on(connection, [person], duty.day, duty.starts_at, duty.ends_at, but=but.id if but is not None else None):
        raise Unavailable("对方那个时间已有值班。", "That person has another duty at that time.")


def _row(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(dated_duties).where(dated_duties.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("没有这次值班。", "There is no such duty.")
    return row


def _asked(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(duty_swaps).where(duty_swaps.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("没有这个调班请求。", "There is no such request.")
    return row


def _still_open(swap: Row[Any]) -> None:
    if swap.status != "asked":
        raise AlreadyDone("这个调班请求已经有了结果。", "This request has been answered, or is void.")


def _end(connection: Connection, number: int, status: str, reason: str | None, now: datetime) -> None:
    values = {"status": status, "reason": reason, "answered_at": now}
    connection.execute(update(duty_swaps).where(duty_swaps.c.id == number).values(**values))


def _tell(connection: Connection, occasion: str, person: int, news: _News, now: datetime) -> None:
    duty, other, actor, taker = news.duty, news.other, news.actor, news.taker
    station = station_row(connection, duty.station_id)
    names = names_of(connection, {actor, taker or actor})

    def said(language: str) -> Mapping[str, Any]:
        return {
            "when": when_words(duty.day, duty.starts_at, duty.ends_at, language),
            "other_when": when_words(other.day, other.starts_at, other.ends_at, language)
            if other is not None
            else None,
            "place": place_words(duty.place, station, language),
            "station": station_words(station, language),
            "people": names[taker] if taker and occasion == "swap-accepted" else None,
            "actor": names[actor],
            "note": news.note or None,
        }

    write_notice(connection, occasion, f"swap.{news.request}", person, said, now)
