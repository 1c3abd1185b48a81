"""What a counted field asks of other issues, from the issue that it stands in."""

from __future__ import annotations

from datetime import UTC, datetime

from definitions.model.count import REPORTERS, STATIONS, Period
from definitions.model.definition import Definition
from definitions.model.field import Field
from engine.books.books import Sum
from engine.state import State


def question(definition: Definition, state: State, name: str, field: Field, local: datetime) -> Sum | None:
    """The question of one field, at a local moment; ``None`` where a field that has to be the same is empty: no other issue is meant."""
    count, facts = field.count, state.facts
    if count is None or facts is None:
        return None
    values = tuple((one, state.data.get(one)) for one in count.fields)
    if any(value is None for _, value in values):
        return None
    return Sum(
        name=name,
        definition=count.of or definition.id,
        field=count.sum,
        reporter=facts.reporter if REPORTERS in count.same else None,
        station=facts.station if STATIONS in count.same else None,
        values=values,
        resolutions=count.resolution,
        status=count.status,
        since=_since(count.in_, local) if count.in_ else None,
    )


def _since(period: Period, local: datetime) -> datetime:
    """The moment (UTC) at which a period begins."""
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    first = {
        "today": day,
        "this month": day.replace(day=1),
        "this quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "this year": day.replace(month=1, day=1),
    }[period]
    return first.astimezone(UTC)


def takes_of_others(definition: Definition) -> bool:
    """Whether it asks or tells other issues anything: numbers in a series, sums, bookings, or values that stand once."""
    gives = any(numbers for step in definition.steps.values() for _, numbers in step.given())
    return gives or bool(definition.counted) or bool(definition.resources) or bool(definition.unique)
