"""The period that a table reckons over: quarter, half year, year, two years, or a term of five."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from definitions.scores.table import Span

#: How many years a period of these reaches back, its own year among them. A term of a congress is five years.
_YEARS = {"year": 1, "two years": 2, "term": 5}
_MONTHS = {"quarter": 3, "half year": 6}


@dataclass(frozen=True, slots=True)
class ScorePeriod:
    """From the first day to the last."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


def period_of(per: Span, year: int, part: int | None = None) -> ScorePeriod:
    """The period of a table that ends in a year; ``part`` is which quarter or half of it, the last unless told."""
    if per in _YEARS:
        return ScorePeriod(date(year - _YEARS[per] + 1, 1, 1), date(year, 12, 31))
    months = _MONTHS[per]
    number = min(max(part or 12 // months, 1), 12 // months)
    first = date(year, (number - 1) * months + 1, 1)
    after = date(year + (number * months) // 12, (number * months) % 12 + 1, 1)
    return ScorePeriod(first, after - timedelta(days=1))
