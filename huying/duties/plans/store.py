"""Plans in force, as they are kept: what they say, how far they are, whether they are paused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from definitions.plans.plan import Plan, restore_plan
from huying.database.tables import plan_versions, plans
from huying.errors import NotFound
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The newest version of a plan, and how far it has been carried out."""

    key: str
    version: int
    plan: Plan
    source: str
    published_at: datetime
    published_by: str
    note: str
    digest: str
    done_until: date
    next_at: datetime | None
    paused_at: datetime | None
    paused_by: str | None


def in_force() -> Select[Any]:
    """All plans with their newest versions, by key."""
    newest = (plan_versions.c.key == plans.c.key) & (plan_versions.c.version == plans.c.version)
    return (
        select(
            plans,
            plan_versions.c.source,
            plan_versions.c.body,
            plan_versions.c.published_at,
            plan_versions.c.published_by,
            plan_versions.c.note,
            plan_versions.c.digest,
        )
        .join(plan_versions, newest)
        .order_by(plans.c.key)
    )


def plan_from(row: Row[Any]) -> PlanInForce:
    """A row of ``in_force``."""
    return PlanInForce(
        row.key,
        row.version,
        restore_plan(row.body),
        row.source,
        row.published_at,
        row.published_by,
        row.note,
        row.digest,
        row.done_until,
        row.next_at,
        row.paused_at,
        row.paused_by,
    )


def plans_in_force(house: House) -> tuple[PlanInForce, ...]:
    """Every plan, by key."""
    with house.database.reading() as connection:
        return tuple(plan_from(row) for row in connection.execute(in_force()))


def plan_in_force(house: House, key: str) -> PlanInForce:
    """One plan; ``NotFound`` if none of this name is published."""
    with house.database.reading() as connection:
        return locked_plan(connection, key, lock=False)


def locked_plan(connection: Connection, key: str, *, lock: bool = True) -> PlanInForce:
    """One plan, its row locked until the transaction ends, so that only one carries it on at a time; ``NotFound`` if there is none."""
    query = in_force().where(plans.c.key == key)
    row = connection.execute(query.with_for_update(of=plans) if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"没有名为“{key}”的计划。", f"There is no plan “{key}”.")
    return plan_from(row)
