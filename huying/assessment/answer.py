"""What a process hears when it asks for points: reckoned from the file of whoever it is about, kept, and no number that anybody typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from engine.refusal import Refusal
from huying.assessment.assessment import Assessed, assess_people, assess_stations, keep_result
from huying.assessment.period import period_of
from huying.assessment.tables import newest_table, table_in_force
from huying.connections.calls import CallFailed
from huying.database.tables import issues
from huying.house.house import House

#: Years that somebody may mean.
_EARLIEST, _LATEST = 2000, 2200


def answer_with_points(house: House, issue_id: int, asked: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """``table``: its key; ``year``, and of shorter periods ``part``: which one.

    The answer: ``points``, ``band``, how many ``entries``, what is ``missing`` of the minimum, and the number of the kept ``result``.

    ``CallFailed`` says in words why it cannot be reckoned: staff see it where whatever fails is seen.
    """
    year, part = year_asked(asked), asked.get("part")
    try:
        newest = newest_table(house, str(asked.get("table")))
        period = period_of(newest.table.per, year, part if isinstance(part, int) else None)
        version = table_in_force(house, newest.key, period.last)
    except Refusal as refusal:
        raise CallFailed(f"{refusal.message['zh']} {refusal.message['en']}") from None
    with house.database.reading() as connection:
        row = connection.execute(select(issues).where(issues.c.id == issue_id)).one()
        if version.table.of == "stations":
            found = assess_stations(house, connection, [row.station_id], version, period).get(row.station_id)
            of = {"station_id": row.station_id}
        else:
            found = assess_people(house, connection, [row.reporter_id], version, period).get(row.reporter_id)
            of = {"participant_id": row.reporter_id}
    if found is None:
        raise CallFailed("名册里没有这位代表的代表资格。 The register knows no mandate of this deputy.")
    with house.database.writing() as connection:
        number = keep_result(connection, found, {**of, "issue_id": issue_id}, now)
    return _said(found, number)


def year_asked(asked: Mapping[str, Any]) -> int:
    """The year that a process asks for; ``CallFailed`` if it says none."""
    year = asked.get("year")
    if not isinstance(year, int) or not _EARLIEST <= year <= _LATEST:
        raise CallFailed(f"没有说明是哪一年。 The year is missing: {year!r}.")
    return year


def _said(found: Assessed, number: int) -> Mapping[str, Any]:
    items = found.version.table.items
    missing = [
        f"{items[one.item].title.get('zh') or one.item} {one.found}/{one.wanted}" for one in found.score.shortfalls
    ]
    return {
        "points": plain_number(found.score.points),
        "band": found.score.band,
        "entries": len(found.held),
        "missing": "；".join(missing),
        "result": number,
    }


def plain_number(points: Fraction) -> int | float:
    """Points as a form's field holds them: whole, or to two places."""
    return int(points) if points.denominator == 1 else round(float(points), 2)
