"""Taking plans up when they come round: each occasion becomes a row for each station, in the transaction that moves the plan on.

So an occasion is taken up once, whatever crashes; carrying it out is another matter, and can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from definitions.calendars.calendar import Calendar
from definitions.model.reference import reference
from definitions.plans.plan import OpeningPlan, Plan, QuotaPlan, ReportPlan
from engine.deadlines.recurrence import Occasion, following, moment, occasions
from huying.database.tables import plan_occurrences as occurrences
from huying.database.tables import plans
from huying.duties.plans.places import stations_of
from huying.duties.plans.store import PlanInForce, locked_plan
from huying.house.house import House
from huying.house.plan_calendar import calendar_of

#: So many occasions are taken up in one transaction.
_BATCH = 60
_LATEST_RULE_DAY = timedelta(days=400)


def ready(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Plans that have come round."""
    return plans.c.next_at <= now, plans.c.paused_at.is_(None)


def take_up(house: House, now: datetime, *, key: str | None = None) -> int:
    """Take up all that has come round, of one plan or of all; how many rows that made."""
    query = select(plans.c.key).where(*ready(now)).order_by(plans.c.next_at, plans.c.key)
    if key is not None:
        query = query.where(plans.c.key == key)
    made = 0
    while True:
        with house.database.reading() as connection:
            due = connection.execute(query.limit(100)).scalars().all()
        if not due:
            return made
        for name in due:
            with house.database.writing() as connection:
                made += _take_up(house, connection, locked_plan(connection, name), now)


def _take_up(house: House, connection: Connection, found: PlanInForce, now: datetime) -> int:
    # another may have been here first
    if found.paused_at is not None or found.next_at is None or found.next_at > now:
        return 0
    calendar = calendar_of(house, found.plan.calendar)
    due = _due(found, calendar, now)
    today = now.astimezone(calendar.zone).date()
    scopes = _scopes(connection, found.plan)
    rows = [
        _row(found, occasion, scope, now, _status(found.plan, occasion, today, newest=occasion is due[-1]), calendar)
        for occasion in due
        for scope in scopes
    ]
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    once = ["plan_key", "scope", "rule_day"]
    made = 0
    for row in rows:
        made += connection.execute(make(occurrences).values(**row).on_conflict_do_nothing(index_elements=once)).rowcount
    until = due[-1].rule_day if due else found.done_until
    after = following(found.plan, calendar, until)
    values = {"done_until": until, "next_at": moment(found.plan, after, calendar) if after else None}
    connection.execute(update(plans).where(plans.c.key == found.key).values(**values))
    return made


def _due(found: PlanInForce, calendar: Calendar, now: datetime) -> list[Occasion]:
    """The occasions whose moment has come, the oldest first."""
    due: list[Occasion] = []
    for occasion in _coming(found, calendar, now.date()):
        if moment(found.plan, occasion, calendar) > now or len(due) == _BATCH:
            break
        due.append(occasion)
    return due


def _coming(found: PlanInForce, calendar: Calendar, today: date) -> Iterator[Occasion]:
    first = found.done_until + timedelta(days=1)
    # what is carried out long ahead is of days long after today
    yield from occasions(found.plan, calendar, first, max(first, today) + 10 * _LATEST_RULE_DAY)


def _status(plan: Plan, occasion: Occasion, today: date, *, newest: bool) -> str:
    """Pending, unless it comes too late to make sense: an older reminder, or duties on a day that is over.

    Issues are opened late all the same, and reports prepared.
    """
    timeless = isinstance(plan, OpeningPlan | ReportPlan)
    late = not newest if isinstance(plan, QuotaPlan) else occasion.day < today and not timeless
    return "missed" if late else "pending"


def _scopes(connection: Connection, plan: Plan) -> list[str]:
    if isinstance(plan, QuotaPlan | ReportPlan):
        return [""]
    return [reference("station", row.code) for row in stations_of(connection, plan.for_)]


def _row(
    found: PlanInForce, occasion: Occasion, scope: str, now: datetime, status: str, calendar: Calendar
) -> dict[str, Any]:
    return {
        "plan_key": found.key,
        "version": found.version,
        "scope": scope,
        "rule_day": occasion.rule_day,
        "day": occasion.day,
        "due_at": moment(found.plan, occasion, calendar),
        "provisional": occasion.provisional,
        "status": status,
        "attempts": 0,
        "available_at": now,
        "outcome": {"moved": dict(occasion.why)} if occasion.why is not None else {},
        "done_at": None if status == "pending" else now,
    }
