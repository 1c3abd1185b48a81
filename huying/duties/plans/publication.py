"""Publishing plans, and pausing them: a sound text becomes the next immutable version, and goes on where the one before was."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from definitions.calendars.calendar import Calendar
from definitions.finding import Finding
from definitions.loader import Unsound
from definitions.plans.plan import Plan, read_plan
from engine.deadlines.recurrence import following, moment, occasions
from huying.database.tables import plan_versions, plans
from huying.duties.plans.checks import misfits
from huying.duties.plans.store import PlanInForce, locked_plan, plan_in_force
from huying.duties.plans.uptake import take_up
from huying.house.house import House
from huying.house.plan_calendar import calendar_of

#: A day is moved by less; an occasion of today may be one whose rule named a day so long ago.
_LOOK_BACK = timedelta(days=41)


def examine_plan(
    house: House, source: str | bytes, name: str, now: datetime
) -> tuple[Plan | None, tuple[Finding, ...]]:
    """The plan of a text, if it has a sound shape, and everything that is wrong with it in this house; ``Unreadable`` if it is no YAML."""
    found = read_plan(source, name)
    if found.plan is None or found.findings:
        return found.plan, found.findings
    return found.plan, found.document.findings_of(misfits(house, found.plan, now))


def publish_plan(
    house: House, source: str | bytes, name: str, *, by: str, note: str = "", now: datetime
) -> tuple[PlanInForce, bool]:
    """Publish a plan; the one in force, and whether it is new (the same content again makes no new version).

    ``Unreadable`` and ``Unsound`` carry the findings, and leave nothing behind. A new version goes on where the one before was: days that were
    taken up stay as they are.
    """
    plan, findings = examine_plan(house, source, name, now)
    if plan is None or findings:
        raise Unsound(findings)
    body = read_plan(source, name).body
    text = source.decode() if isinstance(source, bytes) else source
    row = {
        "key": plan.plan,
        "digest": hashlib.sha256(orjson.dumps(body)).hexdigest(),
        "source": text,
        "body": body,
        "published_at": now,
        "published_by": by,
        "note": note,
    }
    # what the version before was due to do is its own
    take_up(house, now, key=plan.plan)
    for _ in range(5):
        try:
            with house.database.writing() as connection:
                new = _enter(house, connection, plan, row, now)
            return plan_in_force(house, plan.plan), new
        except IntegrityError:
            # somebody else published a version of it at the same moment
            continue
    raise RuntimeError(f"could not publish {plan.plan}: too many others publish it at the same time")


def pause_plan(house: House, key: str, *, by: str, now: datetime) -> None:
    """Let a plan rest; ``NotFound`` if there is none. What comes round meanwhile is left out."""
    with house.database.writing() as connection:
        if locked_plan(connection, key).paused_at is None:
            connection.execute(update(plans).where(plans.c.key == key).values(paused_at=now, paused_by=by))


def resume_plan(house: House, key: str, *, now: datetime) -> None:
    """Let a plan go on, from now; ``NotFound`` if there is none."""
    with house.database.writing() as connection:
        found = locked_plan(connection, key)
        if found.paused_at is not None:
            calendar = calendar_of(house, found.plan.calendar)
            going_on = _from_now(found.plan, calendar, now, found.done_until)
            values = {"paused_at": None, "paused_by": None, **going_on}
            connection.execute(update(plans).where(plans.c.key == key).values(**values))


def _enter(house: House, connection: Connection, plan: Plan, row: dict[str, Any], now: datetime) -> bool:
    calendar = calendar_of(house, plan.calendar)
    before = connection.execute(select(plans).where(plans.c.key == plan.plan).with_for_update()).one_or_none()
    if before is None:
        connection.execute(insert(plan_versions), {**row, "version": 1})
        connection.execute(insert(plans), {"key": plan.plan, "version": 1, **_from_now(plan, calendar, now, None)})
        return True
    of_newest = plan_versions.c.key == plan.plan, plan_versions.c.version == before.version
    if connection.execute(select(plan_versions.c.digest).where(*of_newest)).scalar_one() == row["digest"]:
        return False
    connection.execute(insert(plan_versions), {**row, "version": before.version + 1})
    values = {"version": before.version + 1, **_from_now(plan, calendar, now, before.done_until)}
    connection.execute(update(plans).where(plans.c.key == plan.plan).values(**values))
    return True


def _from_now(plan: Plan, calendar: Calendar, now: datetime, done_until: date | None) -> dict[str, Any]:
    """How far a plan is that begins (or goes on) now: its first occasion is one that is still to come."""
    today = now.astimezone(calendar.zone).date()
    recent = occasions(plan, calendar, today - _LOOK_BACK, today + _LOOK_BACK)
    coming = (one for one in recent if one.day > today or (one.day == today and moment(plan, one, calendar) > now))
    first = next(coming, None)
    until = first.rule_day - timedelta(days=1) if first else today
    until = max(until, done_until) if done_until else until
    after = following(plan, calendar, until)
    return {"done_until": until, "next_at": moment(plan, after, calendar) if after else None}
