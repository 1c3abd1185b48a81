"""Carrying out the opening of an issue for one day at one station."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.expressions.expression import Expression, Template
from definitions.model.reference import participant
from definitions.plans.plan import OpeningPlan
from huying.database.tables import dated_duties
from huying.duties.plans.places import people_at, reporter_at
from huying.errors import NotFound
from huying.words.duties import hours_words, place_words


def request_of(
    connection: Connection, plan: OpeningPlan, station: Row[Any], rule_day: date, day: date
) -> dict[str, Any]:
    """What is asked for; ``NotFound`` if it would be nobody's, ``ExpressionError`` if a value cannot be had."""
    reporter = reporter_at(connection, station.id, plan.reporter)
    if reporter is None:
        raise NotFound(
            f"{station.name_zh}没有可以作为发起人的人员。",
            f"Nobody at {station.name_en or station.name_zh} can be the one who opens it.",
        )
    values = _context(connection, station, rule_day, day)
    return {
        "definition": plan.opens,
        "station": station.code,
        "reporter": reporter,
        "values": {name: _value(given, values) for name, given in plan.with_.items()},
    }


def _context(connection: Connection, station: Row[Any], rule_day: date, day: date) -> dict[str, Any]:
    duties = connection.execute(
        select(dated_duties)
        .where(dated_duties.c.station_id == station.id, dated_duties.c.day == day, dated_duties.c.status == "planned")
        .order_by(dated_duties.c.starts_at, dated_duties.c.id)
    ).all()
    first = duties[0] if duties else None
    return {
        "day": day.isoformat(),
        "rule_day": rule_day.isoformat(),
        "station": {"code": station.code, "name": station.name_zh, "name_en": station.name_en or station.name_zh},
        "deputies": [participant(person) for person in people_at(connection, station.id, "deputies of station")],
        "on_duty": [participant(row.participant_id) for row in duties],
        "hours": hours_words(first.starts_at, first.ends_at, "zh") if first else None,
        "place": place_words(first.place if first else None, station, "zh"),
    }


def _value(given: Any, values: dict[str, Any]) -> Any:
    if isinstance(given, Expression):
        return given.evaluate(values)
    if isinstance(given, Template):
        return given.render(values)
    return list(given) if isinstance(given, tuple) else given
