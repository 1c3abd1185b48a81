"""Who serves where on a day: every reader of memberships asks this, so that whoever has left is gone on the day after, and by nobody's work.

``serving`` is read like the table: those whose first day has come and whose last has not passed *today*, by the database's own day. Whoever
knows another day asks ``serving_on``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Subquery, and_, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from huying.database.day import HOUSE_ZONE
from huying.database.tables import memberships


class Today(FunctionElement[date]):
    """The day it is in the house, as SQL: what ``Day`` says (it may be made to believe another), in the zone of its days."""

    type = Date()
    name = "huying_today"
    inherit_cache = True


@compiles(Today, "sqlite")
def _on_sqlite(_element: Today, _compiler: Any, **_: Any) -> str:
    """A function that ``Day`` gives each of its connections."""
    return "huying_today()"


@compiles(Today, "postgresql")
def _on_postgresql(_element: Today, _compiler: Any, **_: Any) -> str:
    """The server's clock in the zone that the connection was told, unless it was told a day; the planner knows it as one value."""
    told = "CAST(NULLIF(current_setting('huying.today', true), '') AS date)"
    zone = f"COALESCE(NULLIF(current_setting('huying.zone', true), ''), '{HOUSE_ZONE.key}')"
    return f"COALESCE({told}, CAST(CURRENT_TIMESTAMP AT TIME ZONE {zone} AS date))"


def lasting(since: ColumnElement[Any], until: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[bool]:
    """That a span of days, both included and either open, holds a day."""
    return and_(or_(since.is_(None), since <= day), or_(until.is_(None), until >= day))


def serving_on(day: date | ColumnElement[date], name: str = "serving") -> Subquery:
    """The memberships that hold on a day, with the columns of the table."""
    on = literal(day, Date()) if isinstance(day, date) else day
    return select(memberships).where(lasting(memberships.c.since, memberships.c.until, on)).subquery(name)


#: The memberships that hold today.
serving = serving_on(Today())
