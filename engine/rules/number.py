"""Giving numbers: each by its pattern, the next of its series; an issue keeps a number that it has."""

from __future__ import annotations

from definitions.expressions.expression import ExpressionError
from definitions.model.number import Numbering, Numberings
from definitions.text import words
from engine.books.books import Series
from engine.books.change import NumberGiven
from engine.change import GuardFailed
from engine.draft import Draft


def give(draft: Draft, numbers: Numberings, step: str) -> None:
    """Give the issue numbers that it does not have yet."""
    for field, numbering in numbers.items():
        if draft.state.data.get(field) is None:
            _give(draft, field, numbering, step)


def _give(draft: Draft, field: str, numbering: Numbering, step: str) -> None:
    facts = draft.state.facts
    assert facts is not None
    year = draft.now.astimezone(draft.process.calendar.zone).year
    series = Series(
        numbering.series or f"{draft.definition.id}.{field}",
        facts.station_code if numbering.by_station else "",
        year if numbering.by_year else 0,
    )
    sequence = draft.next_of(series)
    try:
        number = numbering.number.render({"station": {"code": facts.station_code}, "year": year, "sequence": sequence})
    except ExpressionError as error:
        why = words(error.message, "en")
        draft.record(GuardFailed(step=step, guard=str(numbering.number), why=why))
        return
    draft.record(NumberGiven(field, number, series.name, sequence, series.station, series.year))
    draft.fill({field: number})
