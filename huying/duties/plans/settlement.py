"""Days that were reckoned before their year's holidays were announced: reckoned again when they are, and moved with the duties on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from definitions.plans.plan import QuotaPlan, restore_plan
from engine.deadlines.recurrence import Occasion, occasions
from huying.database.tables import dated_duties, plan_versions
from huying.database.tables import plan_occurrences as occurrences
from huying.duties.announcement import tell_of
from huying.duties.plans.rotas import planned_at
from huying.house.house import House
from huying.house.plan_calendar import DEFAULT, calendar_of


def _provisional(now: datetime) -> Any:
    version = (plan_versions.c.key == occurrences.c.plan_key) & (plan_versions.c.version == occurrences.c.version)
    return (
        select(occurrences, plan_versions.c.body)
        .join(plan_versions, version)
        .where(occurrences.c.provisional, occurrences.c.day >= now.date())
        .order_by(occurrences.c.rule_day, occurrences.c.id)
    )


def unsettled(house: House, connection: Connection, now: datetime) -> bool:
    """Whether a day was reckoned provisionally that need not be so any longer."""
    return any(_settled(house, row) is not None for row in connection.execute(_provisional(now)))


def settle(house: House, now: datetime) -> list[str]:
    """Reckon those days again; those that moved, in words for staff."""
    with house.database.reading() as connection:
        rows = [row for row in connection.execute(_provisional(now)).all() if _settled(house, row) is not None]
    return [said for row in rows if (said := _move(house, row, now))]


def _settled(house: House, row: Row[Any]) -> Occasion | None:
    """The occasion by the calendar as it is announced now; ``None`` if that is still to come."""
    calendar = calendar_of(house, row.body.get("calendar", DEFAULT))
    # asked every few seconds: what is still to be announced needs no more than this
    if not calendar.covers(row.rule_day, row.rule_day):
        return None
    plan = restore_plan(row.body)
    if isinstance(plan, QuotaPlan):
        return None
    found = next(occasions(plan, calendar, row.rule_day, row.rule_day), None)
    return found if found and not found.provisional else None


def _move(house: House, row: Row[Any], now: datetime) -> str:
    found = _settled(house, row)
    assert found is not None
    with house.database.writing() as connection:
        settled = update(occurrences).where(occurrences.c.id == row.id, occurrences.c.provisional)
        if not connection.execute(settled.values(provisional=False, day=found.day)).rowcount or found.day == row.day:
            return ""
        query = select(dated_duties).where(
            dated_duties.c.occurrence_id == row.id,
            dated_duties.c.day == row.day,
            dated_duties.c.status == "planned",
        )
        for duty in connection.execute(query).all():
            values = {
                "day": found.day,
                "announce_at": planned_at(duty.announce_at, duty.day, found.day),
                "changed_at": now,
                "reason": "节假日安排公布后顺延 moved when the holidays were announced",
            }
            connection.execute(update(dated_duties).where(dated_duties.c.id == duty.id).values(**values))
            if duty.announced_at is not None:
                moved = connection.execute(select(dated_duties).where(dated_duties.c.id == duty.id)).one()
                tell_of(connection, "duty-changed", f"duty.{duty.id}.{found.day}", moved, [duty.participant_id], now)
    return f"{row.plan_key} {row.scope}：{row.day} 改为 {found.day}（节假日安排已公布）"
